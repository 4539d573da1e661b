//! A gateway that is down under many calls: the retry budget of the client keeps the number of requests close to the
//! number of calls.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use privacy_number::aliyun::QuerySubscriptionDetail;
use privacy_number::{Limits, RetryPolicy};

use crate::clients::{aliyun, once};
use crate::raw_server::{RawServer, Refusing, Reply};

const CALLS: u64 = 300;
/// Few enough for the budget, which saves up 50 retries at most.
const AT_ONCE: usize = 25;
const ATTEMPTS: u64 = 3;

/// Makes the calls. Returns how many requests were sent for them.
async fn make_calls(endpoint: &str, budget: Option<u32>) -> u64 {
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(ATTEMPTS as u32).first_backoff(pause).max_backoff(pause);
    let policy = budget.into_iter().fold(policy, RetryPolicy::budget);
    // Long enough for a gateway that answers.
    let settings = once().limits(Limits::none()).retry(policy).attempt_timeout(Duration::from_millis(500));
    let client = aliyun(endpoint, settings);
    let read = QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build();
    let calls = stream::iter(0..CALLS).map(|_| client.send(&read)).buffer_unordered(AT_ONCE);
    calls.fold(0, async |sent, result| sent + u64::from(result.unwrap_err().attempts())).await
}

/// Asserts that the budget is used up and not exceeded.
fn assert_kept(sent: u64) {
    let most = CALLS + 50 + CALLS / 5;
    assert!((CALLS + 50..=most).contains(&sent), "{sent} requests for {CALLS} calls, at most {most} are right");
}

#[tokio::test]
async fn a_gateway_that_refuses_connections_gets_at_most_what_the_budget_allows() {
    let refusing = Refusing::new();
    assert_kept(make_calls(&refusing.aliyun_endpoint(), None).await);
}

#[tokio::test]
async fn a_gateway_that_answers_503_gets_at_most_what_the_budget_allows() {
    let server = RawServer::start([Reply::http("503 Service Unavailable", &[], "")]).await;
    let sent = make_calls(&server.aliyun_endpoint(), None).await;
    assert_kept(sent);
    assert_eq!(server.requests().len() as u64, sent);
}

#[tokio::test]
async fn a_gateway_that_hangs_gets_at_most_what_the_budget_allows() {
    let server = RawServer::start([Reply::Silence]).await;
    let sent = make_calls(&server.aliyun_endpoint(), None).await;
    assert_kept(sent);
    assert!(server.requests().len() as u64 <= sent);
}

#[tokio::test]
async fn without_a_budget_a_gateway_that_is_down_gets_every_retry() {
    let server = RawServer::start([Reply::http("503 Service Unavailable", &[], "")]).await;
    assert_eq!(make_calls(&server.aliyun_endpoint(), Some(1000)).await, CALLS * ATTEMPTS);
    assert_eq!(server.requests().len() as u64, CALLS * ATTEMPTS);
}
