//! Calls that are dropped while their keys are fetched.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{TimeDelta, Utc};
use futures_util::future::join;
use privacy_number::aliyun::{Client, Credentials, CredentialsProvider, ProviderError, RoleCredentials};
use privacy_number::emulator::Emulator;
use privacy_number::sign::Stamp;

use super::{ExclusiveCall, Provider, at_every_poll, decryption, drop_after, remaining};
use crate::clients::{aliyun_builder, fast_retries};
use crate::server::Server;

/// Returns wrong keys first, and needs several polls for each.
struct WrongKeysFirst {
    emulator_key: Credentials,
    /// The number of wrong keys before the right one.
    wrong: AtomicUsize,
    asked: Arc<AtomicUsize>,
}

impl CredentialsProvider for WrongKeysFirst {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        let _one = ExclusiveCall::enter(&self.asked);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        let is_wrong = self.wrong.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        Ok(if is_wrong { Credentials::new("unknown", "secret") } else { self.emulator_key.clone() })
    }
}

fn client(emulator: &Emulator, wrong: usize, lifetime: TimeDelta) -> Client {
    let key = Credentials::new(emulator.access_key_id(), emulator.access_key_secret());
    let emulator_key = key.expires_at(Utc::now() + lifetime);
    let provider = WrongKeysFirst { emulator_key, wrong: AtomicUsize::new(wrong), asked: Arc::default() };
    emulator.aliyun_builder().credentials_provider(provider).build().unwrap()
}

#[tokio::test]
async fn a_call_dropped_while_keys_are_fetched_leaves_that_to_the_next() {
    let emulator = Emulator::start().await.unwrap();
    // Permanent keys, keys that are renewed at every call, and keys that are refused at first.
    for (wrong, lifetime) in [(0, TimeDelta::hours(1)), (0, TimeDelta::minutes(2)), (1, TimeDelta::hours(1))] {
        at_every_poll(async |polls| {
            let client = client(&emulator, wrong, lifetime);
            let query = remaining();
            let call = || client.send(&query);
            let (ready, other) = join(drop_after(polls, call()), call()).await;
            other.unwrap();
            call().await.unwrap();
            ready.map(Result::unwrap).is_some()
        })
        .await;
    }
}

#[tokio::test]
async fn a_dropped_preparation_leaves_keys_and_sessions_to_the_next() {
    let emulator = Emulator::start().await.unwrap();
    let top = emulator.top().unwrap();
    let stamp = Stamp::new(Utc::now(), "nonce");
    at_every_poll(async |polls| {
        let client = client(&emulator, 0, TimeDelta::hours(1));
        let ready = drop_after(polls, client.prepare(&remaining(), &stamp)).await;
        client.prepare(&remaining(), &stamp).await.unwrap();
        client.send(&remaining()).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
    let shop = top.shops(Provider::default()).shop("seller-1");
    at_every_poll(async |polls| {
        let ready = drop_after(polls, shop.prepare(&decryption(), &stamp)).await;
        shop.prepare(&decryption(), &stamp).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_call_dropped_while_a_role_is_assumed_leaves_that_to_the_next() {
    let end = (Utc::now() + TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ");
    let emulator = Emulator::start().await.unwrap();
    let (id, secret) = (emulator.access_key_id(), emulator.access_key_secret());
    let sts = Server::always(format!(
        r#"{{"RequestId":"r","Credentials":{{"AccessKeyId":"STS.1","AccessKeySecret":"{secret}",
            "SecurityToken":"token-1","Expiration":"{end}"}}}}"#
    ))
    .await;
    let gateway = Server::always(r#"{"Code":"OK","Message":"OK","RequestId":"r-1","SubsId":"1"}"#).await;
    let query = privacy_number::aliyun::QuerySubsId::builder().pool_key("FC123456").phone_no_x("17000000000").build();
    at_every_poll(async |polls| {
        let user = aliyun_builder("http://127.0.0.1:1").access_key(id, secret).sts_endpoint(sts.aliyun_endpoint());
        let role = RoleCredentials::new(user.build().unwrap(), "acs:ram::1:role/erp", "erp");
        let client = Client::builder().credentials_provider(role).endpoint(gateway.aliyun_endpoint());
        let client = client.settings(fast_retries(1)).build().unwrap();
        let ready = drop_after(polls, client.send(&query)).await;
        client.send(&query).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}
