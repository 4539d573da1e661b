//! Faults of the message service, and its control endpoints.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{delete_batch, depth, get, handle, not_exist, publish, queue, token};
use crate::emulator::tests::gateways;
use crate::emulator::{Delivery, Fault, Gateways, Throttle};

fn control(gateways: &Gateways, method: &str, endpoint: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let request = Request::builder().method(method).uri(format!("/_emulator/{endpoint}"));
    let request = request.header("Content-Type", "application/json").header("Host", "localhost:8700");
    let response = gateways.respond(request.body(body).unwrap());
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

#[test]
fn a_fault_without_the_name_of_the_service_does_not_apply_to_it() {
    let gateways = gateways();
    let token = token(&gateways);
    gateways.inject(Fault::unavailable());
    assert_eq!(get(&token, "").refusal(&gateways), not_exist());
    gateways.inject(Fault::unavailable().on("mns"));
    assert_eq!(get(&token, "").send(&gateways).status, 503);
}

#[test]
fn a_fault_applies_to_all_operations_of_the_service_or_to_one() {
    let gateways = gateways();
    let token = token(&gateways);
    gateways.inject(Fault::internal_error().on("BatchDeleteMessage"));
    assert_eq!(get(&token, "numOfMessages=1").refusal(&gateways), not_exist());
    assert_eq!(delete_batch(&token, ["1-MQ=="]).send(&gateways).status, 500);
    gateways.clear_faults();
    gateways.inject(Fault::internal_error().on("mns").times(2));
    let statuses = [0; 3].map(|_| get(&token, "numOfMessages=1").send(&gateways).status);
    assert_eq!(statuses, [500, 500, 404]);
}

#[test]
fn a_refusal_by_a_fault_has_the_form_of_the_service() {
    let gateways = gateways();
    let token = token(&gateways);
    let throttled = |throttle| Fault::throttled(throttle, Duration::from_secs(1));
    for (fault, status, code) in [
        (throttled(Throttle::Api), 429, "TooManyRequests"),
        (throttled(Throttle::App), 429, "TooManyRequests"),
        (throttled(Throttle::Product), 400, "QpsLimitExceeded"),
        (Fault::quota_exceeded(), 400, "QpsLimitExceeded"),
        (Fault::error("InternalError"), 500, "InternalError"),
        (Fault::error("SignatureDoesNotMatch"), 403, "SignatureDoesNotMatch"),
        (Fault::error("QueueNotExist"), 404, "QueueNotExist"),
    ] {
        gateways.inject(fault.on("mns").times(1));
        assert_eq!(get(&token, "").refusal(&gateways), (status, code.to_owned()));
    }
    // The service has no nonces.
    gateways.inject(Fault::nonce_used().on("mns"));
    assert_eq!(get(&token, "").refusal(&gateways), not_exist());
}

#[test]
fn a_lost_answer_has_its_effect() {
    let gateways = gateways();
    publish(&gateways, 1);
    let token = token(&gateways);
    let message = get(&token, "").messages(&gateways).remove(0);
    gateways.inject(Fault::reset_before_execution().on("BatchDeleteMessage").times(1));
    gateways.inject(Fault::reset_after_execution().on("BatchDeleteMessage").times(1));
    let lost = |expected| {
        let reply = gateways.reply(delete_batch(&token, [handle(&message)]).request(""));
        assert_eq!(reply.delivery, Delivery::Reset);
        assert_eq!(depth(&gateways), expected);
    };
    lost((0, 1));
    lost((0, 0));
    assert_eq!(gateways.ledger().executed("BatchDeleteMessage"), 1);
}

#[test]
fn the_clock_of_the_service_can_be_wrong() {
    let gateways = gateways();
    let token = token(&gateways);
    gateways.inject(Fault::clock_skew(chrono::TimeDelta::minutes(16)).on("mns").times(1));
    assert_eq!(get(&token, "").refusal(&gateways), (408, "TimeExpired".to_owned()));
}

#[test]
fn receipts_are_published_over_the_control_endpoints() {
    let gateways = gateways();
    let queue = queue("SecretReport");
    let post = |body: Value| control(&gateways, "POST", "receipts", &body);
    assert_eq!(post(json!({"type": "SecretReport", "body": {"call_id": 1}})), (201, json!({"queue": queue})));
    assert_eq!(post(json!({"type": "SecretReport", "text": "not JSON"})), (201, json!({"queue": queue})));
    let either = json!({"error": "a receipt has either body or text"});
    assert_eq!(post(json!({"type": "SecretReport"})), (400, either.clone()));
    assert_eq!(post(json!({"type": "SecretReport", "body": {}, "text": ""})), (400, either));
    assert_eq!(post(json!({"type": "X", "body": {}})), (404, json!({"error": "there is no queue for this type"})));
    get(&token(&gateways), "").messages(&gateways);
    let expected = json!({"visible": 1, "hidden": 1});
    assert_eq!(control(&gateways, "GET", "queues", &Value::Null).1[&queue], expected);
    assert_eq!(control(&gateways, "GET", "state", &Value::Null).1["queues"][&queue], expected);
    let info = control(&gateways, "GET", "info", &Value::Null).1;
    assert_eq!((&info["queues"]["SecretReport"], &info["mns"]), (&json!(queue), &json!("http://localhost:8700")));
}

#[test]
fn the_visibility_timeout_is_set_over_the_control_endpoints() {
    let gateways = gateways();
    publish(&gateways, 1);
    for wrong in [json!({}), json!({"visibility_timeout": 0}), json!({"visibility_timeout": 43_201})] {
        assert_eq!(control(&gateways, "POST", "queues", &wrong).0, 400, "{wrong}");
    }
    assert_eq!(control(&gateways, "POST", "queues", &json!({"visibility_timeout": 2})).0, 200);
    let token = token(&gateways);
    get(&token, "").messages(&gateways);
    gateways.clock().advance(Duration::from_secs(2));
    assert_eq!(get(&token, "").messages(&gateways)[0]["DequeueCount"], "2");
}
