//! The id of a fixed-line request, on the wire.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use privacy_number::aliyun::{
    AxbFixedLineQuery, AxnExtensionFixedLineQuery, AxnFixedLineQuery, BindAxbFixedLine, BindAxnExtensionFixedLine,
    BindAxnFixedLine, DeleteAxbBindFixedLine, DeleteAxnBindFixedLine, DeleteAxnExtensionBindFixedLine, Dyplsapi,
    FixedLineExpiration, QueryAxbBindFixedLine, QueryAxnBindFixedLine, QueryAxnExtensionBindFixedLine,
    UpdateAxbBindFixedLine, UpdateAxnBindFixedLine, UpdateAxnExtensionBindFixedLine,
};
use privacy_number::{Limits, Operation};

use crate::catalogue;
use crate::clients::{aliyun, fast_retries, instant, plain_http};
use crate::form::decode;
use crate::server::{Server, body, ok, response};

const ATTEMPTS: u32 = 3;
const THROTTLED: &str = r#"{"RequestId":"1","HostId":"h","Code":"Throttling.User","Message":"m"}"#;

/// Sends requests one after the other, each throttled until its last attempt. Returns the ids in order, and checks that
/// every attempt has a nonce of its own.
async fn order_ids<O: Operation<Gateway = Dyplsapi>>(requests: &[O]) -> Vec<String> {
    let success = catalogue::entry(O::NAME).first_response().json();
    let count = AtomicU32::new(0);
    let server = Server::start(move |_| {
        let is_last = (count.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(ATTEMPTS);
        if is_last { ok(&success) } else { response(400, THROTTLED) }
    })
    .await;
    let client =
        aliyun(server.aliyun_endpoint(), fast_retries(ATTEMPTS).http_client(plain_http()).limits(Limits::none()));
    for request in requests {
        client.send(request).await.unwrap_or_else(|error| panic!("{}: {error}", O::NAME));
    }
    let received: Vec<_> = server.received().await.iter().map(|request| decode(body(request))).collect();
    assert_eq!(received.len(), requests.len() * ATTEMPTS as usize, "{}", O::NAME);
    let nonces: BTreeSet<_> = received.iter().map(|params| &params["SignatureNonce"]).collect();
    assert_eq!(nonces.len(), received.len(), "{}", O::NAME);
    received.iter().map(|params| params["OrderId"].clone()).collect()
}

async fn check<O: Operation<Gateway = Dyplsapi>>(make: impl Fn() -> O) {
    let ids = order_ids(&[make(), make()]).await;
    let (first, second) = ids.split_at(ATTEMPTS as usize);
    assert!(first.iter().all(|id| *id == first[0]), "{}: {first:?}", O::NAME);
    assert!(second.iter().all(|id| *id == second[0]), "{}: {second:?}", O::NAME);
    assert_ne!(first[0], second[0], "{}", O::NAME);
}

#[tokio::test]
async fn all_attempts_of_a_call_have_one_order_id_and_two_calls_have_two() {
    let never = || FixedLineExpiration::Never;
    check(|| {
        let bind = BindAxbFixedLine::builder().app_id("APP0001").tel_a("15000000001").tel_b("15000000002");
        bind.expiration(never()).anucode("1,2,3").build()
    })
    .await;
    check(|| {
        let bind = BindAxnFixedLine::builder().app_id("APP0001").tel_a("15000000001");
        bind.expiration(never()).anucode("1,2,3").build()
    })
    .await;
    check(|| {
        let bind = BindAxnExtensionFixedLine::builder().app_id("APP0001").tel_a("15000000001");
        bind.expiration(never()).anucode("1,2,1").build()
    })
    .await;
    check(|| UpdateAxbBindFixedLine::builder().app_id("APP0001").sub_id("1").subts(instant()).build()).await;
    check(|| UpdateAxnBindFixedLine::builder().app_id("APP0001").sub_id("1").subts(instant()).build()).await;
    check(|| {
        let update = UpdateAxnExtensionBindFixedLine::builder().app_id("APP0001").sub_id("1").subts(instant());
        update.tel_a("15000000001").build()
    })
    .await;
    check(|| DeleteAxbBindFixedLine::builder().app_id("APP0001").sub_id("1").build()).await;
    check(|| DeleteAxnBindFixedLine::builder().app_id("APP0001").sub_id("1").build()).await;
    check(|| DeleteAxnExtensionBindFixedLine::builder().app_id("APP0001").sub_id("1").build()).await;
    let sub_id = || "1".to_owned();
    check(|| {
        let by = AxbFixedLineQuery::SubId { sub_id: sub_id() };
        QueryAxbBindFixedLine::builder().app_id("APP0001").query_type(by).build()
    })
    .await;
    check(|| {
        let by = AxnFixedLineQuery::SubId { sub_id: sub_id() };
        QueryAxnBindFixedLine::builder().app_id("APP0001").query_type(by).build()
    })
    .await;
    check(|| {
        let by = AxnExtensionFixedLineQuery::SubId { sub_id: sub_id() };
        QueryAxnExtensionBindFixedLine::builder().app_id("APP0001").query_type(by).build()
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_sent_again_keeps_its_order_id_and_the_user_can_set_it() {
    let bind = || {
        let bind = BindAxbFixedLine::builder().app_id("APP0001").tel_a("15000000001").tel_b("15000000002");
        bind.expiration(Duration::from_secs(60)).anucode("1,2,3")
    };
    let made = bind().build();
    let ids = order_ids(&[made.clone(), made]).await;
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{ids:?}");
    let ids = order_ids(&[bind().order_id("order-7").build()]).await;
    assert_eq!(ids, ["order-7"; ATTEMPTS as usize]);
}
