//! Any number of orders: the number of calls, the order of the results, and the errors of bad orders.

mod alike;
mod receivers;
mod refusals;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use privacy_number::top::{Decrypted, OAID_NOT_MATCHED, RECEIVER_MISSING, ReceiverQuery};
use privacy_number::{Advice, Error, Outcome};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::clients::{once, shop};
use crate::form;
use crate::server::{Server, body, ok};

type Order = BTreeMap<String, String>;

fn orders(request: &Request) -> Vec<Order> {
    serde_json::from_str(&form::decode(body(request))["query_list"]).unwrap()
}

fn refusal(sub_code: &str, words: &str) -> ResponseTemplate {
    let error = json!({"code": 50, "msg": "Remote service error", "sub_code": sub_code, "sub_msg": words});
    ok(&json!({"error_response": error}).to_string())
}

/// Refuses with a code, and with a sub-code if there is one.
fn refused(code: u32, sub_code: Option<&str>) -> ResponseTemplate {
    let mut error = json!({"code": code, "msg": "refused", "request_id": "15r6mock0002"});
    if let Some(sub_code) = sub_code {
        error["sub_code"] = sub_code.into();
    }
    ok(&json!({"error_response": error}).to_string())
}

/// Whether one of the requested orders has an OAID with this prefix.
fn any_begins(request: &Request, beginning: &str) -> bool {
    orders(request).iter().any(|order| order["oaid"].starts_with(beginning))
}

/// Answers as TOP does, in reversed order. The prefix of an OAID decides the result of its order.
fn respond(request: &Request) -> ResponseTemplate {
    let orders = orders(request);
    if any_begins(request, "wrong") {
        return refusal("isv.oaid-invalid", "oaid错误");
    }
    if any_begins(request, "foreign") {
        return refusal("isv.no-permission:oaid", "必须是此交易的买家或卖家才能获取OAID的明文信息");
    }
    let receivers: Vec<Value> = orders
        .iter()
        .rev()
        .filter(|order| !order["oaid"].starts_with("missing"))
        .map(|order| match order["oaid"].starts_with("stale") {
            true => json!({"tid": order["tid"], "oaid": order["oaid"], "matched": false}),
            false => json!({"tid": order["tid"], "oaid": order["oaid"], "name": order["oaid"], "matched": true}),
        })
        .collect();
    let members = json!({"receiver_list": {"receiver": receivers}, "request_id": "15r6mock0001"});
    ok(&json!({"top_oaid_decrypt_response": members}).to_string())
}

fn query(tid: usize, oaid: &str) -> ReceiverQuery {
    ReceiverQuery::builder().tid(tid.to_string()).oaid(oaid).build()
}

fn valid_queries(tids: std::ops::Range<usize>) -> Vec<ReceiverQuery> {
    tids.map(|tid| query(tid, &format!("oaid-{tid}"))).collect()
}

async fn decrypted(server: &Server, queries: Vec<ReceiverQuery>) -> Vec<Decrypted> {
    shop(server.top_endpoint(), once()).decrypt_all(queries).collect().await
}

/// The number of orders of each call, largest first.
async fn call_sizes(server: &Server) -> Vec<usize> {
    let mut sizes: Vec<usize> = server.received().await.iter().map(|request| orders(request).len()).collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    sizes
}

/// Asserts that the receiver has the tid and the OAID of its query.
fn assert_answers(one: &Decrypted) {
    let receiver = one.result.as_ref().unwrap();
    assert_eq!(receiver.tid.as_deref(), Some(one.query.tid.as_str()));
    assert_eq!(receiver.name.as_ref(), Some(&one.query.oaid), "the receiver is this order's");
}

#[tokio::test]
async fn forty_five_orders_take_three_calls_and_keep_their_order() {
    let server = Server::start(respond).await;
    let results = decrypted(&server, valid_queries(0..45)).await;
    assert_eq!(call_sizes(&server).await, [20, 20, 5]);
    assert_eq!(results.len(), 45);
    for (index, one) in results.iter().enumerate() {
        assert_eq!(one.query.tid, index.to_string());
        assert_answers(one);
    }
}

#[tokio::test]
async fn the_order_is_kept_when_a_later_call_is_answered_first() {
    let server = Server::start(|request| {
        let first = orders(request).iter().any(|order| order["tid"] == "0");
        respond(request).set_delay(Duration::from_millis(if first { 200 } else { 0 }))
    })
    .await;
    let tids: Vec<String> =
        decrypted(&server, valid_queries(0..45)).await.into_iter().map(|one| one.query.tid).collect();
    assert_eq!(tids, (0..45).map(|tid| tid.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_is_sent_before_the_stream_is_polled_nor_for_no_orders() {
    let server = Server::start(respond).await;
    let stream = shop(server.top_endpoint(), once()).decrypt_all(valid_queries(0..45));
    assert!(server.received().await.is_empty());
    drop(stream);
    assert!(decrypted(&server, Vec::new()).await.is_empty());
    assert!(server.received().await.is_empty());
}

#[tokio::test]
async fn a_bad_order_is_isolated_by_halving_and_the_others_are_decrypted() {
    // If the first half succeeds, the second half has the bad order: it is halved without being sent whole.
    for (bad, calls) in [(0, vec![20, 10, 10, 5, 5, 3, 2, 1, 1]), (19, vec![20, 10, 5, 2, 1, 1])] {
        for (oaid, advice) in [("wrong", Advice::RefreshOaid), ("foreign", Advice::FixRequest)] {
            let server = Server::start(respond).await;
            let mut queries = valid_queries(0..20);
            queries[bad] = query(bad, oaid);
            let results = decrypted(&server, queries).await;
            assert_eq!(results.len(), 20);
            for (index, one) in results.iter().enumerate() {
                if index == bad {
                    let error = one.result.as_ref().unwrap_err();
                    assert_eq!((error.code(), error.outcome()), (Some("50"), Outcome::Rejected));
                    assert_eq!(error.advice(), advice);
                } else {
                    assert_answers(one);
                }
            }
            assert_eq!(call_sizes(&server).await, calls, "order {bad}");
        }
    }
}

#[tokio::test]
async fn each_of_several_bad_orders_has_its_own_error() {
    let server = Server::start(respond).await;
    let mut queries = valid_queries(0..40);
    for (bad, oaid) in [(3, "wrong"), (4, "foreign"), (17, "wrong"), (18, "foreign"), (25, "foreign"), (39, "wrong")] {
        queries[bad] = query(bad, oaid);
    }
    for one in decrypted(&server, queries).await {
        let advice = match one.query.oaid.expose() {
            "wrong" => Advice::RefreshOaid,
            "foreign" => Advice::FixRequest,
            _ => {
                assert_answers(&one);
                continue;
            }
        };
        assert_eq!(one.result.unwrap_err().advice(), advice, "order {}", one.query.tid);
    }
}

#[tokio::test]
async fn a_missing_receiver_and_a_stale_oaid_are_errors_of_their_orders_alone() {
    let server = Server::start(respond).await;
    let queries = vec![query(1, "oaid-1"), query(2, "missing"), query(3, "stale"), query(4, "oaid-4")];
    let results = decrypted(&server, queries).await;
    assert_answers(&results[0]);
    assert_answers(&results[3]);
    let missing = results[1].result.as_ref().unwrap_err();
    assert_eq!((missing.code(), missing.outcome()), (Some(RECEIVER_MISSING), Outcome::Executed));
    let stale = results[2].result.as_ref().unwrap_err();
    assert_eq!((stale.code(), stale.outcome()), (Some(OAID_NOT_MATCHED), Outcome::Rejected));
    assert_eq!(stale.advice(), Advice::RefreshOaid);
    for error in [missing, stale] {
        assert_eq!(error.request_id(), Some("15r6mock0001"), "the request id of the call");
    }
    assert_eq!(call_sizes(&server).await, [4]);
}

#[tokio::test]
async fn an_invalid_query_is_its_own_error_and_is_not_sent() {
    let server = Server::start(respond).await;
    let results = decrypted(&server, vec![query(1, "oaid-1"), query(2, ""), query(3, &"a".repeat(129))]).await;
    assert_answers(&results[0]);
    for one in &results[1..] {
        assert!(matches!(one.result, Err(Error::Invalid(_))));
    }
    assert_eq!(call_sizes(&server).await, [1]);
}

#[tokio::test]
async fn a_repeated_order_is_sent_once_and_answered_each_time() {
    let server = Server::start(respond).await;
    let mut queries = valid_queries(0..10);
    queries.extend(valid_queries(0..10));
    let results = decrypted(&server, queries).await;
    assert_eq!(results.len(), 20);
    results.iter().for_each(assert_answers);
    assert_eq!(call_sizes(&server).await, [10]);
}

#[tokio::test]
async fn two_oaids_of_one_order_are_never_in_one_call() {
    let server = Server::start(respond).await;
    let results = decrypted(&server, vec![query(1, "oaid-a"), query(1, "oaid-b"), query(2, "oaid-c")]).await;
    results.iter().for_each(assert_answers);
    for request in server.received().await {
        let mut tids: Vec<String> = orders(&request).into_iter().map(|order| order["tid"].clone()).collect();
        tids.sort();
        tids.dedup();
        assert_eq!(tids.len(), orders(&request).len(), "answers are matched by tid alone");
    }
}

#[tokio::test]
async fn an_exhausted_quota_is_the_error_of_every_order_and_no_call_is_halved() {
    let server = Server::start(|_| refusal("isv.decryption-quota-exceeded", "当日解密订单数量已超过额度")).await;
    let results = decrypted(&server, valid_queries(0..200)).await;
    assert_eq!(results.len(), 200);
    let midnight = chrono::DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
    for one in &results {
        let error = one.result.as_ref().unwrap_err();
        assert_eq!(error.sub_code(), Some("isv.decryption-quota-exceeded"));
        assert_eq!(error.advice(), Advice::WaitUntil(midnight));
    }
    let sizes = call_sizes(&server).await;
    assert!(sizes.len() <= 4 && sizes.iter().all(|size| *size == 20), "only calls in flight were sent: {sizes:?}");
}

#[tokio::test]
async fn calls_one_at_a_time_do_not_overlap() {
    use std::sync::{Arc, Mutex};
    use std::time::Instant;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let pause = Duration::from_millis(30);
    let server = Server::start(move |request| {
        seen.lock().unwrap().push(Instant::now());
        respond(request).set_delay(pause)
    })
    .await;
    let shop = shop(server.top_endpoint(), once());
    let results: Vec<Decrypted> = shop.decrypt_all(valid_queries(0..100)).concurrency(1).collect().await;
    results.iter().for_each(assert_answers);
    let arrivals = arrivals.lock().unwrap();
    assert_eq!((results.len(), arrivals.len()), (100, 5));
    assert!(arrivals.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= pause));
}
