//! Whether a binding can be called now.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::{check_not_empty, check_optional_phone};
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{CallStatus, QueryCallStatus, QueryCallStatusResponse, SecretCallStatus};
}

/// Queries whether a binding can be called now, and gets a temporary X if it cannot: `QueryCallStatus`.
///
/// Once, although it is a query: a second run may take another temporary X. No limit documented. Not charged.
/// The newest official SDK (3.5.1) lacks it, as do all after 1.0.5; whether the platform still supports it is not
/// known.
///
/// # Errors
/// `InvalidAction.NotFound` if the platform has withdrawn it. Refused before sending: a calling number that is no
/// [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 2, which only names it; help document 94761.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::QueryCallStatus;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bind = bind.phone_no_b("15000000001").expiration(in_a_week).build();
/// # let bound = client.send(&bind).await?.secret_bind;
/// let query = QueryCallStatus::builder().pool_key(pool_key).subs_id(bound.subs_id).build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询呼叫状态")]
#[doc(alias = "呼叫可用性查询")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct QueryCallStatus {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's id.
    pub subs_id: String,
    /// The number that will call.
    #[doc(alias = "主叫号码")]
    pub call_no: Option<PhoneNumber>,
}

impl Operation for QueryCallStatus {
    type Gateway = Dyplsapi;
    type Output = QueryCallStatusResponse;
    const NAME: &'static str = "QueryCallStatus";
    const SAFETY: Safety = Safety::Once;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_not_empty("subs_id", &self.subs_id)?;
        check_optional_phone("call_no", self.call_no.as_ref())
    }
}

response! {
    /// Whether the binding can be called, and on which number.
    QueryCallStatusResponse {
        /// The status.
        #[serde(rename = "SecretCallStatusDTO")]
        secret_call_status: SecretCallStatus,
    }
}

/// Whether a binding can be called, and on which number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretCallStatus {
    /// Whether it can be called.
    pub status: CallStatus,
    /// The number to call: the binding's X, or a temporary one. `None` if there is none.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub called_no: Option<VirtualNumber>,
    /// The extension to enter. Known from the official SDK only.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub extension: Option<Private>,
}

wire_enum! {
    /// Whether a binding can be called.
    CallStatus {
        /// `1`: yes, on its X.
        Callable = "1",
        /// `2`: its X does not work; a temporary X was taken.
        TemporaryNumber = "2",
        /// `3`: its X does not work, and there is no temporary X. Only the real number can be called.
        NoNumber = "3",
        /// `4`: the binding has ended.
        Expired = "4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, read, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        let status = answer_of::<QueryCallStatus>().secret_call_status;
        assert_eq!(status.status, CallStatus::Callable);
        assert_eq!(status.called_no.unwrap().expose(), "170****0000");
        assert_eq!(status.extension.unwrap().expose(), "130");
    }

    #[test]
    fn without_a_temporary_number_there_is_none_to_call() {
        let answer = r#"{"Code":"OK","SecretCallStatusDTO":{"Status":"3","CalledNo":null}}"#;
        let status = read::<QueryCallStatusResponse>(answer).unwrap().secret_call_status;
        assert_eq!((status.status, status.called_no), (CallStatus::NoNumber, None));
    }

    #[test]
    fn the_calling_number_is_checked() {
        let query = QueryCallStatus::builder().pool_key("FC123456").subs_id("1").call_no("170-00000000").build();
        assert_eq!(refused_field(&query, at("2026-01-06 10:00:00")), "call_no");
    }
}
