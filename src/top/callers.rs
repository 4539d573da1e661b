//! Changes which callers can dial an order's 700 number.

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
    /// Makes sure that these callers can dial an order's 700 number, with as few calls as possible: lists the reported
    /// callers, and reports the missing ones, 20 at a time. A second run sends the query only.
    ///
    /// Callers are normalised ([`PhoneNumber::normalise`]); texts that are no number are
    /// listed in the returned report, and the others are reported to TOP. More than 80 in total, shop-level callers
    /// included, is refused before anything is changed. Await the returned value, or set its options first.
    ///
    /// **Time.** At most 5 [call timeouts](crate::Settings::call_timeout): one question and four reports of 20.
    ///
    /// # Errors
    /// Only if nothing was changed: the callers could not be listed, or would be more than 80. A later failure is in
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

    /// Makes sure that these callers cannot dial an order's 700 number. A shop-level caller is removed from this order
    /// only.
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

    /// [`ensure_callers`](Self::ensure_callers) for many orders, each an OAID with its number, if known. Returns a
    /// stream of each OAID with its report, in input order. `concurrency` orders run at a time.
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

/// A change of callers that has not started: await it.
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

    /// The order's number, if known. Only a 700 number takes callers: nothing is sent for another kind.
    pub fn number(mut self, number: impl Into<VirtualNumber>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// How the parameters are encoded.
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
        let reported = self.shop.send(&query).await?.call_mobile;
        let is_reported = |caller: &PhoneNumber| reported.iter().any(|known| known.expose() == caller.expose());
        let adds = self.operate_type == OperateType::Add;
        // In a masked list a reported caller is not found for certain. Removing a caller that was not reported
        // succeeds.
        let masked = reported.iter().any(|known| known.expose().contains('*'));
        let (unchanged, changed): (Vec<_>, Vec<_>) =
            self.callers.into_iter().partition(|caller| is_reported(caller) == adds && (adds || !masked));
        report.unchanged = unchanged;
        if adds {
            check_limit(&reported, &changed)?;
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

/// The result for each caller.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CallerReport {
    /// Had been reported before; for a removal, had not been reported.
    pub unchanged: Vec<PhoneNumber>,
    /// Reported by this run.
    pub added: Vec<PhoneNumber>,
    /// Removed by this run.
    pub removed: Vec<PhoneNumber>,
    /// Not sent, because it is no phone number.
    pub refused: Vec<RefusedCaller>,
    /// Sent in the call that failed.
    pub failed: Vec<PhoneNumber>,
    /// Not sent, because an earlier call failed.
    pub not_tried: Vec<PhoneNumber>,
    /// Why a call failed. Earlier changes remain. Run the same again to complete it.
    pub failure: Option<Error>,
    /// Whether nothing was sent, because the order's number takes no callers.
    pub not_needed: bool,
}

impl CallerReport {
    /// Whether every caller was reported or removed as requested.
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

/// The limit counts each caller once. TOP refuses a call that would exceed it as a whole, so no call is sent.
fn check_limit(reported: &[Private], new: &[PhoneNumber]) -> Result<(), InvalidRequest> {
    let may_be_reported = |caller: &&PhoneNumber| reported.iter().any(|known| may_be(known.expose(), caller.expose()));
    let certainly_new = new.iter().filter(|caller| !may_be_reported(caller)).count();
    if reported.len().saturating_add(certainly_new) > SecretGroupUpdate::MAX_CALLERS_OF_AN_OAID {
        return Err(InvalidRequest::new(
            "callers",
            "would make more than 80 of this oaid, those there already included",
        ));
    }
    Ok(())
}

/// Whether a masked number, such as `131****0000`, may be this number.
fn may_be(masked: &str, number: &str) -> bool {
    masked.len() == number.len()
        && masked.bytes().zip(number.bytes()).all(|(masked, digit)| masked == b'*' || masked == digit)
}
