//! The `ReqId` of the work-number family: one for all attempts of a call, another one for every other call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::TryStreamExt;
use privacy_number::aliyun::{
    BindAXBCall, BindXB, Client, ConfigX, CreateSmsSign, Credentials, CredentialsProvider, GetXConfig,
    GetXDefaultConfig, ListXTelephones, ProviderError, QuerySoundRecord, UnBindAXB, UnBindXB,
};
use privacy_number::{Advice, Error, Outcome};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::clients::{aliyun, aliyun_builder, fast_retries};
use crate::fixtures::read;
use crate::form;
use crate::server::{Server, body, ok, response};

const THROTTLED: &str = r#"{"RequestId":"1","HostId":"h","Code":"Throttling.User","Message":"m"}"#;

/// Answers the first requests with these texts, and all later ones with the stored answer of an operation.
async fn server(first: &'static [(u16, &'static str)], operation: &str) -> Server {
    let (success, count) = (read(&format!("aliyun-newer/{operation}.json")), AtomicUsize::new(0));
    Server::start(move |_| match first.get(count.fetch_add(1, Ordering::Relaxed)) {
        Some((status, text)) => response(*status, text),
        None => ok(&success),
    })
    .await
}

/// The parameters of all requests, in order.
async fn received(server: &Server) -> Vec<BTreeMap<String, String>> {
    server.received().await.iter().map(|request| form::decode(body(request))).collect()
}

/// The values of a parameter in all requests, in order.
async fn sent(server: &Server, name: &str) -> Vec<String> {
    received(server).await.iter().map(|parameters| parameters[name].clone()).collect()
}

fn get() -> GetXConfig {
    GetXConfig::builder().customer_pool_key("FC123456").tel_x("16500000000").build()
}

fn bind() -> BindXB {
    BindXB::builder().customer_pool_key("FC123456").tel_x("16500000000").tel_b("15000000002").build()
}

fn client(server: &Server) -> Client {
    aliyun(server.aliyun_endpoint(), fast_retries(4))
}

#[tokio::test]
async fn all_attempts_of_a_read_carry_one_req_id() {
    let server = server(&[(503, ""), (200, "{"), (400, THROTTLED)], "GetXConfig").await;
    let request = get();
    client(&server).send(&request).await.unwrap();
    assert_eq!(sent(&server, "ReqId").await, vec![request.req_id.as_str(); 4]);
    let nonces: BTreeSet<_> = sent(&server, "SignatureNonce").await.into_iter().collect();
    assert_eq!(nonces.len(), 4, "every attempt is signed anew");
}

#[tokio::test]
async fn all_attempts_of_a_write_carry_one_req_id() {
    let server = server(&[(400, THROTTLED), (400, THROTTLED)], "BindXB").await;
    let request = bind();
    client(&server).send(&request).await.unwrap();
    assert_eq!(sent(&server, "ReqId").await, vec![request.req_id.as_str(); 3]);
}

#[tokio::test]
async fn the_req_id_does_not_make_a_binding_safe_to_repeat() {
    let server = server(&[(503, "")], "BindXB").await;
    let error = client(&server).send(&bind()).await.unwrap_err();
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile));
    assert_eq!(server.received().await.len(), 1);
}

/// Gives `key-0`, then `key-1`, and so on.
#[derive(Debug, Default)]
struct NumberedKeys(AtomicUsize);

impl CredentialsProvider for NumberedKeys {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        Ok(Credentials::new(format!("key-{}", self.0.fetch_add(1, Ordering::Relaxed)), "secret"))
    }
}

#[tokio::test]
async fn a_retry_after_a_refused_key_carries_the_same_req_id() {
    let refused = r#"{"RequestId":"1","HostId":"h","Code":"InvalidAccessKeyId.NotFound","Message":"m"}"#;
    let success = read("aliyun-newer/BindXB.json");
    let server = Server::start(move |request| -> ResponseTemplate {
        if body(request).contains("AccessKeyId=key-0&") { response(404, refused) } else { ok(&success) }
    })
    .await;
    let builder = aliyun_builder(server.aliyun_endpoint()).credentials_provider(NumberedKeys::default());
    let request = bind();
    builder.settings(fast_retries(4)).build().unwrap().send(&request).await.unwrap();
    assert_eq!(sent(&server, "AccessKeyId").await, ["key-0", "key-1"]);
    assert_eq!(sent(&server, "ReqId").await, vec![request.req_id.as_str(); 2]);
}

#[tokio::test]
async fn two_calls_carry_different_req_ids_and_a_request_that_is_sent_again_carries_its_own() {
    let server = server(&[], "GetXConfig").await;
    let (client, request) = (client(&server), get());
    for request in [&request, &get(), &get(), &request] {
        client.send(request).await.unwrap();
    }
    let ids = sent(&server, "ReqId").await;
    assert_eq!(ids[0], ids[3]);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3, "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == 20));
}

#[tokio::test]
async fn the_users_own_req_id_is_sent_and_a_long_one_is_refused_before() {
    let server = server(&[], "GetXConfig").await;
    let with = |req_id: &str| {
        let get = GetXConfig::builder().customer_pool_key("FC123456").tel_x("16500000000");
        get.req_id(req_id).build()
    };
    client(&server).send(&with("12345678901234567890")).await.unwrap();
    let error = client(&server).send(&with("123456789012345678901")).await.unwrap_err();
    let Error::Invalid(error) = error else { panic!("{error}") };
    assert_eq!(error.field(), "req_id");
    assert_eq!(sent(&server, "ReqId").await, ["12345678901234567890"]);
}

#[test]
fn every_request_of_the_family_has_a_random_req_id() {
    let ids = [(); 2].map(|()| {
        [
            bind().req_id,
            UnBindXB::builder().customer_pool_key("F").auth_id("1").tel_x("1").build().req_id,
            {
                let bind = BindAXBCall::builder().customer_pool_key("F").auth_id("1").tel_a("1");
                bind.expiration(Duration::from_secs(1)).build().req_id
            },
            UnBindAXB::builder().customer_pool_key("F").bind_id("1").build().req_id,
            ConfigX::builder().customer_pool_key("F").tel_x("1").build().req_id,
            get().req_id,
            GetXDefaultConfig::builder().customer_pool_key("F").tel_x("1").build().req_id,
            ListXTelephones::builder().build().req_id,
            QuerySoundRecord::builder().customer_pool_key("F").call_id("1").build().req_id,
            CreateSmsSign::builder().customer_pool_key("F").calling_no("1").called_no("1").build().req_id,
        ]
    });
    let different: BTreeSet<_> = ids.iter().flatten().map(|id| id.as_str()).collect();
    assert_eq!(different.len(), 20);
}

/// A gateway with a number of work numbers, that gives at most three of them per page.
async fn listing(total: usize) -> Server {
    Server::start(move |request| {
        let parameters = form::decode(body(request));
        let page_no: usize = parameters["PageNo"].parse().unwrap();
        let numbers = (0..total).skip((page_no - 1) * 3).take(3);
        let list: Vec<_> = numbers.map(|number| json!({"Telephone": format!("165{number:08}")})).collect();
        let data = json!({"List": list, "PageNo": page_no, "PageSize": 3, "Total": total});
        ok(&json!({"Code": "0000", "Success": true, "Data": data}).to_string())
    })
    .await
}

#[tokio::test]
async fn all_pages_are_read_in_order_and_each_is_a_call_of_its_own() {
    for (total, pages) in [(0, 1), (1, 1), (3, 1), (4, 2), (7, 3)] {
        let server = listing(total).await;
        let query = ListXTelephones::builder().customer_pool_key("FC123456").page_no(9).page_size(50);
        let query = query.req_id("first").build();
        let numbers: Vec<_> = client(&server).x_telephones(query).try_collect().await.unwrap();
        let numbers: Vec<_> = numbers.iter().map(|number| number.telephone.expose()).collect();
        let expected: Vec<_> = (0..total).map(|number| format!("165{number:08}")).collect();
        assert_eq!(numbers, expected);
        let expected: Vec<_> = (1..=pages).map(|page: usize| page.to_string()).collect();
        assert_eq!(sent(&server, "PageNo").await, expected);
        assert_eq!(sent(&server, "PageSize").await, vec!["50"; pages]);
        let ids = sent(&server, "ReqId").await;
        assert_eq!(ids[0], "first");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), pages);
    }
}

#[tokio::test]
async fn a_page_that_fails_ends_the_list_with_its_error() {
    let page = r#"{"Code":"0000","Data":{"List":[{"Telephone":"16500000000"}],"PageNo":1,"PageSize":1,"Total":5}}"#;
    let server = {
        let count = AtomicUsize::new(0);
        Server::start(move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0 => ok(page),
            _ => ok(r#"{"Code":"isv.FORBIDDEN_ACTION","Message":"m"}"#),
        })
        .await
    };
    let mut numbers = Box::pin(client(&server).x_telephones(ListXTelephones::builder().build()));
    assert_eq!(numbers.try_next().await.unwrap().unwrap().telephone.expose(), "16500000000");
    assert_eq!(server.received().await.len(), 1, "the next page is not requested before it is needed");
    assert_eq!(numbers.try_next().await.unwrap_err().code(), Some("isv.FORBIDDEN_ACTION"));
    assert_eq!(numbers.try_next().await.unwrap(), None);
    assert_eq!(server.received().await.len(), 2);
}
