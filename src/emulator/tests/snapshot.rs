//! The whole state as a text, and what goes on with it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::binding::bind;
use super::good_calls::{self, good_call};
use super::order_life::extend;
use super::{Call, aliyun, business_error, gateways, start_time, top};
use crate::emulator::{
    Clock, Emulator, Gateways, OrderStatus, PlacedCall, PushSettings, ShopSeed, Snapshot, SnapshotError,
};

const X: &str = "17000000001";

/// Gateways of another process, with the state of these.
fn restored(gateways: &Gateways) -> Gateways {
    from_text(&gateways.snapshot().unwrap()).unwrap()
}

fn from_text(text: &str) -> Result<Gateways, SnapshotError> {
    Ok(Emulator::builder().snapshot(Snapshot::from_json(text)?).build())
}

/// The stored state with every list sorted: sets have no order.
fn stored(gateways: &Gateways) -> Value {
    let mut value = serde_json::from_str(&gateways.snapshot().unwrap()).unwrap();
    sort(&mut value);
    value
}

fn sort(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(sort);
            items.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}

#[test]
fn the_state_after_each_action_is_the_same_in_another_process() {
    let empty = stored(&good_calls::gateways());
    for action in crate::emulator::aliyun::names() {
        let gateways = good_calls::gateways();
        good_call(action, &gateways).send(&gateways);
        assert!(gateways.ledger().executed(action) > 0, "{action}");
        let stored_before = stored(&gateways);
        assert_ne!(stored_before, empty, "{action}");
        let restored = restored(&gateways);
        assert_eq!(stored(&restored), stored_before, "{action}");
        assert_eq!(restored.phone_number_protection(), gateways.phone_number_protection(), "{action}");
        assert_eq!(restored.clock().now(), start_time(), "{action}");
    }
}

#[test]
fn calls_receipts_and_queues_are_the_same_in_another_process() {
    let gateways = gateways();
    bind("15000000000", "15000000001").with("IsRecordingEnabled", "true").ok(&gateways);
    let call = gateways.place_call(&PlacedCall::new("15000000001", X));
    assert!(call.result.is_ok(), "{call:?}");
    gateways.place_call(&PlacedCall::new("13900000003", X));
    gateways.publish_text("SecretReport", "not JSON");
    let restored = restored(&gateways);
    for _ in 0..2 {
        assert!(!gateways.receipts().as_array().unwrap().is_empty());
        assert_eq!(restored.receipts(), gateways.receipts());
        assert_eq!(restored.queues(), gateways.queues());
        assert_eq!(restored.pushes(), gateways.pushes());
        assert_eq!(stored(&restored), stored(&gateways));
        // The rest of the call.
        for gateways in [&restored, &gateways] {
            gateways.clock().advance(Duration::from_secs(300));
        }
    }
    let text = |gateways: &Gateways| gateways.receipts().to_string();
    assert!(text(&restored).contains("SecretRecording"), "{}", text(&restored));
}

#[tokio::test]
async fn a_push_that_was_not_acknowledged_is_sent_again_by_another_process() {
    let nobody = PushSettings::to("http://127.0.0.1:1");
    let clock = Clock::stopped_at(start_time());
    let emulator = Emulator::builder().clock(clock).push_receipts(nobody).start().await.unwrap();
    emulator.place_call(&PlacedCall::new("13900000003", X));
    emulator.settle().await;
    let text = emulator.gateways().snapshot().unwrap();
    drop(emulator);

    let receiver = MockServer::builder().start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"code": 0})))
        .mount(&receiver)
        .await;
    let emulator = Emulator::builder().snapshot(Snapshot::from_json(&text).unwrap()).start().await.unwrap();
    emulator.push_receipts(PushSettings::to(receiver.uri()));
    emulator.settle().await;
    assert!(receiver.received_requests().await.unwrap().is_empty(), "the retry is not due");
    emulator.clock().advance(Duration::from_secs(60));
    emulator.settle().await;
    let pushes = emulator.gateways().pushes()["pushes"].clone();
    let pushes: Vec<_> = pushes.as_array().unwrap().iter().map(|push| (&push["status"], &push["attempts"])).collect();
    assert_eq!(pushes.len(), 2);
    for (status, attempts) in pushes {
        assert_eq!((status, attempts.as_array().unwrap().len()), (&json!("delivered"), 2));
    }
    assert_eq!(receiver.received_requests().await.unwrap().len(), 2);
}

/// An answer of TOP without its request id, which counts the requests.
fn content(call: &Call, gateways: &Gateways) -> Value {
    let mut answer = call.answer(gateways);
    answer.as_object_mut().unwrap().remove("request_id");
    answer
}

/// The one-time token for a security token.
fn exchange(sec_token: &str) -> Call {
    top("taobao.top.once.token.get").with("sec_token", sec_token)
}

#[test]
fn what_has_happened_to_orders_is_the_same_in_another_process() {
    let gateways = gateways();
    top("taobao.tmc.user.permit").answer(&gateways);
    assert!(gateways.set_order_status("2001", OrderStatus::Succeeded));
    let moved = gateways.change_address("2002").unwrap();
    assert!(gateways.share_receiver(["2001", "2003"]));
    extend(json!({"oaid": "oaid-2001", "order_id": 2001, "scene": "1005", "extend_days": 7})).answer(&gateways);
    let text = json!({"oaid": "oaid-2001", "order_id": "2001", "sms_free_sign_name": "a", "template_code": "SMS_1",
        "params": {"name": "b"}});
    top("taobao.jst.sms.oaid.message.send").with("param_send_message_by_o_a_i_d_request", text).answer(&gateways);
    let consume = || top("taobao.tmc.messages.consume").without("session");
    consume().with("quantity", 10).answer(&gateways);
    assert!(gateways.publish_message("first-shop", "any_topic", "{}").unwrap());
    let code = gateways.authorise("first-shop").unwrap();
    exchange("token").answer(&gateways);
    let restored = restored(&gateways);

    assert_eq!(restored.order_life(), gateways.order_life());
    let life = restored.order_life();
    assert_eq!((&life["2001"]["status"], &life["2002"]["oaid"]), (&json!("TRADE_FINISHED"), &json!(moved)));
    assert!(life["2001"]["number_ends"].is_string(), "{life}");
    assert_eq!(restored.messages(), gateways.messages());
    let hidden: Vec<bool> =
        restored.messages().as_array().unwrap().iter().map(|one| one["hidden_until"].is_string()).collect();
    assert_eq!(hidden, [true, true, false]);
    assert_eq!(restored.text_messages(), gateways.text_messages());
    assert_eq!(restored.text_messages()[0]["params"]["name"], "b");

    let request = json!({"biz_date": "2026-01-06 00:00:00", "page_no": 1, "page_size": 10});
    let bill = top("taobao.top.secret.bill.detail").with("seller_bill_query_request", request);
    assert_eq!(content(&bill, &gateways)["total_num"], 1);
    assert_eq!(content(&bill, &restored), content(&bill, &gateways));
    let merge = json!([{"oaid": "oaid-2001", "tid": "2001"}, {"oaid": "oaid-2003", "tid": "2003"}]);
    let merge = top("taobao.top.oaid.merge").with("merge_list", merge);
    assert_eq!(content(&merge, &restored)["tid_list"]["string"], json!(["2001,2003"]));
    assert_eq!(exchange("token").answer(&restored)["result_code"], "SEC_TOKEN_INVALID");

    // The code that was issued before works in both, once.
    let create = top("taobao.top.auth.token.create").without("session").with("code", code);
    assert_eq!(content(&create, &restored), content(&create, &gateways));
    assert_eq!(create.refusal(&restored), (50, "isv.invalid-parameter:code".to_owned()));
    assert_eq!(stored(&restored)["state"]["auth_tokens"], stored(&gateways)["state"]["auth_tokens"]);
}

#[test]
fn what_was_used_once_cannot_be_used_again_in_another_process() {
    let gateways = gateways();
    let bound = bind("15000000000", "15000000001");
    bound.ok(&gateways);
    gateways.rotate_session("first-shop", "session-2").unwrap();
    gateways.change_oaid("2001", "oaid-new");
    let restored = restored(&gateways);

    assert_eq!(bound.code(&restored), (400, "SignatureNonceUsed".to_owned()));
    let query = |session: &str| top("taobao.top.secret.group.query").with("session", session).with("oaid", "oaid-new");
    assert_eq!(query("emulator-session").refusal(&restored), (27, "session-expired".to_owned()));
    assert!(query("session-2").send(&restored).text.contains(r#""success":true"#));
    // The next binding has another id.
    let id = |reply: Value| reply["SecretBindDTO"]["SubsId"].clone();
    let first = id(bind("15000000002", "15000000003").ok(&gateways));
    assert_eq!(id(bind("15000000002", "15000000003").ok(&restored)), first);
    // One request before, four after.
    assert_eq!(stored(&restored)["requests"], 5);
}

#[test]
fn a_binding_of_another_process_can_be_unbound_once() {
    let gateways = gateways();
    let bound = bind("15000000000", "15000000001").ok(&gateways)["SecretBindDTO"].clone();
    let restored = restored(&gateways);
    let unbind = || {
        aliyun("UnbindSubscription")
            .with("PoolKey", super::POOL)
            .with("SubsId", bound["SubsId"].as_str().unwrap())
            .with("SecretNo", bound["SecretNo"].as_str().unwrap())
    };
    unbind().ok(&restored);
    assert_eq!(unbind().code(&restored), business_error("isv.SUBS_NOT_EXIST"));
}

#[test]
fn a_running_clock_goes_on_and_a_reset_restores_what_the_builder_sets_up() {
    let gateways = Emulator::builder().seed(7).generated_orders(3).build();
    gateways.clock().advance(Duration::from_secs(1000));
    gateways.add_shop(ShopSeed::new("north")).unwrap();
    let snapshot = Snapshot::from_json(&gateways.snapshot().unwrap()).unwrap();
    let later = Emulator::builder().seed(8).generated_orders(1).snapshot(snapshot).build();
    let ahead = later.clock().now() - Utc::now();
    assert!(later.clock().is_running() && (990..=1000).contains(&ahead.num_seconds()), "{ahead}");
    assert_eq!(later.orders(), gateways.orders());
    assert!(later.shop_names().contains(&"north".to_owned()));

    later.reset();
    assert!((later.clock().now() - Utc::now()).num_seconds() < 5);
    assert_eq!(later.orders(), Emulator::builder().seed(8).generated_orders(1).build().orders());
    assert!(!later.shop_names().contains(&"north".to_owned()));
}

#[test]
fn the_latest_time_of_a_clock_can_be_stored() {
    let gateways = Emulator::builder().clock(Clock::stopped_at(DateTime::<Utc>::MAX_UTC)).build();
    gateways.publish_text("SecretReport", "late");
    let restored = restored(&gateways);
    assert_eq!(restored.clock().now(), DateTime::<Utc>::MAX_UTC);
    assert_eq!(restored.queues(), gateways.queues());
}

#[test]
fn a_torn_text_is_refused_wherever_it_ends() {
    let gateways = gateways();
    bind("15000000000", "15000000001").ok(&gateways);
    let text = gateways.snapshot().unwrap();
    let ends = (0..text.len()).step_by(97).filter(|end| text.is_char_boundary(*end));
    for end in ends {
        assert_eq!(Snapshot::from_json(&text[..end]).unwrap_err(), SnapshotError::Torn, "{end}");
    }
}

#[test]
fn a_text_of_another_format_is_refused_without_showing_its_values() {
    let text = gateways().snapshot().unwrap();
    let error = |text: &str| Snapshot::from_json(text).unwrap_err();
    let newer = text.replacen(r#""format":1,"version":""#, r#""format":2,"version":"9."#, 1);
    let expected = format!("version 9.{} has stored this state in another format", env!("CARGO_PKG_VERSION"));
    assert_eq!(error(&newer).to_string(), expected);

    let wrong = text.replacen(r#""session":"emulator-session""#, r#""session":{"a":"secret-value"}"#, 1);
    assert_ne!(wrong, text);
    for text in [wrong.as_str(), "secret-value", r#""secret-value""#, r#"{"format": "secret-value"}"#, "[]"] {
        let error = error(text);
        assert!(matches!(error, SnapshotError::Malformed { line: 1, .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret-value"));
    }
    assert!(!format!("{:?}", Snapshot::from_json(&text).unwrap()).contains("emulator-session"));
}

#[test]
fn the_revision_changes_with_the_state_and_the_clock_and_not_by_itself() {
    let gateways = gateways();
    let mut last = gateways.revision();
    let mut has_changed = || std::mem::replace(&mut last, gateways.revision()) != gateways.revision();
    assert!(!has_changed());
    gateways.snapshot().unwrap();
    assert!(!has_changed());
    bind("15000000000", "15000000001").ok(&gateways);
    assert!(has_changed());
    gateways.clock().advance(Duration::from_secs(1));
    assert!(has_changed());
    gateways.reset();
    assert!(has_changed());
    assert!(!has_changed());
}
