use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::number::VirtualNumber;

/// The settings of a [`BindingLedger`](super::BindingLedger).
///
/// ```
/// use std::time::Duration;
/// use privacy_number::binding_ledger::LedgerSettings;
///
/// let settings = LedgerSettings::new()
///     .pool("FC123456", ["17000000001", "17000000002"])
///     .bindings_per_number(50)
///     .wait(Duration::from_secs(10));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct LedgerSettings {
    pools: BTreeMap<String, BTreeSet<VirtualNumber>>,
    pub(super) bindings_per_number: u64,
    pub(super) numbers_per_bind: usize,
    pub(super) lease: Duration,
    pub(super) wait: Duration,
}

impl LedgerSettings {
    /// No pools; 100 bindings for each X, up to 20 numbers tried for a bind, a lease of 30 seconds, a wait of a minute.
    pub fn new() -> Self {
        Self {
            pools: BTreeMap::new(),
            bindings_per_number: 100,
            numbers_per_bind: 20,
            lease: Duration::from_secs(30),
            wait: Duration::from_secs(60),
        }
    }

    /// The X numbers of a pool: from these the ledger chooses for a bind that names no X, and these are swept. Adds to
    /// those that were set before.
    pub fn pool(
        mut self,
        pool_key: impl Into<String>,
        numbers: impl IntoIterator<Item = impl Into<VirtualNumber>>,
    ) -> Self {
        self.pools.entry(pool_key.into()).or_default().extend(numbers.into_iter().map(Into::into));
        self
    }

    /// How many bindings an X may have that the ledger chose. A search for a lost bind reads every binding at X.
    pub fn bindings_per_number(self, bindings_per_number: u64) -> Self {
        Self { bindings_per_number, ..self }
    }

    /// How many X numbers are tried for one bind. `isv.BIND_CONFLICT` and `isv.NO_AVAILABLE_NUMBER` lead to the next.
    pub fn numbers_per_bind(self, numbers_per_bind: usize) -> Self {
        Self { numbers_per_bind, ..self }
    }

    /// For how long a process that does not answer any more holds up a key. A process at work extends its lease. The
    /// clocks of the machines must differ by much less.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// How long a call waits while another one works on the same key. Then, or at once if it is zero, it fails with
    /// [`LedgerError::InProgress`](super::LedgerError::InProgress).
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The known X numbers of a pool.
    pub(super) fn numbers(&self, pool_key: &str) -> impl Iterator<Item = &VirtualNumber> {
        self.pools.get(pool_key).into_iter().flatten()
    }

    /// All known X numbers, with their pools.
    pub(super) fn all_numbers(&self) -> impl Iterator<Item = (&str, &VirtualNumber)> {
        self.pools.iter().flat_map(|(pool_key, numbers)| numbers.iter().map(|number| (pool_key.as_str(), number)))
    }
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self::new()
    }
}
