//! Submitting a report: `CreatePhoneNoAReport` and `CreateFixedNoAReport`.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aliyun::check::{check_not_empty, check_optional_phone, check_phone};
use crate::aliyun::error_code::{REPORT_ALREADY_APPROVED, REPORT_ALREADY_SUBMITTED};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::error::{Error, Refusal};
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The code of a report that was not accepted and has no [`FailType`] that says why.
const NOT_CREATED: &str = "Data.CreateResult:false";

/// Reports the person behind a mobile A number: `CreatePhoneNoAReport`.
///
/// [`Client::ensure_reported`](crate::aliyun::Client::ensure_reported) uploads the photos, sends this, and waits for
/// the review.
///
/// Once (inferred: no document states it): each accepted report sends personal data to a review. After a lost response,
/// ask with [`QuerySecretAPhoneNoToCust`](crate::aliyun::QuerySecretAPhoneNoToCust) before you send it again.
/// Documented limit: 50 calls per second. Not charged.
///
/// # Errors
/// [`REPORT_ALREADY_SUBMITTED`] and [`REPORT_ALREADY_APPROVED`], which [`FailType::of`] tells apart. No other code is
/// documented. Whether `Code` stays a success in a refusal of this kind is not known.
///
/// Refused before sending: an invalid number, a fixed line, an empty name or portrait path, the number of an identity
/// card that does not have 18 characters.
///
/// Source: help page `api-dyplsapi-2017-05-25-createphonenoareport`; the official SDK 3.5.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let client = emulator.aliyun()?;
/// # let bytes = b"\xFF\xD8\xFF\xE0".to_vec();
/// use privacy_number::aliyun::{CreatePhoneNoAReport, Photo};
///
/// let portrait = client.upload_photo(&Photo::new(bytes)?).await?;
/// let report = CreatePhoneNoAReport::builder()
///     .a_no_white_group_id(19)
///     .phone_no_a("15000000001")
///     .cust_name("张某某")
///     .document_number("000000000000000000")
///     .id_card_alive_photo(portrait)
///     .build();
/// client.send(&report).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "手机号A报备")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(Private, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct CreatePhoneNoAReport {
    /// The id of the white list of A numbers that belongs to the company's qualification. The console shows it.
    #[doc(alias = "A号码白名单组ID")]
    pub a_no_white_group_id: u64,
    /// A's mobile number.
    pub phone_no_a: PhoneNumber,
    /// The person's name.
    pub cust_name: Private,
    /// The kind of the identity document; a Chinese identity card by default.
    #[builder(into, default = DocumentType::ChineseIdCard)]
    pub document_type: DocumentType,
    /// The number of the identity document.
    #[doc(alias = "证件号码")]
    pub document_number: Private,
    /// The path of the uploaded live portrait.
    #[doc(alias = "人像照片")]
    pub id_card_alive_photo: Private,
    /// The path of the uploaded photo of the portrait side, which the help page calls the back.
    pub id_card_back_photo: Option<Private>,
    /// The path of the uploaded photo of the national-emblem side, which the help page calls the front.
    pub id_card_front_photo: Option<Private>,
    /// A remark of your own.
    pub remark: Option<Private>,
}

impl Operation for CreatePhoneNoAReport {
    type Gateway = Dyplsapi;
    type Output = CreatePhoneNoAReportResponse;
    const NAME: &'static str = "CreatePhoneNoAReport";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(50);
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("phone_no_a", &self.phone_no_a)?;
        if self.phone_no_a.expose().starts_with('0') {
            let reason = "must be a mobile number: report a fixed line with `CreateFixedNoAReport`";
            return Err(InvalidRequest::new("phone_no_a", reason));
        }
        check_person(&self.cust_name, &self.document_type, &self.document_number)?;
        check_photos(&self.id_card_alive_photo, [&self.id_card_back_photo, &self.id_card_front_photo])
    }

    fn refusal(answer: &CreatePhoneNoAReportResponse) -> Option<Refusal> {
        answer.data.refusal(answer.message.as_ref(), answer.request_id.as_ref())
    }
}

/// Reports the person behind a fixed-line A number: `CreateFixedNoAReport`.
///
/// [`Client::ensure_reported`](crate::aliyun::Client::ensure_reported) uploads the photos, sends this, and waits for
/// the review.
///
/// Once (inferred: no document states it): each accepted report sends personal data to a review. After a lost response,
/// ask with [`QuerySecretAPhoneNoToCust`](crate::aliyun::QuerySecretAPhoneNoToCust) before you send it again.
/// Documented limit: 50 calls per second. Not charged.
///
/// # Errors
/// [`REPORT_ALREADY_SUBMITTED`] and [`REPORT_ALREADY_APPROVED`], which [`FailType::of`] tells apart; the documents
/// describe them for mobile numbers and are presumed to mean fixed lines too. No other code is documented. Whether
/// `Code` stays a success in a refusal of this kind is not known.
///
/// Refused before sending: an invalid number, a mobile number, an empty name or portrait path, the number of an
/// identity card that does not have 18 characters.
///
/// Source: official metadata of 2025-12-19; the official SDK 3.5.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let client = emulator.aliyun()?;
/// # let bytes = b"\xFF\xD8\xFF\xE0".to_vec();
/// use privacy_number::aliyun::{CreateFixedNoAReport, CustType, Photo};
///
/// let portrait = client.upload_photo(&Photo::new(bytes)?).await?;
/// let report = CreateFixedNoAReport::builder()
///     .a_no_white_group_id(19)
///     .fixed_no_a("057100000001")
///     .cust_type(CustType::Agent)
///     .cust_name("张某某")
///     .cust_phone_no("15000000003")
///     .document_number("000000000000000000")
///     .id_card_alive_photo(portrait)
///     .build();
/// client.send(&report).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "固话A报备")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(Private, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct CreateFixedNoAReport {
    /// The id of the white list of A numbers that belongs to the company's qualification. The console shows it.
    #[doc(alias = "A号码白名单组ID")]
    pub a_no_white_group_id: u64,
    /// A's fixed-line number.
    pub fixed_no_a: PhoneNumber,
    /// Who the person is to the company.
    #[builder(into)]
    pub cust_type: CustType,
    /// The person's name.
    pub cust_name: Private,
    /// The person's phone number. Needed if the qualification holds mobile X numbers: without it the review fails.
    pub cust_phone_no: Option<PhoneNumber>,
    /// The kind of the identity document; a Chinese identity card by default.
    #[builder(into, default = DocumentType::ChineseIdCard)]
    pub document_type: DocumentType,
    /// The number of the identity document.
    #[doc(alias = "证件号码")]
    pub document_number: Private,
    /// The path of the uploaded live portrait.
    #[doc(alias = "人像照片")]
    pub id_card_alive_photo: Private,
    /// The path of the uploaded photo of the portrait side, which the help page calls the back.
    pub id_card_back_photo: Option<Private>,
    /// The path of the uploaded photo of the national-emblem side, which the help page calls the front.
    pub id_card_front_photo: Option<Private>,
    /// The number of the work order at the counter where the line was applied for.
    #[doc(alias = "固话工单号")]
    pub fixed_line_work_id: Option<String>,
    /// A remark of your own.
    pub remark: Option<Private>,
}

impl Operation for CreateFixedNoAReport {
    type Gateway = Dyplsapi;
    type Output = CreateFixedNoAReportResponse;
    const NAME: &'static str = "CreateFixedNoAReport";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(50);
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("fixed_no_a", &self.fixed_no_a)?;
        let digits = self.fixed_no_a.expose();
        if digits.len() == 11 && digits.starts_with('1') {
            let reason = "must be a fixed line: report a mobile number with `CreatePhoneNoAReport`";
            return Err(InvalidRequest::new("fixed_no_a", reason));
        }
        check_person(&self.cust_name, &self.document_type, &self.document_number)?;
        check_optional_phone("cust_phone_no", self.cust_phone_no.as_ref())?;
        check_photos(&self.id_card_alive_photo, [&self.id_card_back_photo, &self.id_card_front_photo])
    }

    fn refusal(answer: &CreateFixedNoAReportResponse) -> Option<Refusal> {
        answer.data.refusal(answer.message.as_ref(), answer.request_id.as_ref())
    }
}

fn check_person(name: &Private, kind: &DocumentType, number: &Private) -> Result<(), InvalidRequest> {
    check_not_empty("cust_name", name.expose())?;
    check_not_empty("document_number", number.expose())?;
    let number = number.expose().as_bytes();
    let is_of_card = || match number {
        [digits @ .., last] => {
            digits.len() == 17
                && digits.iter().all(u8::is_ascii_digit)
                && (last.is_ascii_digit() || matches!(last, b'X' | b'x'))
        }
        [] => false,
    };
    if *kind == DocumentType::ChineseIdCard && !is_of_card() {
        let reason = "must have 17 digits, and a digit or X after them, for a Chinese identity card";
        return Err(InvalidRequest::new("document_number", reason));
    }
    Ok(())
}

fn check_photos(alive: &Private, [back, front]: [&Option<Private>; 2]) -> Result<(), InvalidRequest> {
    check_not_empty("id_card_alive_photo", alive.expose())?;
    for (field, photo) in [("id_card_back_photo", back), ("id_card_front_photo", front)] {
        if let Some(photo) = photo {
            check_not_empty(field, photo.expose())?;
        }
    }
    Ok(())
}

wire_enum! {
    /// The kind of an identity document.
    DocumentType {
        /// A Chinese identity card.
        #[doc(alias = "身份证")]
        ChineseIdCard = "1",
    }
}

wire_enum! {
    /// Who the person of a report is to the company.
    CustType {
        /// The legal representative.
        #[doc(alias = "法人")]
        LegalRepresentative = "1",
        /// An agent who acts for the company.
        #[doc(alias = "经办人")]
        Agent = "2",
    }
}

wire_enum! {
    /// Why a report was not accepted.
    FailType {
        /// It was accepted.
        Accepted = "1",
        /// A report of the number was submitted before.
        AlreadySubmitted = "-1",
        /// A report of the number was approved before.
        AlreadyApproved = "-2",
    }
}

impl FailType {
    /// The fail type of a refused report; `None` for any other error.
    ///
    /// [`AlreadySubmitted`](Self::AlreadySubmitted) and [`AlreadyApproved`](Self::AlreadyApproved) mean that a report
    /// exists. [`Client::ensure_reported`](crate::aliyun::Client::ensure_reported) takes both as a success.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let is_report = matches!(error.operation(), Some(CreatePhoneNoAReport::NAME | CreateFixedNoAReport::NAME));
        let code = error.code().filter(|_| is_report)?;
        code.strip_prefix("FailType:").map(Self::from)
    }
}

newer_response! {
    /// That the report was accepted and will be reviewed.
    CreatePhoneNoAReportResponse {
        /// The result.
        data: CreateReportResult,
    }
}

newer_response! {
    /// That the report was accepted and will be reviewed.
    CreateFixedNoAReportResponse {
        /// The result.
        data: CreateReportResult,
    }
}

/// The result of submitting a report. It is always a success: anything else is an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreateReportResult {
    /// Always `true`.
    #[serde(deserialize_with = "lenient::boolean")]
    pub create_result: bool,
    /// [`FailType::Accepted`] if it is given.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub fail_type: Option<FailType>,
}

impl CreateReportResult {
    /// Both members must say success.
    fn refusal(&self, message: Option<&Private>, request_id: Option<&String>) -> Option<Refusal> {
        let code = match &self.fail_type {
            Some(FailType::Accepted) | None if self.create_result => return None,
            Some(FailType::AlreadySubmitted) => REPORT_ALREADY_SUBMITTED.to_owned(),
            Some(FailType::AlreadyApproved) => REPORT_ALREADY_APPROVED.to_owned(),
            Some(FailType::Accepted) | None => NOT_CREATED.to_owned(),
            Some(FailType::Other(other)) => format!("FailType:{other}"),
        };
        Some(Refusal::new(code).message(message.cloned()).request_id(request_id.cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{param, refused_field};

    fn report() -> CreatePhoneNoAReport {
        let report = CreatePhoneNoAReport::builder().a_no_white_group_id(19).phone_no_a("15000000001");
        let report = report.cust_name("张某某").document_number("00000000000000000X");
        report.id_card_alive_photo("100001/alive.jpg").build()
    }

    fn fixed_line() -> CreateFixedNoAReport {
        let report = CreateFixedNoAReport::builder().a_no_white_group_id(19).fixed_no_a("057100000001");
        let report = report.cust_type(CustType::Agent).cust_name("张某某").document_number("000000000000000000");
        report.id_card_alive_photo("100001/alive.jpg").build()
    }

    #[test]
    fn numbers_of_kinds_are_digits_on_the_wire() {
        assert_eq!(param(&report(), "DocumentType").unwrap(), "1");
        assert_eq!(param(&report(), "ANoWhiteGroupId").unwrap(), "19");
        assert_eq!(param(&fixed_line(), "CustType").unwrap(), "2");
    }

    #[test]
    fn what_no_review_can_accept_is_refused_before_sending() {
        let refused = |change: fn(&mut CreatePhoneNoAReport)| {
            let mut report = report();
            change(&mut report);
            refused_field(&report, Utc::now())
        };
        assert_eq!(refused(|report| report.phone_no_a = "057100000001".into()), "phone_no_a");
        assert_eq!(refused(|report| report.phone_no_a = "150-00000001".into()), "phone_no_a");
        assert_eq!(refused(|report| report.cust_name = "".into()), "cust_name");
        assert_eq!(refused(|report| report.document_number = "".into()), "document_number");
        assert_eq!(refused(|report| report.document_number = "0000000000000000X0".into()), "document_number");
        assert_eq!(refused(|report| report.document_number = "00000000000000000".into()), "document_number");
        assert_eq!(refused(|report| report.id_card_alive_photo = "".into()), "id_card_alive_photo");
        assert_eq!(refused(|report| report.id_card_back_photo = Some("".into())), "id_card_back_photo");
        let mut fixed = fixed_line();
        fixed.fixed_no_a = "15000000001".into();
        assert_eq!(refused_field(&fixed, Utc::now()), "fixed_no_a");
        let mut other = report();
        (other.document_type, other.document_number) = ("9".into(), "E1".into());
        assert!(other.validate(Utc::now()).is_ok(), "the form of other documents is not known");
    }
}
