//! The report of a number: reading it, and deleting it.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::aliyun::check::check_phone;
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The code of a deletion that deleted nothing.
const NOT_DELETED: &str = "Data:false";

/// Reads the report of an A number: `QuerySecretAPhoneNoToCust`.
///
/// A review takes human time: ask again after minutes or hours. No interval is documented.
///
/// Safe (inferred: no document states it). No limit documented. Not charged.
///
/// # Errors
/// No code is documented. What the answer for a number without a report is, is not known: a refusal, or no
/// [`data`](QuerySecretAPhoneNoToCustResponse::data). Whether a fixed line is named by `phone_no_a` is not certain.
/// Refused before sending: an invalid number.
///
/// Source: help page of the operation; the official SDK 3.5.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let client = emulator.aliyun()?;
/// use privacy_number::aliyun::QuerySecretAPhoneNoToCust;
///
/// let query = QuerySecretAPhoneNoToCust::builder().a_no_white_group_id(19).phone_no_a("15000000001").build();
/// match client.send(&query).await?.data {
///     Some(report) => println!("{}, {} reasons", report.report_status, report.report_result.len()),
///     None => println!("not reported"),
/// }
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询A号码报备")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(PhoneNumber, into))]
#[non_exhaustive]
pub struct QuerySecretAPhoneNoToCust {
    /// The id of the white list of A numbers that belongs to the company's qualification.
    pub a_no_white_group_id: u64,
    /// A's number, mobile or fixed.
    pub phone_no_a: PhoneNumber,
}

impl Operation for QuerySecretAPhoneNoToCust {
    type Gateway = Dyplsapi;
    type Output = QuerySecretAPhoneNoToCustResponse;
    const NAME: &'static str = "QuerySecretAPhoneNoToCust";
    const SAFETY: Safety = Safety::Safe;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("phone_no_a", &self.phone_no_a)
    }
}

newer_response! {
    /// The report of a number.
    QuerySecretAPhoneNoToCustResponse {
        /// The report; `None` if the answer has none.
        #[serde(default, deserialize_with = "lenient::optional_object")]
        data: Option<ReportRecord>,
    }
}

/// The report of a number, and how its review stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ReportRecord {
    /// How the review stands.
    pub report_status: ReportStatus,
    /// Why the review failed. A reason may name the person. Empty for other reports.
    #[serde(default, deserialize_with = "reasons")]
    pub report_result: Vec<Private>,
    /// The id of the white list.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub a_no_white_group_id: Option<u64>,
    /// A's number. The gateway may mask it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone_no_a: Option<PhoneNumber>,
    /// Mobile or fixed line.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub no_type: Option<ReportedNoType>,
    /// The person's own number, in the report of a fixed line. The gateway may mask it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub cust_phone_no: Option<PhoneNumber>,
    /// The remark of the report.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub remark: Option<Private>,
}

wire_enum! {
    /// How the review of a report stands.
    ReportStatus {
        /// Under review.
        #[doc(alias = "审核中")]
        Reviewing = "REVIEWING",
        /// Approved.
        #[doc(alias = "审核通过")]
        Pass = "PASS",
        /// Rejected.
        #[doc(alias = "审核失败")]
        Fail = "FAIL",
    }
}

wire_enum! {
    /// The kind of a reported number.
    ReportedNoType {
        /// A mobile number.
        Mobile = "Mobile",
        /// A fixed line.
        Fixed = "Fixed",
    }
}

/// A list, or a text that holds the JSON of a list; any other text is the only reason. An element that is no text is
/// kept as JSON.
fn reasons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Private>, D::Error> {
    let Some(raw) = lenient::optional_raw(deserializer)? else { return Ok(Vec::new()) };
    let text = raw.expose().trim();
    Ok(match serde_json::from_str(text) {
        Ok(Value::Array(elements)) => elements.into_iter().filter_map(reason).collect(),
        Ok(Value::Object(members)) if members.is_empty() => Vec::new(),
        _ if text.is_empty() => Vec::new(),
        _ => vec![raw],
    })
}

fn reason(element: Value) -> Option<Private> {
    match element {
        Value::Null => None,
        Value::String(text) => Some(Private::from(text)),
        other => Some(Private::from(other.to_string())),
    }
}

/// Deletes the report of an A number: `DeleteSecretAPhoneNoToCust`. **The carriers restrict or shut off the number at
/// once.**
///
/// Only an approved or a rejected report can be deleted, none under review.
///
/// Idempotent (inferred: no document states it). What the answer to a repeat is, is not known. No limit documented. Not
/// charged.
///
/// # Errors
/// `Data:false`: nothing was deleted. No code is documented. Whether a fixed line is named by `phone_no_a` is not
/// certain. Refused before sending: an invalid number.
///
/// Source: official metadata of 2025-12-19; the official SDK 3.5.1.
///
/// ```no_run
/// # async fn delete(client: privacy_number::aliyun::Client) -> Result<(), privacy_number::Error> {
/// use privacy_number::aliyun::DeleteSecretAPhoneNoToCust;
///
/// let delete = DeleteSecretAPhoneNoToCust::builder().a_no_white_group_id(19).phone_no_a("15000000001").build();
/// client.send(&delete).await?;
/// # Ok(())
/// # }
/// ```
#[doc(alias = "删除A号码报备")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(PhoneNumber, into))]
#[non_exhaustive]
pub struct DeleteSecretAPhoneNoToCust {
    /// The id of the white list of A numbers that belongs to the company's qualification.
    pub a_no_white_group_id: u64,
    /// A's number, mobile or fixed.
    pub phone_no_a: PhoneNumber,
}

impl Operation for DeleteSecretAPhoneNoToCust {
    type Gateway = Dyplsapi;
    type Output = DeleteSecretAPhoneNoToCustResponse;
    const NAME: &'static str = "DeleteSecretAPhoneNoToCust";
    const SAFETY: Safety = Safety::Idempotent;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("phone_no_a", &self.phone_no_a)
    }

    fn refusal(answer: &DeleteSecretAPhoneNoToCustResponse) -> Option<Refusal> {
        let refusal =
            || Refusal::new(NOT_DELETED).message(answer.message.clone()).request_id(answer.request_id.clone());
        (!answer.data).then(refusal)
    }
}

newer_response! {
    /// That the report was deleted.
    DeleteSecretAPhoneNoToCustResponse {
        /// Always `true`.
        #[serde(deserialize_with = "lenient::boolean")]
        data: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::content;

    fn reasons_of(result: &str) -> Vec<String> {
        let answer = format!(r#"{{"Code":"200","Data":{{"ReportStatus":"FAIL","ReportResult":{result}}}}}"#);
        let answer: QuerySecretAPhoneNoToCustResponse = content(&answer).unwrap();
        answer.data.unwrap().report_result.into_iter().map(Private::into_exposed).collect()
    }

    #[test]
    fn reasons_are_read_from_a_list_and_from_the_text_of_a_list() {
        assert_eq!(reasons_of(r#"["模糊","不符"]"#), ["模糊", "不符"]);
        assert_eq!(reasons_of(r#""[\"模糊\",\"不符\"]""#), ["模糊", "不符"]);
        assert_eq!(reasons_of(r#""照片模糊""#), ["照片模糊"]);
        assert_eq!(reasons_of(r#"[{"code":7}]"#), [r#"{"code":7}"#]);
        for empty in ["[]", r#""[]""#, r#""""#, "null", "{}"] {
            assert_eq!(reasons_of(empty), [""; 0], "{empty}");
        }
    }

    #[test]
    fn no_data_and_empty_data_are_no_report() {
        for data in ["", r#","Data":{}"#, r#","Data":null"#, r#","Data":"""#] {
            let answer: QuerySecretAPhoneNoToCustResponse = content(&format!(r#"{{"Code":"200"{data}}}"#)).unwrap();
            assert_eq!(answer.data, None, "{data}");
        }
    }
}
