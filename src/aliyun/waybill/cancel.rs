//! Cancels a pick-up.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::response::{ResultMembers, boolean_or_false, text_unless_none};
use crate::aliyun::check::check_not_empty;
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::response;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;

/// Cancels a courier's pick-up: `CancelPickUpWaybill`.
///
/// Idempotent: a cancelled order stays cancelled, though a second run may report a failure (no document says so).
/// Documented limit: 200 calls per second (official metadata; the reference of 2022 says 100). Not charged.
///
/// # Errors
/// It is a success only if `Code` is `OK` and `Data.Success` is true. Otherwise the error has the code of
/// `Data.ErrorCode`; if the response has none, the code is `Data.Success:false`.
///
/// Source: Dyplsapi reference, chapter 9.3.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::CancelPickUpWaybill;
///
/// # let address = privacy_number::aliyun::Address::builder().province_name("浙江省").city_name("杭州市");
/// # let address = address.area_name("西湖区").address_detail("XX小区XX号").build();
/// # let _ = pool_key;
/// # use privacy_number::aliyun::CreatePickUpWaybill;
/// # let order = CreatePickUpWaybill::builder()
/// #     .outer_order_code("return-1")
/// #     .order_channels("YUNDIANSHANG")
/// #     .send_name("王XX")
/// #     .send_mobile("15900000000")
/// #     .send_address(address.clone())
/// #     .consignee_name("张XX")
/// #     .consignee_mobile("15800000000")
/// #     .consignee_address(address)
/// #     .build();
/// # client.send(&order).await?;
/// let cancel = CancelPickUpWaybill::builder().outer_order_code("return-1").cancel_desc("退货取消").build();
/// client.send(&cancel).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "取消上门寄件订单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(Private, into))]
#[non_exhaustive]
pub struct CancelPickUpWaybill {
    /// Your order number.
    #[doc(alias = "外部订单号")]
    pub outer_order_code: String,
    /// The reason.
    #[doc(alias = "取消原因")]
    pub cancel_desc: Private,
}

impl Operation for CancelPickUpWaybill {
    type Gateway = Dyplsapi;
    type Output = CancelPickUpWaybillResponse;
    const NAME: &'static str = "CancelPickUpWaybill";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(200);
    const POST_ONLY: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("outer_order_code", &self.outer_order_code)?;
        check_not_empty("cancel_desc", self.cancel_desc.expose())
    }

    fn refusal(answer: &CancelPickUpWaybillResponse) -> Option<Refusal> {
        let data = &answer.data;
        let members = ResultMembers {
            http_status_code: None,
            success: data.success,
            codes: [data.error_code.as_ref(), None],
            messages: [data.error_msg.as_ref(), data.message.as_ref(), answer.message.as_ref()],
            request_id: answer.request_id.as_ref(),
        };
        members.refusal()
    }
}

response! {
    /// Confirms that the order was cancelled.
    CancelPickUpWaybillResponse {
        /// The courier's answer.
        #[serde(default, deserialize_with = "lenient::object")]
        data: CancelledWaybill,
    }
}

/// The courier's answer to a cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CancelledWaybill {
    /// Always true: anything else is an [`Error`](crate::Error).
    #[serde(default, deserialize_with = "boolean_or_false")]
    pub success: bool,
    /// No code as a rule: the platform writes 无, which is read as `None`.
    #[serde(default, deserialize_with = "text_unless_none")]
    pub error_code: Option<String>,
    /// The result in words, `取消成功`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub message: Option<Private>,
    /// No message as a rule: the platform writes 无, which is read as `None`.
    #[serde(default, deserialize_with = "text_unless_none")]
    pub error_msg: Option<Private>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, read, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        let answer = answer_of::<CancelPickUpWaybill>();
        assert_eq!(answer.message.unwrap().expose(), "请求成功");
        assert_eq!(answer.data.message.unwrap().expose(), "取消成功");
        assert_eq!((answer.data.error_code, answer.data.error_msg), (None, None));
    }

    #[test]
    fn an_order_is_cancelled_only_if_the_data_says_so() {
        let refusal = |answer: &str| CancelPickUpWaybill::refusal(&read(answer).unwrap());
        assert!(refusal(r#"{"Code":"OK","Data":{"Success":"true"}}"#).is_none());
        let refused = refusal(
            r#"{"Code":"OK","RequestId":"1","Data":{"Success":false,"ErrorCode":"E1","ErrorMsg":"无","Message":"已揽收"}}"#,
        )
        .unwrap();
        assert_eq!(refused.code.as_str(), "E1");
        assert_eq!(refused.message.unwrap().expose(), "已揽收");
        assert_eq!(refused.request_id.unwrap().as_str(), "1");
        assert!(refusal(r#"{"Code":"OK"}"#).is_some());
    }

    #[test]
    fn a_reason_is_required() {
        let cancel = CancelPickUpWaybill::builder().outer_order_code("1").cancel_desc("").build();
        assert_eq!(refused_field(&cancel, Utc::now()), "cancel_desc");
    }
}
