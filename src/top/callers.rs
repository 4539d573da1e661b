//! A set of callers that an order's 700 number shall let through, whatever it lets through now.

use std::fmt;
use std::future::IntoFuture;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream, StreamExt};

use super::secret_group::{OperateType, SecretGroupQuery, SecretGroupUpdate, WireShape};
use super::shop::Shop;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::number::{InvalidPhoneNumber, PhoneNumber, VirtualNumber};
use crate::redact::Private;

impl Shop {
    /// Makes sure that an order's 700 number lets these callers through, with as few calls as that takes: reads who is
    /// there, and reports those who are not, 20 at a time. A second run sends nothing but the question.
    ///
    /// Callers are normalised ([`PhoneNumber::normalise`]); what is no number is told in the report, and the others
    /// are reported all the same. More than 80 in all, the shop's own included, is refused before anything is
    /// reported. Await what this returns, or set it up first.
    ///
    /// # Errors
    /// If nothing was changed: the callers could not be read, or there would be more than 80. A failure after that is
    /// [`CallerReport::failure`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let report = emulator.shop()?.ensure_callers("oaid-2001", ["010-12345678", "13100000000"]).await?;
    /// assert_eq!(report.added.len(), 2);
    /// let again = emulator.shop()?.ensure_callers("oaid-2001", ["01012345678"]).await?;
    /// assert!(again.added.is_empty() && again.unchanged.len() == 1);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "报备")]
    pub fn ensure_callers<C: AsRef<str>>(
        &self,
        oaid: impl Into<Private>,
        callers: impl IntoIterator<Item = C>,
    ) -> ChangeCallers {
        ChangeCallers::new(self.clone(), OperateType::Add, oaid.into(), callers)
    }

    /// Makes sure that an order's 700 number does not let these callers through. A caller of the shop is removed from
    /// this order only.
    ///
    /// # Errors
    /// As [`ensure_callers`](Self::ensure_callers).
    pub fn remove_callers<C: AsRef<str>>(
        &self,
        oaid: impl Into<Private>,
        callers: impl IntoIterator<Item = C>,
    ) -> ChangeCallers {
        ChangeCallers::new(self.clone(), OperateType::Delete, oaid.into(), callers)
    }

    /// [`ensure_callers`](Self::ensure_callers) for many orders, each with the number that is known of it: a stream of
    /// OAIDs and what became of them, in input order, `concurrency` orders at a time.
    pub fn ensure_callers_of_all<O, C: AsRef<str>, I: IntoIterator<Item = C>>(
        &self,
        orders: O,
        callers: I,
        concurrency: usize,
    ) -> impl Stream<Item = (Private, Result<CallerReport, Error>)> + Send + use<O, C, I>
    where
        O: IntoIterator<Item = (Private, Option<VirtualNumber>)>,
        O::IntoIter: Send,
    {
        let template = self.clone().in_workflow().ensure_callers("", callers);
        stream::iter(orders)
            .map(move |(oaid, number)| {
                let mut change = template.clone();
                change.oaid = oaid.clone();
                change.number = number;
                async move { (oaid, change.await) }
            })
            .buffered(concurrency.max(1))
    }
}

/// A change of callers that is about to be made: await it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before this is awaited"]
pub struct ChangeCallers {
    shop: Shop,
    operate_type: OperateType,
    oaid: Private,
    callers: Vec<PhoneNumber>,
    refused: Vec<RefusedCaller>,
    number: Option<VirtualNumber>,
    wire_shape: WireShape,
}

impl ChangeCallers {
    fn new<C: AsRef<str>>(
        shop: Shop,
        operate_type: OperateType,
        oaid: Private,
        texts: impl IntoIterator<Item = C>,
    ) -> Self {
        let (mut callers, mut refused) = (Vec::new(), Vec::new());
        for text in texts {
            match PhoneNumber::normalise(text.as_ref()) {
                Ok(caller) if callers.contains(&caller) => {}
                Ok(caller) => callers.push(caller),
                Err(reason) => refused.push(RefusedCaller { caller: text.as_ref().into(), reason }),
            }
        }
        Self { shop, operate_type, oaid, callers, refused, number: None, wire_shape: WireShape::default() }
    }

    /// The order's number, if it is known: only a 700 number takes callers, so nothing is sent for another kind.
    pub fn number(mut self, number: impl Into<VirtualNumber>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// How the requests are written.
    pub fn wire_shape(mut self, shape: WireShape) -> Self {
        self.wire_shape = shape;
        self
    }

    async fn run(self) -> Result<CallerReport, Error> {
        let mut report = CallerReport { refused: self.refused, ..CallerReport::default() };
        if self.number.is_some_and(|number| !number.needs_caller_report()) {
            report.not_needed = true;
            return Ok(report);
        }
        let query = SecretGroupQuery::builder().oaid(self.oaid.clone()).wire_shape(self.wire_shape).build();
        let there = self.shop.send(&query).await?.call_mobile;
        let is_there = |caller: &PhoneNumber| there.iter().any(|known| known.expose() == caller.expose());
        let adds = self.operate_type == OperateType::Add;
        // A list with stars does not tell for certain who is there; asking once too often does no harm.
        let masked = there.iter().any(|known| known.expose().contains('*'));
        let (unchanged, changed): (Vec<_>, Vec<_>) =
            self.callers.into_iter().partition(|caller| is_there(caller) == adds && (adds || !masked));
        report.unchanged = unchanged;
        if adds {
            check_limit(&there, &changed)?;
        }

        let mut chunks = changed.chunks(SecretGroupUpdate::MAX_CALLERS);
        for chunk in chunks.by_ref() {
            let update = SecretGroupUpdate::builder()
                .oaid(self.oaid.clone())
                .operate_type(self.operate_type.clone())
                .mobile_list(chunk.iter().cloned())
                .wire_shape(self.wire_shape)
                .build();
            match self.shop.send(&update).await {
                Ok(_) if adds => report.added.extend_from_slice(chunk),
                Ok(_) => report.removed.extend_from_slice(chunk),
                Err(error) => {
                    report.failed = chunk.to_vec();
                    report.failure = Some(error);
                    break;
                }
            }
        }
        report.not_tried = chunks.flatten().cloned().collect();
        Ok(report)
    }
}

impl IntoFuture for ChangeCallers {
    type Output = Result<CallerReport, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// What became of each caller.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CallerReport {
    /// Was there already, or for a removal was not there.
    pub unchanged: Vec<PhoneNumber>,
    /// Is there now.
    pub added: Vec<PhoneNumber>,
    /// Is not there any more.
    pub removed: Vec<PhoneNumber>,
    /// Is no phone number.
    pub refused: Vec<RefusedCaller>,
    /// Was sent in the call that failed.
    pub failed: Vec<PhoneNumber>,
    /// Was not sent, because a call before failed.
    pub not_tried: Vec<PhoneNumber>,
    /// Why a call failed. What was added or removed before stays so: run the same again.
    pub failure: Option<Error>,
    /// Nothing was sent, because the order's number takes no callers.
    pub not_needed: bool,
}

impl CallerReport {
    /// Whether every caller is where it should be.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failure.is_none() && self.refused.is_empty()
    }
}

/// A caller that is no phone number.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedCaller {
    /// The text, as it was given.
    pub caller: Private,
    /// What is wrong with it.
    pub reason: InvalidPhoneNumber,
}

impl fmt::Debug for RefusedCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusedCaller").field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// The limit counts the union. A call that would pass it is refused whole, so none is sent.
fn check_limit(there: &[Private], new: &[PhoneNumber]) -> Result<(), InvalidRequest> {
    let may_be_there = |caller: &&PhoneNumber| there.iter().any(|known| hides(known.expose(), caller.expose()));
    let certainly_new = new.iter().filter(|caller| !may_be_there(caller)).count();
    if there.len().saturating_add(certainly_new) > SecretGroupUpdate::MAX_CALLERS_OF_AN_OAID {
        return Err(InvalidRequest::new(
            "callers",
            "would make more than 80 of this oaid, those there already included",
        ));
    }
    Ok(())
}

/// Whether a number with stars may be this one: `131****0000`.
fn hides(masked: &str, number: &str) -> bool {
    masked.len() == number.len()
        && masked.bytes().zip(number.bytes()).all(|(masked, digit)| masked == b'*' || masked == digit)
}
