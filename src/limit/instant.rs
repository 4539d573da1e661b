//! Adding to an instant without overflow.

use std::time::Duration;

use tokio::time::Instant;

/// `instant` plus `time`; plus about 30 years if that overflows.
pub(super) fn later(instant: Instant, time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(1_000_000_000);
    instant.checked_add(time).or_else(|| instant.checked_add(FAR)).unwrap_or(instant)
}
