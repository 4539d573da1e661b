//! Requests that the message service refuses.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use http::Method;
use md5::{Digest, Md5};

use super::{MnsCall, Token, delete, delete_batch, depth, get, publish, queue, token, token_for};
use crate::emulator::tests::{gateways, json_fixture, start_time};

const BODY: &str = "<ReceiptHandles><ReceiptHandle>1-MQ==</ReceiptHandle></ReceiptHandles>";

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// All refusals, with the call that causes each.
fn refusals(token: &Token) -> Vec<(u16, &'static str, MnsCall)> {
    let valid = || get(token, "");
    let with_id = |id: &str| Token { id: id.to_owned(), ..token.clone() };
    let skew = |time: TimeDelta| valid().at(start_time() + time);
    let many = vec!["1-MQ=="; 17];
    vec![
        (400, "MissingAuthorizationHeader", valid().with("authorization", "")),
        (400, "InvalidAuthorizationHeader", valid().with("authorization", "Basic a:b")),
        (400, "InvalidAuthorizationHeader", valid().with("authorization", "MNS a")),
        (400, "MissingDateHeader", valid().without("date")),
        (400, "InvalidDateHeader", valid().with("date", "2026-01-06 10:00:00")),
        (400, "MissingVersionHeader", valid().without("x-mns-version")),
        (408, "TimeExpired", skew(TimeDelta::seconds(901))),
        (408, "TimeExpired", skew(-TimeDelta::seconds(901))),
        (408, "TimeExpired", valid().with("x-mns-date", "Tue, 06 Jan 2026 03:00:00 GMT")),
        (403, "InvalidAccessKeyId", get(&with_id("emulator-access-key-id"), "")),
        (403, "SignatureDoesNotMatch", get(&Token { secret: "wrong".to_owned(), ..token.clone() }, "")),
        (403, "SignatureDoesNotMatch", get(&Token { secret: format!("{}&", token.secret), ..token.clone() }, "")),
        (403, "AccessDenied", valid().without("security-token")),
        (403, "AccessDenied", valid().with("security-token", "wrong")),
        (403, "AccessDenied", MnsCall::new(Method::GET, &queue("SecretRecording"), "", "", token)),
        (403, "AccessDenied", MnsCall::new(Method::POST, &queue("SecretReport"), "", "<Message/>", token)),
        (400, "InvalidDegist", delete(token, "").with_body(BODY).with("content-md5", "d3Jvbmc=")),
        (400, "InvalidArgument", get(token, "numOfMessages=0")),
        (400, "InvalidArgument", get(token, "numOfMessages=17")),
        (400, "InvalidArgument", get(token, "numOfMessages=many")),
        (400, "InvalidArgument", get(token, "waitseconds=31")),
        (400, "InvalidArgument", get(token, "waitseconds=-1")),
        (400, "InvalidArgument", get(token, "peekonly=yes")),
        (400, "InvalidQueryString", get(token, "waitSeconds=1")),
        (400, "InvalidQueryString", get(token, "waitseconds=1&waitseconds=2")),
        (400, "InvalidQueryString", delete(token, "receiptHandle=1-MQ==")),
        (400, "ReceiptHandleError", delete(token, "ReceiptHandle=nonsense")),
        (404, "MessageNotExist", delete(token, "ReceiptHandle=1-MQ==")),
        (404, "MessageNotExist", get(token, "numOfMessages=1").with("x-mns-user-request-id", "7")),
        (400, "MalformedXML", delete(token, "")),
        (400, "MalformedXML", delete(token, "").with_body("<ReceiptHandles><ReceiptHandle>1-MQ==</ReceiptHandles>")),
        (400, "MalformedXML", delete(token, "").with_body("<ReceiptHandle>1-MQ==</ReceiptHandle>")),
        (400, "InvalidArgument", delete_batch(token, many)),
    ]
}

#[test]
fn each_wrong_request_has_its_status_and_code() {
    let catalogue = json_fixture("receipts.json");
    let documented = catalogue["mns"]["errors"].as_array().unwrap();
    let gateways = gateways();
    for (status, code, call) in refusals(&token(&gateways)) {
        assert_eq!(call.refusal(&gateways), refused(status, code));
        let known = documented.iter().find(|error| error["code"] == code);
        assert!(known.is_none_or(|known| known["http"] == status), "{code}");
    }
}

#[test]
fn every_documented_refusal_has_a_case() {
    let catalogue = json_fixture("receipts.json");
    let gateways = gateways();
    let cases = refusals(&token(&gateways));
    for error in catalogue["mns"]["errors"].as_array().unwrap() {
        let code = error["code"].as_str().unwrap();
        // A fault causes the internal errors, and a token for a queue that does not exist the other one.
        let is_elsewhere = code.starts_with("Internal") || code == "QueueNotExist";
        assert!(is_elsewhere || cases.iter().any(|(_, tried, _)| *tried == code), "{code}");
    }
}

#[test]
fn a_refused_request_changes_nothing() {
    let gateways = gateways();
    publish(&gateways, 2);
    for (_, code, call) in refusals(&token(&gateways)) {
        if code != "MessageNotExist" {
            call.send(&gateways);
        }
    }
    assert_eq!(depth(&gateways), (2, 0));
}

#[test]
fn an_unknown_queue_is_told_from_an_empty_one() {
    let gateways = gateways();
    let name = "Alicom-Queue-1000000000000001-Unknown";
    let token = token_for(&gateways, name);
    let call = MnsCall::new(Method::GET, name, "", "", &token);
    assert_eq!(call.refusal(&gateways), refused(404, "QueueNotExist"));
}

#[test]
fn a_token_expires_by_the_clock_and_a_new_one_is_valid() {
    let gateways = gateways();
    let old = token(&gateways);
    publish(&gateways, 2);
    gateways.clock().advance(Duration::from_secs(3599));
    let now = gateways.clock().now();
    assert_eq!(get(&old, "").at(now).messages(&gateways).len(), 1);
    gateways.clock().advance(Duration::from_secs(1));
    let now = gateways.clock().now();
    assert_eq!(get(&old, "").at(now).refusal(&gateways), refused(403, "InvalidAccessKeyId"));
    let new = token(&gateways);
    assert_eq!(get(&old, "").at(now).refusal(&gateways), refused(403, "InvalidAccessKeyId"));
    assert_eq!(get(&new, "").at(now).messages(&gateways).len(), 1);
}

#[test]
fn both_forms_of_the_digest_and_the_other_date_are_accepted() {
    let gateways = gateways();
    let token = token(&gateways);
    let digest = Md5::digest(BODY);
    let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    for sent in [STANDARD.encode(digest), STANDARD.encode(hexadecimal)] {
        let call = delete(&token, "").with_body(BODY).with("content-md5", &sent);
        let reply = call.with("content-type", "text/xml;charset=UTF-8").send(&gateways);
        assert!(reply.status == 404 && reply.text.contains("<Errors"), "{}", reply.text);
    }
    let by_other_date = get(&token, "").with("date", "wrong").with("x-mns-date", "Tue, 06 Jan 2026 02:00:00 GMT");
    assert_eq!(by_other_date.refusal(&gateways), refused(404, "MessageNotExist"));
    for seconds in [900, -900] {
        let call = get(&token, "").at(start_time() + TimeDelta::seconds(seconds));
        assert_eq!(call.refusal(&gateways), refused(404, "MessageNotExist"));
    }
}
