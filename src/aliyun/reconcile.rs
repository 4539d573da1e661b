//! Bindings that survive a cut line: made once, found again when the answer is lost, renewed, and gone when unbound.

mod terms;

use std::fmt;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt};

use super::binding::SecretBind;
use super::client::Client;
use super::subscription::{
    QuerySubsId, QuerySubscriptionDetail, SecretBindDetail, SubscriptionUpdate, UnbindSubscription, UpdateSubscription,
};
use crate::error::{Advice, Error, Outcome};
use crate::number::VirtualNumber;
use crate::redact::Private;
pub use terms::Bind;
use terms::BindTerms;

/// How many details are read at once while a binding is looked for.
const DETAILS_AT_ONCE: usize = 8;

/// How often a bind is sent that was proven not to have happened.
const MOST_BINDS: usize = 3;

impl Client {
    /// Binds, and finds out what became of it when the answer is lost.
    ///
    /// With `phone_no_x` in the request, the binding is looked for at that X ([`QuerySubsId`],
    /// [`QuerySubscriptionDetail`]): if it is there it is returned, and if it is not it is bound again where X itself
    /// refuses the same parties a second time (all but [`BindAxnExtension`](super::BindAxnExtension)). Without `phone_no_x` the API offers no
    /// way to look, and nothing is ever bound twice: the error says [`Advice::Reconcile`].
    ///
    /// # Errors
    /// [`BindError`], with all that a person needs to look for the binding if its outcome is unknown.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use chrono::{TimeDelta, Utc};
    /// use privacy_number::{aliyun, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.aliyun()?;
    /// let bind = aliyun::BindAxb::builder()
    ///     .pool_key(emulator.pool_key())
    ///     .phone_no_a("15000000000")
    ///     .phone_no_b("15000000001")
    ///     .phone_no_x("17000000001")
    ///     .expiration(Utc::now() + TimeDelta::hours(2))
    ///     .build();
    /// let mut binding = client.bind_reconciled(&bind).await?;
    /// client.renew(&mut binding, Utc::now() + TimeDelta::days(1)).await?;
    /// client.unbind(&binding).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub async fn bind_reconciled<B: Bind>(&self, bind: &B) -> Result<Binding, BindError> {
        let terms = bind.terms();
        let sent_from = self.now();
        let mut binds = 0_usize;
        loop {
            binds = binds.saturating_add(1);
            let error = match self.send(bind).await {
                Ok(answer) => return Ok(terms.binding(B::secret_bind(answer))),
                Err(error) => error,
            };
            let conflicts_with_itself = binds > 1 && error.code() == Some("isv.BIND_CONFLICT");
            let is_lost = matches!(error.outcome(), Outcome::Unknown | Outcome::Executed);
            if !is_lost && !conflicts_with_itself {
                return Err(BindError::new(error, &terms, sent_from, self.now()));
            }
            let search = match terms.phone_no_x {
                Some(number_x) => self.search(&terms, number_x, sent_from).await,
                None => Search::Unclear,
            };
            match search {
                Search::Found(secret_bind) => return Ok(terms.binding(secret_bind)),
                Search::Absent if is_lost && B::X_REFUSES_A_SECOND && binds < MOST_BINDS => {}
                Search::Absent | Search::Unclear => return Err(BindError::new(error, &terms, sent_from, self.now())),
            }
        }
    }

    /// Moves a binding's end.
    ///
    /// # Errors
    /// See [`UpdateSubscription`]; a binding that has ended cannot be renewed (`isv.FORBIDDEN_ACTION`).
    pub async fn renew(
        &self,
        binding: &mut Binding,
        expiration: impl Into<DateTime<FixedOffset>>,
    ) -> Result<(), Error> {
        let expiration = expiration.into();
        let update = UpdateSubscription::builder()
            .pool_key(&binding.pool_key)
            .subs_id(&binding.subs_id)
            .phone_no_x(binding.secret_no.clone())
            .update(SubscriptionUpdate::Expiration(expiration))
            .build();
        self.send(&update).await?;
        binding.expiration = expiration;
        Ok(())
    }

    /// Removes a binding. One that is gone already is a success: after a lost answer that is how removing ends.
    ///
    /// # Errors
    /// See [`UnbindSubscription`].
    pub async fn unbind(&self, binding: &Binding) -> Result<Unbound, Error> {
        let unbind = UnbindSubscription::builder()
            .pool_key(&binding.pool_key)
            .subs_id(&binding.subs_id)
            .secret_no(binding.secret_no.clone())
            .build();
        match self.send(&unbind).await {
            Ok(_) => Ok(Unbound::Removed),
            Err(error) if error.code() == Some("isv.SUBS_NOT_EXIST") => Ok(Unbound::AlreadyGone),
            Err(error) => Err(error),
        }
    }

    async fn search(&self, terms: &BindTerms<'_>, number_x: &VirtualNumber, since: DateTime<Utc>) -> Search {
        let query = QuerySubsId::builder().phone_no_x(number_x.clone()).pool_key(terms.pool_key).build();
        let Ok(answer) = self.send(&query).await else { return Search::Unclear };
        let mut details = stream::iter(answer.subs_ids)
            .map(|subs_id| {
                let query = QuerySubscriptionDetail::builder()
                    .pool_key(terms.pool_key)
                    .subs_id(subs_id)
                    .phone_no_x(number_x.clone())
                    .build();
                async move { self.send(&query).await }
            })
            .buffer_unordered(DETAILS_AT_ONCE);
        let mut found = Search::Absent;
        while let Some(detail) = details.next().await {
            match (detail, &found) {
                (Ok(answer), _) if !terms.fit(&answer.secret_bind_detail, since) => {}
                (Ok(answer), Search::Absent) => {
                    let SecretBindDetail { subs_id, extension, .. } = answer.secret_bind_detail;
                    found = Search::Found(SecretBind { extension, secret_no: number_x.clone(), subs_id });
                }
                // Removed since its id was read.
                (Err(error), _) if error.code() == Some("isv.SUBS_NOT_EXIST") => {}
                // Two that fit, or one that could not be read.
                _ => return Search::Unclear,
            }
        }
        found
    }
}

enum Search {
    Found(SecretBind),
    Absent,
    Unclear,
}

/// A binding that was made, with what it takes to renew and remove it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Binding {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's id.
    pub subs_id: String,
    /// X, the number to give out.
    pub secret_no: VirtualNumber,
    /// The extension of an AXN extension binding.
    pub extension: Option<Private>,
    /// When the binding ends.
    pub expiration: DateTime<FixedOffset>,
}

impl Binding {
    /// Whether the binding ends within this time, so that it should be renewed.
    #[must_use]
    pub fn ends_within(&self, reserve: TimeDelta, now: DateTime<Utc>) -> bool {
        self.expiration.signed_duration_since(now) <= reserve
    }
}

/// How a binding came to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unbound {
    /// It was removed now.
    Removed,
    /// It was gone before: unbound, or ended.
    AlreadyGone,
}

/// A binding that was not made, or of which it is not known.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BindError {
    /// What went wrong last.
    pub error: Error,
    /// From when on the request may have arrived.
    pub sent_from: DateTime<FixedOffset>,
    /// Until when the request may have arrived.
    pub sent_until: DateTime<FixedOffset>,
    /// The number pool's key.
    pub pool_key: String,
    /// X, if the request named one.
    pub phone_no_x: Option<VirtualNumber>,
    /// The request's text of one's own, which call receipts give back.
    pub out_id: Option<Private>,
}

impl BindError {
    fn new(error: Error, terms: &BindTerms<'_>, from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self {
            error,
            sent_from: from.with_timezone(&crate::china()),
            sent_until: until.with_timezone(&crate::china()),
            pool_key: terms.pool_key.to_owned(),
            phone_no_x: terms.phone_no_x.cloned(),
            out_id: terms.out_id.cloned(),
        }
    }

    /// Whether a binding may exist that nobody knows of.
    #[must_use]
    pub fn needs_reconciling(&self) -> bool {
        self.error.advice() == Advice::Reconcile
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        if self.needs_reconciling() {
            write!(
                f,
                "; if it was bound, it was in pool {} from {} to {}",
                self.pool_key, self.sent_from, self.sent_until
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
