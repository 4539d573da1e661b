//! A shared limit on the test's clock. A test sets its delays and failures.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Reservation, Reserved, SharedLimit, Unavailable};

#[derive(Clone, Default)]
pub(super) struct InMemory(Arc<State>);

#[derive(Default)]
struct State {
    operations: Mutex<HashMap<String, Operation>>,
    delay: Mutex<(Duration, Duration)>,
    /// Whether it fails at once, or only after the whole timeout.
    failing: Mutex<Option<Failing>>,
    requests: AtomicU32,
    /// How far ahead a permit may be reserved.
    look_ahead: Mutex<Option<Duration>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failing {
    AtOnce,
    Silently,
}

#[derive(Default)]
struct Operation {
    /// How many times permits were requested, or the ban was checked.
    asked: u32,
    next: Option<Instant>,
    banned_until: Option<Instant>,
}

impl InMemory {
    /// The delay between a request and its reply in milliseconds, at least and at most.
    pub(super) fn reply_after(&self, least: u64, most: u64) {
        *self.0.delay.lock().unwrap() = (Duration::from_millis(least), Duration::from_millis(most));
    }

    pub(super) fn look_ahead(&self, longest: Duration) {
        *self.0.look_ahead.lock().unwrap() = Some(longest);
    }

    /// The names of all operations that were requested.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.operations.lock().unwrap().keys().cloned().collect()
    }

    pub(super) fn fail(&self, failing: impl Into<Option<Failing>>) {
        *self.0.failing.lock().unwrap() = failing.into();
    }

    /// How many times permits of an operation were requested, or its ban was checked.
    pub(super) fn asked(&self, operation: &str) -> u32 {
        self.0.operations.lock().unwrap().get(operation).map_or(0, |operation| operation.asked)
    }

    async fn on<T>(
        &self,
        operation: &str,
        timeout: Duration,
        work: impl FnOnce(&mut Operation, Instant) -> T,
    ) -> Result<T, Unavailable> {
        let failing = *self.0.failing.lock().unwrap();
        let (least, most) = *self.0.delay.lock().unwrap();
        let delay = least + (most - least) / 6 * (self.0.requests.load(Ordering::SeqCst) % 7);
        if failing == Some(Failing::Silently) || delay > timeout {
            sleep(timeout).await;
        }
        if failing.is_some() || delay > timeout {
            return Err(Unavailable::new("the test says so"));
        }
        sleep(delay / 3).await;
        let done = {
            let mut operations = self.0.operations.lock().unwrap();
            work(operations.entry(operation.to_owned()).or_default(), Instant::now())
        };
        sleep(delay - delay / 3).await;
        Ok(done)
    }
}

impl SharedLimit for InMemory {
    async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        self.0.operations.lock().unwrap().entry(wanted.operation.to_owned()).or_default().asked += 1;
        let look_ahead = self.0.look_ahead.lock().unwrap().unwrap_or(Duration::MAX);
        let reserve = |operation: &mut Operation, now: Instant| {
            if let Some(end) = operation.banned_until.filter(|end| *end > now) {
                return Reserved::Banned(end - now);
            }
            let permit = operation.next.map_or(now, |next| next.max(now));
            if permit - now > wanted.longest_wait.min(look_ahead) {
                return Reserved::TooLate(permit - now);
            }
            operation.next = permit.checked_add(wanted.cost());
            Reserved::After(permit - now)
        };
        self.on(wanted.operation, wanted.timeout, reserve).await
    }

    async fn ban(&self, operation: &str, ban: Duration, timeout: Duration) -> Result<(), Unavailable> {
        let note = |operation: &mut Operation, now: Instant| {
            operation.banned_until = operation.banned_until.max(now.checked_add(ban));
        };
        self.on(operation, timeout, note).await
    }

    async fn lift(&self, operation: &str, timeout: Duration) -> Result<(), Unavailable> {
        self.on(operation, timeout, |operation, _| operation.banned_until = None).await
    }
}
