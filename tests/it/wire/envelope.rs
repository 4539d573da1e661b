//! Common to all calls: the timestamp, and a new nonce and signature for every attempt.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use privacy_number::aliyun::QuerySubscriptionDetail;
use privacy_number::top::SecretGroupQuery;

use crate::clients::{ACCESS_KEY_SECRET, APP_SECRET, aliyun, fast_retries, instant, once, shop};
use crate::own_process::run_test;
use crate::server::{Server, body, response};
use crate::{form, signatures};

fn read() -> QuerySubscriptionDetail {
    QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build()
}

#[tokio::test]
async fn timestamps_are_in_china_time_at_top_and_in_utc_at_aliyun() {
    let server = Server::always("").await;
    let late = || instant() + TimeDelta::hours(15);
    let _ = shop(server.top_endpoint(), once().clock(late)).send(&SecretGroupQuery::builder().oaid("a").build()).await;
    let _ = aliyun(server.aliyun_endpoint(), once().clock(late)).send(&read()).await;
    let received = server.received().await;
    assert_eq!(form::decode(body(&received[0]))["timestamp"], "2026-01-07 01:00:00");
    assert_eq!(form::decode(body(&received[1]))["Timestamp"], "2026-01-06T17:00:00Z");
}

#[test]
fn the_time_zone_of_the_host_changes_nothing() {
    for zone in ["America/New_York", "Asia/Shanghai", "UTC", "Pacific/Kiritimati"] {
        run_test("wire::envelope::timestamps_are_in_china_time_at_top_and_in_utc_at_aliyun", |test| {
            test.env("TZ", zone);
        });
    }
}

#[tokio::test]
async fn every_attempt_on_top_is_signed_anew_at_its_own_time() {
    static SECONDS: AtomicI64 = AtomicI64::new(0);
    let server = Server::start(|_| response(500, "")).await;
    let settings = fast_retries(3).clock(|| instant() + TimeDelta::seconds(SECONDS.fetch_add(1, Ordering::Relaxed)));
    let _ = shop(server.top_endpoint(), settings).send(&SecretGroupQuery::builder().oaid("a").build()).await;
    let received: Vec<_> = server.received().await.iter().map(|request| form::decode(body(request))).collect();
    let signatures: BTreeSet<_> = received.iter().map(|params| params["sign"].clone()).collect();
    let times: BTreeSet<_> = received.iter().map(|params| params["timestamp"].clone()).collect();
    assert_eq!((received.len(), signatures.len(), times.len()), (3, 3, 3));
    assert!(received.iter().all(|params| params["sign"] == signatures::top(params, APP_SECRET)));
}

#[tokio::test]
async fn every_attempt_on_aliyun_has_a_new_nonce_and_signature_even_at_the_same_time() {
    let server = Server::start(|_| response(500, "")).await;
    let _ = aliyun(server.aliyun_endpoint(), fast_retries(4)).send(&read()).await;
    let received: Vec<_> = server.received().await.iter().map(|request| form::decode(body(request))).collect();
    let nonces: BTreeSet<_> = received.iter().map(|params| params["SignatureNonce"].clone()).collect();
    let signatures: BTreeSet<_> = received.iter().map(|params| params["Signature"].clone()).collect();
    assert_eq!((received.len(), nonces.len(), signatures.len()), (4, 4, 4));
    assert!(received.iter().all(|params| params["Signature"] == signatures::aliyun("POST", params, ACCESS_KEY_SECRET)));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::always("{}").await;
    let target = elsewhere.aliyun_endpoint();
    for status in [301, 302, 307, 308] {
        let target = target.clone();
        let server = Server::start(move |_| response(status, "").insert_header("location", target.as_str())).await;
        let error = aliyun(server.aliyun_endpoint(), fast_retries(3)).send(&read()).await.unwrap_err();
        assert_eq!(error.outcome(), privacy_number::Outcome::Rejected, "{status}");
        assert_eq!(server.received().await.len(), 1);
    }
    assert!(elsewhere.received().await.is_empty(), "a signed request goes to the configured host only");
}

#[tokio::test]
async fn a_compressed_response_is_read() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(crate::fixtures::read("top/group_query.success.json").as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    let server = Server::start(move |_| {
        wiremock::ResponseTemplate::new(200).set_body_bytes(body.clone()).insert_header("content-encoding", "gzip")
    })
    .await;
    let answer = shop(server.top_endpoint(), once()).send(&SecretGroupQuery::builder().oaid("a").build()).await;
    assert_eq!(answer.unwrap().call_mobile.len(), 3);
}
