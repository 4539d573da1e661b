//! AXB over a 700 number: two numbers that reach each other over a third.

use super::bind_request::bind_request;
use crate::aliyun::check::check_phone;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

bind_request! {
    /// Binds A and B to a shared 700 number X, on which each reaches the other: `BindAxb700`.
    ///
    /// One X serves up to 200 pairs, of which no two have a party in common. Once (inferred): without `tel_x` a second
    /// run may bind a second X, and no operation is known that reads a binding of a 700 number, so that a lost response
    /// is reconciled by hand. Documented limit: 5000 calls per second. Not charged by itself; calls over the binding
    /// are, and recording and speech recognition by the minute.
    ///
    /// # Errors
    /// No document lists codes; families are told by their prefix. Refused before sending: an expiration less than a
    /// minute ahead, numbers that are no [`PhoneNumber`], an X that is no 700 number, neither `order_id` nor
    /// `industrial_id` or both, invisible characters in one of them, a `call_timeout` outside 5 to 20.
    ///
    /// Source: the help page 700AXB (700axb-middle-number-binding) and the official API metadata of 2025-12.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::BindAxb700;
    ///
    /// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
    /// let bind = BindAxb700::builder()
    ///     .pool_key(pool_key)
    ///     .tel_a("15000000000")
    ///     .tel_b("15000000001")
    ///     .expiration(in_a_week)
    ///     .order_id("00000001")
    ///     .build();
    /// let bound = client.send(&bind).await?.data;
    /// assert!(bound.secret_no.expose().starts_with("700"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "700AXB中间号绑定")]
    BindAxb700 -> BindAxb700Response,
    call_restrict: Axb700CallRestrict,
    audio: Axb700Audio,
    {
        /// A: a mobile number, or a landline with its area code.
        tel_a: PhoneNumber,
    }
}

impl BindAxb700 {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_phone("tel_a", &self.tel_a)
    }
}
