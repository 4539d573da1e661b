//! When an item is tried again.

use chrono::{DateTime, TimeDelta, Utc};

use super::reason::ParkReason;
use crate::error::Advice;

/// The time of the next try, after `attempts` failed ones.
pub(super) fn next_try(advice: Advice, attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let (first, longest) = match (advice, ParkReason::of(advice)) {
        (Advice::WaitUntil(time), _) => return time.to_utc().max(now),
        (Advice::WaitFor(wait), _) => {
            return later(now, TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX));
        }
        (_, ParkReason::Retry) => (TimeDelta::seconds(30), TimeDelta::hours(1)),
        (_, ParkReason::RefreshOaid) => (TimeDelta::minutes(1), TimeDelta::hours(1)),
        // A person has to do something: `wake` is earlier.
        _ => (TimeDelta::minutes(10), TimeDelta::hours(6)),
    };
    let doublings = attempts.saturating_sub(1).min(16);
    let delay = first.checked_mul(1_i32 << doublings).unwrap_or(longest).min(longest);
    // Half of it is random, so that items that were parked together do not all come at once.
    let jittered = delay.to_std().unwrap_or_default().mul_f64(fastrand::f64().mul_add(0.5, 0.5));
    later(now, TimeDelta::from_std(jittered).unwrap_or(delay))
}

pub(super) fn later(time: DateTime<Utc>, delay: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(delay).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
