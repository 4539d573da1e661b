//! Searches the gateway for a binding, by its X or by the X numbers that it may have.

use std::collections::BTreeSet;
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::terms::BindTerms;
use super::{Bind, Binding};
use crate::aliyun::binding::SecretBind;
use crate::aliyun::client::Client;
use crate::aliyun::subscription::{QuerySubsId, QuerySubscriptionDetail, SecretBindDetail};
use crate::error::{Advice, CallReport, Error, Outcome, TransportError, TransportKind};
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::Operation;

/// The number of concurrent requests of one search.
const CONCURRENT_REQUESTS: usize = 8;

/// The longest duration of a whole search, in call timeouts.
const CALL_TIMEOUTS: u32 = 2;

impl Client {
    /// Searches for the binding of a request, at the X that the request names.
    ///
    /// A binding matches if it is in force, was created in `window`, and has the same A, B, G group, extension and
    /// expiration (to the second), as far as the request sets them. The other settings, such as `out_id`, are not
    /// compared, because the gateway does not return all of them.
    ///
    /// `window` is in the gateway's time. After a lost bind, use [`BindError::window`](super::BindError::window). `..`
    /// matches any time. The host's clock may be wrong by 15 minutes without any refused request. So start a window
    /// that you stored before a crash 15 minutes earlier.
    ///
    /// The search takes one [`QuerySubsId`] and one [`QuerySubscriptionDetail`] for each binding at X. Both are free of
    /// charge. It takes at most 2 [call timeouts](crate::Settings::call_timeout).
    ///
    /// # Errors
    /// [`Error::Invalid`] if the request names no X, or binds a 700 number: no operation is known that reads such a
    /// binding, so nothing is sent. The errors of both operations; [`TransportKind::DeadlineOver`] after 2 call
    /// timeouts. A failed search does not show that the binding is absent.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use chrono::{TimeDelta, Utc};
    /// use privacy_number::aliyun::{BindAxn, FoundBinding};
    ///
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// let bind = BindAxn::builder()
    ///     .pool_key(pool_key)
    ///     .phone_no_a("15000000000")
    ///     .phone_no_x("17000000001")
    ///     .expiration(Utc::now() + TimeDelta::days(7))
    ///     .build();
    /// assert_eq!(client.find_binding(&bind, ..).await?, FoundBinding::Absent);
    /// let binding = client.bind_reconciled(&bind).await?;
    /// assert_eq!(client.find_binding(&bind, ..).await?, FoundBinding::One(binding));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub async fn find_binding<B: Bind>(
        &self,
        bind: &B,
        window: impl RangeBounds<DateTime<Utc>> + Send,
    ) -> Result<FoundBinding, Error> {
        let terms = bind.terms();
        terms.check_readable()?;
        let Some(number_x) = terms.phone_no_x else {
            return Err(InvalidRequest::new("phone_no_x", "is needed: name X, or use `find_binding_among`").into());
        };
        self.find(&terms, &BTreeSet::from([number_x.clone()]), window).await
    }

    /// Searches for the binding of a request at each of these X numbers. Use it for a request without X. If the request
    /// names X, only that X is searched.
    ///
    /// It compares as [`find_binding`](Self::find_binding) does. The search takes one [`QuerySubsId`] for each number,
    /// and one [`QuerySubscriptionDetail`] for each binding at one of them, 8 at once. It takes at most 2 [call
    /// timeouts](crate::Settings::call_timeout), for any count of numbers. Both operations are limited to 1000 calls
    /// per second by default. A binding at another number is not found.
    ///
    /// # Errors
    /// As [`find_binding`](Self::find_binding).
    pub async fn find_binding_among<B: Bind>(
        &self,
        bind: &B,
        numbers: impl IntoIterator<Item = impl Into<VirtualNumber>>,
        window: impl RangeBounds<DateTime<Utc>> + Send,
    ) -> Result<FoundBinding, Error> {
        let terms = bind.terms();
        terms.check_readable()?;
        let numbers = numbers_to_search(&terms, numbers);
        self.find(&terms, &numbers, window).await
    }

    async fn find(
        &self,
        terms: &BindTerms<'_>,
        numbers: &BTreeSet<VirtualNumber>,
        window: impl RangeBounds<DateTime<Utc>> + Send,
    ) -> Result<FoundBinding, Error> {
        let result = self.search(terms, numbers).await?;
        let made_in_window =
            |made: Option<DateTime<FixedOffset>>| made.is_none_or(|made| was_created_in(&window, made));
        let found = result.fitting.into_iter().filter(|(_, detail)| made_in_window(detail.gmt_create));
        let mut bindings: Vec<_> = found.map(|(number_x, detail)| found_binding(terms, number_x, detail)).collect();
        Ok(match bindings.pop() {
            None => FoundBinding::Absent,
            Some(binding) if bindings.is_empty() => FoundBinding::One(binding),
            Some(binding) => {
                bindings.push(binding);
                FoundBinding::Several(bindings)
            }
        })
    }

    /// The bindings at these X numbers that concern a request.
    pub(super) async fn search(
        &self,
        terms: &BindTerms<'_>,
        numbers: &BTreeSet<VirtualNumber>,
    ) -> Result<SearchResult, Error> {
        let limit = self.call_timeout().saturating_mul(CALL_TIMEOUTS);
        match tokio::time::timeout(limit, self.search_all(terms, numbers)).await {
            Ok(result) => result,
            Err(_) => Err(out_of_time(limit)),
        }
    }

    async fn search_all(
        &self,
        terms: &BindTerms<'_>,
        numbers: &BTreeSet<VirtualNumber>,
    ) -> Result<SearchResult, Error> {
        // Owned numbers: a future that borrows them is not `Send` for every lifetime.
        let mut ids = stream::iter(numbers.iter().cloned())
            .map(|number_x| async move {
                let query = QuerySubsId::builder().phone_no_x(number_x.clone()).pool_key(terms.pool_key).build();
                let answer = self.send(&query).await?;
                Ok::<_, Error>((number_x, answer.subs_ids))
            })
            .buffer_unordered(CONCURRENT_REQUESTS);
        let mut subscriptions = Vec::new();
        while let Some((number_x, ids)) = ids.try_next().await? {
            subscriptions.extend(ids.into_iter().map(|id| (number_x.clone(), id)));
        }
        let mut details = stream::iter(subscriptions)
            .map(|(number_x, id)| async move {
                let detail = self.detail(terms, number_x.clone(), id).await;
                (number_x, detail)
            })
            .buffer_unordered(CONCURRENT_REQUESTS);
        let mut result = SearchResult { fitting: Vec::new(), explains_refusal: false };
        while let Some((number_x, detail)) = details.next().await {
            match detail {
                Ok(detail) => {
                    result.explains_refusal |= terms.collide(&detail);
                    if terms.matches(&detail) {
                        result.fitting.push((number_x, detail));
                    }
                }
                // Removed since its id was read.
                Err(error) if error.code() == Some("isv.SUBS_NOT_EXIST") => {}
                Err(error) => return Err(error),
            }
        }
        Ok(result)
    }

    async fn detail(
        &self,
        terms: &BindTerms<'_>,
        number_x: VirtualNumber,
        subs_id: String,
    ) -> Result<SecretBindDetail, Error> {
        let query =
            QuerySubscriptionDetail::builder().pool_key(terms.pool_key).subs_id(subs_id).phone_no_x(number_x).build();
        Ok(self.send(&query).await?.secret_bind_detail)
    }
}

/// The result of a search for a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FoundBinding {
    /// No binding matches.
    Absent,
    /// One binding matches.
    One(Binding),
    /// Several bindings match, and it is not known which one is meant. The same parties can be bound again at an X of
    /// AXN extension bindings, and at different X numbers.
    Several(Vec<Binding>),
}

impl FoundBinding {
    /// The binding, if exactly one matches.
    #[must_use]
    pub fn one(self) -> Option<Binding> {
        match self {
            Self::One(binding) => Some(binding),
            Self::Absent | Self::Several(_) => None,
        }
    }
}

/// The bindings found at the X numbers of a search.
pub(super) struct SearchResult {
    /// The matching bindings, created at any time.
    pub(super) fitting: Vec<(VirtualNumber, SecretBindDetail)>,
    /// Whether an existing binding explains why X refuses the new one.
    pub(super) explains_refusal: bool,
}

/// The X numbers to search; none if no operation reads bindings of this kind.
pub(super) fn numbers_to_search(
    terms: &BindTerms<'_>,
    numbers: impl IntoIterator<Item = impl Into<VirtualNumber>>,
) -> BTreeSet<VirtualNumber> {
    match terms.phone_no_x {
        _ if !terms.is_readable() => BTreeSet::new(),
        Some(number_x) => BTreeSet::from([number_x.clone()]),
        None => numbers.into_iter().map(Into::into).collect(),
    }
}

pub(super) fn found_binding(terms: &BindTerms<'_>, number_x: VirtualNumber, detail: SecretBindDetail) -> Binding {
    let SecretBindDetail { subs_id, extension, .. } = detail;
    terms.binding(SecretBind { extension, secret_no: number_x, subs_id })
}

/// Whether a time without its fraction of a second lies in a window.
pub(super) fn was_created_in(window: &impl RangeBounds<DateTime<Utc>>, made: DateTime<FixedOffset>) -> bool {
    let latest = made.to_utc().checked_add_signed(TimeDelta::milliseconds(999)).unwrap_or(made.to_utc());
    let began = match window.start_bound() {
        Bound::Unbounded => true,
        Bound::Included(start) => *start <= latest,
        Bound::Excluded(start) => *start < latest,
    };
    began && (Bound::Unbounded, window.end_bound().cloned()).contains(&made.to_utc())
}

fn out_of_time(elapsed: Duration) -> Error {
    let report = CallReport {
        operation: QuerySubscriptionDetail::NAME,
        attempts: 0,
        elapsed,
        outcome: Outcome::NotExecuted,
        advice: Advice::Retry,
    };
    Error::Transport(Box::new(TransportError::new(TransportKind::DeadlineOver, None, report)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_its_fraction_is_in_the_window_that_it_may_lie_in() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let made = at("2026-01-06T10:00:00+08:00");
        let utc = |text: &str| at(text).to_utc();
        assert!(was_created_in(&(utc("2026-01-06T02:00:00.7Z")..), made));
        assert!(!was_created_in(&(utc("2026-01-06T02:00:01Z")..), made));
        assert!(was_created_in(&(..=utc("2026-01-06T02:00:00Z")), made));
        assert!(!was_created_in(&(..utc("2026-01-06T02:00:00Z")), made));
        assert!(was_created_in(&.., made));
    }
}
