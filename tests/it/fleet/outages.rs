//! When Redis is down, slow, or refuses: calls continue, and the log says so without secrets.

use std::time::{Duration, Instant};

use privacy_number::{Fleet, Limits, RedisLimit};
use tokio::net::TcpListener;

use super::machine::{Machine, OPERATION, most_in_a_second};
use super::server::RedisServer;
use super::{SCOPE, gateway, key};
use crate::capture::logs_of;
use crate::raw_server::Refusing;

/// Long enough for a response on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(2);

const UNAVAILABLE: &str = "the shared limits are out of reach";
const BACK: &str = "the shared limits are back";

fn times(logs: &str, text: &str) -> usize {
    logs.lines().filter(|line| line.contains("WARN") && line.contains(text)).count()
}

#[tokio::test]
async fn calls_continue_at_the_machines_share_of_the_limit_until_redis_is_back() {
    let Some(mut redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    let fleet = redis.fleet(SCOPE).machines(4);
    let machine = Machine::new(&gateway, Limits::none().of(OPERATION, 200).shared(fleet));
    let run = |seconds: u64| machine.call_until(Instant::now() + Duration::from_secs(seconds), 4);

    let (shared, logs) = logs_of(run(1)).await;
    assert!(shared.len() > 20, "{}", shared.len());
    assert_eq!(times(&logs, "shared limits"), 0);

    redis.kill();
    let (alone, logs) = logs_of(run(3)).await;
    println!("{} calls in 3 seconds of 50, {} in one", alone.len(), most_in_a_second(&alone));
    assert!(most_in_a_second(&alone) <= 50, "{}", most_in_a_second(&alone));
    assert!(alone.len() > 30, "{}", alone.len());
    assert_eq!((times(&logs, UNAVAILABLE), times(&logs, BACK)), (1, 0), "{logs}");

    redis.start_again();
    let (_, logs) = logs_of(run(1)).await;
    assert_eq!((times(&logs, UNAVAILABLE), times(&logs, BACK)), (0, 1));
    let shared = run(2).await;
    println!("{} calls in 2 seconds of 200, {} in one", shared.len(), most_in_a_second(&shared));
    assert!(most_in_a_second(&shared) <= 200);
    assert!(shared.len() > 20, "{}", shared.len());
    // The new server stores permits again. It started empty.
    assert!(redis.send_command(&format!("HGET {} next", key())).starts_with("$16"));
}

/// The log of a call, which is sent in whatever state Redis is.
async fn logs_of_a_call(fleet: Fleet) -> String {
    let gateway = gateway().await;
    let machine = Machine::new(&gateway, Limits::none().of(OPERATION, 10).shared(fleet));
    let (result, logs) = logs_of(machine.call()).await;
    result.unwrap();
    assert_eq!(gateway.requests().len(), 1);
    logs
}

fn fleet(url: &str) -> Fleet {
    Fleet::new(RedisLimit::open(url, SCOPE).unwrap())
}

#[tokio::test]
async fn a_server_that_never_answers_stops_no_call() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let started = Instant::now();
    let logs = logs_of_a_call(fleet(&format!("redis://{}/", silent.local_addr().unwrap()))).await;
    // 50 ms, and a margin for a busy machine.
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(times(&logs, UNAVAILABLE), 1, "{logs}");
    assert_eq!(times(&logs, "it does not answer in time"), 1, "{logs}");
}

#[tokio::test]
async fn a_server_that_refuses_connections_stops_no_call() {
    let refusing = Refusing::new();
    let fleet = fleet(&refusing.aliyun_endpoint().replace("http", "redis")).timeout(TIMEOUT);
    let logs = logs_of_a_call(fleet).await;
    assert_eq!(times(&logs, UNAVAILABLE), 1, "{logs}");
    assert_eq!(times(&logs, "nothing listens at its address"), 1, "{logs}");
}

#[tokio::test]
async fn a_wrong_password_stops_no_call_and_is_not_logged() {
    let Some(redis) = RedisServer::start_with(&["--requirepass", "hunter1"]) else { return };
    for user in [":hunter2@", "somebody:hunter2@", ""] {
        let logs = logs_of_a_call(fleet(&redis.url(user)).timeout(TIMEOUT)).await;
        assert_eq!(times(&logs, "it refuses the password"), 1, "{logs}");
        assert!(!logs.contains("hunter2") && !logs.contains("somebody"), "{logs}");
    }
    let logs = logs_of_a_call(fleet(&redis.url(":hunter1@")).timeout(TIMEOUT)).await;
    assert_eq!(times(&logs, UNAVAILABLE), 0, "{logs}");
    assert!(!logs.contains("hunter1"), "{logs}");
}
