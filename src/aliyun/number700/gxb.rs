//! GXB over a 700 number: a group of callers that reaches a protected number.

use super::bind_request::bind_request;
use crate::aliyun::check::{check_not_empty, check_optional_phone};
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

bind_request! {
    /// Binds a group of callers G and the protected number B to a 700 number X, so that only those callers reach B:
    /// `BindGxb700`.
    ///
    /// Once (inferred): without `tel_x` a second run may bind a second X, and no operation is known that reads a
    /// binding of a 700 number, so that a lost response is reconciled by hand. Documented limit: 5000 calls per second.
    /// Not charged by itself; calls over the binding are, and recording and speech recognition by the minute.
    ///
    /// # Errors
    /// No document lists codes; families are told by their prefix. Refused before sending: an expiration less than a
    /// minute ahead, numbers that are no [`PhoneNumber`], an X that is no 700 number, neither `order_id` nor
    /// `industrial_id` or both (printed for [`BindAxb700`](super::BindAxb700), whose field texts are the same),
    /// invisible characters in one of them, a `call_timeout` outside 5 to 20.
    ///
    /// Source: the help page 700GXB (700gxb-middle-number-binding) and the official API metadata of 2025-12.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{BindGxb700, CreateAxgGroup};
    ///
    /// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
    /// let group = CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
    /// let bind = BindGxb700::builder()
    ///     .pool_key(pool_key)
    ///     .group_id(client.send(&group).await?.group_id)
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
    #[doc(alias = "700GXB中间号绑定")]
    BindGxb700 -> BindGxb700Response,
    call_restrict: Gxb700CallRestrict,
    audio: Gxb700Audio,
    {
        /// The group of callers G. The help page says that it comes from creating a G group, presumably by
        /// [`CreateAxgGroup`](crate::aliyun::CreateAxgGroup). Whether it can really be left out is uncertain.
        #[doc(alias = "G组ID")]
        group_id: Option<String>,
        /// Whom B reaches by calling X, while the pool is in its default call-back mode. Without it such a call does
        /// not connect.
        default_a: Option<PhoneNumber>,
    }
}

impl BindGxb700 {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        self.group_id.as_deref().map_or(Ok(()), |id| check_not_empty("group_id", id))?;
        check_optional_phone("default_a", self.default_a.as_ref())
    }
}
