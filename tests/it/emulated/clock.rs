//! The emulator's clock, in process and over HTTP, and the clients that use it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{BindAxb, BindingStatus, QuerySubscriptionDetail};
use privacy_number::emulator::Emulator;
use privacy_number::top::SecretGroupQuery;
use serde_json::{Value, json};

use super::{get, post};

const NEW_YEAR: &str = "2031-01-01T00:00:00Z";

/// Changes the clock. Returns its time and whether it runs.
async fn change(emulator: &Emulator, body: Value) -> (DateTime<Utc>, bool) {
    let (status, answer) = post(emulator, "/clock", body).await;
    assert_eq!(status, 200, "{answer}");
    let now = answer["now"].as_str().unwrap().parse().unwrap();
    assert_eq!(get(emulator, "/clock").await["running"], answer["running"]);
    (now, answer["running"].as_bool().unwrap())
}

fn new_year() -> DateTime<Utc> {
    NEW_YEAR.parse().unwrap()
}

#[tokio::test]
async fn run_starts_the_clock_at_its_time_and_now_sets_the_system_time() {
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(change(&emulator, json!({"set": NEW_YEAR})).await, (new_year(), false));
    let (now, running) = change(&emulator, json!({"run": true})).await;
    assert!(running && now >= new_year() && now < new_year() + TimeDelta::minutes(1), "{now}");
    assert!(emulator.now() > now);

    let (now, running) = change(&emulator, json!({"run": false})).await;
    assert!(!running && now >= new_year());
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(emulator.now(), now, "a stopped clock does not advance");

    let (now, running) = change(&emulator, json!({"now": true})).await;
    assert!(running && (Utc::now() - now).abs() < TimeDelta::minutes(1), "{now}");
    let (now, running) = change(&emulator, json!({"now": true, "advance": 86_400, "run": false})).await;
    let ahead = now - Utc::now();
    assert!(!running && ahead > TimeDelta::hours(23) && ahead < TimeDelta::hours(25), "{now}");
}

#[tokio::test]
async fn an_invalid_change_of_the_clock_changes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().set(new_year());
    for wrong in [
        json!({}),
        json!([]),
        json!(null),
        json!({"set": "now"}),
        json!({"set": NEW_YEAR, "now": true}),
        json!({"now": false}),
        json!({"now": "2031-01-01T00:00:00Z"}),
        json!({"advance": -1}),
        json!({"run": 1}),
        json!({"advance": 60, "stop": true}),
        json!({"advance": 60, "Run": true}),
    ] {
        let body = if wrong.is_null() { Value::Null } else { wrong.clone() };
        let (status, answer) = post(&emulator, "/clock", body).await;
        assert_eq!(status, 400, "{wrong}");
        assert!(answer["error"].is_string());
    }
    let (_, answer) = post(&emulator, "/clock", json!({"stop": true})).await;
    let reason = answer["error"].as_str().unwrap();
    assert!(reason.starts_with("unknown field `stop`, expected one of `set`, `now`, `advance`, `run`"), "{reason}");
    assert_eq!((emulator.now(), emulator.clock().is_running()), (new_year(), false));
}

#[tokio::test]
async fn the_clock_can_be_changed_in_process_too() {
    let emulator = Emulator::start().await.unwrap();
    let clock = emulator.clock();
    clock.set(new_year());
    clock.run();
    clock.stop();
    let stopped = clock.now();
    assert!(!clock.is_running() && stopped >= new_year() && clock.now() == stopped);
    clock.follow_system();
    assert!(clock.is_running() && (Utc::now() - clock.now()).abs() < TimeDelta::minutes(1));
}

#[tokio::test]
async fn every_client_of_the_emulator_uses_its_clock() {
    let emulator = Emulator::start().await.unwrap();
    let (shop, named, aliyun) =
        (emulator.shop().unwrap(), emulator.shop_named("other-shop").unwrap(), emulator.aliyun().unwrap());
    for time in [NEW_YEAR, "2019-06-01T00:00:00Z"] {
        emulator.clock().set(time.parse().unwrap());
        shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await.unwrap();
        named.send(&SecretGroupQuery::builder().oaid("oaid-2006").build()).await.unwrap();
        let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a("15000000000");
        let bind = bind.phone_no_b("15000000001").expiration(emulator.now() + TimeDelta::hours(1));
        let bound = aliyun.send(&bind.build()).await.unwrap().secret_bind;
        emulator.clock().advance(Duration::from_secs(3599));
        let query = QuerySubscriptionDetail::builder().pool_key(emulator.pool_key());
        let query = query.subs_id(bound.subs_id).phone_no_x(bound.secret_no).build();
        let status = async || aliyun.send(&query).await.unwrap().secret_bind_detail.status;
        assert_eq!(status().await, BindingStatus::InForce, "a second before its expiration");
        emulator.clock().advance(Duration::from_secs(2));
        assert_eq!(status().await, BindingStatus::Expired);
    }
    assert!(emulator.ledger().entries().iter().all(|entry| entry.executed), "no timestamp was refused");
}
