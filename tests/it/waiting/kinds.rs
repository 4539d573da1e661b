//! Limits of every kind: of this process alone, of a fleet in memory, and of a fleet on Redis where there is one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use privacy_number::{Fleet, Limits, Reservation, Reserved, SharedLimit, Unavailable};

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    share: Box<dyn Fn(Limits) -> Limits + Send + Sync>,
}

impl Kind {
    pub(crate) fn all() -> Vec<Self> {
        let own = Self { name: "own", share: Box::new(|limits| limits) };
        let in_memory = Self { name: "in memory", share: Box::new(|limits| limits.shared(fleet(InMemory::default()))) };
        [own, in_memory].into_iter().chain(redis()).collect()
    }

    /// Limits of this kind.
    pub(crate) fn share(&self, limits: Limits) -> Limits {
        (self.share)(limits)
    }
}

#[cfg(feature = "redis")]
fn redis() -> Option<Kind> {
    let server = crate::fleet::server::RedisServer::start()?;
    let share = move |limits: Limits| {
        limits.shared(fleet(privacy_number::RedisLimit::open(&server.url(""), "main-account").unwrap()))
    };
    Some(Kind { name: "Redis", share: Box::new(share) })
}

#[cfg(not(feature = "redis"))]
fn redis() -> Option<Kind> {
    None
}

/// One machine only, so that a response that arrives late on a busy machine wastes no permits.
fn fleet(shared: impl SharedLimit) -> Fleet {
    Fleet::new(shared).machines(1).timeout(Duration::from_millis(200))
}

#[derive(Clone, Default)]
struct InMemory(Arc<Mutex<HashMap<String, Operation>>>);

#[derive(Default)]
struct Operation {
    next: Option<Instant>,
    banned_until: Option<Instant>,
}

impl SharedLimit for InMemory {
    async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
        // As on a network, the response needs polls.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let mut operations = self.0.lock().unwrap();
        let operation = operations.entry(wanted.operation.to_owned()).or_default();
        let now = Instant::now();
        if let Some(end) = operation.banned_until.filter(|end| *end > now) {
            return Ok(Reserved::Banned(end - now));
        }
        let due = operation.next.map_or(now, |next| next.max(now));
        if due - now > wanted.longest_wait {
            return Ok(Reserved::TooLate(due - now));
        }
        operation.next = due.checked_add(wanted.cost());
        Ok(Reserved::After(due - now))
    }

    async fn ban(&self, operation: &str, ban: Duration, _: Duration) -> Result<(), Unavailable> {
        let mut operations = self.0.lock().unwrap();
        let operation = operations.entry(operation.to_owned()).or_default();
        operation.banned_until = operation.banned_until.max(Instant::now().checked_add(ban));
        Ok(())
    }
}
