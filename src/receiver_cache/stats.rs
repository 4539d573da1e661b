//! What the cache did, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use super::found::Source;

/// What a [`CachedShop`](super::CachedShop) did: [`CachedShop::counts`](super::CachedShop::counts). Each query counts
/// once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheCounts {
    /// Orders whose receivers were in the store.
    pub hits: u64,
    /// Orders that TOP was asked for, and those that failed because the store did.
    pub misses: u64,
    /// Orders that another task, process or machine was decrypting: they got its result.
    pub waits: u64,
    /// Decrypted receivers that the store failed to keep: they will be decrypted again. They are in
    /// [`misses`](Self::misses) too.
    pub not_kept: u64,
}

/// The counts of a [`CachedShop`](super::CachedShop) and the size of its store:
/// [`CachedShop::stats`](super::CachedShop::stats).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// What this [`CachedShop`](super::CachedShop) and its clones did.
    pub counts: CacheCounts,
    /// How many receivers the store has, of all shops, the expired ones among them.
    pub receivers: u64,
    /// When the first of these receivers expires; in the past for one that has expired.
    pub first_expires: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    waits: AtomicU64,
    not_kept: AtomicU64,
}

impl Counters {
    pub(super) fn count(&self, source: Source) {
        let counter = match source {
            Source::Store => &self.hits,
            Source::Call => &self.misses,
            Source::Other => &self.waits,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn not_kept(&self) {
        self.not_kept.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> CacheCounts {
        let [hits, misses, waits, not_kept] =
            [&self.hits, &self.misses, &self.waits, &self.not_kept].map(|count| count.load(Ordering::Relaxed));
        CacheCounts { hits, misses, waits, not_kept }
    }
}
