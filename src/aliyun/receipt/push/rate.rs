//! The most pushes of one second.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Allows a number of pushes in each second, spread evenly or in one burst.
#[derive(Debug)]
pub(super) struct Rate {
    /// The time that one push takes of the second.
    interval: Duration,
    /// When all allowed pushes of the past will have taken their time.
    busy_until: Mutex<Instant>,
}

impl Rate {
    pub(super) fn per_second(pushes: u32) -> Self {
        let interval = Duration::from_secs(1).checked_div(pushes.max(1)).unwrap_or_default();
        Self { interval, busy_until: Mutex::new(Instant::now()) }
    }

    /// Whether one more push is allowed now.
    pub(super) fn allows(&self, now: Instant) -> bool {
        let mut busy_until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(next) = (*busy_until).max(now).checked_add(self.interval) else { return true };
        let is_allowed = next.saturating_duration_since(now) <= Duration::from_secs(1);
        if is_allowed {
            *busy_until = next;
        }
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_one_second_is_allowed_and_no_more() {
        let rate = Rate::per_second(5);
        let start = Instant::now();
        let allowed = |after| (0..50).filter(|_| rate.allows(start + Duration::from_millis(after))).count();
        assert_eq!([0, 150, 250, 399, 450, 5000].map(allowed), [5, 0, 1, 0, 1, 5]);
    }
}
