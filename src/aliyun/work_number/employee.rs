//! Giving a work number X to an employee B, and taking it back.

use serde::Deserialize;

use super::request::work_number_request;
use crate::aliyun::check::{check_not_empty, check_phone, check_virtual};
use crate::aliyun::response::{DataResult, newer_response};
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

work_number_request! {
    /// Gives a work number X to an employee B, and starts the real-name check of X: `BindXB`.
    ///
    /// [`ListXTelephones`](crate::aliyun::ListXTelephones) shows how the check ends. Once (inferred): what a repeat of
    /// the `ReqId` does is not documented. No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty pool key or X, a B that is no [`PhoneNumber`], a
    /// `ReqId` that is empty or over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::BindXB;
    ///
    /// let bind = BindXB::builder().customer_pool_key(pool_key).tel_x("16500000001").tel_b("15000000002").build();
    /// let bound = client.send(&bind).await?.data;
    /// assert!(!bound.auth_id.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "绑定工作号")]
    BindXB -> BindXBResponse, Once,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The work number X.
        tel_x: VirtualNumber,
        /// The employee's real number.
        tel_b: PhoneNumber,
        /// A text of your own, given back in receipts.
        user_data: Option<Private>,
    }
}

impl BindXB {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_virtual("tel_x", &self.tel_x)?;
        check_phone("tel_b", &self.tel_b)
    }
}

newer_response! {
    /// The binding of X and B.
    BindXBResponse {
        /// The binding.
        data: BindXBData,
    }
}

/// A binding of a work number X and an employee B.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BindXBData {
    /// The binding's id: [`BindAXBCall`](crate::aliyun::BindAXBCall) and [`UnBindXB`] need it, and no request reads it
    /// again.
    #[serde(deserialize_with = "lenient::text")]
    pub auth_id: String,
    /// The work number X.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub tel_x: Option<VirtualNumber>,
}

work_number_request! {
    /// Takes a work number X back from its employee B: `UnBindXB`.
    ///
    /// Idempotent (inferred): it removes one `AuthId`, and a repeat may be refused. No limit of calls per second is
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
    /// use privacy_number::aliyun::UnBindXB;
    ///
    /// # let bind = privacy_number::aliyun::BindXB::builder().customer_pool_key(pool_key).tel_x("16500000001");
    /// # let bound = client.send(&bind.tel_b("15000000002").build()).await?.data;
    /// let unbind = UnBindXB::builder().customer_pool_key(pool_key).auth_id(bound.auth_id).tel_x("16500000001").build();
    /// client.send(&unbind).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "解绑工作号")]
    UnBindXB -> UnBindXBResponse, Idempotent, data_success_codes: &["0000"],
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The binding's id.
        auth_id: String,
        /// The work number X.
        tel_x: VirtualNumber,
    }
}

impl UnBindXB {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_not_empty("auth_id", &self.auth_id)?;
        check_virtual("tel_x", &self.tel_x)
    }
}

newer_response! {
    /// That the binding was removed.
    UnBindXBResponse {
        /// The result once more.
        data: DataResult,
    }
}
