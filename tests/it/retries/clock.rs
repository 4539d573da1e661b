//! A wrong clock is corrected once from the `Date` of the gateway.

use privacy_number::aliyun::QuerySubscriptionDetail;
use privacy_number::top::SecretGroupQuery;
use privacy_number::{Advice, Outcome};

use super::Call;
use crate::clients::{aliyun, fast_retries, shop};
use crate::raw_server::{RawServer, Reply};

/// An hour after the clients' clock.
const DATE: (&str, &str) = ("Date", "Tue, 06 Jan 2026 03:00:00 GMT");

fn expired(call: Call, headers: &[(&str, &str)]) -> Reply {
    if call.is_top {
        Reply::http("200 OK", headers, r#"{"error_response":{"code":31,"msg":"Invalid Timestamp"}}"#)
    } else {
        Reply::http("400 Bad Request", headers, r#"{"RequestId":"r","Code":"InvalidTimeStamp.Expired"}"#)
    }
}

#[tokio::test]
async fn an_expired_timestamp_corrects_tops_clock_for_this_and_later_calls() {
    let call = Call::of::<SecretGroupQuery>();
    let server = RawServer::start([expired(call, &[DATE]), Reply::ok(call.success())]).await;
    let shop = shop(server.top_endpoint(), fast_retries(3));
    let query = SecretGroupQuery::builder().oaid("oaid-a").build();
    shop.send(&query).await.unwrap();
    shop.send(&query).await.unwrap();
    let times: Vec<String> = server.forms().iter().map(|form| form["timestamp"].clone()).collect();
    assert_eq!(times, ["2026-01-06 10:00:00", "2026-01-06 11:00:00", "2026-01-06 11:00:00"]);
}

#[tokio::test]
async fn an_expired_timestamp_corrects_aliyuns_clock_for_this_and_later_calls() {
    let call = Call::of::<QuerySubscriptionDetail>();
    let server = RawServer::start([expired(call, &[DATE]), Reply::ok(call.success())]).await;
    let client = aliyun(server.aliyun_endpoint(), fast_retries(3));
    let read = QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build();
    client.send(&read).await.unwrap();
    client.clone().send(&read).await.unwrap();
    let times: Vec<String> = server.forms().iter().map(|form| form["Timestamp"].clone()).collect();
    assert_eq!(times, ["2026-01-06T02:00:00Z", "2026-01-06T03:00:00Z", "2026-01-06T03:00:00Z"]);
}

#[tokio::test]
async fn the_clock_is_corrected_once_per_call_whatever_the_safety() {
    for call in Call::all() {
        let server = RawServer::start([expired(call, &[DATE])]).await;
        let error = call.send(&server.aliyun_endpoint(), fast_retries(5)).await.unwrap_err();
        assert_eq!((error.attempts(), server.requests().len()), (2, 2), "{call:?}");
        assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::FixRequest), "{call:?}");
    }
}

#[tokio::test]
async fn without_a_date_the_clock_is_not_corrected_and_nothing_is_retried() {
    for call in Call::all() {
        let server = RawServer::start([expired(call, &[])]).await;
        let error = call.send(&server.aliyun_endpoint(), fast_retries(5)).await.unwrap_err();
        assert_eq!((error.advice(), server.requests().len()), (Advice::FixRequest, 1), "{call:?}");
    }
}
