use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response};
use serde_json::{Value, json};

use super::{Call, aliyun, bad_request, business_error, gateways, seeded};
use crate::emulator::{Gateways, ReportReview};

const NUMBER: &str = "15000000001";
const PORTRAIT: &str = "100001/alive.jpg";
/// SHA-256 of `portrait`, by another program.
const PORTRAIT_SHA256: &str = "51c5a8296a032ce7b3014e66000c20d0d759d2e910873f28fa6107ab012bf887";

/// The answer of a newer action, which must be a success.
fn ok(call: &Call, gateways: &Gateways) -> Value {
    let reply = call.clone().again().send(gateways);
    assert_eq!((reply.status, &reply.json["Success"]), (200, &json!(true)), "{}", reply.text);
    assert!(["OK", "200"].contains(&reply.json["Code"].as_str().unwrap()), "{}", reply.text);
    reply.json["Data"].clone()
}

fn policy(gateways: &Gateways) -> Value {
    ok(&aliyun("GetDyplsOSSInfoForUploadFile").with("BizType", "phone_card"), gateways)
}

/// The fields of a form that uploads a photo, in an order that the file store accepts.
fn fields(policy: &Value, path: &str) -> Vec<(&'static str, Vec<u8>)> {
    let of = |name: &str| policy[name].as_str().unwrap().as_bytes().to_vec();
    vec![
        ("key", path.as_bytes().to_vec()),
        ("policy", of("Policy")),
        ("OSSAccessKeyId", of("AccessKeyId")),
        ("Signature", of("Signature")),
        ("file", b"portrait".to_vec()),
    ]
}

fn form(fields: &[(&str, Vec<u8>)]) -> Request<Bytes> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--boundary-1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend(value);
        body.extend(b"\r\n");
    }
    body.extend(b"--boundary-1--\r\n");
    let request = Request::post("/_emulator/uploads");
    request.header("Content-Type", "multipart/form-data; boundary=boundary-1").body(body.into()).unwrap()
}

/// The status and the code of the file store's answer.
fn answered(response: Response<Bytes>) -> (u16, String) {
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    let code = text.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (response.status().as_u16(), code.unwrap_or(&text).to_owned())
}

fn post(gateways: &Gateways, fields: &[(&str, Vec<u8>)]) -> (u16, String) {
    answered(gateways.respond(form(fields)))
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn with_portrait(gateways: Gateways) -> Gateways {
    assert_eq!(post(&gateways, &fields(&policy(&gateways), PORTRAIT)), refused(204, ""));
    gateways
}

fn report() -> Call {
    let call = aliyun("CreatePhoneNoAReport").with("ANoWhiteGroupId", 19).with("PhoneNoA", NUMBER);
    let call = call.with("CustName", "张某某").with("DocumentType", 1).with("DocumentNumber", "000000000000000000");
    call.with("IdCardAlivePhoto", PORTRAIT)
}

fn query() -> Call {
    aliyun("QuerySecretAPhoneNoToCust").with("ANoWhiteGroupId", 19).with("PhoneNoA", NUMBER)
}

fn delete() -> Call {
    query().with("Action", "DeleteSecretAPhoneNoToCust")
}

fn status(gateways: &Gateways) -> Value {
    ok(&query(), gateways)["ReportStatus"].clone()
}

fn report_of_fixed_line() -> Call {
    let fixed = report().with("Action", "CreateFixedNoAReport").without("PhoneNoA").with("FixedNoA", "057100000001");
    fixed.with("CustType", 2).with("CustPhoneNo", "15000000003").with("Remark", "r")
}

/// A call that succeeds, whose answer has all members.
pub(super) fn good_call(action: &str, gateways: &Gateways) -> Call {
    post(gateways, &fields(&policy(gateways), PORTRAIT));
    let reported = |call: Call| {
        ok(&report_of_fixed_line(), gateways);
        assert!(gateways.review_report(19, "057100000001", ReportReview::Pass));
        call.with("PhoneNoA", "057100000001")
    };
    match action {
        "GetDyplsOSSInfoForUploadFile" => aliyun(action).with("BizType", "phone_card"),
        "CreatePhoneNoAReport" => report(),
        "CreateFixedNoAReport" => report_of_fixed_line(),
        "QuerySecretAPhoneNoToCust" => reported(query()),
        "DeleteSecretAPhoneNoToCust" => reported(delete()),
        other => panic!("no call of {other}"),
    }
}

#[test]
fn a_report_is_reviewed_when_its_time_has_passed() {
    let gateways = with_portrait(gateways());
    assert_eq!(ok(&query(), &gateways), json!({}), "no report");
    assert_eq!(ok(&report().with("Remark", "r"), &gateways), json!({"CreateResult": true, "FailType": 1}));
    let record = json!({"ANoWhiteGroupId": "19", "NoType": "Mobile", "PhoneNoA": NUMBER, "Remark": "r",
        "ReportResult": "[]", "ReportStatus": "REVIEWING"});
    assert_eq!(ok(&query(), &gateways), record);
    assert_eq!(ok(&report(), &gateways), json!({"CreateResult": false, "FailType": -1}));
    assert_eq!(ok(&delete(), &gateways), false, "none under review can be deleted");
    gateways.clock().advance(Duration::from_secs(3600));
    let later = |call: Call| call.with("Timestamp", "2026-01-06T03:00:00Z");
    assert_eq!(ok(&later(query()), &gateways)["ReportStatus"], "PASS");
    assert_eq!(ok(&later(report()), &gateways), json!({"CreateResult": false, "FailType": -2}));
    assert_eq!(gateways.ledger().executed("CreatePhoneNoAReport"), 1);
    assert_eq!(ok(&later(delete()), &gateways), true);
    assert_eq!(ok(&later(query()), &gateways), json!({}));
    assert_eq!(ok(&later(delete()), &gateways), false, "it is gone");
    assert_eq!(gateways.ledger().executed("DeleteSecretAPhoneNoToCust"), 1);
}

#[test]
fn a_decision_gives_its_reasons_and_a_rejected_report_is_replaced() {
    let gateways = with_portrait(gateways());
    assert!(!gateways.review_report(19, NUMBER, ReportReview::Pass), "there is no report");
    ok(&report(), &gateways);
    assert!(gateways.review_report(19, NUMBER, ReportReview::Fail(vec!["模糊".into(), "不符".into()])));
    let record = ok(&query(), &gateways);
    assert_eq!((&record["ReportStatus"], &record["ReportResult"]), (&json!("FAIL"), &json!(r#"["模糊","不符"]"#)));
    assert_eq!(ok(&report(), &gateways)["CreateResult"], true);
    assert_eq!(status(&gateways), "REVIEWING");
    assert!(gateways.review_report(19, NUMBER, ReportReview::Pass));
    assert_eq!(status(&gateways), "PASS");
    let state = gateways.phone_number_protection();
    let expected = json!([{"white_group": 19, "number": NUMBER, "kind": "Mobile", "status": "PASS"}]);
    assert_eq!((&state["reports"], &state["photos"]), (&expected, &json!({ PORTRAIT: PORTRAIT_SHA256 })));
}

#[test]
fn a_fixed_line_is_reported_with_the_person_s_number() {
    let gateways = with_portrait(seeded(|builder| builder.white_group(7).report_review_time(TimeDelta::zero())));
    let fixed = report_of_fixed_line().with("ANoWhiteGroupId", 7);
    assert_eq!(ok(&fixed, &gateways)["FailType"], 1);
    let query = query().with("PhoneNoA", "057100000001").with("ANoWhiteGroupId", 7);
    let record = ok(&query, &gateways);
    assert_eq!((&record["NoType"], &record["CustPhoneNo"]), (&json!("Fixed"), &json!("15000000003")));
    assert_eq!(record["ReportStatus"], "PASS");
    assert_eq!(ok(&query.with("ANoWhiteGroupId", 19), &gateways), json!({}), "another white list");
    assert_eq!(fixed.again().with("CustType", 3).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn a_report_needs_a_white_list_that_exists_and_photos_that_were_uploaded() {
    let gateways = with_portrait(gateways());
    let refused = business_error("isv.ILLEGAL_ARGUMENT");
    assert_eq!(report().with("IdCardAlivePhoto", "100001/other.jpg").code(&gateways), refused);
    assert_eq!(report().with("IdCardBackPhoto", "100001/other.jpg").code(&gateways), refused);
    for call in [report(), query(), delete()] {
        assert_eq!(call.clone().with("ANoWhiteGroupId", 20).code(&gateways), refused);
        assert_eq!(call.again().with("ANoWhiteGroupId", "x").code(&gateways), bad_request("InvalidANoWhiteGroupId"));
    }
    assert_eq!(report().with("DocumentType", 2).code(&gateways), refused);
    let policy = aliyun("GetDyplsOSSInfoForUploadFile");
    assert_eq!(policy.with("BizType", "other").code(&gateways), refused);
    assert_eq!(gateways.ledger().executed("CreatePhoneNoAReport"), 0);
}

#[test]
fn an_upload_needs_its_policy_signature_time_prefix_and_length() {
    let gateways = gateways();
    let policy = policy(&gateways);
    assert_eq!(policy["ExpireTime"], (super::start_time().timestamp() + 300).to_string());
    assert_eq!(policy["Host"], "http://localhost/_emulator/uploads");
    let good = fields(&policy, PORTRAIT);
    let changed = |name: &str, value: &[u8]| {
        let mut fields = good.clone();
        fields.iter_mut().find(|(field, _)| *field == name).unwrap().1 = value.to_vec();
        post(&gateways, &fields)
    };
    assert_eq!(changed("Signature", b"AAAA"), refused(403, "SignatureDoesNotMatch"));
    assert_eq!(changed("policy", b"e30="), refused(403, "SignatureDoesNotMatch"));
    assert_eq!(changed("OSSAccessKeyId", b"emulator-access-key-id"), refused(403, "InvalidAccessKeyId"));
    for path in ["alive.jpg", "100002/alive.jpg", "100001", "100001/", "/100001/alive.jpg"] {
        assert_eq!(changed("key", path.as_bytes()), refused(403, "AccessDenied"), "{path}");
    }
    assert_eq!(changed("file", &vec![0; 2_000_001]), refused(400, "EntityTooLarge"));
    assert_eq!(gateways.ledger().executed("upload"), 0);
    assert_eq!(changed("file", &vec![0; 2_000_000]), refused(204, ""));
    gateways.clock().advance(Duration::from_secs(299));
    assert_eq!(post(&gateways, &good), refused(204, ""));
    gateways.clock().advance(Duration::from_secs(1));
    assert_eq!(post(&gateways, &good), refused(403, "AccessDenied"), "the permission has ended");
    assert_eq!(gateways.ledger().executed("upload"), 2);
    let document = STANDARD.decode(policy["Policy"].as_str().unwrap()).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["expiration"], "2026-01-06T02:05:00.000Z");
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"emulator-upload-key-secret").unwrap();
    mac.update(policy["Policy"].as_str().unwrap().as_bytes());
    assert_eq!(policy["Signature"], STANDARD.encode(mac.finalize().into_bytes()));
}

#[test]
fn an_upload_has_one_file_as_its_last_field() {
    let gateways = gateways();
    let good = fields(&policy(&gateways), PORTRAIT);
    let mut file_first = good.clone();
    file_first.rotate_right(1);
    assert_eq!(post(&gateways, &file_first), refused(400, "InvalidArgument"));
    assert_eq!(post(&gateways, &good[..4]), refused(400, "InvalidArgument"));
    let two = [&[good[4].clone()][..], &good].concat();
    assert_eq!(post(&gateways, &two), refused(400, "InvalidArgument"));
    for missing in ["policy", "Signature", "OSSAccessKeyId"] {
        let fields: Vec<_> = good.iter().filter(|(name, _)| *name != missing).cloned().collect();
        assert_eq!(post(&gateways, &fields), refused(403, "AccessDenied"), "{missing}");
    }
    assert_eq!(post(&gateways, &good[1..]), refused(400, "InvalidArgument"), "no key");
    let with_status = |status: &str| {
        let mut fields = good.clone();
        fields.insert(0, ("success_action_status", status.into()));
        post(&gateways, &fields).0
    };
    assert_eq!(["200", "201", "204", "500"].map(with_status), [200, 201, 204, 204]);
}

#[test]
fn a_body_that_is_no_form_is_refused() {
    let gateways = gateways();
    let whole = form(&fields(&policy(&gateways), PORTRAIT));
    let (head, body) = whole.into_parts();
    for end in (0..body.len() - 2).step_by(7) {
        let request = Request::from_parts(head.clone(), body.slice(..end));
        assert_eq!(answered(gateways.respond(request)), refused(400, "InvalidArgument"), "cut at {end}");
    }
    for content_type in ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=boundary-1"] {
        let mut request = Request::from_parts(head.clone(), body.clone());
        request.headers_mut().insert("Content-Type", content_type.parse().unwrap());
        assert_eq!(answered(gateways.respond(request)), refused(400, "InvalidArgument"), "{content_type}");
    }
    let get = Request::get("/_emulator/uploads").body(Bytes::new()).unwrap();
    assert_eq!(answered(gateways.respond(get)), refused(405, "MethodNotAllowed"));
    assert_eq!(gateways.ledger().executed("upload"), 0);
}

#[test]
fn a_review_is_decided_by_control_and_the_state_shows_no_number() {
    let gateways = with_portrait(gateways());
    ok(&report(), &gateways);
    let control = |body: Value| {
        let request = Request::post("/_emulator/reports/review").header("Content-Type", "application/json");
        gateways.respond(request.body(body.to_string().into()).unwrap()).status().as_u16()
    };
    assert_eq!(control(json!({"number": "15000000009", "result": "PASS"})), 404);
    assert_eq!(control(json!({"number": NUMBER, "result": "PASS", "white_group": 20})), 404);
    for wrong in
        [json!({"number": NUMBER, "result": "pass"}), json!({"number": NUMBER, "result": "PASS", "reasons": ["x"]})]
    {
        assert_eq!(control(wrong), 400);
    }
    assert_eq!(status(&gateways), "REVIEWING");
    assert_eq!(control(json!({"number": NUMBER, "result": "FAIL", "reasons": ["模糊"]})), 200);
    assert_eq!(ok(&query(), &gateways)["ReportResult"], r#"["模糊"]"#);
    let state = gateways.respond(Request::get("/_emulator/state").body(Bytes::new()).unwrap());
    let text = String::from_utf8(state.body().to_vec()).unwrap();
    let state: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&state["reports"], &state["photos"]), (&json!(1), &json!(1)));
    assert!(!text.contains(NUMBER), "{text}");
    gateways.reset();
    assert_eq!(gateways.phone_number_protection()["reports"], json!([]));
}
