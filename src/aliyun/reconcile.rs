//! Creates each binding exactly once, even after a lost response or a crash. Also renews and removes bindings.

mod bind_error;
#[cfg(feature = "store")]
mod bind_form;
mod binding;
mod binding_kind;
mod search;
mod terms;
mod upkeep;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::client::Client;
use crate::error::{Advice, Error, Outcome};
use crate::number::VirtualNumber;
use crate::time::Moment;
pub use bind_error::BindError;
#[cfg(feature = "store")]
pub(crate) use bind_form::BindForm;
pub use binding::{Binding, ExposedBinding};
pub use binding_kind::{BindingKind, UnknownBindingKind};
pub use search::FoundBinding;
use search::{SearchResult, found_binding, numbers_to_search, was_created_in};
pub use terms::Bind;
use terms::BindTerms;
pub use upkeep::Unbound;

/// The most binds that one call sends. A bind is sent again only if a search shows that the attempt before did not
/// create the binding.
const MAX_BINDS: usize = 3;

/// The largest difference between the two clocks of the gateway: one writes `Date`, the other `GmtCreate`.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// The tolerance if the gateway's `Date` is not known. The gateway accepts requests from a host whose clock is 15
/// minutes wrong.
const TOLERANCE_WITHOUT_DATE: TimeDelta = TimeDelta::minutes(16);

impl Client {
    /// Creates a binding exactly once, even if the response is lost or the process crashes.
    ///
    /// **Lost response.** If the request has `phone_no_x`, the client searches for the binding at that X, as
    /// [`find_binding`](Self::find_binding) does. If it finds the binding, it returns it. If it does not, it sends the
    /// bind again, but only where X refuses a second binding of the same parties. That is the case for all kinds of
    /// bindings; for [`BindAxnExtension`](super::BindAxnExtension) only if the request has an `extension`. An AXN
    /// extension binding without a requested `extension` counts only if it was created since this call began, by the
    /// gateway's `Date`. If the request has no `phone_no_x`, the client does not search, and the error has
    /// [`Advice::Reconcile`]. Use [`bind_reconciled_among`](Self::bind_reconciled_among) for such a request.
    ///
    /// **Crash.** The client also searches if X refuses the bind with `isv.BIND_CONFLICT`. If an earlier process
    /// created exactly this binding, this call returns it, at any later time. The pool, X, A, B, the G group, the
    /// extension and the expiration (to the second) must be equal. Recording, transcription and the call restriction
    /// must be equal if the request sets them. The client cannot compare `out_id` and ring tones. So store the whole
    /// request before the bind, its `expiration` included, and send the same request again after a crash. If another
    /// program of the same account creates an equal binding, both programs share one binding. If one of them removes
    /// it, it is removed for both.
    ///
    /// **700 numbers.** No operation is known that reads a binding of [`BindAxb700`](super::BindAxb700) or
    /// [`BindGxb700`](super::BindGxb700). So the client does not search for such a binding, with `tel_x` or without.
    /// After an attempt that may have created the binding, it sends nothing again: the error has [`Advice::Reconcile`],
    /// and
    /// [`BindError`] has the order, X if the request set it, and the time, for a search in the console or in the call
    /// receipts. The advice is the same for `isv.BIND_CONFLICT`, which is [`Outcome::Rejected`]: an earlier process may
    /// have created exactly this binding. An attempt that was certainly not executed is retried as usual.
    ///
    /// **Time.** At most 9 [call timeouts](crate::Settings::call_timeout): up to three binds of one timeout each, and
    /// after each bind a search of two. Without `phone_no_x`, and for 700 numbers, at most 1.
    ///
    /// # Errors
    /// [`BindError`]. If the outcome is unknown, it has all values that are needed to search for the binding. After an
    /// attempt that may have created the binding, the outcome stays unknown until a search shows the contrary.
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
        self.bind_reconciled_among(bind, [] as [VirtualNumber; 0]).await
    }

    /// Creates a binding whose X the platform chooses. After a lost response, the client searches for it at these
    /// numbers.
    ///
    /// `numbers` are all known X numbers of the pool. The client searches only after a lost response. The search takes
    /// one [`QuerySubsId`](super::QuerySubsId) for each number, and one
    /// [`QuerySubscriptionDetail`](super::QuerySubscriptionDetail) for each binding at one of them. Both are free of
    /// charge. A binding counts only if it was created since this call began, by the gateway's `Date`. If the client
    /// does not find the binding, it does not send the bind again, because X may be a number that is not in `numbers`.
    /// A request with `phone_no_x` is handled as by [`bind_reconciled`](Self::bind_reconciled), and so is a bind of a
    /// 700 number, for which `numbers` are not used.
    ///
    /// **Crash.** This call never returns the binding of an earlier process, because the platform chooses another X for
    /// the same parties. After a crash, search with [`find_binding_among`](Self::find_binding_among) before you bind
    /// again.
    ///
    /// **Time.** At most 3 [call timeouts](crate::Settings::call_timeout): one for the bind, two for the search.
    ///
    /// # Errors
    /// As [`bind_reconciled`](Self::bind_reconciled).
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use chrono::{TimeDelta, Utc};
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// # emulator.inject(privacy_number::emulator::Fault::reset_after_execution().on("BindAxb").times(1));
    /// use privacy_number::aliyun::BindAxb;
    ///
    /// let bind = BindAxb::builder()
    ///     .pool_key(pool_key)
    ///     .phone_no_a("15000000000")
    ///     .phone_no_b("15000000001")
    ///     .expiration(Utc::now() + TimeDelta::days(7))
    ///     .build();
    /// let binding = client.bind_reconciled_among(&bind, ["17000000001", "17000000002"]).await?;
    /// # let _ = binding;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub async fn bind_reconciled_among<B: Bind>(
        &self,
        bind: &B,
        numbers: impl IntoIterator<Item = impl Into<VirtualNumber>>,
    ) -> Result<Binding, BindError> {
        let terms = bind.terms();
        let numbers = numbers_to_search(&terms, numbers);
        self.bind_and_search(bind, &terms, &numbers).await
    }

    async fn bind_and_search<B: Bind>(
        &self,
        bind: &B,
        terms: &BindTerms<'_>,
        numbers: &BTreeSet<VirtualNumber>,
    ) -> Result<Binding, BindError> {
        let began = CallStart { at: self.now(), moment: self.clock().moment() };
        let fail = |error| BindError::new(error, terms, began.at, self.now(), self.made_since(&began));
        let mut lost = None;
        let mut binds = 0_usize;
        loop {
            binds = binds.saturating_add(1);
            let error = match self.send(bind).await {
                Ok(answer) => return Ok(terms.binding(B::secret_bind(answer))),
                Err(error) => error,
            };
            let is_lost = matches!(error.outcome(), Outcome::Unknown | Outcome::Executed);
            let is_refused_by_x = error.code() == Some("isv.BIND_CONFLICT") && terms.x_refuses_a_second();
            if is_lost {
                lost = Some(error.clone());
            }
            if !terms.is_readable() && error.code() == Some("isv.BIND_CONFLICT") {
                return Err(fail(unproven(error, None)));
            }
            if numbers.is_empty() || (lost.is_none() && !is_refused_by_x) {
                return Err(fail(error));
            }
            let result = match self.search(terms, numbers).await {
                Ok(result) => result,
                Err(search_error) => {
                    let mut failure = fail(unproven(error, lost));
                    failure.search_error = Some(search_error);
                    return Err(failure);
                }
            };
            let explains_refusal = result.explains_refusal;
            let mut found = self.candidates(terms, result, lost.is_some(), &began);
            match (found.pop(), found.is_empty()) {
                (Some(Candidate { binding, is_sure: true }), true) => return Ok(binding),
                (Some(_), _) => return Err(fail(unproven(error, lost))),
                (None, _) if is_lost && terms.x_refuses_a_second() && binds < MAX_BINDS => {}
                // X refuses the bind, but no listed binding is the reason. The lost binding may not be listed yet.
                (None, _) if lost.is_some() && is_refused_by_x && !explains_refusal => {
                    return Err(fail(unproven(error, lost)));
                }
                (None, _) => return Err(fail(error)),
            }
        }
    }

    /// The bindings of a search that may be the requested one.
    fn candidates(
        &self,
        terms: &BindTerms<'_>,
        result: SearchResult,
        was_lost: bool,
        began: &CallStart,
    ) -> Vec<Candidate> {
        let made_since = self.made_since(began);
        let fitting = result.fitting.into_iter().filter_map(|(number_x, detail)| {
            let is_new = detail.gmt_create.is_none_or(|made| was_created_in(&(made_since..), made));
            let (is_candidate, is_sure) = match (terms.x_refuses_a_second(), was_lost) {
                // X holds at most one such binding. An older binding with other settings belongs to another program, or
                // its creation time is wrong.
                (true, true) => (true, is_new || terms.matches_exactly(&detail)),
                // An earlier process created it. Only the gateway's attributes of it are known.
                (true, false) => (terms.matches_exactly(&detail), true),
                (false, _) => (is_new, true),
            };
            is_candidate.then(|| Candidate { binding: found_binding(terms, number_x, detail), is_sure })
        });
        fitting.collect()
    }

    /// When a call began, in the gateway's time, with a tolerance.
    fn made_since(&self, began: &CallStart) -> DateTime<Utc> {
        let (began, tolerance) = match self.clock().gateway_time_at(began.moment) {
            Some(time) => (time, TOLERANCE),
            None => (began.at, TOLERANCE_WITHOUT_DATE),
        };
        began.checked_sub_signed(tolerance).unwrap_or(began)
    }
}

/// A binding that may be the requested one.
struct Candidate {
    binding: Binding,
    is_sure: bool,
}

/// When a call began.
struct CallStart {
    at: DateTime<Utc>,
    moment: Moment,
}

/// An error after which a binding may exist. `lost` is the attempt of this call that may have created it. If it is
/// `None`, only an earlier process may have created it.
fn unproven(error: Error, lost: Option<Error>) -> Error {
    match lost {
        None => {
            let outcome = error.outcome();
            error.with_outcome(outcome, Advice::Reconcile)
        }
        Some(_) if error.outcome() == Outcome::Executed => error,
        // `Invalid` has no outcome that could be changed.
        Some(lost) if matches!(error, Error::Invalid(_)) => lost,
        Some(_) => error.with_outcome(Outcome::Unknown, Advice::Reconcile),
    }
}
