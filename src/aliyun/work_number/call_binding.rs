//! Calls of an employee B to a customer A through a work number X.

use std::time::Duration;

use serde::Deserialize;

use super::request::{seconds, work_number_request};
use crate::aliyun::check::{check_not_empty, check_phone};
use crate::aliyun::response::{DataResult, newer_response};
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::redact::Private;

work_number_request! {
    /// Lets an employee B call a customer A through a work number X for a limited time: `BindAXBCall`.
    ///
    /// Once (inferred): a repeat may make a second call binding, or extend the first one. No limit of calls per second
    /// is documented. Not charged; the calls are.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty pool key or `AuthId`, an A that is no
    /// [`PhoneNumber`], an expiration that is not a whole number of seconds over 0, a `ReqId` that is empty or over 20
    /// characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use std::time::Duration;
    /// use privacy_number::aliyun::BindAXBCall;
    ///
    /// # let bind = privacy_number::aliyun::BindXB::builder().customer_pool_key(pool_key).tel_x("16500000001");
    /// # let bound = client.send(&bind.tel_b("15000000002").build()).await?.data;
    /// let bind = BindAXBCall::builder()
    ///     .customer_pool_key(pool_key)
    ///     .auth_id(bound.auth_id)
    ///     .tel_a("15000000001")
    ///     .expiration(Duration::from_secs(2 * 60 * 60))
    ///     .build();
    /// assert!(!client.send(&bind).await?.data.bind_id.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "AXB外呼绑定")]
    BindAXBCall -> BindAXBCallResponse, Once,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The id of the binding of X and B, from [`BindXB`](crate::aliyun::BindXB).
        auth_id: String,
        /// The customer's real number.
        tel_a: PhoneNumber,
        /// How long the binding lasts from its creation, in whole seconds.
        #[serde(serialize_with = "seconds")]
        expiration: Duration,
        /// A text of your own, given back in receipts.
        user_data: Option<Private>,
    }
}

impl BindAXBCall {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_not_empty("auth_id", &self.auth_id)?;
        check_phone("tel_a", &self.tel_a)?;
        // The type on the wire is a Long.
        let is_in_range = (1..=i64::MAX.unsigned_abs()).contains(&self.expiration.as_secs());
        if is_in_range && self.expiration.subsec_nanos() == 0 {
            Ok(())
        } else {
            Err(InvalidRequest::new("expiration", "must be a whole number of seconds over 0"))
        }
    }
}

newer_response! {
    /// The call binding of A, X and B.
    BindAXBCallResponse {
        /// The binding.
        data: BindAXBCallData,
    }
}

/// A call binding of A, X and B.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BindAXBCallData {
    /// The binding's id: [`UnBindAXB`] needs it, and no request reads it again.
    #[serde(deserialize_with = "lenient::text")]
    pub bind_id: String,
}

work_number_request! {
    /// Removes a call binding of A, X and B: `UnBindAXB`.
    ///
    /// Idempotent (inferred): it removes one `BindId`, and a repeat may be refused. No limit of calls per second is
    /// documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. The platform answers the result a second time inside `Data`, and both must be a
    /// success. Refused before sending: an empty field, a `ReqId` over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::UnBindAXB;
    ///
    /// # let bind = privacy_number::aliyun::BindXB::builder().customer_pool_key(pool_key).tel_x("16500000001");
    /// # let bound = client.send(&bind.tel_b("15000000002").build()).await?.data;
    /// # let call = privacy_number::aliyun::BindAXBCall::builder().customer_pool_key(pool_key).auth_id(bound.auth_id);
    /// # let call = call.tel_a("15000000001").expiration(std::time::Duration::from_secs(60)).build();
    /// # let bind_id = client.send(&call).await?.data.bind_id;
    /// client.send(&UnBindAXB::builder().customer_pool_key(pool_key).bind_id(bind_id).build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "解绑AXB")]
    UnBindAXB -> UnBindAXBResponse, Idempotent, data_success_codes: &["0000"],
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The call binding's id.
        bind_id: String,
    }
}

impl UnBindAXB {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_not_empty("bind_id", &self.bind_id)
    }
}

newer_response! {
    /// That the call binding was removed.
    UnBindAXBResponse {
        /// The result once more.
        data: DataResult,
    }
}
