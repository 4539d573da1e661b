//! The entries of the ledger.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::BindAxb;
use privacy_number::emulator::{Clock, Emulator, Entry, Fault, ShopSeed};
use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, ReceiverQuery, Scene, SecretGroupQuery,
};
use serde_json::json;

use super::get;

fn start_time() -> DateTime<Utc> {
    "2026-01-06T02:00:00Z".parse().unwrap()
}

async fn emulator() -> Emulator {
    let north = ShopSeed::new("north").orders([("5001", "oaid-5001")]).client_tokens(["north-once"]);
    Emulator::builder().clock(Clock::stopped_at(start_time())).shop(north).start().await.unwrap()
}

fn bind(emulator: &Emulator, phone_no_b: &str) -> BindAxb {
    let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a("15000000000").phone_no_b(phone_no_b);
    bind.expiration(start_time() + TimeDelta::days(7)).build()
}

fn query(tid: &str, oaid: &str) -> ReceiverQuery {
    ReceiverQuery::builder().tid(tid).oaid(oaid).scene(Scene::AfterSales).build()
}

fn client_decrypt(token: &str) -> OaidClientDecrypt {
    let query = ClientReceiverQuery::builder().tid("5001").oaid("oaid-5001").scene(Scene::AfterSales).build();
    OaidClientDecrypt::new(token, query)
}

fn last(emulator: &Emulator) -> Entry {
    emulator.ledger().entries().pop().unwrap()
}

#[tokio::test]
async fn an_entry_has_the_time_and_the_request_id_of_the_response() {
    let emulator = emulator().await;
    let bound = emulator.aliyun().unwrap().send(&bind(&emulator, "15000000001")).await.unwrap();
    assert_eq!(last(&emulator).request_id, bound.request_id);
    assert_eq!(last(&emulator).time, start_time());
    emulator.clock().advance(Duration::from_secs(90));
    let answer = emulator.shop().unwrap().send(&OaidDecrypt::new([query("2001", "oaid-2001")])).await.unwrap();
    assert_eq!(last(&emulator).request_id, answer.request_id);
    assert_eq!(last(&emulator).time, start_time() + TimeDelta::seconds(90));
    let error = emulator.shop().unwrap().send(&OaidDecrypt::new([query("2001", "quota-1")])).await.unwrap_err();
    assert_eq!(last(&emulator).request_id.as_deref(), error.request_id());
    let error = emulator.aliyun().unwrap().send(&bind(&emulator, "15000000001")).await.err();
    assert_eq!(error.map(|error| error.request_id().map(str::to_owned)), error_id(&emulator));
}

/// The request id of the last entry if the request was refused.
fn error_id(emulator: &Emulator) -> Option<Option<String>> {
    let entry = last(emulator);
    (!entry.executed).then_some(entry.request_id)
}

#[tokio::test]
async fn a_request_without_a_response_has_no_request_id() {
    let emulator = emulator().await;
    let aliyun = emulator.aliyun().unwrap();
    for fault in [Fault::reset_before_execution(), Fault::unavailable()] {
        emulator.inject(fault.on("BindAxb").times(1));
        let _ = aliyun.send(&bind(&emulator, "15000000001")).await;
        assert_eq!(emulator.ledger().entries()[0].request_id, None);
        emulator.ledger().clear();
    }
    emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    aliyun.send(&bind(&emulator, "15000000001")).await.unwrap_err();
    let lost = last(&emulator);
    assert!(lost.executed && lost.request_id.is_some(), "what the gateway gave, though nobody heard it");
}

#[tokio::test]
async fn an_entry_has_the_shop_of_the_session_or_the_client_token() {
    let emulator = emulator().await;
    let (top, north) = (emulator.top().unwrap(), emulator.shop_named("north").unwrap());
    north.send(&OaidDecrypt::new([query("5001", "oaid-5001")])).await.unwrap();
    assert_eq!(last(&emulator).shop.as_deref(), Some("north"));
    emulator.expire_session("north").unwrap();
    north.send(&OaidDecrypt::new([query("5001", "oaid-5001")])).await.unwrap_err();
    assert_eq!(last(&emulator).shop.as_deref(), Some("north"), "an expired session is still its shop's");
    top.send(&client_decrypt("north-once")).await.unwrap();
    assert_eq!(last(&emulator).shop.as_deref(), Some("north"));
    top.shop("nobodys").send(&OaidDecrypt::new([query("5001", "oaid-5001")])).await.unwrap_err();
    assert_eq!(last(&emulator).shop, None);
    emulator.inject(Fault::error("isp.call-limited").times(1).on("taobao.top.oaid.client.decrypt"));
    let _ = top.shop(emulator.session()).send(&client_decrypt("no-token")).await;
    let with_fault = emulator.ledger().entries().into_iter().find(|entry| entry.fault.is_some()).unwrap();
    assert_eq!(with_fault.shop.as_deref(), Some("first-shop"), "a substitute answer also has the shop");
}

#[tokio::test]
async fn the_attempts_of_one_call_are_counted() {
    let emulator = emulator().await;
    let shop = emulator.shop().unwrap();
    let attempts =
        |emulator: &Emulator| emulator.ledger().entries().iter().map(|entry| entry.attempt).collect::<Vec<_>>();
    emulator.inject(Fault::unavailable().on("taobao.top.secret.group.query").times(2));
    shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await.unwrap();
    assert_eq!(attempts(&emulator), [1, 2, 3]);

    // A request with another value, operation or shop is another call.
    emulator.ledger().clear();
    let decrypt = |tid: &str, oaid: &str| OaidDecrypt::new([query(tid, oaid)]);
    shop.send(&decrypt("2001", "oaid-2001")).await.unwrap();
    shop.send(&decrypt("2002", "oaid-2002")).await.unwrap();
    shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await.unwrap();
    let north = emulator.shop_named("north").unwrap();
    let _ = north.send(&decrypt("2001", "oaid-2001")).await;
    let aliyun = emulator.aliyun().unwrap();
    aliyun.send(&bind(&emulator, "15000000001")).await.unwrap();
    aliyun.send(&bind(&emulator, "15000000002")).await.unwrap();
    assert_eq!(attempts(&emulator), [1; 6]);
    // A second call with the same values counts as a retry. Nonce and time are not compared.
    emulator.clock().advance(Duration::from_secs(5));
    shop.send(&decrypt("2002", "oaid-2002")).await.unwrap();
    let _ = aliyun.send(&bind(&emulator, "15000000001")).await;
    assert_eq!(attempts(&emulator)[6..], [2, 2]);
}

#[tokio::test]
async fn an_entry_has_the_names_of_parameters_and_no_values() {
    let emulator = emulator().await;
    emulator.aliyun().unwrap().send(&bind(&emulator, "15000000001")).await.unwrap();
    let entry = last(&emulator);
    let names: Vec<_> = entry.parameters().collect();
    assert!(names.is_sorted(), "{names:?}");
    for name in ["Action", "PhoneNoA", "PhoneNoB", "PoolKey", "Expiration", "Signature", "SignatureNonce"] {
        assert!(names.contains(&name), "{name}");
    }
    emulator.shop().unwrap().send(&OaidDecrypt::new([query("2001", "oaid-2001")])).await.unwrap();
    assert!(last(&emulator).parameters().any(|name| name == "query_list"));
    let shown = format!("{:?} {}", emulator.ledger(), get(&emulator, "/ledger").await);
    for value in ["15000000001", "FC100000000000001", "oaid-2001", "emulator-session", "emulator-access-key-id"] {
        assert!(!shown.contains(value), "{value}");
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_a_name_is_not_shown_as_one() {
    let emulator = emulator().await;
    let client = reqwest::Client::new();
    let many: String = (0..150).map(|n| format!("&name{n}=x")).collect();
    let long = "n".repeat(65);
    let bodies = [
        ("{\"PhoneNoA\":\"15000000001\"}=1&Action=BindAxb".to_owned(), vec!["Action", "?"]),
        ("15000000001=1&A15000000001=2&张三=3&a%20b=4&_x=5".to_owned(), vec!["?"]),
        (format!("{long}=1&x.y-z=2"), vec!["x.y-z", "?"]),
        ("x=%FF".to_owned(), vec![]),
    ];
    for (body, names) in bodies {
        let request = client.post(emulator.aliyun_endpoint()).body(body);
        request.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!(last(&emulator).parameters().collect::<Vec<_>>(), names);
    }
    let request = client.post(emulator.aliyun_endpoint()).body(many);
    request.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(last(&emulator).parameters().count(), 101);
}

#[tokio::test]
async fn an_observer_gets_the_entries_of_the_ledger() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let watcher = std::sync::Arc::clone(&seen);
    let builder = Emulator::builder().on_request(move |entry| watcher.lock().unwrap().push(entry.clone()));
    let emulator = builder.start().await.unwrap();
    let shop = emulator.shop().unwrap();
    for _ in 0..2 {
        shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), emulator.ledger().entries());
    assert_eq!(get(&emulator, "/ledger").await["entries"][1]["attempt"], json!(2));
}
