//! Who waits for a turn, in order. Nobody in it holds a lock, and nobody depends on another one being polled.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How long the waiter in front may let its turn lie before the others pass it by. On a machine that is so busy, they
/// may go in another order.
pub(super) const SLACK: Duration = Duration::from_millis(10);

/// How far timers may be off. The waiters behind the front wake up a [`SLACK`] late as it is.
const TIMER: Duration = Duration::from_millis(2);

/// The waiters of one operation, first come, first served. One that misses its time is taken out, since nobody may be
/// polling it; when it is polled again it comes back to its old place.
#[derive(Default)]
pub(super) struct Queue {
    waiters: BTreeMap<u64, Waiter>,
    tickets: u64,
}

struct Waiter {
    bell: Arc<Notify>,
    /// If it was not polled until then, nobody polls it.
    absent_after: Instant,
}

impl Queue {
    /// A place behind all others. It counts from the first [`wait`](Self::wait) on.
    pub(super) fn ticket(&mut self) -> u64 {
        self.tickets = self.tickets.saturating_add(1);
        self.tickets
    }

    pub(super) fn len(&self) -> usize {
        self.waiters.len()
    }

    /// How many are ahead of a ticket, without those in front that are not polled.
    pub(super) fn ahead(&mut self, ticket: u64, now: Instant) -> usize {
        let mut changed = false;
        while let Some(front) = self.waiters.first_entry()
            && *front.key() < ticket
            && front.get().absent_after < now
        {
            // If somebody polls it after all, it has lost no more than a turn.
            front.remove().bell.notify_one();
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

    /// When those ahead of a ticket are known not to be polled, if their turns lie there unused.
    pub(super) fn absent_after(&self, ticket: u64) -> Option<Instant> {
        let front = self.waiters.first_key_value().filter(|(front, _)| **front < ticket)?;
        let last = self.waiters.range(..ticket).next_back()?;
        Some(front.1.absent_after.max(last.1.absent_after))
    }

    /// Waits in front until then.
    pub(super) fn wait_in_front(&mut self, ticket: u64, bell: &Arc<Notify>, until: Instant) {
        self.put(ticket, bell, until.checked_add(SLACK).unwrap_or(until));
    }

    /// Waits behind others until then.
    pub(super) fn wait(&mut self, ticket: u64, bell: &Arc<Notify>, until: Instant) {
        self.put(ticket, bell, until.checked_add(TIMER).unwrap_or(until));
    }

    fn put(&mut self, ticket: u64, bell: &Arc<Notify>, absent_after: Instant) {
        self.waiters.insert(ticket, Waiter { bell: Arc::clone(bell), absent_after });
    }

    /// Leaves: with a turn, without one, or dropped.
    pub(super) fn leave(&mut self, ticket: u64, now: Instant) {
        let was_front = self.waiters.first_key_value().is_some_and(|(front, _)| *front == ticket);
        self.waiters.remove(&ticket);
        if was_front {
            self.wake_front(ticket, now);
        }
    }

    /// Wakes the waiter in front, unless it has this ticket and is awake.
    fn wake_front(&mut self, awake: u64, now: Instant) {
        if let Some(mut front) = self.waiters.first_entry()
            && *front.key() != awake
        {
            front.get_mut().wake(now);
        }
    }

    /// Wakes so many from the front on.
    pub(super) fn wake(&mut self, waiters: usize, now: Instant) {
        for waiter in self.waiters.values_mut().take(waiters) {
            waiter.wake(now);
        }
    }
}

impl Waiter {
    fn wake(&mut self, now: Instant) {
        self.absent_after = self.absent_after.min(now.checked_add(SLACK).unwrap_or(now));
        self.bell.notify_one();
    }
}
