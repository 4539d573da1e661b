//! How often signing, encoding and decoding allocate. Counting costs time, so it is not done where time is measured.
//!
//! ```sh
//! cargo bench --bench allocations
//! ```
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::print_stdout)]

mod cases;
mod data;

use std::alloc::System;

use alloc_tracker::{Allocator, Session};

use cases::Routine;

#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

const TIMES: u64 = 100;

fn main() {
    println!("| what | allocations | bytes | floor | floor's allocations |");
    println!("| --- | ---: | ---: | --- | ---: |");
    for mut case in cases::all() {
        let (count, bytes) = allocations(&mut case.ours);
        let (floor_count, _) = allocations(&mut case.floor);
        println!("| {} | **{count}** | {bytes} | {} | {floor_count} |", case.name, case.floor_name);
    }
}

/// The number of allocations of a single run, and their size. Growing a buffer counts as one.
fn allocations(routine: &mut Routine) -> (u64, u64) {
    // Allocations of the first run only.
    routine(1);
    let session = Session::new();
    let operation = session.operation("");
    {
        let _span = operation.measure_thread().iterations(TIMES);
        routine(TIMES);
    }
    let report = session.to_report();
    let (_, counted) = report.operations().next().unwrap();
    (counted.mean_allocations(), counted.mean_bytes())
}
