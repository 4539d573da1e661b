//! Bad input is refused before anything is sent, and the field is named.

use chrono::{DateTime, FixedOffset, TimeDelta};
use privacy_number::aliyun::{
    BindAxb, Credentials, Dyplsapi, ProductType, QuerySubscriptionDetail, SubscriptionUpdate, UnbindSubscription,
    UpdateSubscription,
};
use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OperateType, ReceiverQuery, Scene, SecretGroupQuery,
    SecretGroupUpdate, WireShape,
};
use privacy_number::{Advice, Error, Operation, Outcome, Settings, aliyun, top};

use crate::clients::{aliyun, instant, once, shop};
use crate::server::Server;

fn assert_invalid<T>(result: Result<T, Error>, field: &str) {
    let Err(error) = result else { panic!("`{field}` must be refused") };
    assert_eq!((error.outcome(), error.advice(), error.attempts()), (Outcome::NotExecuted, Advice::FixRequest, 0));
    let Error::Invalid(error) = error else { panic!("{field}: {error}") };
    assert_eq!(error.field(), field);
    assert!(!error.reason().is_empty());
}

async fn assert_not_sent_to_top<O: Operation<Gateway = top::Top>>(operation: &O, field: &str) {
    let server = Server::always("").await;
    assert_invalid(shop(server.top_endpoint(), once()).send(operation).await, field);
    assert!(server.received().await.is_empty(), "nothing is sent for a bad `{field}`");
}

async fn assert_not_sent_to_aliyun<O: Operation<Gateway = Dyplsapi>>(operation: &O, field: &str) {
    let server = Server::always("").await;
    assert_invalid(aliyun(server.aliyun_endpoint(), once()).send(operation).await, field);
    assert!(server.received().await.is_empty(), "nothing is sent for a bad `{field}`");
}

fn query(oaid: &str, tid: &str) -> ReceiverQuery {
    ReceiverQuery::builder().oaid(oaid).tid(tid).build()
}

fn queries(count: usize) -> OaidDecrypt {
    OaidDecrypt::new((0..count).map(|index| query("oaid-a", &index.to_string())))
}

fn update(callers: &[&str], shape: WireShape) -> SecretGroupUpdate {
    let update = SecretGroupUpdate::builder().oaid("oaid-a").operate_type(OperateType::Add);
    update.mobile_list(callers.iter().copied()).wire_shape(shape).build()
}

#[tokio::test]
async fn a_decryption_takes_1_to_20_queries() {
    assert_not_sent_to_top(&queries(0), "query_list").await;
    assert_not_sent_to_top(&queries(21), "query_list").await;
    for count in [1, 20] {
        let server = Server::always("").await;
        let _ = shop(server.top_endpoint(), once()).send(&queries(count)).await;
        server.received_one().await;
    }
}

#[tokio::test]
async fn an_oaid_has_1_to_128_characters() {
    for bad in [String::new(), "a".repeat(129), "号".repeat(129)] {
        let second_is_bad = OaidDecrypt::new([query("oaid-a", "1"), query(&bad, "2")]);
        assert_not_sent_to_top(&second_is_bad, "query_list[1].oaid").await;
        let on_the_client = ClientReceiverQuery::builder().oaid(bad.as_str()).tid("1").scene(Scene::AfterSales).build();
        assert_not_sent_to_top(&OaidClientDecrypt::new("abc123", on_the_client), "query_list[0].oaid").await;
        assert_not_sent_to_top(&SecretGroupQuery::builder().oaid(bad.as_str()).build(), "oaid").await;
        let update = SecretGroupUpdate::builder().oaid(bad.as_str()).operate_type(OperateType::Delete);
        assert_not_sent_to_top(&update.mobile_list(["13100000000"]).build(), "oaid").await;
    }
    for good in ["a".repeat(128), "号".repeat(128)] {
        let server = Server::always("").await;
        let _ = shop(server.top_endpoint(), once()).send(&SecretGroupQuery::builder().oaid(good).build()).await;
        server.received_one().await;
    }
}

#[tokio::test]
async fn a_query_needs_a_tid_and_a_client_decryption_one_query_and_a_token() {
    assert_not_sent_to_top(&OaidDecrypt::new([query("oaid-a", "")]), "query_list[0].tid").await;
    let query = || ClientReceiverQuery::builder().oaid("oaid-a").tid("1").scene(Scene::AfterSales).build();
    assert_not_sent_to_top(&OaidClientDecrypt::new("", query()), "sec_once_token").await;
    let mut two = OaidClientDecrypt::new("abc123", query());
    two.query_list.push(query());
    assert_not_sent_to_top(&two, "query_list").await;
    two.query_list.clear();
    assert_not_sent_to_top(&two, "query_list").await;
}

#[tokio::test]
async fn a_caller_is_up_to_15_ascii_digits_that_do_not_start_with_00() {
    let bad = ["", "010-12345678", "0013100000000", "+8613100000000", "131 0000 0000", "1234567890123456", "１３１"];
    for shape in [WireShape::Wrapped, WireShape::Flat] {
        for caller in bad {
            assert_not_sent_to_top(&update(&["13100000000", caller], shape), "mobile_list[1]").await;
        }
    }
    let server = Server::always("").await;
    let good = update(&["01012345678", "13100000000", "123456789012345", "0", "4001234567"], WireShape::Wrapped);
    let _ = shop(server.top_endpoint(), once()).send(&good).await;
    server.received_one().await;
}

#[tokio::test]
async fn a_report_holds_1_to_20_callers() {
    let numbers: Vec<String> = (0..21).map(|last| format!("131000000{last:02}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_not_sent_to_top(&update(&[], WireShape::Wrapped), "mobile_list").await;
    assert_not_sent_to_top(&update(&numbers, WireShape::Wrapped), "mobile_list").await;
    let server = Server::always("").await;
    let _ = shop(server.top_endpoint(), once()).send(&update(&numbers[..20], WireShape::Wrapped)).await;
    server.received_one().await;
}

fn bind(a: &str, b: &str, ahead: TimeDelta) -> BindAxb {
    let expiration: DateTime<FixedOffset> = (instant() + ahead).into();
    BindAxb::builder().pool_key("FC123456").phone_no_a(a).phone_no_b(b).expiration(expiration).build()
}

fn change(update: SubscriptionUpdate) -> UpdateSubscription {
    let change = UpdateSubscription::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000");
    change.update(update).build()
}

#[tokio::test]
async fn an_expiration_is_more_than_a_minute_ahead_in_the_seconds_that_are_sent() {
    let (a, b) = ("15000000000", "15000000001");
    let thousandths = TimeDelta::milliseconds;
    for ahead in [thousandths(-1000), thousandths(0), thousandths(60_000), thousandths(60_999)] {
        assert_not_sent_to_aliyun(&bind(a, b, ahead), "expiration").await;
        let update = SubscriptionUpdate::Expiration((instant() + ahead).into());
        assert_not_sent_to_aliyun(&change(update), "expiration").await;
    }
    let server = Server::always("").await;
    let client = aliyun(server.aliyun_endpoint(), once());
    let _ = client.send(&bind(a, b, thousandths(61_000))).await;
    let _ = client.send(&change(SubscriptionUpdate::Expiration((instant() + thousandths(61_000)).into()))).await;
    assert_eq!(server.received().await.len(), 2);
}

#[tokio::test]
async fn the_parties_of_a_binding_are_phone_numbers() {
    for bad in ["", "010-12345678", "0086150", "+8615000000000", "1500000000012345"] {
        let ahead = TimeDelta::days(7);
        assert_not_sent_to_aliyun(&bind(bad, "15000000001", ahead), "phone_no_a").await;
        assert_not_sent_to_aliyun(&bind("15000000000", bad, ahead), "phone_no_b").await;
        assert_not_sent_to_aliyun(&change(SubscriptionUpdate::PhoneNoA(bad.into())), "phone_no_a").await;
        assert_not_sent_to_aliyun(&change(SubscriptionUpdate::PhoneNoB(bad.into())), "phone_no_b").await;
    }
}

#[tokio::test]
async fn a_binding_is_found_by_pool_key_or_product_type_and_by_its_id_and_x() {
    let mut without_key = bind("15000000000", "15000000001", TimeDelta::days(7));
    without_key.pool_key = String::new();
    assert_not_sent_to_aliyun(&without_key, "pool_key").await;

    let unbind = |pool: Option<&str>, product: Option<ProductType>, id: &str, x: &str| {
        let unbind = UnbindSubscription::builder().maybe_pool_key(pool).maybe_product_type(product);
        unbind.subs_id(id).secret_no(x).build()
    };
    assert_not_sent_to_aliyun(&unbind(None, None, "1", "17000000000"), "pool_key").await;
    assert_not_sent_to_aliyun(&unbind(Some(""), None, "1", "17000000000"), "pool_key").await;
    assert_not_sent_to_aliyun(&unbind(Some("FC123456"), None, "", "17000000000"), "subs_id").await;
    assert_not_sent_to_aliyun(&unbind(Some("FC123456"), None, "1", ""), "secret_no").await;

    let read = QuerySubscriptionDetail::builder().subs_id("1").phone_no_x("17000000000").build();
    assert_not_sent_to_aliyun(&read, "pool_key").await;
    let read = QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("").build();
    assert_not_sent_to_aliyun(&read, "phone_no_x").await;

    let mut nowhere = change(SubscriptionUpdate::OutId("a".into()));
    nowhere.pool_key = None;
    assert_not_sent_to_aliyun(&nowhere, "pool_key").await;
    assert_not_sent_to_aliyun(&change(SubscriptionUpdate::GroupId(String::new())), "group_id").await;

    let server = Server::always("").await;
    let client = aliyun(server.aliyun_endpoint(), once());
    let _ = client.send(&unbind(None, Some(ProductType::Axn95), "1", "17000000000")).await;
    server.received_one().await;
}

#[test]
fn a_client_needs_a_key_and_a_secret() {
    assert_invalid(top::Client::builder().build(), "app_key");
    assert_invalid(top::Client::builder().app("", "secret").build(), "app_key");
    assert_invalid(top::Client::builder().app("12345678", "").build(), "app_secret");
    assert_invalid(aliyun::Client::builder().build(), "access_key_id");
    assert_invalid(aliyun::Client::builder().access_key("", "secret").build(), "access_key_id");
    assert_invalid(aliyun::Client::builder().credentials(Credentials::new("id", "")).build(), "access_key_secret");
}

#[test]
fn an_endpoint_is_https_or_this_machine_and_holds_nothing_else() {
    let top = |url: &str, settings| top::Client::builder().app("1", "s").endpoint(url).settings(settings).build();
    let dyplsapi = |url: &str, settings: Settings| {
        aliyun::Client::builder().access_key("id", "s").endpoint(url).settings(settings).build()
    };
    let dytnsapi = |url: &str| aliyun::Client::builder().access_key("id", "s").dytns_endpoint(url).build();
    for bad in [
        "http://gw.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "https://user@host",
        "https://user:password@host",
        "host",
        "",
    ] {
        assert_invalid(top(&format!("{bad}/router/rest"), Settings::new()), "endpoint");
        assert_invalid(dyplsapi(bad, Settings::new()), "endpoint");
        assert_invalid(dytnsapi(bad), "endpoint");
    }
    for bad in ["https://host/path", "https://host/?query=1", "https://host/#fragment", "https://host/router"] {
        assert_invalid(top(bad, Settings::new()), "endpoint");
        assert_invalid(dyplsapi(bad, Settings::new()), "endpoint");
    }
    assert_invalid(top("https://host/router/rest?session=1", Settings::new()), "endpoint");
    for host in ["https://host", "https://host:8443", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"] {
        top(&format!("{host}/router/rest"), Settings::new()).unwrap();
        dyplsapi(&format!("{host}/"), Settings::new()).unwrap();
    }
    top("http://gw.example.com/router/rest", Settings::new().allow_plain_http()).unwrap();
    dyplsapi("http://gw.example.com", Settings::new().allow_plain_http()).unwrap();
}

#[test]
fn the_documented_endpoints_are_accepted() {
    for endpoint in [top::Endpoint::Production, top::Endpoint::Overseas, top::Endpoint::Sandbox] {
        top::Client::builder().app("12345678", "secret").endpoint(endpoint).build().unwrap();
    }
    aliyun::Client::builder().access_key("id", "secret").build().unwrap();
}
