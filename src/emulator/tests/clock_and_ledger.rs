use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::binding::bind;
use super::{aliyun, gateways, start_time, top};
use crate::emulator::{CallRecord, Clock, Emulator, NumberPool, NumberSpec, china_time};

#[test]
fn a_clock_stops_when_it_is_set_and_can_be_started_again() {
    let clock = Clock::new();
    assert!((Utc::now() - clock.now()).abs() < TimeDelta::seconds(5));
    clock.set(start_time());
    assert_eq!(clock.now(), start_time());
    clock.clone().advance(Duration::from_secs(60));
    assert_eq!(clock.now(), start_time() + TimeDelta::minutes(1));
    clock.run();
    clock.advance(Duration::from_secs(60));
    let ahead = clock.now() - start_time();
    assert!(ahead >= TimeDelta::minutes(2) && ahead < TimeDelta::minutes(3));
    clock.advance(Duration::MAX);
    assert!(clock.now() > start_time());
}

#[test]
fn the_ledger_distinguishes_handled_from_executed() {
    let gateways = gateways();
    let queries = json!([{"tid": "2001", "oaid": "oaid-2001"}]);
    let call = top("taobao.top.oaid.decrypt").with("query_list", queries);
    call.send(&gateways);
    call.clone().with("session", "secret session").send(&gateways);
    call.clone().secret("x").send(&gateways);
    top("taobao.no.such.method").send(&gateways);
    bind("15000000000", "15000000001").send(&gateways);
    bind("15000000000", "x").send(&gateways);
    let update = top("taobao.top.secret.group.update").with("oaid", "oaid-2002");
    update.with("operate_type", "ADD_GXB_GROUP").with("mobile_list", "13100000000").send(&gateways);

    let ledger = gateways.ledger();
    assert_eq!(ledger.count("taobao.top.oaid.decrypt"), 3);
    assert_eq!(ledger.executed("taobao.top.oaid.decrypt"), 1);
    assert_eq!((ledger.count("BindAxb"), ledger.executed("BindAxb")), (2, 1));
    let entries: Vec<_> =
        ledger.entries().iter().map(|entry| (entry.operation, entry.code.to_string(), entry.executed)).collect();
    let entry = |operation, code: &str, executed| (operation, code.to_owned(), executed);
    assert_eq!(
        entries,
        [
            entry("taobao.top.oaid.decrypt", "OK", true),
            entry("taobao.top.oaid.decrypt", "invalid-sessionkey", false),
            entry("taobao.top.oaid.decrypt", "25", false),
            entry("unknown", "22", false),
            entry("BindAxb", "OK", true),
            entry("BindAxb", "isv.MOBILE_NUMBER_ILLEGAL", false),
            entry("taobao.top.secret.group.update", "gxb-group-update-failed", false),
        ]
    );
}

#[test]
fn the_ledger_keeps_the_latest_requests_and_counts_all() {
    let gateways = gateways();
    let call = top("taobao.top.secret.group.query").with("app_key", "1").request();
    for _ in 0..10_001 {
        let _ = gateways.respond(call.clone());
    }
    assert_eq!(gateways.ledger().entries().len(), 10_000);
    assert_eq!(gateways.ledger().count("taobao.top.secret.group.query"), 10_001);
}

#[test]
fn debug_shows_no_secrets_and_no_personal_data() {
    let builder = Emulator::builder()
        .app("CANARY", "CANARY")
        .session("CANARY")
        .shop_callers(["CANARY"])
        .orders([("CANARY", "CANARY")])
        .client_tokens(["CANARY"])
        .access_key("CANARY", "CANARY")
        .temporary_access_key("CANARY", "CANARY", "CANARY")
        .pool("CANARY", [("CANARY", "CANARY")])
        .stock(NumberSpec::Carrier, "CANARY", 1)
        .call_record(CallRecord::call("CANARY").in_pool("CANARY"));
    let pool = NumberPool::new("CANARY").numbers([("CANARY", "CANARY")]);
    let record = CallRecord::message("CANARY").in_pool("CANARY");
    assert!(!format!("{builder:?} {pool:?} {record:?}").contains("CANARY"));
    let gateways = builder.build();
    top("CANARY").with("format", "CANARY").send(&gateways);
    assert!(!format!("{gateways:?} {:?}", gateways.ledger()).contains("CANARY"));
}

#[test]
fn request_ids_differ() {
    let gateways = gateways();
    let id = || top("x").send(&gateways).json["error_response"]["request_id"].clone();
    assert_ne!(id(), id());
    let id = || bind("x", "y").send(&gateways).json["RequestId"].as_str().unwrap().to_owned();
    let (first, second) = (id(), id());
    assert_ne!(first, second);
    assert_eq!((first.len(), first.to_uppercase()), (36, first.clone()));
}

#[test]
fn a_text_in_china_time_is_parsed_only_if_it_is_exact() {
    let text = "2026-01-06 10:00:00";
    assert_eq!(china_time::parse(text), Some(start_time()));
    assert_eq!(china_time::format(start_time() + TimeDelta::milliseconds(999)), text);
    for wrong in [
        "2026-1-6 10:00:00",
        "2026-01-06T10:00:00",
        " 2026-01-06 10:00:00",
        "2026-01-06 10:00:00 ",
        "2026-01-06  10:00:0",
        "2026-01-06 10:00:60",
        "2026-13-06 10:00:00",
        "+026-01-06 10:00:00",
        "+10000-1-6 10:00:00",
        "2026-01-06 10:00",
        "",
    ] {
        assert_eq!(china_time::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_clock_beyond_the_year_9999_does_not_break_a_response() {
    let gateways = Emulator::builder().clock(Clock::stopped_at(DateTime::<Utc>::MAX_UTC)).build();
    assert_eq!(aliyun("BindAxb").send(&gateways).status, 400);
    gateways.clock().set(DateTime::<Utc>::MIN_UTC);
    assert_eq!(aliyun("BindAxb").send(&gateways).status, 400);
}
