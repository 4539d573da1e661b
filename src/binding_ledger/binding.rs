//! One binding for one key.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::Utc;
use tokio::time::Instant;

use super::choose::extension_for;
use super::error::LedgerError;
use super::finish::Finished;
use super::ledger::BindingLedger;
use super::record::{Entry, Record, State};
use crate::aliyun::{Bind, BindForm, Binding};
use crate::invalid::InvalidRequest;
use crate::store::Store;

/// The shortest and the longest wait between two looks at a key that another call works on.
const POLL: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));

impl<S: Store> BindingLedger<S> {
    /// The binding of a key: the one that exists, or a new one.
    ///
    /// The key has 1 to 512 bytes: your order, for example. The intent is in the store before anything is sent. So a
    /// second call with the key, in any process, at any time, returns the same binding. What may differ between the two
    /// requests is the expiration alone: a caller may compute it anew each time, and the binding keeps the one it has.
    /// When the binding has ended, a call with the key makes a new one.
    ///
    /// If another call works on the key, this one waits for it; see [`LedgerSettings::wait`](super::LedgerSettings::wait).
    /// If that one's process died, this one finishes its bind, with the request that is in the store.
    ///
    /// # Errors
    /// [`LedgerError`]: among others [`KeyInUse`](LedgerError::KeyInUse) for another request than the key's, and
    /// [`NoNumber`](LedgerError::NoNumber). If the outcome is unknown, the ledger still has the intent: the same call
    /// again finishes it and binds nothing twice.
    pub async fn bind<B: Bind>(&self, key: &str, bind: &B) -> Result<Binding, LedgerError> {
        let request = BindForm::new(bind, self.parts.client.now())?;
        let (ledger, key) = (self.clone(), key.to_owned());
        self.in_task(async move { ledger.bind_form(&key, request).await }).await
    }

    async fn bind_form(&self, key: &str, request: BindForm) -> Result<Binding, LedgerError> {
        let mut waiting = Waiting::new(self.parts.settings.wait);
        loop {
            let Some(entry) = self.read(key).await? else {
                let Some(held) = self.insert(key, self.new_record(&request).await?).await? else { continue };
                match Box::pin(self.finish_bind(held, true)).await? {
                    Finished::Done(bound) => return Ok(bound.binding),
                    Finished::Lost => continue,
                }
            };
            if self.has_ended(&entry) {
                self.remove_row(key, entry.version, entry.record.binding.as_ref()).await?;
                continue;
            }
            if !entry.record.request.asks_the_same(&request) {
                return Err(LedgerError::KeyInUse);
            }
            match (entry.state, entry.record.binding.clone()) {
                (State::Bound | State::Renewing, Some(binding)) => return Ok(binding),
                (State::Unresolved, _) => return Err(LedgerError::Unresolved { since: entry.due }),
                _ if is_at_work(&entry) => waiting.pause(&entry).await?,
                (State::Unbinding, _) => {
                    if let Some(held) = self.take(key, entry, State::Unbinding).await? {
                        Box::pin(self.finish_unbind(held)).await?;
                    }
                }
                _ => {
                    let Some(held) = self.take(key, entry, State::Binding).await? else { continue };
                    if let Finished::Done(bound) = Box::pin(self.finish_bind(held, false)).await? {
                        return Ok(bound.binding);
                    }
                }
            }
        }
    }

    async fn new_record(&self, request: &BindForm) -> Result<Record, LedgerError> {
        let pool_key = request.pool_key();
        let number_x = if self.chooses_x(request) {
            if self.parts.settings.numbers(pool_key).next().is_none() {
                let reason = "is needed: the ledger's settings list no numbers of this pool";
                return Err(InvalidRequest::new("phone_no_x", reason).into());
            }
            let chosen = self.choose(pool_key, &BTreeSet::new()).await?;
            let full = || LedgerError::NoNumber { pool_key: pool_key.to_owned(), refusal: None };
            Some(chosen.ok_or_else(full)?)
        } else {
            None
        };
        Ok(Record::new(request.clone(), number_x, extension_for(request), self.parts.client.now()))
    }

    /// Whether a binding is over by its expiration.
    pub(super) fn has_ended(&self, entry: &Entry) -> bool {
        let now = self.parts.client.now();
        entry.state == State::Bound && entry.record.binding.as_ref().is_some_and(|binding| binding.expiration <= now)
    }
}

/// Whether another call has the lease of a row.
pub(super) fn is_at_work(entry: &Entry) -> bool {
    State::OPEN.contains(&entry.state) && entry.due.is_some_and(|until| until > Utc::now())
}

/// Waiting for another call that works on the same key.
pub(super) struct Waiting {
    until: Option<Instant>,
    pause: Duration,
}

impl Waiting {
    pub(super) fn new(longest: Duration) -> Self {
        Self { until: Instant::now().checked_add(longest), pause: POLL.0 }
    }

    /// Waits before the next look at the row.
    pub(super) async fn pause(&mut self, entry: &Entry) -> Result<(), LedgerError> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(LedgerError::InProgress { until: entry.due.unwrap_or_else(Utc::now) });
        }
        // A random wait, so that those who wait for one key do not come all at once.
        tokio::time::sleep(self.pause.mul_f64(fastrand::f64().max(0.5))).await;
        self.pause = self.pause.saturating_mul(2).min(POLL.1);
        Ok(())
    }
}
