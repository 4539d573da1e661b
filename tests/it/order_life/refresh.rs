//! A changed address in one call: new OAID, new receiver, callers of the new number.

use futures_util::StreamExt;
use privacy_number::Operation;
use privacy_number::emulator::Fault;
use privacy_number::top::{
    Event, OaidDecrypt, OaidMerge, OrderMerge, OrderRefresh, RECEIVER_MISSING, Scene, SecretGroupQuery,
    SecretGroupUpdate, SmsEntry, SmsMessageDirectBatchsend, TradeFullinfoGet,
};

use super::{count, emulator, query, shop_of, tid};
use crate::clients::{once, shop};
use crate::server::Server;

fn refresh() -> OrderRefresh {
    OrderRefresh::builder()
        .scene(Scene::StoreShipping)
        .secret_no_days(15)
        .callers(["13100000000", "01012345678"])
        .build()
}

#[tokio::test]
async fn a_changed_order_is_read_decrypted_and_its_callers_are_reported_again() {
    let emulator = emulator(1).await;
    let shop = shop_of(&emulator);
    let before = shop.refresh_order(tid(1), &refresh()).await.unwrap();
    let moved = emulator.gateways().change_address(&tid(1)).unwrap();
    let after = shop.refresh_order(tid(1), &refresh()).await.unwrap();
    assert_eq!(after.trade.oaid.as_ref().unwrap().expose(), moved);
    let (before, receiver) = (before.receiver.unwrap(), after.receiver.unwrap());
    assert_ne!(before.mobile, receiver.mobile);
    let report = after.callers.unwrap().unwrap();
    if receiver.mobile.unwrap().needs_caller_report() {
        assert_eq!(report.added.len(), 2, "the list of the new number was empty");
        let listed = shop.send(&SecretGroupQuery::builder().oaid(moved).build()).await.unwrap();
        assert_eq!(listed.call_mobile.len(), 2);
    } else {
        assert!(report.not_needed);
    }
    assert_eq!((count::<TradeFullinfoGet>(&emulator), count::<OaidDecrypt>(&emulator)), (2, 2));
}

#[tokio::test]
async fn failed_callers_leave_the_receiver_and_a_closed_order_is_not_decrypted() {
    let emulator = privacy_number::emulator::Emulator::start().await.unwrap();
    let shop = shop_of(&emulator);
    emulator.inject(Fault::unavailable().on(SecretGroupUpdate::NAME));
    let order = shop.refresh_order("2001", &refresh()).await.unwrap();
    assert!(order.receiver.unwrap().mobile.unwrap().needs_caller_report());
    assert!(order.callers.unwrap().unwrap().failure.is_some());
    emulator.clear_faults();

    let decryptions = count::<OaidDecrypt>(&emulator);
    emulator.gateways().set_order_status("2001", privacy_number::emulator::OrderStatus::Closed);
    let order = shop.refresh_order("2001", &refresh()).await.unwrap();
    assert!(order.receiver.is_none() && order.callers.is_none() && order.trade.oaid.is_some());
    assert_eq!(count::<OaidDecrypt>(&emulator), decryptions);
}

#[tokio::test]
async fn the_answer_for_another_order_is_an_error() {
    for body in [r#"{"request_id":"r-1"}"#, r#"{"trade":{"tid":30002,"oaid":"oaid-2"}}"#] {
        let server = Server::always(body).await;
        let error = shop(server.top_endpoint(), once()).refresh_order(tid(1), &refresh()).await.unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some(RECEIVER_MISSING), 1));
        assert_eq!(server.received().await.len(), 1);
    }
}

#[test]
fn only_a_change_that_happened_is_a_changed_address() {
    let changed = |topic: &str, text: &str| Event::parse(topic, text).changed_address_of().map(ToString::to_string);
    let (result, consistency) = ("taobao_modifyaddress_ResultNotify", "taobao_modifyorder_ConsistencyResult");
    assert_eq!(changed("TradeLogisticsAddressChanged", r#"{"tid":1}"#).as_deref(), Some("1"));
    assert_eq!(changed(result, r#"{"biz_order_id":2,"result":true}"#).as_deref(), Some("2"));
    assert_eq!(changed(result, r#"{"biz_order_id":2,"result":false,"api_result":"true"}"#), None);
    let differs = r#"{"biz_order_id":"3","address_same":false,"sku_same":true}"#;
    assert_eq!(changed(consistency, differs).as_deref(), Some("3"));
    assert_eq!(changed(consistency, r#"{"biz_order_id":"3","address_same":true,"sku_same":false}"#), None);
    assert_eq!(changed("TradeChanged", r#"{"tid":1}"#), None);
}

#[cfg(all(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
#[tokio::test]
async fn a_message_replaces_the_cached_receiver() {
    use privacy_number::store::SqliteStore;

    use crate::stores::{Folder, encrypted};

    let folder = Folder::new();
    let store = encrypted(SqliteStore::open(folder.file("store.db"), "").await.unwrap()).await;
    // The cache compares with the clock of the system.
    let orders = [(tid(1), super::oaid(1))];
    let emulator = privacy_number::emulator::Emulator::builder().orders(orders).start().await.unwrap();
    let shop = shop_of(&emulator).cached(&store, "seller-1");
    let before = shop.decrypt([query(1)]).await.remove(0).result.unwrap();
    assert!(shop.decrypt([query(1)]).await[0].is_cached);
    let moved = emulator.gateways().change_address(&tid(1)).unwrap();
    let event = |topic: &str| Event::parse(topic, &format!(r#"{{"tid":{}}}"#, tid(1)));

    assert!(shop.order_changed(&event("TradeChanged"), &refresh()).await.unwrap().is_none());
    assert!(shop.decrypt([query(1)]).await[0].is_cached);
    let address_changed = event("TradeLogisticsAddressChanged");
    let order = shop.order_changed(&address_changed, &refresh()).await.unwrap().unwrap();
    let receiver = order.receiver.unwrap();
    assert_ne!(receiver.mobile, before.mobile);
    assert_eq!(count::<OaidDecrypt>(&emulator), 2);

    // The new receiver is cached, the former one is gone.
    let mut new = query(1);
    new.oaid = moved.into();
    let cached = shop.decrypt([new]).await.remove(0);
    assert!(cached.is_cached && cached.result.unwrap() == receiver);
    let former = shop.decrypt([query(1)]).await.remove(0);
    assert!(!former.is_cached && former.result.is_err());
}

#[tokio::test]
async fn no_result_shows_a_person_an_oaid_or_a_caller() {
    let emulator = privacy_number::emulator::Emulator::start().await.unwrap();
    let shop = shop_of(&emulator);
    let order = shop.refresh_order("2001", &refresh()).await.unwrap();
    let receiver = order.receiver.clone().unwrap();
    let private = [
        order.trade.oaid.as_ref().unwrap().expose(),
        receiver.mobile.as_ref().unwrap().expose(),
        receiver.name.as_ref().unwrap().expose(),
        receiver.address_detail.as_ref().unwrap().expose(),
        "13100000000",
    ];
    let sms = SmsEntry::builder().oaid("oaid-2001").order_id("2001").sign_name("签名").build();
    let sms = SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1").entries([sms]).build();
    emulator.inject(Fault::unavailable().on(OaidMerge::NAME));
    let merge = OrderMerge::builder().tid("2001").oaid("oaid-2001").build();
    let fresh: Vec<_> = shop.decrypt_fresh([query(1)]).collect().await;
    let texts = [
        format!("{order:?}{:?}", refresh()),
        format!("{:?}", shop.send_sms_batches(sms).await.unwrap()),
        format!("{:?}{:?}", shop.merge([merge.clone()]), shop.merge([merge]).await),
        format!("{:?}{fresh:?}", shop.decrypt_fresh([query(1)])),
        format!("{:?}", shop.bills(chrono::NaiveDate::MIN).next().await),
    ];
    for text in texts {
        for private in private.iter().chain(&["oaid-1"]) {
            assert!(!private.is_empty() && !text.contains(*private), "{private} is in {text}");
        }
    }
}
