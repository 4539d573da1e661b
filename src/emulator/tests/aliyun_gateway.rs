use bytes::Bytes;
use chrono::TimeDelta;
use http::Request;

use super::{Call, Reply, aliyun, bad_request, gateways, post, seeded, start_time};

fn valid_call() -> Call {
    aliyun("BindAxb")
        .with("PoolKey", "FC100000000000001")
        .with("PhoneNoA", "15000000000")
        .with("PhoneNoB", "15000000001")
        .with("Expiration", "2026-02-01 00:00:00")
}

fn refused(call: Call) -> (u16, String) {
    call.code(&gateways())
}

#[test]
fn a_good_call_passes_by_post_by_get_and_in_the_query_of_a_post() {
    valid_call().ok(&gateways());
    valid_call().by_get().ok(&gateways());
    let request = post(&format!("/?{}", valid_call().signed_form()), "");
    assert_eq!(Reply::from(gateways().respond(request)).json["Code"], "OK");
}

#[test]
fn empty_parameters_are_signed() {
    valid_call().with("OutOrderId", "").with("SignatureType", "").with("SecurityToken", "").ok(&gateways());
}

#[test]
fn json_is_the_default_format() {
    valid_call().without("Format").ok(&gateways());
}

#[test]
fn missing_system_parameters_are_named() {
    for name in
        ["Action", "Version", "AccessKeyId", "Timestamp", "SignatureNonce", "SignatureMethod", "SignatureVersion"]
    {
        assert_eq!(refused(valid_call().without(name)), bad_request(&format!("Missing{name}")));
    }
    assert_eq!(refused(valid_call().with("Signature", "")), bad_request("MissingSignature"));
}

#[test]
fn invalid_system_parameters_have_their_codes() {
    let not_found = |code: &str| (404, code.to_owned());
    assert_eq!(refused(valid_call().with("Action", "bindaxb")), not_found("InvalidAction.NotFound"));
    assert_eq!(refused(valid_call().with("AccessKeyId", "x")), not_found("InvalidAccessKeyId.NotFound"));
    assert_eq!(refused(valid_call().with("Version", "2017-05-26")), bad_request("InvalidVersion"));
    assert_eq!(refused(valid_call().with("SignatureMethod", "MD5")), bad_request("InvalidSignatureMethod"));
    assert_eq!(refused(valid_call().with("SignatureVersion", "2.0")), bad_request("InvalidSignatureVersion"));
    assert_eq!(refused(valid_call().with("Format", "YAML")), bad_request("InvalidFormat"));
    assert_eq!(
        refused(valid_call().with("SecurityToken", "x")),
        bad_request("InvalidSecurityToken.MismatchWithAccessKey")
    );
}

#[test]
fn a_timestamp_may_be_fifteen_minutes_off_and_no_more() {
    for (seconds, code) in [(-900, None), (900, None), (-901, Some(())), (901, Some(()))] {
        let time = start_time() + TimeDelta::seconds(seconds);
        let text = time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let answered = refused(valid_call().with("Timestamp", text));
        let expected = if code.is_some() { bad_request("InvalidTimeStamp.Expired") } else { (200, "OK".into()) };
        assert_eq!(answered, expected, "{seconds}");
    }
    for text in ["2026-01-06 02:00:00", "2026-01-06T10:00:00+08:00", "1767664800000"] {
        assert_eq!(refused(valid_call().with("Timestamp", text)), bad_request("InvalidTimeStamp.Format"));
    }
}

#[test]
fn a_nonce_works_once_in_fifteen_minutes() {
    let gateways = gateways();
    let call = valid_call();
    call.ok(&gateways);
    assert_eq!(call.code(&gateways), bad_request("SignatureNonceUsed"));
    gateways.clock().set(start_time() + TimeDelta::minutes(15));
    assert_eq!(call.code(&gateways), bad_request("SignatureNonceUsed"));
    let later = start_time() + TimeDelta::seconds(15 * 60 + 1);
    gateways.clock().set(later);
    let call = call.with("Timestamp", later.format("%Y-%m-%dT%H:%M:%SZ"));
    call.with("PhoneNoA", "15000000002").ok(&gateways);
}

#[test]
fn a_forged_request_does_not_use_the_nonce_up() {
    let gateways = gateways();
    let call = valid_call();
    assert_eq!(call.clone().secret("another").code(&gateways), bad_request("SignatureDoesNotMatch"));
    call.ok(&gateways);
}

#[test]
fn a_wrong_signature_is_answered_with_the_string_to_sign() {
    let reply = valid_call().secret("another").send(&gateways());
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json["Code"], "SignatureDoesNotMatch");
    let message = reply.json["Message"].as_str().unwrap();
    let (text, string_to_sign) = message.split_once("server string to sign is:").unwrap();
    assert_eq!(text, "Specified signature is not matched with our calculation. ");
    assert!(string_to_sign.starts_with("POST&%2F&AccessKeyId%3Demulator-access-key-id%26Action%3DBindAxb"));
    assert!(string_to_sign.ends_with("%26Version%3D2017-05-25"));
}

#[test]
fn the_http_method_is_part_of_the_signature() {
    let request = Request::get(format!("/?{}", valid_call().signed_form())).body(Bytes::new()).unwrap();
    assert_eq!(Reply::from(gateways().respond(request)).json["Code"], "SignatureDoesNotMatch");
}

#[test]
fn a_temporary_key_works_with_its_own_token_only() {
    let gateways = seeded(|builder| {
        builder.temporary_access_key("STS.a", "secret-a", "token-a").temporary_access_key("STS.b", "b", "token-b")
    });
    let call = || valid_call().with("AccessKeyId", "STS.a").secret("secret-a");
    call().with("SecurityToken", "token-a").ok(&gateways);
    let mismatch = bad_request("InvalidSecurityToken.MismatchWithAccessKey");
    assert_eq!(call().with("SecurityToken", "token-b").code(&gateways), mismatch);
    assert_eq!(call().code(&gateways), bad_request("MissingSecurityToken"));
}

#[test]
fn malformed_and_doubled_parameters_are_refused() {
    for tail in ["&x=%FF", "&PoolKey=FC1"] {
        let request = post("/", valid_call().signed_form() + tail);
        let reply = Reply::from(gateways().respond(request));
        assert_eq!((reply.status, &reply.json["Code"]), (400, &"InvalidParameter".into()));
    }
}

#[test]
fn only_get_and_post_are_accepted() {
    let request = Request::put("/").body(Bytes::new()).unwrap();
    let reply = Reply::from(gateways().respond(request));
    assert_eq!(reply.json["Code"], "UnsupportedHTTPMethod");
}
