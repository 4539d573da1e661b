//! Faults without a server.

use std::time::Duration;

use chrono::TimeDelta;
use http::Response;
use serde_json::json;

use super::binding::bind;
use super::{Call, Reply, aliyun, gateways, json_fixture, top};
use crate::emulator::{Delivery, Fault, Gateways, Throttle};

const BIND: &str = "BindAxb";
const DECRYPT: &str = "taobao.top.oaid.decrypt";
const SECOND: Duration = Duration::from_secs(1);

fn decrypt() -> Call {
    top(DECRYPT).with("query_list", json!([{"tid": "2001", "oaid": "oaid-2001"}]))
}

fn a_bind() -> Call {
    bind("15000000000", "15000000001")
}

fn with_fault(fault: Fault) -> Gateways {
    let gateways = gateways();
    gateways.inject(fault);
    gateways
}

/// The entries of the ledger: code, whether it was executed, and fault.
fn codes(gateways: &Gateways) -> Vec<(String, bool, Option<&'static str>)> {
    let entries = gateways.ledger().entries().into_iter();
    entries.map(|entry| (entry.code.into_owned(), entry.executed, entry.fault)).collect()
}

#[test]
fn top_throttles_by_every_scope_with_the_seconds_of_the_ban() {
    for (throttle, scope) in
        [(Throttle::Api, "api"), (Throttle::App, "app"), (Throttle::AppApi, "app-api"), (Throttle::Dynamic, "dynamic")]
    {
        let gateways = with_fault(Fault::throttled(throttle, Duration::from_millis(30_500)));
        let error = decrypt().send(&gateways).json["error_response"].clone();
        let sub_code = format!("accesscontrol.limited-by-{scope}-access-count");
        assert_eq!((&error["code"], &error["sub_code"]), (&json!(7), &json!(sub_code)));
        assert_eq!(error["sub_msg"], "This ban will last for 31 more seconds");
        assert_eq!(codes(&gateways), [(sub_code, false, Some("throttled"))]);
    }
    let gateways = with_fault(Fault::throttled(Throttle::Api, Duration::ZERO));
    assert_eq!(decrypt().send(&gateways).json["error_response"].get("sub_msg"), None);
    let gateways = with_fault(Fault::throttled(Throttle::Product, SECOND));
    assert_eq!(decrypt().refusal(&gateways), (50, "isp.call-limited".into()));
}

#[test]
fn alibaba_cloud_throttles_by_every_scope_with_a_header() {
    for (throttle, code) in [
        (Throttle::Api, "Throttling.Api"),
        (Throttle::App, "Throttling.User"),
        (Throttle::AppApi, "Throttling"),
        (Throttle::Dynamic, "System.LimitControl"),
    ] {
        let response = with_fault(Fault::throttled(throttle, SECOND)).respond(a_bind().request());
        assert_eq!(response.headers()["x-acs-retry-after"], "1000");
        let reply = Reply::from(response);
        assert_eq!((reply.status, &reply.json["Code"]), (400, &json!(code)));
    }
    let response = with_fault(Fault::throttled(Throttle::Product, SECOND)).respond(a_bind().request());
    assert!(!response.headers().contains_key("x-acs-retry-after"));
    let reply = Reply::from(response);
    assert_eq!((reply.status, &reply.json["Code"]), (200, &json!("isv.FLOW_LIMIT")));
}

#[test]
fn throttling_is_answered_in_the_requested_format() {
    let xml = decrypt().with("format", "xml").send(&with_fault(Fault::throttled(Throttle::Api, SECOND))).text;
    assert!(xml.contains("<error_response><code>7</code>"), "{xml}");
    let xml = a_bind().with("Format", "XML").send(&with_fault(Fault::throttled(Throttle::Api, SECOND))).text;
    assert!(xml.contains("<Error>") && xml.contains("<Code>Throttling.Api</Code>"), "{xml}");
    let xml = a_bind().with("Format", "XML").send(&with_fault(Fault::quota_exceeded())).text;
    assert!(xml.contains("<BindAxbResponse>") && xml.contains("<Code>isv.BUY_NUM_OVER_LIMIT</Code>"), "{xml}");
}

#[test]
fn a_quota_can_be_used_up() {
    assert_eq!(decrypt().refusal(&with_fault(Fault::quota_exceeded())), (50, "isv.decryption-quota-exceeded".into()));
}

#[test]
fn any_code_can_be_answered() {
    for (code, number, sub_code) in [
        ("isv.tid-error", 50, "isv.tid-error"),
        ("27", 27, ""),
        ("27:session-expired", 27, "session-expired"),
        ("session-expired", 27, "session-expired"),
        ("15:isp.remote-service-timeout", 15, "isp.remote-service-timeout"),
        ("isv.no-permission:oaid", 50, "isv.no-permission:oaid"),
        ("isv.permission-ip-whitelist-limit", 11, "isv.permission-ip-whitelist-limit"),
    ] {
        assert_eq!(decrypt().refusal(&with_fault(Fault::error(code))), (number, sub_code.to_owned()), "{code}");
    }
    for (code, status) in [
        ("isv.BIND_CONFLICT", 200),
        ("isp.SYSTEM_ERROR", 200),
        ("ServiceUnavailable", 503),
        ("InternalError", 500),
        ("Forbidden.RAM", 403),
        ("InvalidAccessKeyId.NotFound", 404),
        ("InvalidTimeStamp.Expired", 400),
    ] {
        assert_eq!(a_bind().code(&with_fault(Fault::error(code))), (status, code.to_owned()));
    }
    let answer = top("taobao.top.secret.group.query").answer(&with_fault(Fault::error("gxb-group-query-error")));
    assert_eq!((&answer["success"], &answer["errorCode"]), (&json!(false), &json!("gxb-group-query-error")));
}

#[test]
fn an_http_error_has_no_body_or_a_page() {
    for (fault, status, code) in [(Fault::internal_error(), 500, "500"), (Fault::unavailable(), 503, "503")] {
        let gateways = with_fault(fault);
        let reply = a_bind().send(&gateways);
        assert_eq!((reply.status, reply.text.as_str()), (status, ""));
        assert_eq!(gateways.ledger().entries()[0].code, code);
        assert_eq!(gateways.ledger().executed(BIND), 0);
    }
    let gateways = with_fault(Fault::bad_gateway_page());
    let response = a_bind().request();
    let response = gateways.respond(response);
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (502, &"text/html".parse().unwrap()));
    assert!(response.body().starts_with(b"<html>"));
}

#[test]
fn an_error_can_hide_that_the_operation_was_executed() {
    let gateways = with_fault(Fault::internal_error().executed());
    assert_eq!(a_bind().send(&gateways).status, 500);
    assert_eq!(codes(&gateways), [("OK".to_owned(), true, Some("internal_error"))]);
}

#[test]
fn a_nonce_can_be_reported_as_used_and_top_has_none() {
    let gateways = with_fault(Fault::nonce_used().times(1));
    decrypt().answer(&gateways);
    assert_eq!(a_bind().code(&gateways), (400, "SignatureNonceUsed".into()));
    a_bind().ok(&gateways);
}

#[test]
fn a_reset_before_execution_executes_nothing() {
    let gateways = with_fault(Fault::reset_before_execution());
    assert_eq!(gateways.reply(a_bind().request()).delivery, Delivery::Reset);
    assert_eq!(codes(&gateways), [("none".to_owned(), false, Some("reset_before_execution"))]);
}

#[test]
fn a_reset_after_execution_loses_only_the_response() {
    let gateways = with_fault(Fault::reset_after_execution().times(1));
    assert_eq!(gateways.reply(a_bind().request()).delivery, Delivery::Reset);
    assert_eq!(codes(&gateways), [("OK".to_owned(), true, Some("reset_after_execution"))]);
    assert_eq!(a_bind().with("PhoneNoX", "17000000001").code(&gateways).1, "isv.BIND_CONFLICT");
}

#[test]
fn a_request_that_the_gateway_refuses_is_not_executed_under_a_fault() {
    let gateways = with_fault(Fault::reset_after_execution());
    let _ = gateways.reply(a_bind().with("PhoneNoA", "x").request());
    assert_eq!(codes(&gateways)[0], ("isv.MOBILE_NUMBER_ILLEGAL".to_owned(), false, Some("reset_after_execution")));
}

#[test]
fn delays_and_broken_deliveries_are_returned_as_data() {
    let reply = |fault: Fault| with_fault(fault).reply(a_bind().request());
    let length = reply(Fault::clock_skew(TimeDelta::zero())).response.body().len();
    assert_eq!(reply(Fault::delay_before(SECOND)).delivery, Delivery::Delayed { delay: SECOND });
    assert_eq!(reply(Fault::delay_after(SECOND)).delivery, Delivery::Delayed { delay: SECOND });
    assert_eq!(reply(Fault::torn_body()).delivery, Delivery::Torn { bytes: length / 2 });
    assert_eq!(reply(Fault::oversized(9)).delivery, Delivery::Padded { length: 9 });
    assert_eq!(reply(Fault::slow_drip(SECOND)).delivery, Delivery::Dripped { pause: SECOND });
}

#[test]
fn a_body_can_be_truncated_garbled_or_wrongly_declared_as_compressed() {
    let answer = |fault: Fault| -> Response<bytes::Bytes> { with_fault(fault).respond(a_bind().request()) };
    let good = answer(Fault::delay_after(SECOND));
    let torn = answer(Fault::torn_json());
    assert_eq!(torn.body()[..], good.body()[..good.body().len() / 2]);
    let garbled = answer(Fault::garbled());
    assert_eq!(garbled.body().len(), good.body().len());
    assert!(std::str::from_utf8(garbled.body()).is_err());
    let wrong_gzip = answer(Fault::wrong_gzip());
    assert_eq!(wrong_gzip.headers()["content-encoding"], "gzip");
    assert_eq!(wrong_gzip.body(), good.body());
}

#[test]
fn a_skewed_clock_refuses_the_timestamp_and_sends_its_time_as_date() {
    let gateways = with_fault(Fault::clock_skew(TimeDelta::hours(1)));
    let reply = a_bind().send(&gateways);
    assert_eq!(reply.json["Code"], "InvalidTimeStamp.Expired");
    assert_eq!(reply.date, "Tue, 06 Jan 2026 03:00:00 GMT");
    a_bind().with("Timestamp", "2026-01-06T03:00:00Z").with("Expiration", "2026-02-01 00:00:00").ok(&gateways);
    let gateways = with_fault(Fault::clock_skew(TimeDelta::hours(-1)));
    assert_eq!(decrypt().refusal(&gateways).0, 31);
    assert_eq!(decrypt().send(&gateways).date, "Tue, 06 Jan 2026 01:00:00 GMT");
}

#[test]
fn a_fault_applies_only_to_its_operation() {
    let gateways = with_fault(Fault::unavailable().on(DECRYPT));
    a_bind().ok(&gateways);
    assert_eq!(decrypt().send(&gateways).status, 503);
}

#[test]
fn a_fault_skips_the_first_requests_and_applies_a_number_of_times() {
    let gateways = with_fault(Fault::unavailable().after(2).times(3));
    let statuses: Vec<_> = (0..7).map(|_| decrypt().send(&gateways).status).collect();
    assert_eq!(statuses, [200, 200, 503, 503, 503, 200, 200]);
}

#[test]
fn faults_apply_in_the_order_of_injection_one_per_request() {
    let gateways = with_fault(Fault::unavailable().times(2));
    gateways.inject(Fault::internal_error().times(1));
    let statuses: Vec<_> = (0..4).map(|_| decrypt().send(&gateways).status).collect();
    assert_eq!(statuses, [503, 503, 500, 200]);
}

#[test]
fn a_random_fault_applies_to_the_same_requests_for_the_same_seed() {
    let statuses = |seed: u64| -> Vec<u16> {
        let gateways = with_fault(Fault::unavailable().probability(0.25, seed));
        (0..400).map(|_| decrypt().send(&gateways).status).collect()
    };
    let first = statuses(7);
    assert_eq!(first, statuses(7));
    assert_ne!(first, statuses(8));
    let count = first.iter().filter(|status| **status == 503).count();
    assert!((60..140).contains(&count), "{count}");
    let never = with_fault(Fault::unavailable().probability(0.0, 1));
    assert!((0..50).all(|_| decrypt().send(&never).status == 200));
    let always = with_fault(Fault::unavailable().probability(1.0, 1));
    assert!((0..50).all(|_| decrypt().send(&always).status == 503));
}

#[test]
fn cleared_faults_no_longer_apply() {
    let gateways = with_fault(Fault::unavailable());
    gateways.inject(Fault::internal_error());
    gateways.clear_faults();
    decrypt().answer(&gateways);
    assert_eq!(codes(&gateways), [("OK".to_owned(), true, None)]);
}

#[test]
fn only_faults_that_name_downloads_apply_to_them() {
    let gateways = gateways();
    let request = aliyun("QueryRecordFileDownloadUrl").with("PoolKey", "FC100000000000001").with("CallId", "call-1");
    let answer = request.with("CallTime", "2026-01-06 09:00:00").ok(&gateways);
    let url = answer["DownloadUrl"].as_str().unwrap().to_owned();
    let download = || gateways.reply(http::Request::get(&url).body(bytes::Bytes::new()).unwrap());
    gateways.inject(Fault::reset_before_execution());
    assert_eq!(download().delivery, Delivery::Whole);
    gateways.inject(Fault::torn_body().on("recording"));
    assert!(matches!(download().delivery, Delivery::Torn { bytes } if bytes > 1000));
}

#[test]
fn a_fault_can_name_every_operation() {
    let file = json_fixture("aliyun.json");
    for operation in file["operations"].as_array().unwrap() {
        let action = operation["action"].as_str().unwrap();
        let gateways = with_fault(Fault::unavailable().on(action));
        assert_eq!(aliyun(action).send(&gateways).status, 503, "{action}");
        assert_eq!(gateways.ledger().count(action), 1);
    }
}

#[test]
fn connection_refused_has_no_effect_without_a_server() {
    let gateways = with_fault(Fault::connection_refused(SECOND));
    a_bind().ok(&gateways);
}
