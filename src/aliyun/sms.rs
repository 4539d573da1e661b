//! Messages over a binding.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::check::{check_not_empty, check_virtual};
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::Operation;
use crate::safety::Safety;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{ConfirmSendSms, ConfirmSendSmsResponse};
}

/// Sends an intercepted message: `ConfirmSendSms`.
///
/// The message must be less than a day old: the platform deletes older messages. Once: a second run may send the
/// message a second time. Documented limit: 1000 calls per second. Charged as a message (no document states the price).
/// The newest official SDK (3.5.1) lacks it, as do all after 1.0.5; whether the platform still supports it is not
/// known.
///
/// # Errors
/// `isv.FORBIDDEN_ACTION` (older than a day), `ContentUnsupported`, `SmsContentIllegal`, `SmsSignIllegal`,
/// `SmartSmsContentNotWhite`, `BlackKeyControlLimit`, `PoolKeyNotFound`. `Data:false` is this crate's own code for an
/// response whose `Data` says that the call failed.
///
/// Source: Dyplsapi reference, chapter 6.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::ConfirmSendSms;
///
/// let confirm = ConfirmSendSms::builder().pool_key(pool_key).secret_no("17000000001").call_id("sms-1").build();
/// client.send(&confirm).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "短信确认")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct ConfirmSendSms {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's X.
    pub secret_no: VirtualNumber,
    /// The call record's id, from the console or the receipt of the intercepted message.
    #[doc(alias = "呼叫记录ID")]
    pub call_id: String,
}

impl Operation for ConfirmSendSms {
    type Gateway = Dyplsapi;
    type Output = ConfirmSendSmsResponse;
    const NAME: &'static str = "ConfirmSendSms";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(1000);
    const CHARGED: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_virtual("secret_no", &self.secret_no)?;
        check_not_empty("call_id", &self.call_id)
    }

    fn refusal(answer: &ConfirmSendSmsResponse) -> Option<Refusal> {
        let failed = answer.data.as_ref().is_some_and(|data| data.trim().eq_ignore_ascii_case("false"));
        failed.then(|| Refusal::new("Data:false").message(answer.message.clone()).request_id(answer.request_id.clone()))
    }
}

response! {
    /// Confirms that the message is sent.
    ConfirmSendSmsResponse {
        /// Whether the call succeeded, `true` in the document.
        #[serde(default, deserialize_with = "lenient::optional")]
        data: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, read, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        assert_eq!(answer_of::<ConfirmSendSms>().data.as_deref(), Some("true"));
    }

    #[test]
    fn data_that_says_false_is_a_refusal() {
        for (answer, refused) in [
            (r#"{"Code":"OK","Data":"false"}"#, true),
            (r#"{"Code":"OK","Data":false}"#, true),
            (r#"{"Code":"OK","Data":true}"#, false),
            (r#"{"Code":"OK"}"#, false),
        ] {
            assert_eq!(ConfirmSendSms::refusal(&read(answer).unwrap()).is_some(), refused, "{answer}");
        }
    }

    #[test]
    fn the_call_is_required() {
        let confirm = ConfirmSendSms::builder().pool_key("FC123456").secret_no("17000000000").call_id("").build();
        assert_eq!(refused_field(&confirm, at("2026-01-06 10:00:00")), "call_id");
    }
}
