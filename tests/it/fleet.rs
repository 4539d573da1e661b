//! Machines that share their limits through a real Redis server. Where `redis-server` is not installed, these tests say
//! so and pass.

mod machine;
mod outages;
pub(crate) mod server;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use privacy_number::{Advice, BANNED, Error, LIMIT_REACHED, Limits, RedisLimit};

use crate::fixtures::read;
use crate::raw_server::{RawServer, Reply};
use machine::{Machine, OPERATION, in_order, most_in_a_second};
use server::RedisServer;

const SCOPE: &str = "main-account";

fn key() -> String {
    format!("privacy-number:{SCOPE}:{OPERATION}")
}

/// Answers every call with success.
async fn gateway() -> RawServer {
    RawServer::start([Reply::ok_keeping_alive(read("top/group_query.success.json"))]).await
}

/// A machine with its own connection and a timeout long enough for a busy server.
fn machine(redis: &RedisServer, gateway: &RawServer, limit: u32) -> Machine {
    let fleet = redis.fleet(SCOPE).machines(1000);
    Machine::new(gateway, Limits::none().of(OPERATION, limit).shared(fleet))
}

#[tokio::test]
async fn two_machines_stay_within_the_limit_in_every_second_and_nearly_reach_it() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    let machines = [machine(&redis, &gateway, 200), machine(&redis, &gateway, 200)];
    let start = Instant::now();
    let calls = join_all(machines.iter().map(|machine| machine.call_until(start + Duration::from_secs(4), 4)));
    let departures = in_order(calls.await);
    let most = most_in_a_second(&departures);
    println!("{} calls in 4 seconds of 200, {most} in one", departures.len());
    assert!(most <= 200, "{most}");
    // Nearly 800 on an idle machine.
    assert!(departures.len() > 200, "{}", departures.len());
    assert_eq!(gateway.requests().len(), departures.len());
}

#[tokio::test]
async fn a_ban_received_by_one_machine_holds_back_the_other() {
    let Some(redis) = RedisServer::start() else { return };
    for limit in [0, 100] {
        redis.send_command("FLUSHALL");
        let ban = Reply::ok_keeping_alive(read("top/error.app_call_limited_long.json"));
        let banning = RawServer::start([ban]).await;
        let gateway = gateway().await;
        let (one, other) = (machine(&redis, &banning, limit), machine(&redis, &gateway, limit));
        one.call().await.unwrap_err();
        let error = other.call().await.unwrap_err();
        assert_eq!((error.code(), error.attempts(), error.is_held_back()), (Some(BANNED), 0, true));
        let Advice::WaitFor(wait) = error.advice() else { panic!("{error:?}") };
        assert!((31_000..31_070).contains(&wait.as_secs()), "{wait:?}");
        assert!(gateway.requests().is_empty());
    }
}

#[tokio::test]
async fn a_ban_is_lifted_on_all_machines() {
    let Some(redis) = RedisServer::start() else { return };
    for ban in ["top/error.app_call_limited_long.json", "top/error.app_api_call_limited.json"] {
        redis.send_command("FLUSHALL");
        let banning = RawServer::start([Reply::ok_keeping_alive(read(ban))]).await;
        let gateway = gateway().await;
        let one = Limits::none().of(OPERATION, 100).shared(redis.fleet(SCOPE));
        Machine::new(&banning, one.clone()).call().await.unwrap_err();
        let other = machine(&redis, &gateway, 100);
        assert!(other.call().await.unwrap_err().is_held_back());
        one.lift_bans().await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        other.call().await.unwrap();
    }
}

#[tokio::test]
async fn a_permit_after_the_deadline_is_refused_and_none_is_taken() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    // A machine with a longer timeout has used the permits of the next half minute.
    let seconds: u64 = redis.send_command("TIME").lines().nth(2).unwrap().parse().unwrap();
    redis.send_command(&format!("HSET {} next {}", key(), (seconds + 30) * 1_000_000));
    let before = redis.send_command(&format!("HGET {} next", key()));
    let machine = machine(&redis, &gateway, 1).call_timeout(Duration::from_secs(15));
    for _ in 0..3 {
        let started = Instant::now();
        let error = machine.call().await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert_eq!((error.code(), error.attempts()), (Some(LIMIT_REACHED), 0));
        let Advice::WaitFor(wait) = error.advice() else { panic!("{error:?}") };
        assert!(wait > Duration::from_secs(15), "{wait:?}");
    }
    assert_eq!(redis.send_command(&format!("HGET {} next", key())), before);
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn calls_dropped_at_any_poll_hold_no_lock_and_never_exceed_the_limit() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    let machines = [machine(&redis, &gateway, 200), machine(&redis, &gateway, 200)];
    let end = Instant::now() + Duration::from_secs(3);
    let kept = join_all(machines.iter().map(|machine| machine.call_until(end, 2)));
    let dropped = join_all(machines.iter().map(|machine| machine.drop_until(end)));
    let (kept, dropped) = futures_util::future::join(kept, dropped).await;
    let (kept, dropped) = (kept.concat(), dropped.concat());
    println!("{} calls went through, {} of the dropped ones went out", kept.len(), dropped.len());
    assert!(kept.len() > 30, "{}", kept.len());
    assert!(most_in_a_second(&in_order(vec![kept, dropped])) <= 200);
}

#[tokio::test]
async fn an_operation_is_one_key_that_expires() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    machine(&redis, &gateway, 10).call().await.unwrap();
    assert_eq!(redis.send_command("KEYS *"), format!("*1\r\n${}\r\n{}\r\n", key().len(), key()));
    let left: i64 = redis.send_command(&format!("PTTL {}", key())).trim_start_matches(':').trim_end().parse().unwrap();
    assert!((1..=1200).contains(&left), "{left} ms");
}

#[tokio::test]
async fn accounts_on_one_server_do_not_delay_each_other() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    let banned = redis.send_command(&format!("HSET {} banned 9000000000000000", key()));
    assert_eq!(banned, ":1\r\n");
    assert_eq!(machine(&redis, &gateway, 10).call().await.unwrap_err().code(), Some(BANNED));
    let other = Limits::none().of(OPERATION, 10).shared(redis.fleet("other-account"));
    Machine::new(&gateway, other).call().await.unwrap();
}

#[tokio::test]
async fn a_server_clock_set_far_back_delays_no_call() {
    let Some(redis) = RedisServer::start() else { return };
    let gateway = gateway().await;
    redis.send_command(&format!("HSET {} next 9000000000000000", key()));
    machine(&redis, &gateway, 10).call().await.unwrap();
}

#[test]
fn an_unusable_address_is_refused_and_not_shown() {
    for (url, scope) in [
        ("http://:hunter2@127.0.0.1/", SCOPE),
        ("redis://:hunter2@/x", SCOPE),
        ("hunter2", SCOPE),
        ("rediss://:hunter2@127.0.0.1/", SCOPE),
        ("redis://:hunter2@127.0.0.1/", ""),
    ] {
        let error = RedisLimit::open(url, scope).unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{url}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    let limit = RedisLimit::open("redis://:hunter2@127.0.0.1/", SCOPE).unwrap();
    assert_eq!(format!("{limit:?}"), r#"RedisLimit { scope: "main-account", .. }"#);
}
