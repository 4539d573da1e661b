//! A timeout that does not count time in which the caller did not poll.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// If a timer is observed later than this, the caller was not polling: it was busy, or the runtime, the process or the
/// machine was suspended.
const LATE: Duration = Duration::from_millis(5);
/// How often a timer that is observed late is extended.
const MAX_EXTENSIONS: u32 = 16;

/// The future's output if it is ready before the limit; `None` if it is not.
///
/// The future is polled before the timer, so a ready output counts, however late the caller polls. A read that takes
/// several polls counts too: a timer that is observed late is extended by the time that it was late, up to the limit.
pub(super) async fn in_time<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let Some(mut end) = Instant::now().checked_add(limit) else { return Some(future.await) };
    for _ in 0..=MAX_EXTENSIONS {
        if let Ok(output) = timeout_at(end, future.as_mut()).await {
            return Some(output);
        }
        let now = Instant::now();
        let late = now.saturating_duration_since(end);
        if late < LATE {
            return None;
        }
        end = now.checked_add(late.min(limit))?;
    }
    None
}
