//! Text messages to the receiver of an order, by its OAID. A virtual number cannot receive a text message itself.

mod batch;
mod template_params;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Top;
use super::oaid::check_oaid;
use super::order_id::OrderId;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
pub use batch::{SmsEntry, SmsMessageDirectBatchsend, SmsMessageDirectBatchsendResponse};
pub use template_params::{TemplateParams, TemplateParamsShape};

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        SendMessageByOaidRequest, SmsEntry, SmsMessageDirectBatchsend, SmsMessageDirectBatchsendResponse,
        SmsOaidMessageSend, SmsOaidMessageSendResponse, TemplateParams, TemplateParamsShape,
    };
}

/// Sends one text message to the receiver of an order: `taobao.jst.sms.oaid.message.send`.
///
/// Charged per message, from the package of the Jushita (聚石塔) communication service.
///
/// Once: the platform recognises no repeated message, and no method tells whether one was sent. After a lost response
/// the program that made the call decides whether a second message does less harm than none.
///
/// A success means accepted, not delivered. No document says how delivery is reported.
///
/// Whether a session is needed is not documented (inferred: yes); it is sent if the operation is sent through a
/// [`Shop`](super::Shop).
///
/// # Errors
/// A response without the id of the message is an error: do not send the message again. Refused before sending: an empty sign
/// name or one in brackets, an empty template, an OAID over 128 characters.
///
/// Source: TOP API page apiId 54973 and its metadata. Its table of errors is not known: codes are classified by their
/// prefix; those of Aliyun's own SMS product may appear.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{SendMessageByOaidRequest, SmsOaidMessageSend};
///
/// let message = SendMessageByOaidRequest::builder()
///     .oaid("oaid-2001")
///     .order_id("2001")
///     .sms_free_sign_name("测试旗舰店")
///     .template_code("SMS_12345")
///     .params([("content", "您的包裹已发出")])
///     .build();
/// let sent = emulator.shop()?.send(&SmsOaidMessageSend::new(message)).await?;
/// assert!(!sent.module.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "短信")]
#[doc(alias = "OAID发短信")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SmsOaidMessageSend {
    /// The one parameter of the method.
    #[serde(rename = "param_send_message_by_o_a_i_d_request")]
    pub message: SendMessageByOaidRequest,
}

impl SmsOaidMessageSend {
    /// A call for one message.
    #[must_use]
    pub fn new(message: SendMessageByOaidRequest) -> Self {
        Self { message }
    }
}

/// A text message to the receiver of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[non_exhaustive]
pub struct SendMessageByOaidRequest {
    /// The order's current OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number, which this method takes as text.
    #[builder(into)]
    pub order_id: OrderId,
    /// The approved sign name, without the brackets 【】.
    #[builder(into)]
    #[doc(alias = "短信签名")]
    pub sms_free_sign_name: String,
    /// The approved template, `SMS_12345`.
    #[builder(into)]
    #[doc(alias = "短信模板")]
    pub template_code: String,
    /// The values of the template's placeholders.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<TemplateParams>,
    /// The extension code for replies.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extend_code: Option<String>,
    /// A name; its meaning is not documented.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extend_name: Option<String>,
    /// A text of your own, which comes back in reports. Put an id of your own there.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extend: Option<Private>,
    /// Asks for additional information; what it adds is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_info: Option<bool>,
}

impl Operation for SmsOaidMessageSend {
    type Gateway = Top;
    type Output = SmsOaidMessageSendResponse;
    const NAME: &'static str = "taobao.jst.sms.oaid.message.send";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let message = &self.message;
        let check = check_oaid("oaid", &message.oaid)
            .and_then(|()| InvalidRequest::unless_empty("order_id", message.order_id.as_str()))
            .and_then(|()| check_sign_name("sms_free_sign_name", &message.sms_free_sign_name))
            .and_then(|()| InvalidRequest::unless_empty("template_code", &message.template_code));
        check.map_err(|error| error.within("param_send_message_by_o_a_i_d_request"))
    }
}

/// TOP adds the brackets itself.
fn check_sign_name(field: &'static str, sign_name: &str) -> Result<(), InvalidRequest> {
    InvalidRequest::unless_empty(field, sign_name.trim())?;
    if sign_name.contains(['【', '】']) {
        return Err(InvalidRequest::new(field, "must not have the brackets 【】"));
    }
    Ok(())
}

/// Confirms that a message was accepted, not that it was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SmsOaidMessageSendResponse {
    /// The id of the message, `1234567890^0`.
    #[serde(deserialize_with = "lenient::required")]
    pub module: String,
    /// The request id of the service that sends messages.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub req_id: Option<String>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}
