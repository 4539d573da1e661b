//! When what happens in a call.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::placed_call::{Course, PlacedCall, Side};

/// The time until the platform calls the other party, and from then until that phone rings.
const STEP: TimeDelta = TimeDelta::seconds(1);

const PLATFORM: u8 = 0;
const CALLER: u8 = 1;
const CALLEE: u8 = 2;

/// The times of a call, and how it ended.
pub(super) struct Timeline {
    pub(super) call: DateTime<Utc>,
    /// When the platform calls the other party. Equals `call` if it never does.
    pub(super) call_out: DateTime<Utc>,
    pub(super) ring: Option<DateTime<Utc>>,
    pub(super) answer: Option<DateTime<Utc>>,
    pub(super) release: DateTime<Utc>,
    /// Who ended the call: `release_dir` of the receipts.
    pub(super) release_dir: u8,
    pub(super) release_cause: u8,
}

impl Timeline {
    /// A call that is put through.
    pub(super) fn of(placed: &PlacedCall, now: DateTime<Utc>) -> Self {
        let call_out = later(now, STEP);
        let rings_at = later(call_out, STEP);
        let rung_until = later(rings_at, delta(placed.rings_for));
        let dir = |default| match placed.hung_up_by {
            Some(Side::Caller) => CALLER,
            Some(Side::Callee) => CALLEE,
            None => default,
        };
        let begun = Self {
            call: now,
            call_out,
            ring: Some(rings_at),
            answer: None,
            release: rung_until,
            release_dir: PLATFORM,
            release_cause: 16,
        };
        match placed.course {
            Course::Answered => Self {
                answer: Some(rung_until),
                release: later(rung_until, delta(placed.talks_for)),
                release_dir: dir(CALLER),
                ..begun
            },
            Course::Busy => Self { ring: None, release: rings_at, release_cause: 17, ..begun },
            // The caller gave up.
            Course::NoAnswer if placed.hung_up_by == Some(Side::Caller) => Self { release_dir: CALLER, ..begun },
            Course::NoAnswer => Self { release_cause: 19, ..begun },
            Course::Rejected => Self { release_dir: CALLEE, release_cause: 21, ..begun },
        }
    }

    /// A call that the platform refuses: everything is at one time.
    pub(super) fn refused(now: DateTime<Utc>) -> Self {
        Self {
            call: now,
            call_out: now,
            ring: None,
            answer: None,
            release: now,
            release_dir: PLATFORM,
            release_cause: 31,
        }
    }

    /// `ring_time` of the receipts: if the phone did not ring, the time of calling it.
    pub(super) fn ring_time(&self) -> DateTime<Utc> {
        self.ring.unwrap_or(self.call_out)
    }

    /// `start_time` of the receipts: if the call was not answered, the time of its end.
    pub(super) fn start_time(&self) -> DateTime<Utc> {
        self.answer.unwrap_or(self.release)
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
