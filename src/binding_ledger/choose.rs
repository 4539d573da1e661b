//! Choosing X: a known number of the pool with few bindings.

use std::collections::BTreeSet;

use super::ledger::BindingLedger;
use super::record::{Record, group};
use crate::aliyun::BindForm;
use crate::number::VirtualNumber;
use crate::redact::Private;
use crate::store::{Store, StoreError, Table};

/// How many numbers are compared at once. The cost of a bind must not grow with the pool.
const COMPARED: usize = 50;

impl<S: Store> BindingLedger<S> {
    /// A known X with room that was not tried yet: the one with the fewest bindings among [`COMPARED`] random ones. If
    /// none of them has room, among the next ones.
    pub(super) async fn choose(
        &self,
        pool_key: &str,
        tried: &BTreeSet<VirtualNumber>,
    ) -> Result<Option<VirtualNumber>, StoreError> {
        let settings = &self.parts.settings;
        let mut numbers: Vec<_> = settings.numbers(pool_key).filter(|number| !tried.contains(number)).collect();
        // Machines that choose at the same time take different ones.
        fastrand::shuffle(&mut numbers);
        for numbers in numbers.chunks(COMPARED) {
            let counts = self.counts(pool_key, numbers).await?;
            let with_room = counts.into_iter().zip(numbers).filter(|(count, _)| *count < settings.bindings_per_number);
            if let Some((_, number)) = with_room.min_by_key(|(count, _)| *count) {
                return Ok(Some((*number).clone()));
            }
        }
        Ok(None)
    }

    /// Sets what to try after a refusal: another X, and another extension. `false` if there is nothing more to try.
    pub(super) async fn choose_again(
        &self,
        record: &mut Record,
        tried: &mut BTreeSet<VirtualNumber>,
        attempts: usize,
    ) -> Result<bool, StoreError> {
        if attempts >= self.parts.settings.numbers_per_bind {
            return Ok(false);
        }
        record.extension = extension_for(&record.request);
        let Some(refused) = record.number_x.clone() else { return Ok(record.extension.is_some()) };
        // With another extension, the same X may do.
        if record.extension.is_none() {
            tried.insert(refused);
        }
        let next = self.choose(record.request.pool_key(), tried).await?;
        let has_next = next.is_some();
        if has_next {
            record.number_x = next;
        }
        Ok(has_next)
    }

    /// Whether X has more bindings than the settings allow, the one of this record included.
    pub(super) async fn is_over_full(&self, record: &Record) -> Result<bool, StoreError> {
        let Some(number) = &record.number_x else { return Ok(false) };
        let counts = self.counts(record.request.pool_key(), &[number]).await?;
        Ok(counts.first().is_some_and(|count| *count > self.parts.settings.bindings_per_number))
    }

    /// Whether the ledger chooses X for a request. Without known numbers of 700, the platform chooses: nothing could
    /// look for the binding anyway.
    pub(super) fn chooses_x(&self, request: &BindForm) -> bool {
        let has_numbers = self.parts.settings.numbers(request.pool_key()).next().is_some();
        request.number_x().is_none() && (has_numbers || !request.kind().is_700())
    }

    async fn counts(&self, pool_key: &str, numbers: &[&VirtualNumber]) -> Result<Vec<u64>, StoreError> {
        let groups: Vec<_> = numbers.iter().map(|number| group(pool_key, number)).collect();
        let groups: Vec<_> = groups.iter().map(String::as_str).collect();
        self.parts.store.count_groups(Table::Bindings, None, &groups).await
    }
}

/// An extension for a request that lacks one.
pub(super) fn extension_for(request: &BindForm) -> Option<Private> {
    request.lacks_extension().then(|| fastrand::u16(100..=999).to_string().into())
}
