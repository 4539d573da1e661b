use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Nonces that no gateway has seen: a random beginning for each client, then a count. The time is mixed in, so that
/// two machines that go on from one snapshot do not say the same. Clones share one count.
///
/// The gateways ask that a nonce is new, not that it cannot be guessed: what nobody can guess is the signature.
#[derive(Debug, Clone)]
pub(super) struct Nonces {
    first: u128,
    count: Arc<AtomicU64>,
}

impl Nonces {
    pub(super) fn new() -> Self {
        Self { first: Uuid::new_v4().as_u128(), count: Arc::default() }
    }

    pub(super) fn next(&self, time: DateTime<Utc>) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let time = time.timestamp_nanos_opt().unwrap_or_default().unsigned_abs();
        let number = self.first.wrapping_add(u128::from(time) << 64).wrapping_add(u128::from(count));
        Uuid::from_u128(number).to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_nonces_are_alike_whatever_the_clock_says() {
        let time = DateTime::UNIX_EPOCH;
        let (nonces, others) = (Nonces::new(), Nonces::new());
        let clone = nonces.clone();
        let seen: HashSet<_> =
            (0..1000).flat_map(|_| [nonces.next(time), clone.next(time), others.next(time)]).collect();
        assert_eq!(seen.len(), 3000);
        assert!(seen.iter().all(|nonce| nonce.len() == 36));
    }

    #[test]
    fn two_copies_of_one_memory_differ_by_the_time() {
        let nonces = Nonces::new();
        let copy = Nonces { first: nonces.first, count: Arc::default() };
        let later = DateTime::UNIX_EPOCH + chrono::TimeDelta::nanoseconds(1);
        assert_ne!(nonces.next(DateTime::UNIX_EPOCH), copy.next(later));
    }
}
