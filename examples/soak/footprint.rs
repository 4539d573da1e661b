//! Memory, tasks and sockets of the process.

use std::fmt;
use std::time::{Duration, Instant};

/// Tasks and sockets; `None` if the system does not provide them.
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

    /// Waits until there are no more than before, at most for this timeout.
    pub(crate) async fn settled(before: &Self, timeout: Duration) -> Self {
        let started = Instant::now();
        loop {
            let now = Self::now();
            if now.more_than(before).is_none() || started.elapsed() > timeout {
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

/// Samples of resident memory during the run.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kibibytes: Vec<u64>,
}

/// With fewer calls memory use is not stable yet, and is not judged.
const JUDGED_CALLS: u64 = 100_000;
const MOST_DRIFT_PERCENT: f64 = 5.0;

impl Memory {
    pub(crate) fn now() -> String {
        resident_kibibytes().map_or("memory not known".to_owned(), |kibibytes| format!("{kibibytes} KiB"))
    }

    pub(crate) fn sample(&mut self) {
        self.kibibytes.extend(resident_kibibytes());
    }

    /// Prints the means of the first and the last tenth, and returns a finding if they differ too much.
    #[allow(clippy::cast_precision_loss)] // percents need no more digits
    pub(crate) fn finding(&self, calls: u64) -> Option<String> {
        let samples = &self.kibibytes;
        if samples.is_empty() {
            println!("\nmemory: the system does not tell, or the run ended before it was looked at");
            return None;
        }
        let tenth = (samples.len() / 10).max(1);
        let (first, last) = (samples.get(..tenth)?, samples.get(samples.len() - tenth..)?);
        let mean = |part: &[u64]| part.iter().sum::<u64>() as f64 / part.len() as f64;
        let (first, last) = (mean(first), mean(last));
        let drift = (last / first - 1.0) * 100.0;
        let most = samples.iter().max()?;
        println!(
            "\nmemory: {first:.0} KiB on average in the first tenth, {last:.0} KiB in the last: {drift:+.2} %; at most \
             {most} KiB ({} samples)",
            samples.len()
        );
        if calls < JUDGED_CALLS {
            println!("memory: fewer than {JUDGED_CALLS} calls are not judged");
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
