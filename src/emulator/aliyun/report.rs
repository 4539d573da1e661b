//! Reports of A numbers: the permission to upload photos, and submitting, reading and deleting a report.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::photo_upload;
use crate::emulator::answer::{Members, members};
use crate::emulator::store::number_report::{NumberReport, ReviewState};

pub(super) const ACTIONS: &[Action] = &[
    Action::newer("GetDyplsOSSInfoForUploadFile", "OK", get_upload_policy),
    Action::newer("CreatePhoneNoAReport", "200", |call| create(call, "PhoneNoA", false)),
    Action::newer("CreateFixedNoAReport", "200", |call| create(call, "FixedNoA", true)),
    Action::newer("QuerySecretAPhoneNoToCust", "200", query),
    Action::newer("DeleteSecretAPhoneNoToCust", "200", delete),
];

fn get_upload_policy(call: &mut Call<'_>) -> Result<Members, Refusal> {
    if call.required("BizType")? != "phone_card" {
        return Err(Refusal::illegal_argument("BizType is unknown"));
    }
    Ok(members([("Data", Value::Object(photo_upload::policy(call.recording_host.host, call.now)))]))
}

fn create(call: &mut Call<'_>, number: &'static str, is_fixed: bool) -> Result<Members, Refusal> {
    let number = call.required(number)?;
    let group = white_group(call)?;
    call.required("CustName")?;
    call.required("DocumentNumber")?;
    if call.required("DocumentType")? != "1" {
        return Err(Refusal::illegal_argument("DocumentType is unknown"));
    }
    if is_fixed && !matches!(call.required("CustType")?, "1" | "2") {
        return Err(Refusal::illegal_argument("CustType is unknown"));
    }
    let photos =
        [Some(call.required("IdCardAlivePhoto")?), call.optional("IdCardBackPhoto"), call.optional("IdCardFrontPhoto")];
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::business("isv.MOBILE_NUMBER_ILLEGAL", "the number is not digits only"));
    }
    let reports = &mut call.state.number_reports;
    if !photos.into_iter().flatten().all(|path| reports.has_photo(path)) {
        return Err(Refusal::illegal_argument("a photo was not uploaded"));
    }
    // A rejected report is replaced.
    match reports.get(group, number).map(|report| reports.review(report, call.now)) {
        Some(ReviewState::Reviewing) => return Err(not_created("FailType:-1", -1)),
        Some(ReviewState::Passed) => return Err(not_created("FailType:-2", -2)),
        Some(ReviewState::Failed(_)) | None => {}
    }
    let mut report = NumberReport::new(is_fixed, call.now);
    report.cust_phone_no = call.parameters.get("CustPhoneNo").map(ToOwned::to_owned);
    report.remark = call.parameters.get("Remark").map(ToOwned::to_owned);
    reports.insert(group, number, report);
    Ok(members([("Data", result(true, 1))]))
}

fn not_created(code: &'static str, fail_type: i64) -> Refusal {
    Refusal::InData { code, data: result(false, fail_type) }
}

fn result(is_created: bool, fail_type: i64) -> Value {
    Value::Object(members([("CreateResult", Value::from(is_created)), ("FailType", Value::from(fail_type))]))
}

/// A number without a report has empty `Data`.
fn query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let number = call.required("PhoneNoA")?;
    let group = white_group(call)?;
    let reports = &call.state.number_reports;
    let data = reports.get(group, number).map_or_else(Members::new, |report| {
        let review = reports.review(report, call.now);
        let reasons = if let ReviewState::Failed(reasons) = review { reasons } else { &[] };
        let mut data = members([
            ("ANoWhiteGroupId", Value::from(group.to_string())),
            ("NoType", Value::from(if report.is_fixed { "Fixed" } else { "Mobile" })),
            ("PhoneNoA", Value::from(number)),
            ("ReportStatus", Value::from(review.name())),
            ("ReportResult", Value::from(reasons.iter().map(String::as_str).collect::<Value>().to_string())),
        ]);
        let optional = [("CustPhoneNo", &report.cust_phone_no), ("Remark", &report.remark)];
        for (name, value) in optional {
            if let Some(value) = value {
                data.insert(name.to_owned(), Value::from(value.as_str()));
            }
        }
        data
    });
    Ok(members([("Data", Value::Object(data))]))
}

fn delete(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let number = call.required("PhoneNoA")?;
    let group = white_group(call)?;
    let reports = &mut call.state.number_reports;
    let review = reports.get(group, number).map(|report| reports.review(report, call.now));
    if matches!(review, None | Some(ReviewState::Reviewing)) {
        return Err(Refusal::InData { code: "Data:false", data: Value::Bool(false) });
    }
    reports.remove(group, number);
    Ok(members([("Data", Value::Bool(true))]))
}

/// The required `ANoWhiteGroupId`; the white list must exist.
fn white_group(call: &Call<'_>) -> Result<i64, Refusal> {
    call.required("ANoWhiteGroupId")?;
    let group = call.integer("ANoWhiteGroupId")?.unwrap_or_default();
    if call.state.number_reports.groups.contains(&group) {
        Ok(group)
    } else {
        Err(Refusal::illegal_argument("number group does not exist"))
    }
}
