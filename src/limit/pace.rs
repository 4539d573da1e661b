use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// How far calls may run ahead of an even spacing. Timers are no finer than a millisecond, so that calls go in small
/// bunches; in any one second there are never more than the limit.
pub(super) const BUNCH: Duration = Duration::from_millis(5);

/// How far calls that wait may fall behind an even spacing and still make up for it: a busy machine wakes them late.
const CATCH_UP: Duration = Duration::from_millis(100);

/// How fast calls may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    spacing: Duration,
    /// How many may go in any one second.
    most: usize,
}

impl Rate {
    /// So many calls per second.
    pub(super) fn of(limit: u32) -> Self {
        Self { spacing: spacing(limit, BUNCH), most: usize::try_from(limit).unwrap_or(usize::MAX) }
    }

    /// One machine's part of so many calls per second.
    pub(super) fn part_of(limit: u32, machines: u32) -> Self {
        let whole = Self::of(limit);
        let most = usize::try_from(limit.div_ceil(machines.max(1))).unwrap_or(usize::MAX);
        Self { spacing: whole.spacing.saturating_mul(machines), most }
    }

    /// The even spacing at which no second holds too many.
    pub(super) fn spacing(&self) -> Duration {
        self.spacing
    }
}

/// The even spacing at which no window of a second holds more calls than the limit, if each goes at most so much off
/// its even time, early and late taken together.
pub(super) fn spacing(limit: u32, off: Duration) -> Duration {
    let window = SECOND.saturating_add(off);
    let even = window.checked_div(limit).unwrap_or(window);
    even.saturating_add(Duration::from_nanos(1))
}

/// When calls went, and when the next may.
#[derive(Default)]
pub(super) struct Pace {
    /// When the next call would go if calls were spaced evenly.
    next: Option<Instant>,
    /// When the calls of the latest second went, oldest first.
    latest: VecDeque<Instant>,
}

impl Pace {
    /// When the next call may go; `None` for the first.
    pub(super) fn next_permit(&self, rate: Rate) -> Option<Instant> {
        let even = self.next.map(|even| even.checked_sub(BUNCH).unwrap_or(even));
        let first_of_a_full_second = self.latest.len().checked_sub(rate.most).and_then(|at| self.latest.get(at));
        even.max(first_of_a_full_second.and_then(|first| first.checked_add(SECOND)))
    }

    /// A call goes that waits since `asked`.
    pub(super) fn go(&mut self, rate: Rate, asked: Instant) {
        let now = Instant::now();
        let earliest = now.checked_sub(CATCH_UP).unwrap_or(now).max(asked);
        self.next = self.next.map_or(now, |even| even.max(earliest)).checked_add(rate.spacing);
        self.latest.push_back(now);
        while self.latest.front().is_some_and(|first| now.saturating_duration_since(*first) >= SECOND) {
            self.latest.pop_front();
        }
    }
}
