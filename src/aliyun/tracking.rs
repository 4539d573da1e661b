//! Waybill numbers of AXN bindings.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::{check_not_empty, check_virtual};
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AddAxnTrackNo, AddAxnTrackNoResponse, PhoneNoAInfo, QueryPhoneNoAByTrackNo, QueryPhoneNoAByTrackNoResponse,
    };
}

/// Announces a waybill number and gets the real numbers bound to it: `QueryPhoneNoAByTrackNo`.
///
/// Idempotent, not safe: the documents say that it "broadcasts" the waybill number, so it may have an effect.
/// Documented limit: 5000 calls per second. Not charged.
///
/// # Errors
/// Refused before sending: an empty waybill number.
///
/// Source: Dyplsapi reference, chapter 8.9.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::QueryPhoneNoAByTrackNo;
///
/// # let _ = pool_key;
/// let query = QueryPhoneNoAByTrackNo::builder().track_no("waybill-1").build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "广播推送运单号")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct QueryPhoneNoAByTrackNo {
    /// The waybill number.
    #[doc(alias = "运单号")]
    #[serde(rename = "trackNo")]
    pub track_no: String,
    /// The parcel locker's number.
    #[doc(alias = "柜机号")]
    pub cabinet_no: Option<String>,
    /// A binding's X.
    pub phone_no_x: Option<VirtualNumber>,
}

impl Operation for QueryPhoneNoAByTrackNo {
    type Gateway = Dyplsapi;
    type Output = QueryPhoneNoAByTrackNoResponse;
    const NAME: &'static str = "QueryPhoneNoAByTrackNo";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("track_no", &self.track_no)
    }
}

response! {
    /// The numbers bound to the waybill number.
    QueryPhoneNoAByTrackNoResponse {
        /// One entry for each binding.
        #[serde(default, deserialize_with = "lenient::list")]
        module: Vec<PhoneNoAInfo>,
    }
}

/// A and X of a binding that has a waybill number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNoAInfo {
    /// The extension of X.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub extension: Option<Private>,
    /// X.
    pub phone_no_x: VirtualNumber,
    /// A's real number.
    pub phone_no_a: PhoneNumber,
}

impl lenient::ListItem for PhoneNoAInfo {
    const WRAPPER: &'static str = "phoneNoAInfo";
}

/// Attaches a waybill number to an AXN binding: `AddAxnTrackNo`.
///
/// Idempotent: a second run is assumed to leave the same state (no document says so). Documented
/// limit: 5000 calls per second. Not charged.
///
/// # Errors
/// `isv.SUBS_NOT_EXIST` (no such binding). Refused before sending: an empty field.
///
/// Source: Dyplsapi reference, chapter 9.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::AddAxnTrackNo;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxn::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bound = client.send(&bind.expiration(in_a_week).build()).await?.secret_bind;
/// let add = AddAxnTrackNo::builder()
///     .pool_key(pool_key)
///     .subs_id(bound.subs_id)
///     .phone_no_x(bound.secret_no)
///     .track_no("waybill-1")
///     .build();
/// client.send(&add).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "给AXN隐私号添加运单号")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct AddAxnTrackNo {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's X.
    pub phone_no_x: VirtualNumber,
    /// The waybill number.
    #[doc(alias = "运单号")]
    #[serde(rename = "trackNo")]
    pub track_no: String,
    /// The binding's id.
    pub subs_id: String,
}

impl Operation for AddAxnTrackNo {
    type Gateway = Dyplsapi;
    type Output = AddAxnTrackNoResponse;
    const NAME: &'static str = "AddAxnTrackNo";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_virtual("phone_no_x", &self.phone_no_x)?;
        check_not_empty("track_no", &self.track_no)?;
        check_not_empty("subs_id", &self.subs_id)
    }
}

response! {
    /// Confirms that the waybill number was attached.
    AddAxnTrackNoResponse {
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, param, refused_field};

    #[test]
    fn the_documented_responses_are_read() {
        let info = &answer_of::<QueryPhoneNoAByTrackNo>().module[0];
        assert_eq!((info.phone_no_x.expose(), info.phone_no_a.expose()), ("1710000****", "1310000****"));
        assert_eq!(info.extension.as_ref().unwrap().expose(), "130");
        let answer = answer_of::<AddAxnTrackNo>();
        assert_eq!(answer.message.unwrap().expose(), "请求成功");
    }

    #[test]
    fn track_no_keeps_its_lower_case_t_and_is_required() {
        let query = |track_no: &str| QueryPhoneNoAByTrackNo::builder().track_no(track_no).cabinet_no("25689").build();
        assert_eq!(param(&query("22573"), "trackNo").unwrap(), "22573");
        assert_eq!(param(&query("22573"), "CabinetNo").unwrap(), "25689");
        assert_eq!(refused_field(&query(""), Utc::now()), "track_no");
    }
}
