use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Nonces that are never used twice: a random start for each client, plus a counter. The time is mixed in, so that two
/// machines that resume from one snapshot do not use the same nonces. Clones share one counter.
///
/// The gateways require that a nonce is new, not that it cannot be guessed. The signature is what cannot be guessed.
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
