//! Calls that are dropped while they wait for a ban to end, or between two attempts.

use std::time::{Duration, Instant};

use futures_util::future::join;
use privacy_number::RetryPolicy;
use privacy_number::emulator::{Emulator, Fault, Throttle};

use super::{at_every_poll, decryption, drop_after, remaining};

#[tokio::test]
async fn a_call_dropped_during_a_ban_neither_lengthens_it_nor_delays_others() {
    let emulator = Emulator::start().await.unwrap();
    let ban = Duration::from_secs(1);
    let settings = emulator.settings().retry(RetryPolicy::never());
    for polls in [1, 3] {
        let shop = emulator.top_builder().settings(settings.clone()).build().unwrap().shop(emulator.session());
        emulator.inject(Fault::throttled(Throttle::AppApi, ban).times(1));
        let throttled = shop.send(&decryption()).await.unwrap_err();
        assert!(throttled.is_throttled(), "{throttled}");
        let started = Instant::now();
        let (dropped, other) = join(drop_after(polls, shop.send(&decryption())), shop.send(&decryption())).await;
        assert!(dropped.is_none() || polls > 1, "it waits for the ban to end");
        other.unwrap();
        // TOP rounds down, so the client waits one second more.
        assert!(started.elapsed() < ban * 4, "after {polls} polls: {:?}", started.elapsed());
        let started = Instant::now();
        shop.send(&decryption()).await.unwrap();
        assert!(started.elapsed() < ban, "the ban is over");
    }
}

#[tokio::test]
async fn a_call_dropped_between_two_attempts_does_not_affect_the_next() {
    let emulator = Emulator::start().await.unwrap();
    let pause = Duration::from_millis(2);
    let policy = RetryPolicy::new().max_attempts(3).first_backoff(pause).max_backoff(pause);
    let client = emulator.aliyun_builder().settings(emulator.settings().retry(policy)).build().unwrap();
    at_every_poll(async |polls| {
        emulator.clear_faults();
        emulator.inject(Fault::unavailable().on("QuerySecretNoRemain").times(2));
        let ready = drop_after(polls, client.send(&remaining())).await;
        emulator.clear_faults();
        let started = Instant::now();
        client.send(&remaining()).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(1), "after {polls} polls");
        ready.map(Result::unwrap).is_some()
    })
    .await;
}
