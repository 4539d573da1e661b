//! The pace of one operation's calls on this machine's clock.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// No interval of this length has more permits than the limit. It is longer than a second because a request is signed
/// and sent a little after its permit was given.
const WINDOW: Duration = Duration::from_millis(1002);

/// How early calls may be sent against an even spacing. Timers have a resolution of a millisecond, so calls are sent in
/// small bursts; in any one second there are never more than the limit.
pub(super) const BURST: Duration = Duration::from_millis(5);

/// How late waiting calls may be against an even spacing and still catch up: a busy machine wakes them late.
const CATCH_UP: Duration = Duration::from_millis(100);

/// The limit of an operation: how close calls may follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    spacing: Duration,
    /// The most calls in any one second.
    max_per_second: usize,
}

impl Rate {
    /// This many calls per second.
    pub(super) fn of(limit: u32) -> Self {
        Self { spacing: spacing(limit, BURST), max_per_second: usize::try_from(limit).unwrap_or(usize::MAX) }
    }

    /// One machine's part of this many calls per second.
    pub(super) fn part_of(limit: u32, machines: u32) -> Self {
        let whole = Self::of(limit);
        let max_per_second = usize::try_from(limit.div_ceil(machines.max(1))).unwrap_or(usize::MAX);
        Self { spacing: whole.spacing.saturating_mul(machines), max_per_second }
    }

    /// The even spacing at which no second has more calls than the limit.
    pub(super) fn spacing(&self) -> Duration {
        self.spacing
    }
}

/// The even spacing at which no window of a second has more calls than the limit, if no call is off its even time by
/// more than `off`, early and late added.
pub(super) fn spacing(limit: u32, off: Duration) -> Duration {
    let window = SECOND.saturating_add(off);
    let even = window.checked_div(limit).unwrap_or(window);
    even.saturating_add(Duration::from_nanos(1))
}

/// When calls were sent, and when the next may be.
#[derive(Default)]
pub(super) struct Pace {
    /// When the next call would be sent if calls were spaced evenly.
    next: Option<Instant>,
    /// When the calls of the last window were sent, oldest first.
    latest: VecDeque<Instant>,
}

impl Pace {
    /// When the next call may be sent; `None` for the first.
    pub(super) fn next_permit(&self, rate: Rate) -> Option<Instant> {
        let even = self.next.map(|even| even.checked_sub(BURST).unwrap_or(even));
        let first_of_a_full_window =
            self.latest.len().checked_sub(rate.max_per_second).and_then(|at| self.latest.get(at));
        even.max(first_of_a_full_window.and_then(|first| first.checked_add(WINDOW)))
    }

    /// Notes that a call is sent now that has waited since `asked`.
    pub(super) fn record_sent(&mut self, rate: Rate, asked: Instant) {
        let now = Instant::now();
        let earliest = now.checked_sub(CATCH_UP).unwrap_or(now).max(asked);
        self.next = self.next.map_or(now, |even| even.max(earliest)).checked_add(rate.spacing);
        self.latest.push_back(now);
        while self.latest.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            self.latest.pop_front();
        }
    }
}
