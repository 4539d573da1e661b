use std::time::Duration;

use privacy_number::aliyun::{BindAxb, UnbindSubscription};
use privacy_number::top::{OaidDecrypt, WorkcardVirtualphoneBind};
use privacy_number::{Advice, Error, Outcome, Safety};

use super::Call;
use crate::clients::fast_retries;
use crate::fixtures::read;
use crate::raw_server::{RawServer, Refusing, Reply};

/// What goes wrong between the request and its response.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Reset,
    Closed,
    Timeout,
    TornBody,
    TornJson,
    EmptyStatus500,
    Throttled503,
    Html502,
    ThrottledJson,
    ThrottledXml,
    BusinessError,
    GarbledGzip,
    TooLarge,
}

const FAULTS: [Fault; 13] = [
    Fault::Reset,
    Fault::Closed,
    Fault::Timeout,
    Fault::TornBody,
    Fault::TornJson,
    Fault::EmptyStatus500,
    Fault::Throttled503,
    Fault::Html502,
    Fault::ThrottledJson,
    Fault::ThrottledXml,
    Fault::BusinessError,
    Fault::GarbledGzip,
    Fault::TooLarge,
];

/// The outcome of an attempt with this fault, and whether a retry can help.
fn known(fault: Fault) -> (Outcome, bool) {
    match fault {
        Fault::Throttled503 | Fault::ThrottledJson | Fault::ThrottledXml => (Outcome::NotExecuted, true),
        Fault::BusinessError => (Outcome::Rejected, false),
        // The response would be as large the next time.
        Fault::TooLarge => (Outcome::Unknown, false),
        _ => (Outcome::Unknown, true),
    }
}

fn reply(call: Call, fault: Fault) -> Reply {
    let (throttled, rejected) = if call.is_top {
        (r#"{"error_response":{"code":7,"msg":"App Call Limited","request_id":"r-7"}}"#, "top/error.invalid_signature")
    } else {
        (r#"{"RequestId":"r-7","Code":"Throttling.User","Message":"m"}"#, "aliyun/_error_gateway")
    };
    let throttled_xml = if call.is_top {
        "<error_response><code>7</code><request_id>r-7</request_id></error_response><!--host-->"
    } else {
        "<Error><RequestId>r-7</RequestId><Code>Throttling.User</Code></Error>"
    };
    match fault {
        Fault::Reset => Reply::Reset,
        Fault::Closed => Reply::Close,
        Fault::Timeout => Reply::Silence,
        Fault::TornBody => Reply::truncated(&call.success()),
        Fault::TornJson => Reply::ok(call.success().chars().take(40).collect::<String>()),
        Fault::EmptyStatus500 => Reply::http("500 Internal Server Error", &[], ""),
        Fault::Throttled503 => Reply::http("503 Service Unavailable", &[], throttled),
        Fault::Html502 => Reply::http("502 Bad Gateway", &[], read("top/not_top.html")),
        Fault::ThrottledJson => Reply::ok(throttled),
        Fault::ThrottledXml => Reply::ok(throttled_xml),
        Fault::BusinessError => Reply::ok(read(&format!("{rejected}.json"))),
        Fault::GarbledGzip => Reply::http("200 OK", &[("Content-Encoding", "gzip")], [0x1f, 0x8b, 8, 0, 1, 2, 3]),
        Fault::TooLarge => Reply::ok(" ".repeat(70_000) + &call.success()),
    }
}

async fn send(call: Call, fault: Fault, server: &RawServer) -> Result<(), Error> {
    let mut settings = fast_retries(3).max_body(65_536);
    if fault == Fault::Timeout {
        settings = settings.attempt_timeout(Duration::from_millis(400));
    }
    call.send(&server.aliyun_endpoint(), settings).await
}

fn assert_kind(error: &Error, fault: Fault) {
    let expected = match fault {
        Fault::Reset | Fault::Closed | Fault::Timeout | Fault::TornBody | Fault::GarbledGzip => {
            matches!(error, Error::Transport(_))
        }
        Fault::TornJson | Fault::EmptyStatus500 | Fault::Html502 | Fault::TooLarge => {
            matches!(error, Error::Decode(_))
        }
        Fault::Throttled503 | Fault::ThrottledJson | Fault::ThrottledXml => {
            matches!(error, Error::Service(_)) && error.request_id() == Some("r-7")
        }
        Fault::BusinessError => matches!(error, Error::Service(_)) && error.request_id().is_some(),
    };
    assert!(expected, "{fault:?}: {error}");
    let status = match error {
        Error::Decode(error) => Some(error.http_status()),
        _ => None,
    };
    match fault {
        Fault::EmptyStatus500 => assert_eq!(status, Some(500)),
        Fault::Html502 => assert_eq!(status, Some(502)),
        Fault::TornJson | Fault::TooLarge => assert_eq!(status, Some(200)),
        _ => {}
    }
    assert_eq!(error.is_timeout(), fault == Fault::Timeout);
}

/// Every operation with every fault; for slow faults, one operation of each safety at each gateway.
fn cases() -> impl Iterator<Item = (Call, Fault)> {
    FAULTS.into_iter().flat_map(|fault| {
        let calls = if fault == Fault::Timeout { Call::one_of_each_safety() } else { Call::all() };
        calls.into_iter().map(move |call| (call, fault))
    })
}

#[tokio::test]
async fn a_permanent_fault_is_retried_as_often_as_is_safe() {
    for (call, fault) in cases() {
        let server = RawServer::start([reply(call, fault)]).await;
        let error = send(call, fault, &server).await.unwrap_err();
        let (outcome, passing) = known(fault);
        let repeated = passing && (outcome == Outcome::NotExecuted || call.safety != Safety::Once);
        let requests = if repeated { 3 } else { 1 };
        assert_eq!(server.requests().len(), requests, "{call:?} {fault:?}");
        assert_eq!((error.attempts(), error.outcome()), (requests as u32, outcome), "{call:?} {fault:?}");
        let advice = match (outcome, call.safety) {
            (Outcome::Unknown, Safety::Once) => Advice::Reconcile,
            (Outcome::Unknown, _) if fault == Fault::TooLarge => Advice::Report,
            (Outcome::Unknown, _) => Advice::Retry,
            (Outcome::NotExecuted, _) => Advice::WaitFor(Duration::from_secs(1)),
            _ => Advice::FixRequest,
        };
        assert_eq!(error.advice(), advice, "{call:?} {fault:?}");
        assert_eq!(error.is_throttled(), outcome == Outcome::NotExecuted, "{call:?} {fault:?}");
        assert_kind(&error, fault);
    }
}

#[tokio::test]
async fn a_temporary_fault_ends_in_success_where_a_retry_is_safe() {
    for (call, fault) in cases() {
        let server = RawServer::start([reply(call, fault), Reply::ok(call.success())]).await;
        let result = send(call, fault, &server).await;
        let (outcome, passing) = known(fault);
        let repeated = passing && (outcome == Outcome::NotExecuted || call.safety != Safety::Once);
        assert_eq!(server.requests().len(), if repeated { 2 } else { 1 }, "{call:?} {fault:?}");
        assert_eq!(result.is_ok(), repeated, "{call:?} {fault:?}: {result:?}");
    }
}

#[tokio::test]
async fn every_operation_retries_a_refused_connection() {
    for call in Call::all() {
        let refusing = Refusing::new();
        let error = call.send(&refusing.aliyun_endpoint(), fast_retries(3)).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{call:?}: {error}");
        assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::Retry), "{call:?}");
        assert_eq!((error.attempts(), error.is_timeout(), error.request_id()), (3, false, None), "{call:?}");
    }
}

#[tokio::test]
async fn a_connection_refused_at_first_is_retried() {
    let policy = privacy_number::RetryPolicy::new().max_attempts(1000).first_backoff(Duration::from_millis(10));
    let settings = fast_retries(1).retry(policy.max_backoff(Duration::from_millis(10)));
    for call in [Call::of::<BindAxb>(), Call::of::<WorkcardVirtualphoneBind>()] {
        let refusing = Refusing::new();
        let endpoint = refusing.aliyun_endpoint();
        let listening = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            RawServer::serve(refusing.listen(), vec![Reply::ok(call.success())])
        });
        call.send(&endpoint, settings.clone()).await.unwrap();
        assert_eq!(listening.await.unwrap().requests().len(), 1, "{call:?}");
    }
}

#[tokio::test]
async fn a_request_on_a_pooled_connection_is_not_retried_by_the_http_library() {
    let settings = fast_retries(3);
    let server = RawServer::start([Reply::ok_keeping_alive(Call::of::<BindAxb>().success()), Reply::Close]).await;
    let client = crate::clients::aliyun(server.aliyun_endpoint(), settings);
    let bind = || {
        let bind = privacy_number::aliyun::BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000");
        bind.phone_no_b("15000000001").expiration(crate::clients::instant() + chrono::TimeDelta::days(7)).build()
    };
    client.send(&bind()).await.unwrap();
    let error = client.send(&bind()).await.unwrap_err();
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile));
    assert_eq!(server.requests().len(), 2, "the HTTP library retries nothing");
}

#[tokio::test]
async fn an_earlier_attempt_that_may_have_run_is_not_forgotten() {
    // The outcome of the first attempt is unknown, and a later refusal does not change that.
    for call in [Call::of::<OaidDecrypt>(), Call::of::<UnbindSubscription>()] {
        for last in [Fault::ThrottledJson, Fault::BusinessError] {
            let server = RawServer::start([Reply::Reset, reply(call, last)]).await;
            let error = send(call, last, &server).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{call:?} {last:?}");
        }
    }
}
