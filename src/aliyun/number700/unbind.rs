//! Removing a binding of a 700 number.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::check::{check_number_x, check_order, check_subs_id};
use crate::aliyun::check::check_not_empty;
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::newer_response;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::Operation;
use crate::safety::Safety;

/// Removes a binding of a 700 number: `UnbindSubs700`.
///
/// Idempotent (inferred): it removes one binding by its id. The answer for a binding that is gone is uncertain; the
/// code of the older operation (`isv.SUBS_NOT_EXIST`) is expected. When the repeat of an attempt whose response was
/// lost gets that code, the call is a success: the first has removed it. No limit of calls per second is documented.
/// Not charged.
///
/// # Errors
/// No document lists codes; families are told by their prefix. Refused before sending: an X that is no 700 number, a
/// `subs_id` that is no number of 64 bits, neither `order_id` nor `industrial_id`.
///
/// Source: the official API metadata of 2025-12.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::UnbindSubs700;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb700::builder().pool_key(pool_key).tel_a("15000000000");
/// # let bind = bind.tel_b("15000000001").expiration(in_a_week).order_id("00000001").build();
/// # let bound = client.send(&bind).await?.data;
/// let unbind = UnbindSubs700::builder()
///     .pool_key(pool_key)
///     .subs_id(bound.subs_id)
///     .tel_x(bound.secret_no)
///     .order_id("00000001")
///     .build();
/// client.send(&unbind).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "解绑")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct UnbindSubs700 {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's id.
    pub subs_id: String,
    /// The binding's X.
    pub tel_x: VirtualNumber,
    /// The order of the bind. The schema does not require it, the text does: this or `industrial_id` must be given.
    pub order_id: Option<String>,
    /// The identifier of the industrial internet, if you made it yourself.
    pub industrial_id: Option<String>,
}

impl Operation for UnbindSubs700 {
    type Gateway = Dyplsapi;
    type Output = UnbindSubs700Response;
    const NAME: &'static str = "UnbindSubs700";
    const SAFETY: Safety = Safety::Idempotent;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_subs_id(&self.subs_id)?;
        check_number_x(&self.tel_x)?;
        check_order(self.order_id.as_deref(), self.industrial_id.as_deref())
    }

    fn output_if_already_done(code: &str, request_id: Option<&str>) -> Option<UnbindSubs700Response> {
        let is_gone = code == "isv.SUBS_NOT_EXIST";
        is_gone.then(|| UnbindSubs700Response {
            code: "OK".to_owned(),
            message: None,
            request_id: request_id.map(ToOwned::to_owned),
            success: None,
            access_denied_detail: None,
        })
    }
}

newer_response! {
    /// That the binding was removed. `Data` is an empty object in the documents and not read.
    UnbindSubs700Response {
    }
}
