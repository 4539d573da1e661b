//! A reset restores the initial state, so that many tests can share one server.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{
    BindAxb, BlackOperateType, BuySecretNo, CreateAxgGroup, OperateBlackNo, QuerySecretNoRemain, SpecId,
};
use privacy_number::emulator::{Clock, Decryption, Emulator, Fault, ShopSeed};
use privacy_number::top::{ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, ReceiverQuery, Scene};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::{get, post};

fn bind(emulator: &Emulator) -> BindAxb {
    let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a("15000000000").phone_no_b("15000000001");
    bind.expiration(emulator.now() + TimeDelta::days(7)).build()
}

async fn seeded() -> Emulator {
    let clock = Clock::stopped_at("2026-01-06T02:00:00Z".parse().unwrap());
    let north = ShopSeed::new("north").orders([("5001", "oaid-5001")]).callers(["4001234567"]);
    let builder = Emulator::builder().clock(clock).shop(north).generated_orders(5).seed(7).decryptions_per_day(4);
    builder.purchase_limit(1).start().await.unwrap()
}

/// The whole visible state.
async fn everything(emulator: &Emulator) -> Value {
    json!({
        "state": get(emulator, "/state").await,
        "shops": get(emulator, "/shops").await,
        "clock": get(emulator, "/clock").await,
        "ledger": get(emulator, "/ledger").await,
        "faults": get(emulator, "/faults").await,
        "orders": emulator.orders(),
        "numbers": emulator.gateways().phone_number_protection(),
    })
}

/// Changes everything that can be changed.
async fn change_everything(emulator: &Emulator) {
    let (shop, aliyun) = (emulator.shop().unwrap(), emulator.aliyun().unwrap());
    let all: Vec<_> = emulator.orders().into_iter().take(4).collect();
    let query = |(tid, oaid): &(String, String)| ReceiverQuery::builder().tid(tid).oaid(oaid.as_str()).build();
    shop.send(&OaidDecrypt::new(all.iter().map(query))).await.unwrap();
    let again = shop.send(&OaidDecrypt::new([query(&all[0])])).await.unwrap_err();
    assert_eq!(again.sub_code(), Some("isv.decryption-quota-exceeded"));
    shop.ensure_callers("oaid-2001", ["13100000000"]).await.unwrap();
    let once = ClientReceiverQuery::builder().tid("2001").oaid("oaid-2001").scene(Scene::AfterSales).build();
    let _ = emulator.top().unwrap().send(&OaidClientDecrypt::new("once-1", once)).await;
    aliyun.send(&bind(emulator)).await.unwrap();
    aliyun
        .send(&CreateAxgGroup::builder().pool_key(emulator.pool_key()).numbers(["15000000008"]).build())
        .await
        .unwrap();
    let black = OperateBlackNo::builder().pool_key(emulator.pool_key()).black_no("15000000009");
    let black = black.operate_type(BlackOperateType::Add).build();
    aliyun.send(&black).await.unwrap();
    let buy = BuySecretNo::builder().pool_key(emulator.pool_key()).spec_id(SpecId::VirtualOperator).city("武汉");
    aliyun.send(&buy.build()).await.unwrap();
    emulator.gateways().change_oaid("2002", "oaid-new");
    emulator.gateways().set_decryption(Decryption::OffBySeller);
    emulator.add_shop(ShopSeed::new("south").orders([("6001", "oaid-6001")])).unwrap();
    emulator.add_orders("first-shop", [("3001", "oaid-3001"), ("2001", "oaid-x")]).unwrap();
    emulator.rotate_session("first-shop", "session-2").unwrap();
    emulator.expire_session("north").unwrap();
    emulator.inject(Fault::unavailable());
    emulator.clock().advance(Duration::from_secs(60));
    emulator.clock().run();
}

#[tokio::test]
async fn a_reset_restores_the_state_of_the_builder() {
    let emulator = seeded().await;
    let before = everything(&emulator).await;
    for over_http in [false, true] {
        change_everything(&emulator).await;
        let used = everything(&emulator).await;
        for part in ["state", "shops", "clock", "ledger", "faults", "orders", "numbers"] {
            assert_ne!(used[part], before[part], "{part}");
        }
        if over_http {
            let (status, info) = post(&emulator, "/reset", Value::Null).await;
            assert_eq!((status, &info["session"]), (200, &json!("emulator-session")));
        } else {
            emulator.reset();
        }
        assert_eq!(everything(&emulator).await, before);
    }
    // Everything is equal to the first run, including the request ids.
    let stock = QuerySecretNoRemain::builder().spec_id(SpecId::VirtualOperator).city("武汉").build();
    let answer = emulator.aliyun().unwrap().send(&stock).await.unwrap();
    let another = seeded().await;
    assert_eq!(answer, another.aliyun().unwrap().send(&stock).await.unwrap());
}

#[tokio::test]
async fn a_nonce_can_be_used_again_after_a_reset() {
    let emulator = seeded().await;
    let aliyun = emulator.aliyun().unwrap();
    for _ in 0..2 {
        aliyun.send(&bind(&emulator)).await.unwrap();
        assert_eq!(get(&emulator, "/state").await["nonces"], 1);
        emulator.reset();
    }
}

#[tokio::test]
async fn a_reset_sets_a_running_clock_to_the_system_time() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().set("2031-01-01T00:00:00Z".parse().unwrap());
    emulator.reset();
    assert!(emulator.clock().is_running() && (Utc::now() - emulator.now()).abs() < TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_reset_accepts_connections_again() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.aliyun_endpoint().strip_prefix("http://").unwrap().to_owned();
    emulator.inject(Fault::connection_refused(Duration::from_secs(600)));
    assert!(TcpStream::connect(&address).await.is_err());
    emulator.reset();
    let opened = tokio::time::timeout(Duration::from_secs(20), async {
        while TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    assert!(opened.await.is_ok());
}
