//! Calls wait as the gateway asks, and never longer than their timeout.

use std::time::{Duration, Instant};

use privacy_number::aliyun::{BindAxb, QuerySubscriptionDetail};
use privacy_number::top::{OaidDecrypt, SecretGroupQuery, WorkcardVirtualphoneBind};
use privacy_number::{Advice, Outcome, RetryPolicy};

use super::Call;
use crate::clients::{fast_retries, instant, once};
use crate::fixtures::read;
use crate::raw_server::{RawServer, Reply};

fn throttled(call: Call, headers: &[(&str, &str)]) -> Reply {
    if call.is_top {
        Reply::http("200 OK", headers, r#"{"error_response":{"code":50,"msg":"m","sub_code":"isp.call-limited"}}"#)
    } else {
        Reply::http("400 Bad Request", headers, r#"{"RequestId":"r","Code":"Throttling.User","Message":"m"}"#)
    }
}

#[tokio::test]
async fn a_ban_longer_than_the_call_timeout_fails_at_once() {
    let ban = Reply::ok(read("top/error.app_call_limited_long.json"));
    for call in [Call::of::<SecretGroupQuery>(), Call::of::<OaidDecrypt>(), Call::of::<WorkcardVirtualphoneBind>()] {
        let server = RawServer::start([ban.clone()]).await;
        let started = Instant::now();
        let error = call.send(&server.aliyun_endpoint(), fast_retries(3)).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(5), "{call:?}");
        assert_eq!((server.requests().len(), error.attempts()), (1, 1), "{call:?}");
        assert_eq!(error.advice(), Advice::WaitFor(Duration::from_secs(31_063)), "{call:?}");
        assert_eq!((error.outcome(), error.is_throttled()), (Outcome::NotExecuted, true), "{call:?}");
    }
}

#[tokio::test]
async fn a_call_waits_for_a_ban_that_ends_before_its_timeout() {
    let call = Call::of::<WorkcardVirtualphoneBind>();
    let ban = Reply::ok(read("top/error.app_call_limited_short.json"));
    let server = RawServer::start([ban, Reply::ok(call.success())]).await;
    let started = Instant::now();
    call.send(&server.aliyun_endpoint(), fast_retries(2)).await.unwrap();
    // 1 second as the gateway says, and 1 more since it rounds down.
    assert!(started.elapsed() >= Duration::from_secs(2));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn retry_after_is_in_seconds_and_x_acs_retry_after_is_in_milliseconds() {
    for (header, value, pause) in [("Retry-After", "1", 1000), ("x-acs-retry-after", "300", 300)] {
        for call in [Call::of::<BindAxb>(), Call::of::<OaidDecrypt>()] {
            let server = RawServer::start([throttled(call, &[(header, value)]), Reply::ok(call.success())]).await;
            let started = Instant::now();
            call.send(&server.aliyun_endpoint(), fast_retries(2)).await.unwrap();
            assert!(started.elapsed() >= Duration::from_millis(pause), "{call:?} {header}");
            assert_eq!(server.requests().len(), 2);
        }
    }
}

#[tokio::test]
async fn a_retry_after_longer_than_the_call_timeout_is_in_the_advice() {
    let date = ("Date", "Tue, 06 Jan 2026 02:00:00 GMT");
    for (headers, seconds) in [
        (vec![("Retry-After", "60")], 60),
        (vec![("x-acs-retry-after", "60000")], 60),
        (vec![date, ("Retry-After", "Tue, 06 Jan 2026 02:02:00 GMT")], 120),
    ] {
        for call in [Call::of::<BindAxb>(), Call::of::<WorkcardVirtualphoneBind>()] {
            let server = RawServer::start([throttled(call, &headers)]).await;
            let started = Instant::now();
            let error = call.send(&server.aliyun_endpoint(), fast_retries(3)).await.unwrap_err();
            assert!(started.elapsed() < Duration::from_secs(5), "{call:?} {headers:?}");
            assert_eq!(error.advice(), Advice::WaitFor(Duration::from_secs(seconds)), "{call:?} {headers:?}");
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_hint_comes_with_html_too() {
    let page = Reply::http("503 Service Unavailable", &[("Retry-After", "1")], read("top/not_top.html"));
    let server = RawServer::start([page, Reply::ok(Call::of::<QuerySubscriptionDetail>().success())]).await;
    let started = Instant::now();
    Call::of::<QuerySubscriptionDetail>().send(&server.aliyun_endpoint(), fast_retries(2)).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_silent_gateway_does_not_delay_a_call_beyond_its_timeout() {
    for call in Call::one_of_each_safety() {
        let server = RawServer::start([Reply::Silence]).await;
        let settings = fast_retries(3).call_timeout(Duration::from_millis(200));
        let started = Instant::now();
        let error = call.send(&server.aliyun_endpoint(), settings).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(2), "{call:?}");
        assert_eq!((error.outcome(), error.is_timeout()), (Outcome::Unknown, true), "{call:?}: {error}");
    }
}

#[tokio::test]
async fn retries_and_their_backoff_share_the_call_timeout() {
    let pause = Duration::from_millis(40);
    let policy = RetryPolicy::new().max_attempts(u32::MAX).first_backoff(pause).max_backoff(pause);
    for fault in [Reply::Reset, Reply::http("500 Internal Server Error", &[], "")] {
        let server = RawServer::start([fault]).await;
        let settings = once().retry(policy.clone()).call_timeout(Duration::from_millis(300));
        let started = Instant::now();
        let error = Call::of::<OaidDecrypt>().send(&server.aliyun_endpoint(), settings).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(2));
        assert!(error.attempts() >= 2 && error.elapsed() <= started.elapsed());
        // The last attempt may not have arrived.
        let attempts = error.attempts() as usize;
        assert!((attempts - 1..=attempts).contains(&server.requests().len()));
        assert_eq!(error.outcome(), Outcome::Unknown, "an attempt that may have run is not forgotten: {error}");
    }
}

#[tokio::test]
async fn no_time_at_all_sends_nothing() {
    let server = RawServer::start([Reply::ok(Call::of::<BindAxb>().success())]).await;
    let error = Call::of::<BindAxb>()
        .send(&server.aliyun_endpoint(), fast_retries(3).call_timeout(Duration::ZERO))
        .await
        .unwrap_err();
    assert_eq!((error.outcome(), error.attempts(), server.requests().len()), (Outcome::NotExecuted, 0, 0));
}

#[tokio::test]
async fn a_call_does_not_wait_for_a_daily_quota() {
    let server = RawServer::start([Reply::ok(read("top/error.decrypt_quota_exceeded.json"))]).await;
    let error =
        Call::of::<OaidDecrypt>().send(&server.aliyun_endpoint(), fast_retries(3).clock(instant)).await.unwrap_err();
    let midnight = chrono::DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
    assert_eq!((error.advice(), server.requests().len()), (Advice::WaitUntil(midnight), 1));
}
