//! Bans by the gateway's flow control: what each holds back, for how long, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{join_all, join3};
use privacy_number::aliyun::{QuerySecretNoRemain, QuerySubsId, SpecId};
use privacy_number::top::{OaidDecrypt, ReceiverQuery, SecretGroupQuery, Shop};
use privacy_number::{Advice, BANNED, Error, Limits, Outcome, RetryPolicy, Settings, aliyun};
use serde_json::json;

use crate::clients::{aliyun, once, shop, top_builder};
use crate::fixtures::read;
use crate::raw_server::{RawServer, Reply};
use crate::server::{Server, ok};

fn query() -> SecretGroupQuery {
    SecretGroupQuery::builder().oaid("oaid-a").build()
}

fn decrypt() -> OaidDecrypt {
    OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()])
}

fn top_ban(code: u32, sub_code: Option<&str>, seconds: u64) -> Reply {
    let words = format!("This ban will last for {seconds} more seconds");
    let error = json!({"error_response": {
        "code": code, "msg": "App Call Limited", "sub_code": sub_code, "sub_msg": words, "request_id": "15r6mock",
    }});
    Reply::ok_keeping_alive(error.to_string())
}

fn aliyun_ban(code: &str, seconds: u64) -> Reply {
    let error = json!({"Code": code, "Message": "Request was denied", "RequestId": "request-1"});
    Reply::http("400 Bad Request", &[("Retry-After", &seconds.to_string())], error.to_string())
}

fn wait(error: &Error) -> Duration {
    let Advice::WaitFor(wait) = error.advice() else { panic!("{error:?}") };
    wait
}

/// Whether a ban held a call back. Other results are not checked.
fn is_held_back<T>(result: Result<T, Error>) -> bool {
    result.is_err_and(|error| error.is_held_back())
}

#[tokio::test]
async fn a_top_ban_holds_back_what_its_code_names() {
    let (operation, application, session) = ([true, false, false], [true, true, true], [false, true, false]);
    for (code, sub_code, expected) in [
        (7, Some("accesscontrol.limited-by-app-access-count"), application),
        (7, Some("accesscontrol.limited-by-api-access-count"), operation),
        (7, Some("accesscontrol.limited-by-app-api-access-count"), operation),
        (7, Some("accesscontrol.limited-by-dynamic-access-count"), operation),
        (7, None, operation),
        (4, None, application),
        (6, None, application),
        (8, None, application),
        (5, None, session),
        (50, Some("isp.call-limited"), operation),
    ] {
        let server = RawServer::start([top_ban(code, sub_code, 60), Reply::ok_keeping_alive("{}")]).await;
        let client = top_builder(server.top_endpoint()).build().unwrap();
        let (one, other) = (client.shop("session-a"), client.shop("session-b"));
        one.send(&query()).await.unwrap_err();
        assert!(is_held_back(one.send(&query()).await), "{code} {sub_code:?}");
        let others = [
            is_held_back(other.send(&query()).await),
            is_held_back(one.send(&decrypt()).await),
            is_held_back(other.send(&decrypt()).await),
        ];
        assert_eq!(others, expected, "{code} {sub_code:?}");
        let sent = 1 + others.iter().filter(|held| !**held).count();
        assert_eq!(server.requests().len(), sent, "{code} {sub_code:?}");
    }
}

fn remaining() -> QuerySecretNoRemain {
    QuerySecretNoRemain::builder().city("武汉").spec_id(SpecId::VirtualOperator).build()
}

fn subs_id() -> QuerySubsId {
    QuerySubsId::builder().pool_key("FC123456").phone_no_x("17000000000").build()
}

#[tokio::test]
async fn an_aliyun_ban_holds_back_what_its_code_names() {
    for (code, account) in [
        ("Throttling.User", true),
        ("Throttling.Api", false),
        ("Throttling", false),
        ("isv.FLOW_LIMIT", false),
        ("FlowLimited", false),
        ("System.LimitControl", false),
    ] {
        let server = RawServer::start([aliyun_ban(code, 60), Reply::ok("{}")]).await;
        let client = aliyun(server.aliyun_endpoint(), once());
        client.send(&remaining()).await.unwrap_err();
        let error = client.send(&remaining()).await.unwrap_err();
        assert_eq!((error.is_held_back(), error.code()), (true, Some(code)));
        assert_eq!(is_held_back(client.send(&subs_id()).await), account, "{code}");
    }
}

#[tokio::test]
async fn a_call_held_back_has_the_code_and_the_wait_and_nothing_else_of_the_refused_call() {
    let sub_code = "accesscontrol.limited-by-app-access-count";
    let server = RawServer::start([top_ban(7, Some(sub_code), 31_062)]).await;
    let shop = shop(server.top_endpoint(), once());
    let refused = shop.send(&query()).await.unwrap_err();
    assert_eq!((refused.is_held_back(), refused.request_id(), refused.attempts()), (false, Some("15r6mock"), 1));
    let error = shop.send(&decrypt()).await.unwrap_err();
    assert_eq!((error.code(), error.sub_code()), (Some("7"), Some(sub_code)));
    assert_eq!((error.is_held_back(), error.is_throttled(), error.attempts()), (true, true, 0));
    assert_eq!((error.outcome(), error.operation()), (Outcome::NotExecuted, Some("taobao.top.oaid.decrypt")));
    assert_eq!((error.request_id(), error.http_status()), (None, None));
    assert!((31_060..=31_063).contains(&wait(&error).as_secs()), "{error:?}");
    let Error::Service(service) = &error else { panic!("{error:?}") };
    assert_eq!(service.meaning(), "the application's daily quota is used up");
    assert!(service.message().is_none());
    assert!(error.to_string().contains("held back here"), "{error}");
}

#[tokio::test]
async fn a_retry_after_of_a_year_holds_an_operation_back_no_longer_than_the_longest_ban() {
    let year = "31536000";
    let page = Reply::http("429 Too Many Requests", &[("Retry-After", year)], "<html>slow down</html>");
    let good = Reply::ok(read("top/group_query.success.json"));
    for (limits, cap) in [(Limits::new(), 86_400), (Limits::new().longest_ban(Duration::from_secs(1)), 1)] {
        let server = RawServer::start([page.clone(), good.clone()]).await;
        let shop = shop(server.top_endpoint(), once().limits(limits).call_timeout(Duration::from_millis(500)));
        let refused = shop.send(&query()).await.unwrap_err();
        assert_eq!(wait(&refused), Duration::from_secs(31_536_000), "what the gateway said");
        let error = shop.send(&query()).await.unwrap_err();
        assert_eq!((error.code(), error.is_held_back()), (Some(BANNED), true), "the page has no code");
        assert!((cap - 1..=cap).contains(&wait(&error).as_secs()), "{error:?}");
        if cap == 1 {
            tokio::time::sleep(wait(&error)).await;
            shop.send(&query()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn lifting_a_ban_releases_waiting_calls_and_new_calls() {
    let server =
        RawServer::start([top_ban(7, None, 100), Reply::ok_keeping_alive(read("top/group_query.success.json"))]).await;
    let limits = Limits::new();
    let long =
        shop(server.top_endpoint(), Settings::new().limits(limits.clone()).call_timeout(Duration::from_secs(1000)));
    let short = shop(server.top_endpoint(), once().limits(limits.clone()));
    // The call that received the ban waits too.
    let first = tokio::spawn({
        let long = long.clone();
        async move { long.send(&query()).await }
    });
    while server.requests().is_empty() || !is_held_back(short.send(&query()).await) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let waiting = tokio::spawn(async move { long.send(&query()).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 1);
    limits.lift_ban_of("taobao.top.oaid.decrypt").await.unwrap();
    assert!(is_held_back(short.send(&query()).await), "only the ban of another operation was lifted");
    limits.lift_bans().await.unwrap();
    let lifted = Instant::now();
    let (first, waiting, short) = join3(first, waiting, async { short.send(&query()).await }).await;
    for result in [first.unwrap(), waiting.unwrap(), short] {
        result.unwrap();
    }
    assert!(lifted.elapsed() < Duration::from_secs(10), "{:?}", lifted.elapsed());
}

/// A gateway that answers after a pause: `bans` bans of one second, then successes.
async fn banning(bans: usize, pause: Duration) -> (Server, Arc<AtomicUsize>) {
    let received = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&received);
    let success = read("top/group_query.success.json");
    // TOP rounds down, so the client waits one second more.
    let ban = json!({"error_response": {"code": 7, "sub_msg": "This ban will last for 0 more seconds"}}).to_string();
    let answer = move |_: &wiremock::Request| {
        let is_ban = counter.fetch_add(1, Ordering::SeqCst) < bans;
        ok(if is_ban { &ban } else { &success }).set_delay(pause)
    };
    (Server::start(answer).await, received)
}

fn never() -> Settings {
    once().retry(RetryPolicy::never())
}

#[tokio::test]
async fn one_call_probes_after_a_ban_and_the_others_wait_for_its_response() {
    let pause = Duration::from_millis(400);
    // The first probe is refused too.
    let (server, received) = banning(2, pause).await;
    let shop = shop(server.top_endpoint(), never());
    shop.send(&query()).await.unwrap_err();
    let query = query();
    let calls = join_all((0..10).map(|_| shop.send(&query)));
    let watch = async {
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let first_probe = received.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(700)).await;
        (first_probe, received.load(Ordering::SeqCst))
    };
    let (results, (probing, after_refusal)) = futures_util::future::join(calls, watch).await;
    assert_eq!((probing, after_refusal), (2, 2), "one probe, and nothing after its refusal");
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 9, "the first probe was refused");
    assert_eq!(received.load(Ordering::SeqCst), 1 + 1 + 9);
}

#[tokio::test]
async fn a_probe_that_is_not_polled_delays_the_others_for_a_second() {
    let (server, received) = banning(1, Duration::from_millis(10)).await;
    let shop: Shop = shop(server.top_endpoint(), never());
    shop.send(&query()).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let probing = query();
    let mut probe = Box::pin(shop.send(&probing));
    while received.load(Ordering::SeqCst) < 2 {
        assert!((&mut probe).now_or_never().is_none());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let started = Instant::now();
    shop.send(&query()).await.unwrap();
    let took = started.elapsed();
    assert!((Duration::from_millis(500)..Duration::from_secs(5)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_call_with_a_short_timeout_behind_one_with_a_long_timeout_fails_at_once() {
    // Without a limit of its own and with one.
    for limits in [Limits::new(), Limits::new().of("QuerySecretNoRemain", 5)] {
        let server = RawServer::start([aliyun_ban("Throttling.Api", 20), Reply::ok("{}")]).await;
        let client = |timeout| {
            aliyun(
                server.aliyun_endpoint(),
                Settings::new().limits(limits.clone()).call_timeout(Duration::from_secs(timeout)),
            )
        };
        let (long, short) = (client(60), client(3));
        let long: Vec<_> = (0..3)
            .map(|_| {
                let long: aliyun::Client = long.clone();
                tokio::spawn(async move { long.send(&remaining()).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let started = Instant::now();
        let error = short.send(&remaining()).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        assert_eq!((error.code(), error.is_held_back()), (Some("Throttling.Api"), true));
        assert!((17..=20).contains(&wait(&error).as_secs()), "{error:?}");
        long.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[tokio::test]
async fn a_call_waiting_for_the_rate_limit_is_not_sent_during_a_ban_that_begins_meanwhile() {
    // The first call succeeds, then the account is banned for two seconds.
    let server = RawServer::start([Reply::ok("{}"), aliyun_ban("Throttling.User", 2), Reply::ok("{}")]).await;
    let limits = Limits::none().of("QuerySecretNoRemain", 2);
    let client = |timeout: f64| {
        aliyun(server.aliyun_endpoint(), never().limits(limits.clone()).call_timeout(Duration::from_secs_f64(timeout)))
    };
    let (long, short) = (client(30.0), client(1.9));
    let _ = long.send(&remaining()).await;
    let started = Instant::now();
    let sleeper = async {
        let _ = long.send(&remaining()).await;
        started.elapsed()
    };
    let short = async {
        // Queued after the first: its permit would come in a second.
        let error = short.send(&remaining()).await.unwrap_err();
        (error, started.elapsed())
    };
    let ban = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        long.send(&subs_id()).await.unwrap_err()
    };
    let (went, (error, failed), refused) = join3(sleeper, short, ban).await;
    assert!(refused.attempts() == 1 && !refused.is_held_back(), "{refused:?}");
    assert!(went >= Duration::from_secs(2), "{went:?}");
    assert!(error.is_held_back() && failed < Duration::from_millis(900), "{error:?} after {failed:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_refusal_of_one_order_holds_nothing_else_back() {
    let refusal = json!({"error_response": {"code": 50, "sub_code": "isv.concurrent-query", "sub_msg": "m"}});
    let refusal = Reply::http("200 OK", &[("Retry-After", "60")], refusal.to_string());
    let server = RawServer::start([refusal, Reply::ok(read("top/oaid_decrypt.virtual_700.json"))]).await;
    let shop = shop(server.top_endpoint(), once());
    for _ in 0..2 {
        assert!(!is_held_back(shop.send(&decrypt()).await));
    }
    assert_eq!(server.requests().len(), 2);
}
