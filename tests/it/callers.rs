//! The callers of a 700 number: only the difference is sent, and nothing that the gateway would refuse.

use std::time::Duration;

use futures_util::StreamExt;
use privacy_number::emulator::Emulator;
use privacy_number::top::{CallerReport, SecretGroupQuery, SecretGroupUpdate, Shop, WireShape};
use privacy_number::{Advice, Error, Operation, PhoneNumber, Private, VirtualNumber};
use serde_json::{Value, json};

use crate::clients::{fast_retries, once, shop};
use crate::gauge::Gauge;
use crate::raw_server::{RawServer, Reply};

/// An order with a 700 number that the emulator knows from the start.
const OAID: &str = "oaid-2001";

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("131{number:08}")).collect()
}

fn texts(callers: &[PhoneNumber]) -> Vec<&str> {
    callers.iter().map(PhoneNumber::expose).collect()
}

/// How many queries and updates the emulator received.
fn calls(emulator: &Emulator) -> (u64, u64) {
    let ledger = emulator.ledger();
    (ledger.count(SecretGroupQuery::NAME), ledger.count(SecretGroupUpdate::NAME))
}

async fn reported(emulator: &Emulator) -> Vec<String> {
    let answer = emulator.shop().unwrap().send(&SecretGroupQuery::builder().oaid(OAID).build()).await.unwrap();
    let mut callers: Vec<String> = answer.call_mobile.into_iter().map(Private::into_exposed).collect();
    callers.sort();
    callers
}

/// An emulator whose order has 70 callers, 40 of them the shop's own; and how many requests it has received.
async fn with_70_callers() -> (Emulator, Shop, (u64, u64)) {
    let emulator = Emulator::builder().shop_callers(numbers(0..40)).start().await.unwrap();
    let shop = emulator.shop().unwrap();
    shop.ensure_callers(OAID, numbers(40..70)).await.unwrap();
    assert_eq!(reported(&emulator).await, numbers(0..70));
    let before = calls(&emulator);
    (emulator, shop, before)
}

#[tokio::test]
async fn seventy_callers_and_twelve_new_ones_are_refused_before_anything_is_sent() {
    let (emulator, shop, (queries, updates)) = with_70_callers().await;
    let error = shop.ensure_callers(OAID, numbers(62..82)).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(error) if error.field() == "callers"), "{error}");
    assert_eq!(error.advice(), Advice::FixRequest);
    assert_eq!(calls(&emulator), (queries + 1, updates), "no update was sent at all");
    assert_eq!(reported(&emulator).await, numbers(0..70));
}

#[tokio::test]
async fn seventy_callers_and_eight_new_ones_are_sent() {
    let (emulator, shop, (queries, updates)) = with_70_callers().await;
    let report = shop.ensure_callers(OAID, numbers(58..78)).await.unwrap();
    assert_eq!(texts(&report.added), numbers(70..78));
    assert_eq!(texts(&report.unchanged), numbers(58..70));
    assert!(report.is_complete());
    assert_eq!(calls(&emulator), (queries + 1, updates + 1));
    assert_eq!(reported(&emulator).await, numbers(0..78));
}

#[tokio::test]
async fn exactly_eighty_are_allowed_and_one_more_is_not() {
    let (emulator, shop, _) = with_70_callers().await;
    shop.ensure_callers(OAID, numbers(70..80)).await.unwrap();
    let updates = calls(&emulator).1;
    shop.ensure_callers(OAID, numbers(80..81)).await.unwrap_err();
    assert_eq!(calls(&emulator).1, updates);
    assert!(shop.ensure_callers(OAID, numbers(0..80)).await.unwrap().added.is_empty(), "all are reported already");
}

#[tokio::test]
async fn a_second_run_sends_only_the_query() {
    let emulator = Emulator::start().await.unwrap();
    let shop = emulator.shop().unwrap();
    let first = shop.ensure_callers(OAID, numbers(0..3)).await.unwrap();
    assert_eq!((first.added.len(), calls(&emulator)), (3, (1, 1)));
    let second = shop.ensure_callers(OAID, numbers(0..3)).await.unwrap();
    assert_eq!((second.unchanged.len(), second.added.len(), calls(&emulator)), (3, 0, (2, 1)));

    let removed = shop.remove_callers(OAID, numbers(0..2)).await.unwrap();
    assert_eq!((texts(&removed.removed), calls(&emulator)), (vec!["13100000000", "13100000001"], (3, 2)));
    let again = shop.remove_callers(OAID, numbers(0..2)).await.unwrap();
    assert_eq!((again.removed.len(), again.unchanged.len(), calls(&emulator)), (0, 2, (4, 2)));
    assert_eq!(reported(&emulator).await, numbers(2..3));
}

#[tokio::test]
async fn callers_are_normalised_and_invalid_numbers_are_reported() {
    let emulator = Emulator::start().await.unwrap();
    let callers = [
        "010-12345678",
        "+86 131 0000 0000",
        "13100000000",
        "０１０12345678",
        "400-123-4567",
        "no number",
        "",
        "00123",
    ];
    let report = emulator.shop().unwrap().ensure_callers(OAID, callers).await.unwrap();
    assert_eq!(texts(&report.added), ["01012345678", "13100000000", "4001234567"]);
    let refused: Vec<&str> = report.refused.iter().map(|refused| refused.caller.expose()).collect();
    assert_eq!(refused, ["no number", "", "00123"]);
    assert!(!report.is_complete() && report.failure.is_none());
    assert_eq!(reported(&emulator).await, ["01012345678", "13100000000", "4001234567"]);
    let shown = format!("{report:?}");
    assert!(!shown.contains("no number") && !shown.contains("13100000000"), "{shown}");
}

#[tokio::test]
async fn only_a_700_number_takes_callers_so_nothing_is_sent_for_another_kind() {
    let emulator = Emulator::start().await.unwrap();
    let shop = emulator.shop().unwrap();
    for number in ["13200000001-9999", "13000000000", "132****0001"] {
        let report = shop.ensure_callers("oaid-2002", numbers(0..3)).number(number).await.unwrap();
        assert!(report.not_needed && report.added.is_empty(), "{number}");
        assert!(shop.remove_callers("oaid-2002", numbers(0..3)).number(number).await.unwrap().not_needed);
    }
    assert_eq!(calls(&emulator), (0, 0));
    let report = shop.ensure_callers(OAID, numbers(0..3)).number("700507877719557").await.unwrap();
    assert_eq!((report.not_needed, report.added.len()), (false, 3));
}

#[tokio::test]
async fn forty_five_callers_take_three_calls_of_at_most_twenty() {
    for shape in [WireShape::default(), WireShape::Flat] {
        let emulator = Emulator::start().await.unwrap();
        let change = emulator.shop().unwrap().ensure_callers(OAID, numbers(0..45)).wire_shape(shape);
        assert_eq!(change.await.unwrap().added.len(), 45);
        assert_eq!(calls(&emulator), (1, 3));
        assert_eq!(reported(&emulator).await, numbers(0..45));
    }
}

/// The response to a query of callers.
fn callers_response(callers: &[&str]) -> String {
    let content = json!({"call_mobile": {"string": callers}, "success": true, "request_id": "r"});
    json!({"top_secret_group_query_response": content}).to_string()
}

const UPDATED: &str = r#"{"top_secret_group_update_response":{"success":true,"request_id":"r"}}"#;
const REFUSED: &str = r#"{"top_secret_group_update_response":{"success":false,"errorCode":"gxb-group-update-failed",
    "errorMsg":"G组号池更新失败","request_id":"r-9"}}"#;

/// The callers of each update that was received.
fn sent(server: &RawServer) -> Vec<Vec<String>> {
    let lists = server.forms().into_iter().filter_map(|mut form| {
        let request = form.remove("secret_order_g_group_update_external_request")?;
        let request: Value = serde_json::from_str(&request).unwrap();
        serde_json::from_value(request["mobile_list"].clone()).unwrap()
    });
    lists.collect()
}

#[tokio::test]
async fn a_failure_in_the_second_call_lists_the_added_the_failed_and_the_untried_callers() {
    let answers = [&callers_response(&[]), UPDATED, REFUSED, UPDATED].map(Reply::ok);
    let server = RawServer::start(answers).await;
    let report = shop(server.top_endpoint(), once()).ensure_callers(OAID, numbers(0..70)).await.unwrap();
    assert_eq!(texts(&report.added), numbers(0..20));
    assert_eq!(texts(&report.failed), numbers(20..40));
    assert_eq!(texts(&report.not_tried), numbers(40..70));
    assert!(!report.is_complete());
    assert_eq!(report.failure.as_ref().unwrap().code(), Some("gxb-group-update-failed"));
    assert_eq!(server.requests().len(), 3, "nothing more was sent");
}

#[tokio::test]
async fn an_update_whose_response_is_lost_is_retried_since_adding_twice_does_no_harm() {
    let answers = [Reply::ok(callers_response(&[])), Reply::Reset, Reply::ok(UPDATED)];
    let server = RawServer::start(answers).await;
    let report = shop(server.top_endpoint(), fast_retries(2)).ensure_callers(OAID, numbers(0..5)).await.unwrap();
    assert_eq!((report.added.len(), report.failure.is_none()), (5, true));
    assert_eq!(sent(&server), [numbers(0..5), numbers(0..5)]);
}

#[tokio::test]
async fn callers_that_cannot_be_read_change_nothing() {
    let answer = r#"{"top_secret_group_query_response":{"success":false,"errorCode":"gxb-group-query-error"}}"#;
    let server = RawServer::start([Reply::ok(answer)]).await;
    let error = shop(server.top_endpoint(), once()).ensure_callers(OAID, numbers(0..5)).await.unwrap_err();
    assert_eq!((error.code(), server.requests().len()), (Some("gxb-group-query-error"), 1));
}

#[tokio::test]
async fn callers_that_a_masked_list_may_or_may_not_hold_are_sent_again() {
    let masked = callers_response(&["131****0000", "132****0000"]);
    let server = RawServer::start([&masked, UPDATED, &masked, UPDATED].map(Reply::ok)).await;
    let shop = shop(server.top_endpoint(), once());
    let report = shop.ensure_callers(OAID, ["13100000000", "13300000000"]).await.unwrap();
    assert_eq!((report.added.len(), report.unchanged.len()), (2, 0));
    let report = shop.remove_callers(OAID, ["13100000000", "13300000000"]).await.unwrap();
    assert_eq!((report.removed.len(), report.unchanged.len()), (2, 0));
    assert_eq!(sent(&server), [["13100000000", "13300000000"]; 2]);
}

#[tokio::test]
async fn callers_that_a_masked_list_may_hold_do_not_count_as_new() {
    let masked: Vec<String> = (0..80).map(|number| format!("131****{number:04}")).collect();
    let masked: Vec<&str> = masked.iter().map(String::as_str).collect();
    let server = RawServer::start([Reply::ok(callers_response(&masked)), Reply::ok(UPDATED)]).await;
    let shop = shop(server.top_endpoint(), once());
    assert_eq!(shop.ensure_callers(OAID, numbers(0..80)).await.unwrap().added.len(), 80);
    assert_eq!(sent(&server).iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 20, 20]);

    let server = RawServer::start([Reply::ok(callers_response(&masked)), Reply::ok(UPDATED)]).await;
    let shop = crate::clients::shop(server.top_endpoint(), once());
    shop.ensure_callers(OAID, ["15000000000"]).await.unwrap_err();
    assert!(sent(&server).is_empty());
}

#[tokio::test]
async fn results_of_many_orders_keep_their_order_and_calls_in_flight_are_bounded() {
    let server = Gauge::start(Duration::from_millis(5), |form| match form["method"].as_str() {
        SecretGroupUpdate::NAME => UPDATED.to_owned(),
        _ => callers_response(&[]),
    })
    .await;
    let orders = (0..30).map(|order| {
        let number = if order % 3 == 0 { "13200000001-9999" } else { "700507877719557" };
        (Private::from(format!("oaid-{order}")), Some(VirtualNumber::from(number)))
    });
    let results: Vec<(Private, Result<CallerReport, Error>)> =
        shop(server.top_endpoint(), once()).ensure_callers_of_all(orders, numbers(0..3), 4).collect().await;
    assert_eq!(results.len(), 30);
    for (index, (oaid, report)) in results.into_iter().enumerate() {
        assert_eq!(oaid.expose(), format!("oaid-{index}"));
        let report = report.unwrap();
        assert_eq!((report.not_needed, report.added.len()), if index % 3 == 0 { (true, 0) } else { (false, 3) });
    }
    assert_eq!(server.received(), 2 * 20);
    assert!((2..=4).contains(&server.most_at_once()), "{} at once", server.most_at_once());
}

#[tokio::test]
async fn the_failure_of_one_order_does_not_affect_the_others() {
    let emulator = Emulator::start().await.unwrap();
    let settings = emulator.settings().retry(privacy_number::RetryPolicy::never());
    let shop = emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session());
    let orders = ["oaid-2001", "no-such-oaid", "oaid-2001"].map(|oaid| (Private::from(oaid), None));
    let results: Vec<_> = shop.ensure_callers_of_all(orders, numbers(0..2), 1).collect().await;
    let added: Vec<Option<usize>> =
        results.iter().map(|(_, report)| report.as_ref().ok().map(|report| report.added.len())).collect();
    assert_eq!(added, [Some(2), None, Some(0)]);
}
