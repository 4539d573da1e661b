//! What the builder and the methods of the emulator can do can be done over HTTP, and a reset undoes it.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::Error;
use privacy_number::aliyun::{
    BindAxn, BlackOperateType, BuySecretNo, Client, ConfirmSendSms, Credentials, ListXTelephones, OperateBlackNo,
    QueryRecordFileDownloadUrl, QuerySecretNoRemain, SpecId,
};
use privacy_number::emulator::{Clock, Emulator};
use privacy_number::top::{
    AuthTokenCreate, ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OaidMerge, OrderMerge, ReceiverQuery, Scene,
    TmcMessagesConsume, TmcUserPermit,
};
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{control, get, post};

const POOL: &str = "FC123456";

async fn emulator() -> Emulator {
    let clock = Clock::stopped_at("2026-01-06T02:00:00Z".parse().unwrap());
    Emulator::builder().clock(clock).start().await.unwrap()
}

/// Sends a control request that must be accepted.
async fn accepted(emulator: &Emulator, path: &str, body: Value) -> Value {
    let (status, answer) = post(emulator, path, body).await;
    assert!([200, 201].contains(&status), "{path}: {answer}");
    answer
}

async fn reset(emulator: &Emulator) {
    accepted(emulator, "/reset", Value::Null).await;
}

/// The X number of a new binding in a pool.
async fn bind(emulator: &Emulator, pool: &str, phone: &str) -> Result<String, Error> {
    let bind = BindAxn::builder().pool_key(pool).phone_no_a(phone).expiration(emulator.now() + TimeDelta::days(1));
    let answer = emulator.aliyun()?.send(&bind.build()).await?;
    Ok(answer.secret_bind.secret_no.dial().to_string())
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.unwrap_err();
    error.sub_code().or(error.code()).unwrap_or_default().to_owned()
}

async fn decrypt(emulator: &Emulator, tid: &str, oaid: &str) -> Result<String, Error> {
    let query = ReceiverQuery::builder().tid(tid).oaid(oaid).build();
    let answer = emulator.shop()?.send(&OaidDecrypt::new([query])).await?;
    Ok(answer.receivers[0].mobile.as_ref().map(|mobile| mobile.dial().to_string()).unwrap_or_default())
}

#[tokio::test]
async fn an_added_application_is_accepted_until_the_reset() {
    let emulator = emulator().await;
    let with_app = |key: &str, secret: &str| {
        let shop = emulator.top_builder().app(key, secret).build().unwrap().shop(emulator.session());
        async move { shop.send(&OaidDecrypt::new([ReceiverQuery::builder().tid("2003").oaid("oaid-2003").build()])).await }
    };
    assert_eq!(code(with_app("app-2", "secret-2").await), "isv.appkey-not-exists");
    accepted(&emulator, "/apps", json!({"app_key": "app-2", "app_secret": "secret-2"})).await;
    with_app("app-2", "secret-2").await.unwrap();
    assert!(with_app("app-2", "wrong").await.is_err(), "its signature is verified");
    with_app(emulator.app_key(), emulator.app_secret()).await.unwrap();
    let taken = json!({"app_key": emulator.app_key(), "app_secret": "x"});
    assert_eq!(post(&emulator, "/apps", taken).await.0, 409);
    reset(&emulator).await;
    assert_eq!(code(with_app("app-2", "secret-2").await), "isv.appkey-not-exists");
}

#[tokio::test]
async fn an_added_access_key_is_accepted_until_the_reset() {
    let emulator = emulator().await;
    let stock = QuerySecretNoRemain::builder().spec_id(SpecId::VirtualOperator).city("武汉").build();
    let client = |key: Credentials| -> Client { emulator.aliyun_builder().credentials(key).build().unwrap() };
    let (permanent, temporary) = (Credentials::new("key-2", "secret-2"), Credentials::new("STS.3", "secret-3"));
    let temporary = || temporary.clone().security_token("token-3");
    assert_eq!(code(client(permanent.clone()).send(&stock).await), "InvalidAccessKeyId.NotFound");
    accepted(&emulator, "/access_keys", json!({"id": "key-2", "secret": "secret-2"})).await;
    let added =
        accepted(&emulator, "/access_keys", json!({"id": "STS.3", "secret": "secret-3", "security_token": "token-3"}));
    assert_eq!(added.await, json!({"id": "STS.3", "temporary": true}));
    client(permanent.clone()).send(&stock).await.unwrap();
    client(temporary()).send(&stock).await.unwrap();
    let wrong = client(Credentials::new("STS.3", "secret-3").security_token("token-4"));
    assert_eq!(code(wrong.send(&stock).await), "InvalidSecurityToken.MismatchWithAccessKey");
    reset(&emulator).await;
    assert_eq!(code(client(temporary()).send(&stock).await), "InvalidAccessKeyId.NotFound");
}

#[tokio::test]
async fn a_pool_is_added_with_cities_locked_numbers_and_its_kind() {
    let emulator = emulator().await;
    assert!(bind(&emulator, POOL, "15000000000").await.is_err(), "there is no such pool");
    let numbers = json!([{"number": "17000000011", "city": "西安", "locked": true}, {"number": "17000000012"}]);
    let added = accepted(&emulator, "/pools", json!({"pool_key": POOL, "numbers": numbers, "only": "AXN"})).await;
    assert_eq!(added, json!({"pool_key": POOL, "numbers": 2, "locked": 1}));
    assert_eq!(bind(&emulator, POOL, "15000000000").await.unwrap(), "17000000012");
    assert_eq!(code(bind(&emulator, POOL, "15000000001").await), "isv.NO_AVAILABLE_NUMBER");
    let unlock = json!({"pool_key": POOL, "number": "17000000011", "locked": false});
    assert_eq!(accepted(&emulator, "/pools/lock", unlock).await["locked"], 0);
    assert_eq!(bind(&emulator, POOL, "15000000001").await.unwrap(), "17000000011");

    let more = json!({"pool_key": POOL, "numbers": [{"number": "17000000013"}], "only": "AXG", "strict_city": true});
    assert_eq!(accepted(&emulator, "/pools", more).await["numbers"], 3);
    assert!(bind(&emulator, POOL, "15000000002").await.is_err(), "the pool is for AXG now");
    let state = get(&emulator, "/phone_number_protection?numbers=whole").await;
    let number = json!({"number": "17000000011", "city": "西安", "locked": false, "bound": true});
    assert_eq!(state["pools"][POOL]["numbers"][0], number);

    for (taken, status) in [("17000000013", 409), ("17000000001", 409), ("1700 0000", 400), ("", 400)] {
        let again = json!({"pool_key": "FC999", "numbers": [{"number": taken}]});
        assert_eq!(post(&emulator, "/pools", again).await.0, status, "{taken}");
    }
    let unknown = json!({"pool_key": POOL, "number": "17000000099", "locked": true});
    assert_eq!(post(&emulator, "/pools/lock", unknown).await.0, 404);
    reset(&emulator).await;
    let pools = get(&emulator, "/state").await["pools"].clone();
    assert_eq!(
        pools.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["FC100000000000001"],
        "refused pools are not added"
    );
}

#[tokio::test]
async fn work_numbers_are_added_to_a_pool() {
    let emulator = emulator().await;
    let added = accepted(&emulator, "/work_numbers", json!({"pool_key": POOL, "numbers": ["16500000011"]})).await;
    assert_eq!(added, json!({"pool_key": POOL, "numbers": 1}));
    let list = ListXTelephones::builder().customer_pool_key(POOL).build();
    let listed = emulator.aliyun().unwrap().send(&list).await.unwrap();
    let listed: Vec<_> = listed.data.list.iter().map(|number| number.telephone.expose().to_owned()).collect();
    assert_eq!(listed, ["16500000011"]);
    assert_eq!(post(&emulator, "/work_numbers", json!({"numbers": ["16500000001"]})).await.0, 409);
}

#[tokio::test]
async fn the_stock_and_the_limit_of_purchases_are_set() {
    let emulator = emulator().await;
    let buy = BuySecretNo::builder().pool_key(emulator.pool_key()).spec_id(SpecId::Carrier).city("成都").build();
    let buy = || async { emulator.aliyun().unwrap().send(&buy).await };
    assert_eq!(code(buy().await), "isv.NO_AVAILABLE_NUMBER");
    let stock = accepted(&emulator, "/stock", json!({"spec": 2, "city": "成都", "amount": 3})).await;
    assert!(stock["on_sale"].as_array().unwrap().contains(&json!({"spec": 2, "city": "成都", "amount": 3})), "{stock}");
    buy().await.unwrap();
    let limited = accepted(&emulator, "/stock/limit", json!({"purchases": 1})).await;
    assert_eq!(limited["purchases"], json!({"limit": 1, "made": 1}));
    assert_eq!(code(buy().await), "isv.BUY_NUM_OVER_LIMIT");
    accepted(&emulator, "/stock/limit", json!({"purchases": null})).await;
    buy().await.unwrap();
    for wrong in [json!({"spec": 4, "city": "成都", "amount": 1}), json!({"spec": 1, "city": "成都", "amount": 10_001})]
    {
        assert_eq!(post(&emulator, "/stock", wrong).await.0, 400);
    }
}

#[tokio::test]
async fn decryption_is_turned_off_and_has_a_quota() {
    let emulator = emulator().await;
    let decrypt = || decrypt(&emulator, "2003", "oaid-2003");
    for (switch, refusal) in [
        ("off_by_seller", "isv.decryption-disabled-by-seller"),
        ("off_for_app", "isv.app-decryption-disabled-by-seller"),
    ] {
        assert_eq!(accepted(&emulator, "/decryption", json!({"switch": switch})).await["switch"], switch);
        assert_eq!(code(decrypt().await), refusal);
    }
    let set = accepted(&emulator, "/decryption", json!({"switch": "on", "orders_per_day": 1})).await;
    assert_eq!(set, json!({"switch": "on", "orders_per_day": 1, "decrypted_today": 0}));
    decrypt().await.unwrap();
    assert_eq!(code(decrypt().await), "isv.decryption-quota-exceeded");
    accepted(&emulator, "/decryption", json!({"orders_per_day": null})).await;
    decrypt().await.unwrap();
    assert_eq!(get(&emulator, "/decryption").await["decrypted_today"], 2);
    assert_eq!(post(&emulator, "/decryption", json!({})).await.0, 400);
}

#[tokio::test]
async fn callers_and_client_tokens_are_added_to_a_shop() {
    let emulator = emulator().await;
    accepted(&emulator, "/shops/callers", json!({"callers": ["4001234567"]})).await;
    accepted(&emulator, "/orders/generate", json!({"count": 20})).await;
    let orders = get(&emulator, "/orders?shop=first-shop&numbers=whole").await["orders"].clone();
    let with_700: Vec<_> = orders.as_array().unwrap().iter().filter(|order| order["number"] == "700").collect();
    let callers = |tid: &str| with_700.iter().find(|order| order["tid"] == tid).unwrap()["callers"].clone();
    assert_eq!(callers("2001"), json!([]), "for orders that are added later");
    let generated: Vec<_> = with_700.iter().filter(|order| order["tid"].as_str().unwrap().len() == 19).collect();
    assert!(!generated.is_empty() && generated.iter().all(|order| order["callers"] == json!(["4001234567"])));

    let decrypt = || async {
        let query = ClientReceiverQuery::builder().tid("2001").oaid("oaid-2001").scene(Scene::AfterSales).build();
        emulator.top().unwrap().send(&OaidClientDecrypt::new("token-1", query)).await
    };
    assert!(decrypt().await.is_err());
    accepted(&emulator, "/shops/client_tokens", json!({"client_tokens": ["token-1"]})).await;
    assert_eq!(decrypt().await.unwrap().receivers.len(), 1);
    for path in ["/shops/callers", "/shops/client_tokens", "/orders/generate"] {
        let body = match path {
            "/shops/callers" => json!({"shop": "nowhere", "callers": []}),
            "/shops/client_tokens" => json!({"shop": "nowhere", "client_tokens": []}),
            _ => json!({"shop": "nowhere", "count": 1}),
        };
        assert_eq!(post(&emulator, path, body).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn generated_orders_are_those_of_the_builder() {
    let by_builder = Emulator::builder().seed(7).generated_orders(5).start().await.unwrap();
    let emulator = emulator().await;
    accepted(&emulator, "/seed", json!({"seed": 7})).await;
    let first = accepted(&emulator, "/orders/generate", json!({"count": 3})).await["orders"].clone();
    accepted(&emulator, "/orders/generate", json!({"first": 3, "count": 2})).await;
    assert_eq!(emulator.orders(), by_builder.orders());
    assert_eq!(first[0]["tid"], emulator.orders()[3].0);
    for (tid, oaid) in by_builder.orders() {
        let (here, there) = (decrypt(&emulator, &tid, &oaid).await, decrypt(&by_builder, &tid, &oaid).await);
        assert_eq!(here.unwrap(), there.unwrap());
    }
    for count in [0, 10_001] {
        assert_eq!(post(&emulator, "/orders/generate", json!({"count": count})).await.0, 400);
    }
}

#[tokio::test]
async fn a_changed_oaid_gives_another_number() {
    let emulator = emulator().await;
    let before = decrypt(&emulator, "2001", "oaid-2001").await.unwrap();
    accepted(&emulator, "/orders/change", json!({"tid": "2001", "oaid": "oaid-new"})).await;
    assert_eq!(decrypt(&emulator, "2001", "oaid-2001").await.unwrap(), "", "not the current oaid");
    let after = decrypt(&emulator, "2001", "oaid-new").await.unwrap();
    assert_ne!(after, before);
    let orders = get(&emulator, "/orders?numbers=whole").await["orders"].clone();
    let order = orders.as_array().unwrap().iter().find(|order| order["tid"] == "2001").unwrap();
    assert_eq!((&order["oaid"], &order["mobile"]), (&json!("oaid-new"), &json!(after)));
    let masked = get(&emulator, "/orders").await;
    assert!(!masked.to_string().contains(&after), "{masked}");
    assert_eq!(post(&emulator, "/orders/change", json!({"tid": "1", "oaid": "o"})).await.0, 404);
    assert_eq!(control(&emulator, Method::GET, "/orders?shop=nowhere", Value::Null).await.0, 404);
}

#[tokio::test]
async fn white_lists_and_the_time_of_a_review_are_set() {
    let emulator = emulator().await;
    let time = accepted(&emulator, "/reports/review_time", json!({"seconds": 60})).await;
    assert_eq!(time, json!({"white_groups": [19], "review_seconds": 60}));
    let groups = accepted(&emulator, "/white_groups", json!({"id": 20})).await;
    assert_eq!(groups["white_groups"], json!([19, 20]));
    reset(&emulator).await;
    let groups = accepted(&emulator, "/white_groups", json!({"id": 21})).await;
    assert_eq!(groups, json!({"white_groups": [19, 21], "review_seconds": 3600}));
}

#[tokio::test]
async fn call_records_are_added() {
    let emulator = emulator().await;
    let client = emulator.aliyun().unwrap();
    let (at, pool) = (emulator.now() - TimeDelta::hours(1), emulator.pool_key());
    let recording = |id: &str| {
        let query = QueryRecordFileDownloadUrl::builder().pool_key(pool).call_id(id);
        query.call_time(at.fixed_offset()).build()
    };
    assert!(client.send(&recording("call-2")).await.is_err());
    let record = json!({"id": "call-2", "at": at.to_rfc3339(), "duration": 30});
    assert_eq!(accepted(&emulator, "/call_records", record).await, json!({"id": "call-2"}));
    client.send(&recording("call-2")).await.unwrap();
    accepted(&emulator, "/call_records", json!({"id": "call-3", "recorded": false})).await;
    assert!(client.send(&recording("call-3")).await.is_err(), "it was not recorded");

    let confirm = |id: &str| ConfirmSendSms::builder().pool_key(pool).secret_no("17000000001").call_id(id).build();
    accepted(&emulator, "/call_records", json!({"id": "sms-2", "kind": "message"})).await;
    client.send(&confirm("sms-2")).await.unwrap();
    for wrong in [
        json!({"id": ""}),
        json!({"id": "x", "at": "yesterday"}),
        json!({"id": "x", "kind": "message", "duration": 1}),
        json!({"id": "x", "duration": 86_401}),
    ] {
        assert_eq!(post(&emulator, "/call_records", wrong.clone()).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_blacklist_is_asked() {
    let emulator = emulator().await;
    let call = json!({"caller": "15000000009", "called": "15000000000"});
    assert_eq!(accepted(&emulator, "/blacklists/check", call.clone()).await, json!({"allowed": true}));
    let black = OperateBlackNo::builder().pool_key(emulator.pool_key()).black_no("15000000009");
    emulator.aliyun().unwrap().send(&black.operate_type(BlackOperateType::Add).build()).await.unwrap();
    assert_eq!(accepted(&emulator, "/blacklists/check", call).await, json!({"allowed": false}));
}

#[tokio::test]
async fn the_ledger_is_read_for_one_operation() {
    let emulator = emulator().await;
    bind(&emulator, emulator.pool_key(), "15000000000").await.unwrap();
    decrypt(&emulator, "2003", "oaid-2003").await.unwrap();
    let ledger = get(&emulator, "/ledger?operation=BindAxn").await;
    assert_eq!(ledger["counts"], json!({"BindAxn": {"handled": 1, "executed": 1}}));
    assert_eq!(
        (ledger["entries"].as_array().unwrap().len(), &ledger["entries"][0]["operation"]),
        (1, &json!("BindAxn"))
    );
    assert_eq!(get(&emulator, "/ledger?operation=BindAxb").await, json!({"counts": {}, "entries": []}));
    assert_eq!(get(&emulator, "/ledger").await["entries"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn settle_answers_when_the_pushes_are_delivered() {
    let receiver = MockServer::builder().start().await;
    let slow = ResponseTemplate::new(200).set_body_json(json!({"code": 0})).set_delay(Duration::from_millis(300));
    Mock::given(any()).respond_with(slow).mount(&receiver).await;
    let emulator = emulator().await;
    assert_eq!(
        accepted(&emulator, "/settle", Value::Null).await,
        json!({"settled": true}),
        "there is nothing to wait for"
    );
    accepted(&emulator, "/push", json!({"base": receiver.uri()})).await;
    accepted(&emulator, "/calls", json!({"caller": "15000000001", "x": "17000000001"})).await;
    assert_eq!(accepted(&emulator, "/settle", json!({"timeout": 0})).await, json!({"settled": false}));
    assert_eq!(accepted(&emulator, "/settle", json!({"timeout": 30})).await, json!({"settled": true}));
    assert_eq!(receiver.received_requests().await.unwrap().len(), 2);
    assert_eq!(get(&emulator, "/state").await["pushes"], json!({"pending": 0, "delivered": 2, "lost": 0}));
    assert_eq!(post(&emulator, "/settle", json!({"timeout": 61})).await.0, 400);
}

#[tokio::test]
async fn the_clock_stays_within_four_digits_of_years() {
    let emulator = emulator().await;
    for wrong in
        [json!({"advance": u64::MAX}), json!({"set": "1969-12-31T23:59:59Z"}), json!({"advance": 252_000_000_000_u64})]
    {
        assert_eq!(post(&emulator, "/clock", wrong.clone()).await.0, 409, "{wrong}");
    }
    assert_eq!(get(&emulator, "/clock").await["now"], "2026-01-06T02:00:00+00:00", "a refused change changes nothing");
}

#[tokio::test]
async fn what_happens_to_an_order_is_set_and_its_messages_are_published() {
    let emulator = emulator().await;
    let shop = emulator.shop().unwrap();
    shop.send(&TmcUserPermit::all_topics()).await.unwrap();
    let status = json!({"tid": "2002", "status": "TRADE_FINISHED"});
    assert_eq!(accepted(&emulator, "/orders/status", status.clone()).await, status);
    let moved = accepted(&emulator, "/orders/address", json!({"tid": "2001"})).await["oaid"].clone();
    accepted(&emulator, "/orders/change", json!({"tid": "2001", "oaid": "oaid-new"})).await;
    assert_ne!(moved, "oaid-new");
    let message = json!({"topic": "any_topic", "content": "any text"});
    assert_eq!(accepted(&emulator, "/messages", message.clone()).await, json!({"published": true}));
    let of_other_shop = json!({"shop": "other-shop", "topic": "any_topic", "content": "any text"});
    assert_eq!(accepted(&emulator, "/messages", of_other_shop).await, json!({"published": false}));

    let life = get(&emulator, "/orders/life").await;
    assert_eq!(
        (&life["2002"]["status"], &life["2002"]["ended"]),
        (&json!("TRADE_FINISHED"), &json!("2026-01-06 10:00:00"))
    );
    assert_eq!((&life["2001"]["oaid"], &life["2001"]["address_changes"]), (&json!("oaid-new"), &json!(2)));
    let messages = shop.send(&TmcMessagesConsume::default()).await.unwrap().messages;
    let topics: Vec<_> = messages.iter().map(|message| message.topic.as_str()).collect();
    let moved = "taobao_trade_TradeLogisticsAddressChanged";
    assert_eq!(topics, ["taobao_trade_TradeSuccess", moved, moved, "any_topic"]);
    let listed = get(&emulator, "/messages").await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[3]["content"]), (4, &json!("any text")));

    let unknown = json!({"tid": "no such order", "status": "TRADE_CLOSED"});
    assert_eq!(post(&emulator, "/orders/status", unknown).await.0, 404);
    assert_eq!(post(&emulator, "/orders/address", json!({"tid": "no such order"})).await.0, 404);
    reset(&emulator).await;
    assert_eq!(get(&emulator, "/messages").await, json!([]));
    assert_eq!(get(&emulator, "/orders/life").await["2001"]["oaid"], "oaid-2001");
}

#[tokio::test]
async fn orders_of_one_receiver_are_merged_and_an_authorisation_gives_a_session() {
    let emulator = emulator().await;
    accepted(&emulator, "/orders/receiver", json!({"tids": ["2001", "2003"]})).await;
    let orders = ["2001", "2002", "2003"].map(|tid| OrderMerge::builder().oaid(format!("oaid-{tid}")).tid(tid).build());
    let merge = OaidMerge::new(orders);
    let merged = emulator.shop().unwrap().send(&merge).await.unwrap();
    let parcels: Vec<_> = merge.parcels(&merged).iter().map(ToString::to_string).collect();
    assert_eq!(parcels, ["2001,2003", "2002"]);
    assert_eq!(post(&emulator, "/orders/receiver", json!({"tids": ["2001", "none"]})).await.0, 404);

    let answer = accepted(&emulator, "/shops/authorise", json!({"shop": "other-shop"})).await;
    let code = answer["code"].as_str().unwrap().to_owned();
    let created = emulator.top().unwrap().send(&AuthTokenCreate::new(code)).await.unwrap();
    assert_eq!(emulator.session_of("other-shop").as_deref(), Some(created.token_result.access_token.expose()));
    assert_eq!(post(&emulator, "/shops/authorise", json!({"shop": "no such shop"})).await.0, 404);
}
