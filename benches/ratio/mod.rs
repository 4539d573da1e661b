//! The ratio of the time of a case to its floor, both measured alternately in the same process.

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::cases::{Case, Routine};

/// Long enough that reading the clock is negligible, short enough that nothing changes between work and floor.
const BATCH: Duration = Duration::from_millis(2);
const ROUNDS: usize = 101;

/// Times are in nanoseconds of the thread's own CPU time, so that other programs on the machine count less.
pub(crate) struct Ratio {
    name: String,
    floor_name: &'static str,
    ours: f64,
    floor: f64,
    /// The first decile, the median and the last decile of the rounds' ratios.
    spread: [f64; 3],
}

impl Ratio {
    pub(crate) fn measure(case: &mut Case) -> Self {
        let (ours_times, floor_times) = (times_in_a_batch(&mut case.ours), times_in_a_batch(&mut case.floor));
        let (mut ours, mut floor, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            // Each is first as often as second.
            let (our, its) = if round % 2 == 0 {
                let our = nanoseconds(&mut case.ours, ours_times);
                (our, nanoseconds(&mut case.floor, floor_times))
            } else {
                let its = nanoseconds(&mut case.floor, floor_times);
                (nanoseconds(&mut case.ours, ours_times), its)
            };
            ours.push(our);
            floor.push(its);
            ratios.push(our / its);
        }
        Self {
            name: case.name.clone(),
            floor_name: case.floor_name,
            ours: at(&mut ours, 0.5),
            floor: at(&mut floor, 0.5),
            spread: [0.1, 0.5, 0.9].map(|part| at(&mut ratios, part)),
        }
    }
}

/// A Markdown table.
pub(crate) fn print(ratios: &[Ratio]) {
    println!("\n| what | ns | floor | floor ns | ratio | 10 % to 90 % of the rounds |");
    println!("| --- | ---: | --- | ---: | ---: | --- |");
    for Ratio { name, floor_name, ours, floor, spread: [low, median, high] } in ratios {
        println!("| {name} | {ours:.0} | {floor_name} | {floor:.0} | **{median:.2}** | {low:.2} to {high:.2} |");
    }
}

fn times_in_a_batch(routine: &mut Routine) -> u64 {
    let mut times = 1_u64;
    loop {
        let start = ThreadTime::now();
        routine(times);
        if start.elapsed() >= BATCH {
            return times;
        }
        times *= 2;
    }
}

fn nanoseconds(routine: &mut Routine, times: u64) -> f64 {
    let start = ThreadTime::now();
    routine(times);
    start.elapsed().as_nanos() as f64 / times as f64
}

fn at(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).round() as usize]
}
