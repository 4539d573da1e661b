//! Shops, sessions and orders that a test adds or changes.

use privacy_number::emulator::{Emulator, ShopError, ShopSeed};
use privacy_number::top::{OaidDecrypt, ProviderError, ReceiverQuery, SecretGroupQuery, SessionProvider, Shop};
use privacy_number::{Advice, Error, Secret};
use serde_json::json;
use std::sync::Arc;

use super::{get, post};

async fn decrypt(shop: &Shop, tid: &str, oaid: &str) -> Result<bool, Error> {
    let query = ReceiverQuery::builder().tid(tid).oaid(oaid).build();
    let answer = shop.send(&OaidDecrypt::new([query])).await?;
    Ok(answer.receivers[0].matched == Some(true) && answer.receivers[0].mobile.is_some())
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> (Option<String>, Option<String>) {
    let error = result.unwrap_err();
    (error.code().map(str::to_owned), error.sub_code().map(str::to_owned))
}

fn session_expired() -> (Option<String>, Option<String>) {
    (Some("27".to_owned()), Some("session-expired".to_owned()))
}

#[tokio::test]
async fn each_of_many_shops_decrypts_its_own_orders() {
    let seeds = (0..50).map(|n| ShopSeed::new(format!("shop-{n}")).orders([(format!("9{n}"), format!("oaid-9{n}"))]));
    let emulator = seeds.fold(Emulator::builder(), |builder, seed| builder.shop(seed)).start().await.unwrap();
    for n in 0..50 {
        let shop = emulator.shop_named(&format!("shop-{n}")).unwrap();
        assert!(decrypt(&shop, &format!("9{n}"), &format!("oaid-9{n}")).await.unwrap());
    }
    let shop = emulator.shop_named("shop-1").unwrap();
    assert_eq!(refused(decrypt(&shop, "92", "oaid-92").await).1.as_deref(), Some("isv.no-permission:oaid"));
    assert_eq!(emulator.gateways().shop_names().len(), 52);
    assert_eq!(emulator.gateways().orders_of("shop-7").unwrap(), [("97".to_owned(), "oaid-97".to_owned())]);
}

#[tokio::test]
async fn a_shop_that_is_added_later_has_orders_callers_and_tokens() {
    let emulator = Emulator::start().await.unwrap();
    // Some of these tids have a 700 number.
    let orders: Vec<_> = (0..10).map(|n| (format!("50{n}"), format!("oaid-50{n}"))).collect();
    let south = ShopSeed::new("south").session("s-1").callers(["4001234567"]).orders(orders.clone());
    emulator.add_shop(south.client_tokens(["south-once"])).unwrap();
    assert_eq!(emulator.session_of("south").as_deref(), Some("s-1"));
    let shop = emulator.shop_named("south").unwrap();
    let mut with_callers = 0;
    for (tid, oaid) in &orders {
        let query = ReceiverQuery::builder().tid(tid).oaid(oaid.as_str()).build();
        let answer = shop.send(&OaidDecrypt::new([query])).await.unwrap();
        if answer.receivers[0].mobile.as_ref().unwrap().needs_caller_report() {
            let group = shop.send(&SecretGroupQuery::builder().oaid(oaid.as_str()).build()).await.unwrap();
            assert_eq!(group.call_mobile.len(), 1);
            with_callers += 1;
        }
    }
    assert!(with_callers > 0);
    emulator.add_orders("south", [("599", "oaid-599")]).unwrap();
    assert!(decrypt(&shop, "599", "oaid-599").await.unwrap());
    assert_eq!(emulator.orders().len(), 3, "the first shop has only its own orders");
    emulator.add_orders("first-shop", [("3001", "oaid-3001")]).unwrap();
    assert_eq!(emulator.orders().last().unwrap().0, "3001");
}

#[tokio::test]
async fn a_name_or_session_that_is_taken_is_refused_and_changes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let add = |seed: ShopSeed| emulator.add_shop(seed.orders([("7001", "oaid-7001")]));
    assert_eq!(add(ShopSeed::new("first-shop")), Err(ShopError::NameTaken));
    assert_eq!(add(ShopSeed::new("new").session("emulator-session")), Err(ShopError::SessionTaken));
    assert_eq!(add(ShopSeed::new("")), Err(ShopError::Empty));
    assert_eq!(add(ShopSeed::new("new").session("")), Err(ShopError::Empty));
    assert_eq!(emulator.rotate_session("first-shop", "other-shop-session"), Err(ShopError::SessionTaken));
    assert_eq!(emulator.rotate_session("first-shop", ""), Err(ShopError::Empty));
    for result in [
        emulator.rotate_session("nobody", "x"),
        emulator.expire_session("nobody"),
        emulator.add_orders("nobody", [("1", "1")]),
    ] {
        assert_eq!(result, Err(ShopError::UnknownShop));
    }
    assert!(matches!(emulator.shop_named("nobody"), Err(Error::Invalid(_))));
    assert_eq!(emulator.gateways().shop_names(), ["first-shop", "other-shop"]);
    assert_eq!(emulator.orders().len(), 3);
    assert!(decrypt(&emulator.shop().unwrap(), "2001", "oaid-2001").await.unwrap());
}

#[tokio::test]
async fn an_expired_session_is_refused_until_it_is_rotated() {
    let emulator = Emulator::start().await.unwrap();
    let old = emulator.shop().unwrap();
    emulator.expire_session("first-shop").unwrap();
    let error = decrypt(&old, "2001", "oaid-2001").await.unwrap_err();
    assert_eq!(error.advice(), Advice::RefreshSession);
    assert_eq!((error.code(), error.sub_code()), (Some("27"), Some("session-expired")));

    emulator.rotate_session("first-shop", "session-2").unwrap();
    assert_eq!(emulator.session(), "session-2");
    assert!(decrypt(&emulator.shop().unwrap(), "2001", "oaid-2001").await.unwrap());
    assert_eq!(refused(decrypt(&old, "2001", "oaid-2001").await), session_expired());
    assert!(decrypt(&emulator.shop_named("other-shop").unwrap(), "2006", "oaid-2006").await.unwrap());
    // An unknown session is refused with another code.
    let unknown = emulator.top().unwrap().shop("no-session");
    assert_eq!(refused(decrypt(&unknown, "2001", "oaid-2001").await).1.as_deref(), Some("invalid-sessionkey"));
}

/// Refreshes the session as an application does: the seller authorises the application again.
struct RotatingProvider(Arc<Emulator>);

impl SessionProvider for RotatingProvider {
    async fn session(&self, _: &str) -> Result<Secret, ProviderError> {
        Ok("emulator-session".into())
    }

    async fn refresh(&self, shop: &str, _: &Secret) -> Result<Secret, ProviderError> {
        self.0.rotate_session(shop, "refreshed")?;
        Ok("refreshed".into())
    }
}

#[tokio::test]
async fn a_provider_can_refresh_a_session_that_expired_at_the_emulator() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let shop = emulator.top().unwrap().shops(RotatingProvider(Arc::clone(&emulator))).shop("first-shop");
    emulator.expire_session("first-shop").unwrap();
    assert!(decrypt(&shop, "2001", "oaid-2001").await.unwrap());
    let attempts: Vec<_> = emulator.ledger().entries().iter().map(|entry| (entry.attempt, entry.executed)).collect();
    assert_eq!(attempts, [(1, false), (2, true)]);
}

#[tokio::test]
async fn shops_and_sessions_can_be_changed_over_http() {
    let emulator = Emulator::start().await.unwrap();
    let orders = json!([{"tid": "5001", "oaid": "oaid-5001"}]);
    let body =
        json!({"shop": "north", "session": "n-1", "orders": orders, "callers": ["4001234567"], "client_tokens": ["t"]});
    let north = json!({"shop": "north", "session": "n-1", "expired": false, "orders": 1});
    assert_eq!(post(&emulator, "/shops", body.clone()).await, (201, north.clone()));
    assert_eq!(get(&emulator, "/shops").await[2], north);
    assert_eq!(
        post(&emulator, "/shops", body).await,
        (409, json!({"error": "there is already a shop with this name"}))
    );

    let top = emulator.top().unwrap();
    assert!(decrypt(&top.shop("n-1"), "5001", "oaid-5001").await.unwrap());
    let (status, shop) = post(&emulator, "/shops/expire", json!({"shop": "north"})).await;
    assert_eq!((status, &shop["expired"]), (200, &json!(true)));
    assert_eq!(refused(decrypt(&top.shop("n-1"), "5001", "oaid-5001").await), session_expired());
    let (status, shop) = post(&emulator, "/shops/rotate", json!({"shop": "north", "session": "n-2"})).await;
    assert_eq!((status, &shop["session"]), (200, &json!("n-2")));
    assert!(decrypt(&top.shop("n-2"), "5001", "oaid-5001").await.unwrap());

    let more = json!([{"tid": "5002", "oaid": "oaid-5002"}]);
    let (status, shop) = post(&emulator, "/orders", json!({"shop": "north", "orders": more})).await;
    assert_eq!((status, &shop["orders"]), (201, &json!(2)));
    assert!(decrypt(&top.shop("n-2"), "5002", "oaid-5002").await.unwrap());
    // Without the member `shop`, the request refers to the first shop.
    let more = json!([{"tid": "3001", "oaid": "oaid-3001"}]);
    assert_eq!(post(&emulator, "/orders", json!({"orders": more})).await.0, 201);
    assert_eq!(post(&emulator, "/shops/rotate", json!({"session": "f-2"})).await.0, 200);
    assert!(decrypt(&top.shop("f-2"), "3001", "oaid-3001").await.unwrap());
    let info = get(&emulator, "/info").await;
    assert_eq!((&info["session"], &info["shop"]), (&json!("f-2"), &json!("first-shop")));
}

#[tokio::test]
async fn an_invalid_body_is_refused_and_changes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let before = get(&emulator, "/state").await;
    for (path, body, expected) in [
        ("/shops", json!({"name": "north"}), 400),
        ("/shops", json!({"shop": "north", "seller": "x"}), 400),
        ("/shops", json!({"shop": "north", "orders": [{"tid": "1", "oaid": "2", "x": 3}]}), 400),
        ("/shops", json!({"shop": "north", "session": "emulator-session"}), 409),
        ("/shops/expire", json!({"shop": "nobody"}), 404),
        ("/shops/expire", json!({"shop": "first-shop", "session": "x"}), 400),
        ("/shops/rotate", json!({"shop": "first-shop"}), 400),
        ("/shops/rotate", json!({"shop": "nobody", "session": "x"}), 404),
        ("/orders", json!({"shop": "nobody", "orders": []}), 404),
        ("/orders", json!({"orders": [{"tid": "1"}]}), 400),
        ("/orders", json!({"orders": "1"}), 400),
        ("/reset", json!({"all": true}), 400),
        ("/faults", json!({"fault": "unavailable", "wehn": 1}), 400),
    ] {
        let (status, answer) = post(&emulator, path, body.clone()).await;
        assert_eq!(status, expected, "{path} {body} {answer}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(get(&emulator, "/state").await, before);
    assert_eq!(get(&emulator, "/shops").await.as_array().unwrap().len(), 2);
    assert_eq!(emulator.session(), "emulator-session");
}
