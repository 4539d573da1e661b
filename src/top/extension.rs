//! Extending a number once, and comparing its end after a lost response.

use chrono::{DateTime, FixedOffset};
use futures_util::StreamExt;

use super::extend::{ExtendedNumber, SecretExtend, SecretNoExtendRequest};
use super::oaid::ReceiverQuery;
use super::shop::Shop;
use crate::error::Error;
use crate::number::VirtualNumber;

impl Shop {
    /// Extends the time for which an order's virtual number is bound, by [`SecretExtend`]. Charged for each day.
    ///
    /// The request is never sent a second time after an unknown outcome. Store the number and its
    /// [new end](ExtendedNumber::expires) from the answer.
    ///
    /// # Errors
    /// [`Advice::Reconcile`](crate::Advice::Reconcile) if it may have been executed, such as after a lost response:
    /// compare the end with [`compare_end`](Self::compare_end) before extending again. Otherwise those of
    /// [`SecretExtend`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::StreamExt;
    /// use privacy_number::Advice;
    /// use privacy_number::emulator::{Emulator, Fault};
    /// use privacy_number::top::{ComparedEnd, ExtendDays, ReceiverQuery, Scene, SecretNoExtendRequest};
    ///
    /// let emulator = Emulator::start().await?;
    /// let shop = emulator.shop()?;
    /// let query = ReceiverQuery::builder().oaid("oaid-2001").tid("2001").scene(Scene::StoreShipping).build();
    /// let receiver = shop.decrypt_all([query.clone()]).next().await.ok_or("no result")?.result?;
    /// let end = receiver.secret_no_expire_time.ok_or("no number")?; // stored with the order
    ///
    /// let extension = SecretNoExtendRequest::builder().oaid("oaid-2001").order_id("2001");
    /// let extension = extension.scene(Scene::StoreShipping).extend_days(ExtendDays::Seven).build();
    /// emulator.inject(Fault::reset_after_execution().on("taobao.top.secret.extend").times(1));
    /// let error = shop.extend(extension).await.unwrap_err();
    /// assert_eq!(error.advice(), Advice::Reconcile);
    /// assert!(matches!(shop.compare_end(query, end).await?, ComparedEnd::Later { .. })); // do not extend again
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "延期")]
    pub async fn extend(&self, request: SecretNoExtendRequest) -> Result<ExtendedNumber, Error> {
        Ok(self.send(&SecretExtend::new(request)).await?.result)
    }

    /// Decrypts an order and compares the end of its number with the end before an extension whose outcome is unknown.
    /// Use the query by which the order was decrypted before: the decryption is metered as that one was.
    ///
    /// It does not prove what became of the extension: see [`ComparedEnd`]. Extend again only if the end that you
    /// need is still later than the number's.
    ///
    /// # Errors
    /// Those of a decryption. Nothing is known then.
    pub async fn compare_end(
        &self,
        query: ReceiverQuery,
        end_before: DateTime<FixedOffset>,
    ) -> Result<ComparedEnd, Error> {
        let decrypted = self.decrypt_all([query]).next().await;
        let Some(decrypted) = decrypted else { return Ok(ComparedEnd::NotKnown) };
        let receiver = decrypted.result?;
        Ok(match (receiver.mobile, receiver.secret_no_expire_time) {
            (Some(number), Some(end)) if end > end_before => ComparedEnd::Later { number, end },
            (Some(number), Some(end)) => ComparedEnd::NotLater { number, end },
            _ => ComparedEnd::NotKnown,
        })
    }
}

/// The end of an order's number, compared with an earlier one: [`Shop::compare_end`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComparedEnd {
    /// The end is later than before: by the extension, by another one, or by the decryption itself, if its
    /// `secret_no_days` reach further than the former end did. Store both. The
    /// [bill](Shop::bills) of the day tells how many days were charged.
    Later {
        /// The number. It may be another one than before.
        number: VirtualNumber,
        /// Its end.
        end: DateTime<FixedOffset>,
    },
    /// The end is not later than before. The extension was presumably not executed, but a request that is still under
    /// way may be: wait for longer than a call can take before extending again.
    NotLater {
        /// The number.
        number: VirtualNumber,
        /// Its end.
        end: DateTime<FixedOffset>,
    },
    /// The response has no virtual number, or not its end: another scene, or a closed order.
    NotKnown,
}
