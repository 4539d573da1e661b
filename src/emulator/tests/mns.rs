//! The queues of receipts.

mod client;
mod faults;
mod refusals;
mod waiting;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta};
use http::Method;
use serde_json::{Value, json};

use super::{fixture, gateways, json_fixture, seeded, start_time};
use crate::emulator::Gateways;
use client::{MnsCall, Token, delete, delete_batch, elements, get, messages, queue, token, token_for};

/// Publishes `count` numbered reports.
fn publish(gateways: &Gateways, count: u32) {
    for number in 1..=count {
        assert!(gateways.publish_receipt("SecretReport", &json!({"call_id": number})));
    }
}

/// How many messages the queue of `SecretReport` has, visible and hidden.
fn depth(gateways: &Gateways) -> (u64, u64) {
    let depth = &gateways.queues()[queue("SecretReport")];
    (depth["visible"].as_u64().unwrap(), depth["hidden"].as_u64().unwrap())
}

/// The number in the body of a message.
fn number(message: &Value) -> u64 {
    let body = STANDARD.decode(message["MessageBody"].as_str().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&body).unwrap()["call_id"].as_u64().unwrap()
}

fn handle(message: &Value) -> &str {
    message["ReceiptHandle"].as_str().unwrap()
}

fn not_exist() -> (u16, String) {
    (404, "MessageNotExist".to_owned())
}

/// The reply to a batch in which something was not deleted: pairs of code and handle.
fn failures(gateways: &Gateways, call: &MnsCall) -> Vec<(String, String)> {
    let reply = call.send(gateways);
    assert_eq!(reply.status, 404, "{}", reply.text);
    assert!(!reply.request_id.is_empty() && reply.text.contains("<Errors xmlns="), "{}", reply.text);
    let errors = elements(&reply.text, "Error");
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(error, "ErrorCode"), text(error, "ReceiptHandle"))).collect()
}

#[test]
fn every_type_of_receipt_has_a_queue() {
    let catalogue = json_fixture("receipts.json");
    let lists = ["message_types", "legacy_message_types"].map(|list| catalogue[list].as_array().unwrap());
    assert!(lists[0].len() >= 9);
    for message_type in lists.into_iter().flatten() {
        let name = message_type["name"].as_str().unwrap();
        let gateways = gateways();
        assert!(gateways.publish_receipt(name, &json!({})), "{name}");
        let its = token_for(&gateways, &queue(name));
        assert_eq!(MnsCall::new(Method::GET, &queue(name), "", "", &its).messages(&gateways).len(), 1, "{name}");
        assert_eq!(gateways.queue_name(name), queue(name));
    }
    assert!(!gateways().publish_receipt("SecretReports", &json!({})));
}

#[test]
fn a_message_has_the_fields_and_texts_of_the_documents() {
    let documented = messages(&fixture("receipts/mns_receive_response.xml")).remove(0);
    let body = STANDARD.decode(documented["MessageBody"].as_str().unwrap()).unwrap();
    let gateways = gateways();
    gateways.publish_text("SecretReport", std::str::from_utf8(&body).unwrap());
    gateways.clock().advance(std::time::Duration::from_millis(1500));
    let token = token(&gateways);
    let reply = get(&token, "").send(&gateways);
    assert_eq!(reply.status, 200);
    assert!(reply.text.contains(r#"<Message xmlns="http://mns.aliyuncs.com/doc/v1/">"#), "{}", reply.text);
    let message = messages(&reply.text).remove(0);
    let names = |message: &Value| message.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&message), names(&documented));
    for name in ["MessageBody", "MessageBodyMD5", "DequeueCount", "Priority"] {
        assert_eq!(message[name], documented[name], "{name}");
    }
    let enqueued = start_time().timestamp_millis();
    assert_eq!(message["EnqueueTime"], enqueued.to_string());
    assert_eq!(message["FirstDequeueTime"], (enqueued + 1500).to_string());
    assert_eq!(message["NextVisibleTime"], (enqueued + 31_500).to_string());
    assert_eq!(message["MessageId"].as_str().unwrap().len(), 32);
}

#[test]
fn a_batch_has_at_most_as_many_messages_as_it_asks_for() {
    let gateways = gateways();
    publish(&gateways, 20);
    let token = token(&gateways);
    let first = get(&token, "numOfMessages=16&waitseconds=0").messages(&gateways);
    assert_eq!(first.iter().map(number).collect::<Vec<_>>(), (1..=16).collect::<Vec<_>>());
    assert_eq!(depth(&gateways), (4, 16));
    let second = get(&token, "numOfMessages=16").send(&gateways);
    assert!(second.text.contains("<Messages xmlns="), "{}", second.text);
    assert_eq!(messages(&second.text).iter().map(number).collect::<Vec<_>>(), [17, 18, 19, 20]);
    assert_eq!(get(&token, "numOfMessages=16").refusal(&gateways), not_exist());
    let handles: std::collections::BTreeSet<_> = first.iter().map(handle).collect();
    assert_eq!(handles.len(), 16);
}

#[test]
fn a_message_that_is_not_deleted_comes_back_with_a_new_handle() {
    let gateways = gateways();
    publish(&gateways, 1);
    let token = token(&gateways);
    let first = get(&token, "").messages(&gateways).remove(0);
    gateways.clock().set(start_time() + TimeDelta::milliseconds(29_999));
    assert_eq!(get(&token, "").refusal(&gateways), not_exist());
    gateways.clock().set(start_time() + TimeDelta::seconds(30));
    // The handle is dead from this moment, whether or not the message was received again.
    let late = delete(&token, &format!("ReceiptHandle={}", handle(&first)));
    assert_eq!(late.refusal(&gateways), not_exist());
    let second = get(&token, "").messages(&gateways).remove(0);
    assert_eq!((&second["MessageId"], &second["DequeueCount"]), (&first["MessageId"], &json!("2")));
    assert_eq!(second["FirstDequeueTime"], first["FirstDequeueTime"]);
    assert_ne!(handle(&second), handle(&first));
    assert_eq!(late.refusal(&gateways), not_exist());
    assert_eq!(delete(&token, &format!("ReceiptHandle={}", handle(&second))).send(&gateways).status, 204);
    assert_eq!(depth(&gateways), (0, 0));
}

#[test]
fn the_visibility_timeout_can_be_set() {
    let gateways = seeded(|builder| builder.visibility_timeout(std::time::Duration::from_secs(5)));
    let hidden_for = |gateways: &Gateways| {
        publish(gateways, 1);
        let message = get(&token(gateways), "").messages(gateways).remove(0);
        let next: i64 = message["NextVisibleTime"].as_str().unwrap().parse().unwrap();
        next - start_time().timestamp_millis()
    };
    assert_eq!(hidden_for(&gateways), 5_000);
    for (set, expected) in [(0, 1_000), (90, 90_000), (50_000, 43_200_000)] {
        gateways.set_visibility_timeout(std::time::Duration::from_secs(set));
        assert_eq!(hidden_for(&gateways), expected);
    }
    gateways.reset();
    assert_eq!(hidden_for(&gateways), 5_000);
}

#[test]
fn a_handle_is_accepted_as_it_is_and_percent_encoded() {
    let gateways = gateways();
    publish(&gateways, 2);
    let token = token(&gateways);
    for encode in [|handle: &str| handle.to_owned(), |handle: &str| handle.replace('=', "%3D")] {
        let message = get(&token, "").messages(&gateways).remove(0);
        let reply = delete(&token, &format!("ReceiptHandle={}", encode(handle(&message)))).send(&gateways);
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
        assert!(!reply.request_id.is_empty());
    }
    assert_eq!(depth(&gateways), (0, 0));
}

#[test]
fn a_batch_names_the_messages_that_it_did_not_delete() {
    let gateways = gateways();
    publish(&gateways, 3);
    let token = token(&gateways);
    let received = get(&token, "numOfMessages=3").messages(&gateways);
    let handles: Vec<_> = received.iter().map(handle).collect();
    assert_eq!(delete_batch(&token, handles[..1].iter().copied()).send(&gateways).status, 204);
    assert_eq!(depth(&gateways), (0, 2));
    let error = |code: &str, handle: &str| (code.to_owned(), handle.to_owned());
    assert_eq!(
        failures(&gateways, &delete_batch(&token, [handles[0], handles[1], "nonsense"])),
        [error("MessageNotExist", handles[0]), error("ReceiptHandleError", "nonsense")]
    );
    assert_eq!(depth(&gateways), (0, 1));
    // A handle of another receive of the same message.
    gateways.clock().advance(std::time::Duration::from_secs(30));
    let again = get(&token, "").messages(&gateways).remove(0);
    let both = delete_batch(&token, [handles[2], handle(&again)]);
    assert_eq!(failures(&gateways, &both), [error("MessageNotExist", handles[2])]);
    assert_eq!(depth(&gateways), (0, 0));
}

#[test]
fn the_batch_of_the_documents_is_read() {
    let gateways = gateways();
    let call = delete(&token(&gateways), "").with_body(&fixture("receipts/mns_batch_delete_request.xml"));
    let failures = failures(&gateways, &call);
    let handles = ["1-ODU4OTkzNDU5MSy0xNDM1MTk3NjAwLTItNg==", "1-ODU4OTkzNDU5NSy0xNDM1MTk3NjAwLTItNg=="];
    assert_eq!(failures.iter().map(|(_, handle)| handle.as_str()).collect::<Vec<_>>(), handles);
}

#[test]
fn a_message_is_gone_after_four_days() {
    let gateways = gateways();
    publish(&gateways, 1);
    let read = |time: DateTime<chrono::Utc>| {
        gateways.clock().set(time);
        let token = token(&gateways);
        get(&token, "peekonly=true").at(time).send(&gateways).status
    };
    let end = start_time() + TimeDelta::days(4);
    assert_eq!(read(end - TimeDelta::milliseconds(1)), 200);
    assert_eq!(depth(&gateways), (1, 0));
    assert_eq!(read(end), 404);
    assert_eq!(depth(&gateways), (0, 0));
    assert_eq!(get(&token(&gateways), "").at(end).refusal(&gateways), not_exist());
}

#[test]
fn a_look_at_the_messages_hides_none() {
    let gateways = gateways();
    publish(&gateways, 3);
    let token = token(&gateways);
    let seen = get(&token, "peekonly=true").messages(&gateways);
    assert_eq!(seen.iter().map(number).collect::<Vec<_>>(), [1]);
    assert!(seen[0].get("ReceiptHandle").is_none() && seen[0].get("NextVisibleTime").is_none(), "{seen:?}");
    assert_eq!(seen[0]["DequeueCount"], "0");
    assert_eq!(get(&token, "peekonly=true&numOfMessages=2").messages(&gateways).len(), 2);
    assert_eq!(depth(&gateways), (3, 0));
    get(&token, "numOfMessages=3").messages(&gateways);
    assert_eq!(get(&token, "peekonly=true").refusal(&gateways), not_exist());
}

#[test]
fn any_text_can_be_published() {
    let gateways = gateways();
    gateways.publish_text("SecretReport", "not JSON, <&> 你好");
    let message = get(&token(&gateways), "").messages(&gateways).remove(0);
    let body = STANDARD.decode(message["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(body, "not JSON, <&> 你好".as_bytes());
}

#[test]
fn a_receipt_of_a_later_time_is_hidden_until_then() {
    let gateways = gateways();
    let later = start_time() + TimeDelta::seconds(10);
    assert!(gateways.lock_state().queues.publish("SecretReport", &json!({"call_id": 1}), later));
    let token = token(&gateways);
    assert_eq!(get(&token, "").refusal(&gateways), not_exist());
    assert_eq!(depth(&gateways), (0, 1));
    gateways.clock().set(later);
    let message = get(&token, "").messages(&gateways).remove(0);
    assert_eq!(message["EnqueueTime"], later.timestamp_millis().to_string());
}

#[test]
fn the_ledger_has_each_operation_and_no_handles() {
    let gateways = gateways();
    publish(&gateways, 1);
    let token = token(&gateways);
    let message = get(&token, "numOfMessages=1").messages(&gateways).remove(0);
    get(&token, "").send(&gateways);
    delete_batch(&token, ["nonsense"]).send(&gateways);
    delete_batch(&token, [handle(&message)]).send(&gateways);
    let entries = gateways.ledger().entries();
    let seen: Vec<_> = entries.iter().skip(1).map(|entry| (entry.operation, &*entry.code, entry.executed)).collect();
    let expected = [
        ("BatchReceiveMessage", "OK", true),
        ("ReceiveMessage", "MessageNotExist", false),
        ("BatchDeleteMessage", "ReceiptHandleError", false),
        ("BatchDeleteMessage", "OK", true),
    ];
    assert_eq!(seen, expected);
    assert_eq!(entries.iter().map(|entry| entry.attempt).collect::<Vec<_>>(), [1; 5]);
    assert!(!format!("{entries:?}").contains(handle(&message)), "{entries:?}");
    assert!(!format!("{entries:?}").contains(&token.security_token), "{entries:?}");
}
