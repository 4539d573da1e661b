//! The retry budget: how many retries a client may send in all, so that they do not overload a gateway that is down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The tokens that a retry costs.
const COST: u32 = 100;

/// The most retries that can be saved up.
const MAX_SAVED: u32 = 50;

/// Every call deposits a part of a retry, and every retry withdraws a whole one. Clones share one budget.
#[derive(Debug, Clone)]
pub(super) struct RetryBudget {
    tokens: Arc<AtomicU32>,
    percent: u32,
}

impl RetryBudget {
    pub(super) fn new(percent: u32) -> Self {
        Self { tokens: Arc::new(AtomicU32::new(COST.saturating_mul(MAX_SAVED))), percent }
    }

    pub(super) fn deposit(&self) {
        let more = |tokens: u32| Some(tokens.saturating_add(self.percent).min(COST.saturating_mul(MAX_SAVED)));
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Withdraws a retry; `false` if there is none.
    pub(super) fn withdraw(&self) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_at_most_the_saved_ones_and_a_part_of_the_calls() {
        let budget = RetryBudget::new(20);
        let mut retries = 0;
        for _ in 0..1000 {
            budget.deposit();
            while budget.withdraw() {
                retries += 1;
            }
        }
        // The first call deposits into a budget that is already full.
        assert_eq!(retries, 50 + 999 / 5);
    }

    #[test]
    fn what_is_saved_up_has_a_bound() {
        let budget = RetryBudget::new(20);
        (0..1000).for_each(|_| budget.deposit());
        assert_eq!(std::iter::from_fn(|| budget.withdraw().then_some(())).count(), 50);
    }
}
