//! The wait of a request for messages.

use std::pin::pin;

use futures_util::future::select;
use tokio::time::{Instant, timeout};

use super::gateways::Gateways;
use super::mns::LongPoll;

/// Waits until the queue has a message, or the time of the request is over. No lock is held while it waits.
///
/// The time is measured by the system clock, so that the wait also ends if the emulator's clock is stopped. Messages
/// become visible again by the emulator's clock.
pub(crate) async fn wait(poll: &LongPoll, gateways: &Gateways) {
    let started = Instant::now();
    loop {
        let left = poll.wait.saturating_sub(started.elapsed());
        if left.is_zero() {
            return;
        }
        // Subscribed before the time is read, so that no change of the clock is missed.
        let mut clock = gateways.clock().subscribe();
        let now = gateways.clock().now();
        let (mut queue, next_visible) = {
            let state = gateways.lock_state();
            let Some(queue) = state.queues.get(&poll.queue) else { return };
            if queue.has_visible(now) {
                return;
            }
            (queue.subscribe(), queue.next_visible(now))
        };
        let until_visible = next_visible.and_then(|time| time.signed_duration_since(now).to_std().ok());
        let limit = match until_visible {
            Some(duration) if gateways.clock().is_running() => duration.min(left),
            _ => left,
        };
        // The queue is closed when the state is replaced: then the loop finds the new queue.
        let _ = timeout(limit, select(pin!(queue.changed()), pin!(clock.changed()))).await;
    }
}
