//! A timeout that counts only the time in which the future was polled when it was due.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// A timer that is seen later than this was not waited for: the caller was busy, or the runtime, the process or the
/// machine stood still.
const LATE: Duration = Duration::from_millis(5);
/// A program that is late again and again gets more time this often.
const MOST_EXTENSIONS: u32 = 16;

/// The future's output if it is ready before the limit; `None` if the limit is over.
///
/// The future is polled before the timer, so what is ready counts, however late its caller polls. What takes several
/// polls to read counts too: a timer that is seen late runs once more for the time that it was late, up to the limit.
pub(super) async fn in_time<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let Some(mut end) = Instant::now().checked_add(limit) else { return Some(future.await) };
    for _ in 0..=MOST_EXTENSIONS {
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
