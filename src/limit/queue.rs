//! The queue of an operation's waiters. None holds a lock, and none depends on another one being polled.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How long the waiter at the front may leave its permit unused before others overtake it. On a machine that is this
/// busy, the order may change.
pub(super) const FRONT_GRACE: Duration = Duration::from_millis(10);

/// How late timers may be. The waiters behind the front wake up a [`FRONT_GRACE`] later anyway.
const TIMER_ERROR: Duration = Duration::from_millis(2);

/// The waiters of one operation, first come, first served. One that misses its time is removed, since it may no longer
/// be polled; when it is polled again, it returns to its old place.
#[derive(Default)]
pub(super) struct Queue {
    waiters: BTreeMap<u64, Waiter>,
    tickets: u64,
}

struct Waiter {
    notify: Arc<Notify>,
    /// If it was not polled by then, it counts as not polled at all.
    absent_after: Instant,
}

impl Queue {
    /// A ticket behind all others. It is in the queue from the first [`wait`](Self::wait).
    pub(super) fn ticket(&mut self) -> u64 {
        self.tickets = self.tickets.saturating_add(1);
        self.tickets
    }

    pub(super) fn len(&self) -> usize {
        self.waiters.len()
    }

    /// How many are ahead of a ticket. Removes those at the front that are not polled.
    pub(super) fn ahead(&mut self, ticket: u64, now: Instant) -> usize {
        let mut changed = false;
        while let Some(front) = self.waiters.first_entry()
            && *front.key() < ticket
            && front.get().absent_after < now
        {
            // If it is polled after all, it lost one permit at most.
            front.remove().notify.notify_one();
            changed = true;
        }
        if changed {
            self.wake_front(ticket, now);
        }
        match self.waiters.first_key_value() {
            Some((front, _)) if *front < ticket => self.waiters.range(..ticket).count(),
            _ => 0,
        }
    }

    /// When those ahead of a ticket count as not polled, if their permits are still unused then.
    pub(super) fn absent_after(&self, ticket: u64) -> Option<Instant> {
        let front = self.waiters.first_key_value().filter(|(front, _)| **front < ticket)?;
        let last = self.waiters.range(..ticket).next_back()?;
        Some(front.1.absent_after.max(last.1.absent_after))
    }

    /// Waits at the front until then.
    pub(super) fn wait_in_front(&mut self, ticket: u64, notify: &Arc<Notify>, until: Instant) {
        self.put(ticket, notify, until.checked_add(FRONT_GRACE).unwrap_or(until));
    }

    /// Waits behind others until then.
    pub(super) fn wait(&mut self, ticket: u64, notify: &Arc<Notify>, until: Instant) {
        self.put(ticket, notify, until.checked_add(TIMER_ERROR).unwrap_or(until));
    }

    fn put(&mut self, ticket: u64, notify: &Arc<Notify>, absent_after: Instant) {
        self.waiters.insert(ticket, Waiter { notify: Arc::clone(notify), absent_after });
    }

    /// Leaves the queue: with a permit, without one, or dropped.
    pub(super) fn leave(&mut self, ticket: u64, now: Instant) {
        let was_front = self.waiters.first_key_value().is_some_and(|(front, _)| *front == ticket);
        self.waiters.remove(&ticket);
        if was_front {
            self.wake_front(ticket, now);
        }
    }

    /// Wakes the waiter at the front, unless it is `awake`.
    fn wake_front(&mut self, awake: u64, now: Instant) {
        if let Some(mut front) = self.waiters.first_entry()
            && *front.key() != awake
        {
            front.get_mut().wake(now);
        }
    }

    /// Wakes this many, from the front.
    pub(super) fn wake(&mut self, waiters: usize, now: Instant) {
        for waiter in self.waiters.values_mut().take(waiters) {
            waiter.wake(now);
        }
    }
}

impl Waiter {
    fn wake(&mut self, now: Instant) {
        self.absent_after = self.absent_after.min(now.checked_add(FRONT_GRACE).unwrap_or(now));
        self.notify.notify_one();
    }
}
