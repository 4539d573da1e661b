//! How long signing, encoding and decoding take: criterion's statistics for each piece of work and its floor, then a
//! table of their ratios.
//!
//! ```sh
//! cargo bench --bench time            # everything
//! cargo bench --bench time -- decode/ # cases with this in their names
//! ```
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::print_stdout)]

mod cases;
mod data;
mod ratio;

use std::time::{Duration, Instant};

use criterion::{Bencher, Criterion};

use cases::Routine;
use ratio::Ratio;

fn main() {
    let mut criterion = Criterion::default()
        .without_plots()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut ratios = Vec::new();
    for mut case in cases::all() {
        // Only cases that the command line selects, and not in a trial run.
        let mut is_timed = false;
        criterion.bench_function(&case.name, |bencher| is_timed |= time(bencher, &mut case.ours));
        criterion.bench_function(&format!("{} floor", case.name), |bencher| {
            time(bencher, &mut case.floor);
        });
        if is_timed {
            ratios.push(Ratio::measure(&mut case));
        }
    }
    criterion.final_summary();
    if !ratios.is_empty() {
        ratio::print(&ratios);
    }
}

/// Whether it ran more than once.
fn time(bencher: &mut Bencher<'_>, routine: &mut Routine) -> bool {
    let mut most = 0;
    bencher.iter_custom(|times| {
        most = most.max(times);
        let start = Instant::now();
        routine(times);
        start.elapsed()
    });
    most > 1
}
