//! Bindings that survive a lost answer and a crash: made once, found again, renewed, and gone when unbound.

mod bind_error;
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
pub use binding::{Binding, ExposedBinding};
pub use binding_kind::{BindingKind, UnknownBindingKind};
pub use search::FoundBinding;
use search::{SearchResult, found_binding, numbers_to_search, was_created_in};
pub use terms::Bind;
use terms::BindTerms;
pub use upkeep::Unbound;

/// How often a bind is sent at most. It is sent again only if the attempt before is proven not executed.
const MAX_BINDS: usize = 3;

/// How much the gateway's own clocks may differ: the one that writes `Date` and the one that writes `GmtCreate`.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// How far the host's clock may be from the gateway's without any request being refused for it, and the tolerance.
const TOLERANCE_WITHOUT_DATE: TimeDelta = TimeDelta::minutes(16);

impl Client {
    /// Binds, and finds out what became of it when the answer is lost, or when a process before this one has bound it.
    ///
    /// **A lost answer.** With `phone_no_x` in the request, the binding is looked for at that X, as
    /// [`find_binding`](Self::find_binding) does: if it is there it is returned, and if it is not it is bound again,
    /// where X itself refuses the same parties a second time: all kinds, but for
    /// [`BindAxnExtension`](super::BindAxnExtension) only with an `extension`. Of an AXN extension binding without
    /// `extension` only one that was made since this call began counts, by the gateway's `Date`. Without `phone_no_x`
    /// use [`bind_reconciled_among`](Self::bind_reconciled_among); here nothing is looked for, and the error says
    /// [`Advice::Reconcile`].
    ///
    /// **A crash.** A bind that X refuses (`isv.BIND_CONFLICT`) is looked for too: if a process that died has made
    /// exactly this binding, it is adopted, however long ago that was. All that the gateway tells must agree: pool, X,
    /// A, B, G group, extension, the end to the second, and, where the request names them, recording, transcription and
    /// who may not call. So write the whole request down, `expiration` included, before binding, and bind again with
    /// the same. `out_id` and ring tones cannot be compared. If somebody else of the same account has bound the very
    /// same, both have one binding from then on, and whoever unbinds it ends it for both.
    ///
    /// **700 numbers.** No operation is known that reads a binding of [`BindAxb700`](super::BindAxb700) or
    /// [`BindGxb700`](super::BindGxb700), so that nothing is looked for or adopted, with `tel_x` or without. After an
    /// attempt that may have bound, nothing is sent again: the error says [`Advice::Reconcile`], and
    /// [`BindError`] has the order, X if the request named it, and the time, for a look into the console or the call
    /// receipts. The advice is the same for `isv.BIND_CONFLICT`, which is [`Outcome::Rejected`]: a process that died may
    /// have made this very binding. An attempt that proves not executed is retried as always.
    ///
    /// **Time.** At most 9 [call time-outs](crate::Settings::call_timeout): up to three binds, each followed by a
    /// search of 2. Without `phone_no_x`, and for 700 numbers, at most 1.
    ///
    /// # Errors
    /// [`BindError`], with all that a person needs to look for the binding if its outcome is unknown. Once an attempt
    /// may have bound, it stays unknown until a search proves otherwise.
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

    /// Binds an X that the platform picks, and looks for the binding among these numbers when the answer is lost.
    ///
    /// `numbers` are the pool's X numbers, all that are known. Nothing is sent to them unless an answer is lost; then
    /// one [`QuerySubsId`](super::QuerySubsId) for each, and one
    /// [`QuerySubscriptionDetail`](super::QuerySubscriptionDetail) for each binding at one of them, both free of
    /// charge. Only a binding that was made since this call began counts, by the gateway's `Date`. One that is not
    /// found is not bound again, since X may be a number that is not among these. A request that names X is treated as
    /// by [`bind_reconciled`](Self::bind_reconciled), and so is one that binds a 700 number: `numbers` are not used.
    ///
    /// **A crash.** Nothing is adopted here: the platform picks another X for the same parties. A process that starts
    /// anew looks by [`find_binding_among`](Self::find_binding_among) before it binds.
    ///
    /// **Time.** At most 3 [call time-outs](crate::Settings::call_timeout): the bind and a search of 2.
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
                // X refuses, and nothing that it tells is the reason: the lost one may be on its way into the list.
                (None, _) if lost.is_some() && is_refused_by_x && !explains_refusal => {
                    return Err(fail(unproven(error, lost)));
                }
                (None, _) => return Err(fail(error)),
            }
        }
    }

    /// The bindings of a search that may be the one that was asked for.
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
                // X holds at most one such binding. An older one with other settings belongs to somebody else, or its
                // time is wrong.
                (true, true) => (true, is_new || terms.fit_exactly(&detail)),
                // Made by an earlier process: only the gateway's attributes of it are known.
                (true, false) => (terms.fit_exactly(&detail), true),
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

/// A binding that may be the one that was asked for.
struct Candidate {
    binding: Binding,
    is_sure: bool,
}

/// When a call began.
struct CallStart {
    at: DateTime<Utc>,
    moment: Moment,
}

/// An error after which a binding may exist. `lost` is the attempt that may have made it in this call; without one a
/// process before this one may have.
fn unproven(error: Error, lost: Option<Error>) -> Error {
    match lost {
        None => {
            let outcome = error.outcome();
            error.with_outcome(outcome, Advice::Reconcile)
        }
        Some(_) if error.outcome() == Outcome::Executed => error,
        // It has no outcome of its own to change.
        Some(lost) if matches!(error, Error::Invalid(_)) => lost,
        Some(_) => error.with_outcome(Outcome::Unknown, Advice::Reconcile),
    }
}
