//! How many repeats a client may send in all, so that a gateway that is down is not run down further.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A repeat costs this many tokens.
const COST: u32 = 100;

/// The most repeats that can be saved up.
const MOST_SAVED: u32 = 50;

/// Every call pays in a part of a repeat, and every repeat takes a whole one out. Clones share one budget.
#[derive(Debug, Clone)]
pub(super) struct RetryBudget {
    tokens: Arc<AtomicU32>,
    percent: u32,
}

impl RetryBudget {
    pub(super) fn new(percent: u32) -> Self {
        Self { tokens: Arc::new(AtomicU32::new(COST.saturating_mul(MOST_SAVED))), percent }
    }

    pub(super) fn pay_in(&self) {
        let more = |tokens: u32| Some(tokens.saturating_add(self.percent).min(COST.saturating_mul(MOST_SAVED)));
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Takes a repeat out; `false` if there is none.
    pub(super) fn take(&self) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_at_most_the_saved_ones_and_a_part_of_the_calls() {
        let budget = RetryBudget::new(20);
        let mut repeats = 0;
        for _ in 0..1000 {
            budget.pay_in();
            while budget.take() {
                repeats += 1;
            }
        }
        // The first call pays into a budget that is already full.
        assert_eq!(repeats, 50 + 999 / 5);
    }

    #[test]
    fn what_is_saved_up_has_a_bound() {
        let budget = RetryBudget::new(20);
        (0..1000).for_each(|_| budget.pay_in());
        assert_eq!(std::iter::from_fn(|| budget.take().then_some(())).count(), 50);
    }
}
