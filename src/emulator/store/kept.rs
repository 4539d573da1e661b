//! What bounds the memory of the state.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

/// How many of the latest records of one kind are kept.
pub(crate) const KEPT: usize = 10_000;
/// The same for records that are small, or that no gateway forgets soon.
pub(crate) const KEPT_LONG: usize = 100_000;

/// Adds an item to a queue of at most `most` items. Returns the oldest one if it has to go.
pub(super) fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) -> Option<T> {
    queue.push_back(item);
    if queue.len() > most { queue.pop_front() } else { None }
}

/// Finds the ended bindings to remove. All are looked at only when their number has doubled, so that adding a binding
/// stays cheap.
#[derive(Default)]
pub(super) struct EndedBindings {
    /// The number of bindings at which all are looked at next.
    looked_at: usize,
}

impl EndedBindings {
    /// The keys of the ended bindings to remove: all except the [`KEPT`] that ended last. `count` is the number of all
    /// bindings, and `all` has their ends and keys.
    pub(super) fn surplus<K: Ord>(
        &mut self,
        count: usize,
        all: impl Iterator<Item = (DateTime<Utc>, K)>,
        now: DateTime<Utc>,
    ) -> Vec<K> {
        if count < self.looked_at.max(KEPT.saturating_mul(2)) {
            return Vec::new();
        }
        let mut ended: Vec<(DateTime<Utc>, K)> = all.filter(|(ends, _)| *ends <= now).collect();
        ended.sort_unstable();
        ended.truncate(ended.len().saturating_sub(KEPT));
        self.looked_at = count.saturating_sub(ended.len()).saturating_mul(2);
        ended.into_iter().map(|(_, key)| key).collect()
    }
}
