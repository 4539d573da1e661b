//! What the process holds: memory, tasks, sockets.

use std::fmt;
use std::time::{Duration, Instant};

/// Tasks and sockets; `None` where the system does not tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Footprint {
    tasks: usize,
    pub(crate) sockets: Option<usize>,
}

impl Footprint {
    pub(crate) fn now() -> Self {
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let sockets = std::fs::read_dir("/proc/self/fd").ok().map(|entries| {
            let links = entries.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
            links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
        });
        Self { tasks, sockets }
    }

    /// When it is no more than it was, or after so long.
    pub(crate) async fn settled(before: &Self, patience: Duration) -> Self {
        let started = Instant::now();
        loop {
            let now = Self::now();
            if now.more_than(before).is_none() || started.elapsed() > patience {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn more_than(&self, before: &Self) -> Option<String> {
        let is_more = self.tasks > before.tasks || self.sockets > before.sockets;
        is_more.then(|| format!("tasks or sockets are left: {self}, after {before}"))
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sockets = self.sockets.map_or("an unknown number of".to_owned(), |sockets| sockets.to_string());
        write!(f, "{} tasks, {sockets} sockets", self.tasks)
    }
}

/// Resident memory over the run.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kibibytes: Vec<u64>,
}

/// The part of the samples that is not looked at, for buffers and pools fill up in it: one in so many.
const WARM_UP: usize = 20;
/// Fewer calls than these say nothing about growth.
const TELLING: u64 = 100_000;
const MOST_DRIFT_PERCENT: f64 = 5.0;

impl Memory {
    pub(crate) fn sample(&mut self) -> Option<u64> {
        let now = resident_kibibytes()?;
        self.kibibytes.push(now);
        Some(now)
    }

    /// Prints how the last tenth compares to the first, and says whether it is too much more or less.
    #[allow(clippy::cast_precision_loss)] // percents need no more digits
    pub(crate) fn finding(&self, calls: u64) -> Option<String> {
        let warm = self.kibibytes.get(self.kibibytes.len() / WARM_UP..).unwrap_or_default();
        let tenth = warm.len() / 10;
        let (Some(first), Some(last)) = (warm.get(..tenth), warm.get(warm.len() - tenth..)) else { return None };
        if tenth == 0 {
            println!("memory: not known on this system, or too few calls");
            return None;
        }
        let mean = |part: &[u64]| part.iter().sum::<u64>() as f64 / part.len() as f64;
        let (first, last) = (mean(first), mean(last));
        let drift = (last / first - 1.0) * 100.0;
        let most = self.kibibytes.iter().max().copied().unwrap_or_default();
        println!(
            "\nmemory: mean of the first tenth {first:.0} KiB, of the last {last:.0} KiB: {drift:+.2} %; at most {most} KiB \
             ({} samples, the first {} are warm-up)",
            self.kibibytes.len(),
            self.kibibytes.len() - warm.len(),
        );
        if calls < TELLING {
            println!("memory: fewer than {TELLING} calls are not judged");
            return None;
        }
        (drift.abs() > MOST_DRIFT_PERCENT).then(|| format!("memory drifted by {drift:.2} %"))
    }
}

fn resident_kibibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
