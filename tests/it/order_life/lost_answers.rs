//! One order from payment to its bill, with a fault at each operation: nothing is charged twice, and the bill is what the
//! program counted itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::NaiveDate;
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use privacy_number::emulator::{Emulator, Fault, PlacedCall};
use privacy_number::top::{
    AppBillDetail, BillDetail, BillItem, BillSum, Client, ComparedEnd, ExtendDays, MessageProgress, OaidDecrypt,
    OaidMerge, OrderMerge, OrderRefresh, Receiver, ReceiverQuery, RefreshedOrder, Scene, SecretAppkeyBillDetail,
    SecretBillDetail, SecretExtend, SecretGroupQuery, SecretGroupUpdate, SecretNoExtendRequest,
    SendMessageByOaidRequest, Shop, SmsOaidMessageSend, TmcMessagesConfirm, TmcMessagesConsume, TmcUserPermit,
    TradeFullinfoGet,
};
use privacy_number::{Advice, Error, Operation, RetryPolicy};
use tokio::sync::oneshot;

use crate::clients::{instant, plain_http};

/// The operations of the life, each with how often it is sent without faults.
const CALLS: [(&str, u64); 12] = [
    (TmcUserPermit::NAME, 1),
    (OaidDecrypt::NAME, 2),
    (TmcMessagesConsume::NAME, 1),
    (TradeFullinfoGet::NAME, 1),
    (SecretGroupQuery::NAME, 1),
    (SecretGroupUpdate::NAME, 1),
    (TmcMessagesConfirm::NAME, 1),
    (SecretExtend::NAME, 1),
    (SmsOaidMessageSend::NAME, 1),
    (OaidMerge::NAME, 1),
    (SecretBillDetail::NAME, 1),
    (SecretAppkeyBillDetail::NAME, 1),
];

/// Faults after which a program may not know what happened, or after which nothing happened.
fn faults() -> [Fault; 8] {
    [
        Fault::reset_before_execution(),
        Fault::reset_after_execution(),
        Fault::torn_body(),
        Fault::torn_json(),
        Fault::garbled(),
        Fault::unavailable(),
        Fault::internal_error(),
        Fault::error("isp.top-remote-service-timeout").executed(),
    ]
}

/// What the program counted itself.
#[derive(Debug, PartialEq)]
struct Counted {
    rent_days: u64,
    call_minutes: u64,
    /// Text messages that were sent for certain, and those that may have been.
    sms: (usize, usize),
}

async fn start() -> (Emulator, Client, Shop) {
    let emulator = Emulator::builder().clock(privacy_number::emulator::Clock::stopped_at(instant()));
    let emulator = emulator.start().await.unwrap();
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(3).first_backoff(pause).max_backoff(pause);
    let settings = emulator.settings().http_client(plain_http()).retry(policy);
    let client = emulator.top_builder().settings(settings).build().unwrap();
    let shop = client.shop(emulator.session());
    (emulator, client, shop)
}

fn query(oaid: &str) -> ReceiverQuery {
    ReceiverQuery::builder().tid("2001").oaid(oaid).scene(Scene::StoreShipping).secret_no_days(15).build()
}

/// Takes messages until the order of one was refreshed and the message is confirmed.
async fn follow_messages(emulator: &Emulator, client: &Client, shop: &Shop) -> RefreshedOrder {
    let found = Arc::new(Mutex::new(None));
    let (confirmed, is_confirmed) = oneshot::channel::<()>();
    let (result, shop, confirmed) = (Arc::clone(&found), shop.clone(), Mutex::new(Some(confirmed)));
    let clock = emulator.clock().clone();
    let messages = client.messages().longest_pause(Duration::from_millis(1));
    let run = messages.run(move |message| {
        let (shop, result) = (shop.clone(), Arc::clone(&result));
        async move {
            let event = message.event();
            let Some(tid) = event.changed_address_of() else { return Ok(()) };
            let refresh = OrderRefresh::builder().scene(Scene::StoreShipping).secret_no_days(15);
            let refresh = refresh.callers(["13100000000"]).build();
            let order = shop.refresh_order(tid.clone(), &refresh).await?;
            *result.lock().unwrap() = Some(order);
            Ok::<(), Error>(())
        }
    });
    let run = run.on_progress(move |progress| match progress {
        // The messages of a lost response come again after some minutes.
        MessageProgress::Taken(0) => clock.advance(Duration::from_secs(300)),
        MessageProgress::Confirmed(_) => drop(confirmed.lock().unwrap().take()),
        _ => {}
    });
    tokio::time::timeout(Duration::from_secs(30), run.until(is_confirmed.map(drop)).into_future())
        .await
        .unwrap()
        .unwrap();
    found.lock().unwrap().take().unwrap()
}

/// Extends the number by 7 days, as the documentation says. After an unknown outcome the end decides.
async fn extend(shop: &Shop, oaid: &str, receiver: &Receiver) -> u64 {
    let request = SecretNoExtendRequest::builder().order_id("2001").oaid(oaid).scene(Scene::StoreShipping);
    let request = request.extend_days(ExtendDays::Seven).build();
    let end = receiver.secret_no_expire_time.unwrap();
    for _ in 0..2 {
        match shop.extend(request.clone()).await {
            Ok(extended) => {
                assert_eq!(extended.expires().unwrap(), end + Duration::from_secs(7 * 86_400));
                return 7;
            }
            Err(error) => assert_eq!(error.advice(), Advice::Reconcile, "{error}"),
        }
        match shop.compare_end(query(oaid), end).await.unwrap() {
            ComparedEnd::Later { end: later, .. } => {
                assert_eq!(later, end + Duration::from_secs(7 * 86_400));
                return 7;
            }
            ComparedEnd::NotLater { end: same, .. } => assert_eq!(same, end),
            other => panic!("{other:?}"),
        }
    }
    panic!("extended in vain")
}

/// The whole life. Returns what the program counted, and what it read from the bill.
async fn live(emulator: &Emulator, client: &Client, shop: &Shop) -> (Counted, BillSum) {
    shop.send(&TmcUserPermit::all_topics()).await.unwrap();
    let first = shop.decrypt_all([query("oaid-2001")]).next().await.unwrap().result.unwrap();
    assert!(first.mobile.unwrap().needs_caller_report());
    let mut rent_days = 15;

    let moved = emulator.gateways().change_address("2001").unwrap();
    let order = follow_messages(emulator, client, shop).await;
    assert_eq!(order.trade.oaid.unwrap().expose(), moved);
    let report = order.callers.unwrap().unwrap();
    assert!(report.is_complete() && report.added.len() + report.unchanged.len() == 1);
    let receiver = order.receiver.unwrap();
    rent_days += 15;
    rent_days += extend(shop, &moved, &receiver).await;

    let message = SendMessageByOaidRequest::builder().oaid(moved.as_str()).order_id("2001");
    let message = message.sms_free_sign_name("签名").template_code("SMS_1").build();
    let sms = match shop.send_sms(message).await {
        Ok(_) => (1, 0),
        Err(error) => {
            assert_eq!(error.advice(), Advice::Reconcile, "{error}");
            (0, 1)
        }
    };
    let orders = [("2001", moved.as_str()), ("2002", "oaid-2002")];
    let merged = shop.merge(orders.map(|(tid, oaid)| OrderMerge::builder().tid(tid).oaid(oaid).build())).await;
    assert_eq!(merged.parcels.len(), 2);

    let number = receiver.mobile.unwrap();
    let call = PlacedCall::new("13100000000", number.expose()).talks_for(Duration::from_secs(61));
    emulator.place_call(&call).result.unwrap();
    emulator.clock().advance(Duration::from_secs(600));

    let day = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    let rows: Vec<BillDetail> = shop.bills(day).try_collect().await.unwrap();
    assert!(rows.iter().all(|row| row.order_id.as_ref().unwrap().as_str() == "2001"));
    let of_app: Vec<AppBillDetail> = shop.app_bills(day).try_collect().await.unwrap();
    let sum = BillSum::of_shop(&rows).unwrap();
    assert_eq!(BillSum::per_shop(&of_app).unwrap()[0].1, sum);
    (Counted { rent_days, call_minutes: 2, sms }, sum)
}

fn assert_charges(emulator: &Emulator, counted: &Counted, bill: &BillSum, what: &str) {
    assert_eq!(bill.duration(&BillItem::Rent), counted.rent_days, "{what}");
    assert_eq!((counted.rent_days, emulator.ledger().executed(SecretExtend::NAME)), (37, 1), "{what}");
    assert_eq!(bill.duration(&BillItem::Calls), counted.call_minutes, "{what}");
    let sent = emulator.gateways().text_messages().as_array().unwrap().len();
    let (certain, possible) = counted.sms;
    assert!((certain..=certain + possible).contains(&sent), "{what}: {sent} text messages");
}

#[tokio::test]
async fn a_life_without_faults_has_exactly_these_calls_and_charges() {
    let (emulator, client, shop) = start().await;
    let (counted, bill) = live(&emulator, &client, &shop).await;
    assert_eq!(counted, Counted { rent_days: 37, call_minutes: 2, sms: (1, 0) });
    assert_charges(&emulator, &counted, &bill, "no fault");
    for (operation, calls) in CALLS {
        assert_eq!(emulator.ledger().count(operation), calls, "{operation}");
    }
    let of_all: u64 = CALLS.iter().map(|(_, calls)| calls).sum();
    assert_eq!(emulator.ledger().entries().len() as u64, of_all, "there are no other calls");
}

#[tokio::test]
async fn a_fault_at_any_call_of_the_life_charges_nothing_twice() {
    for (operation, calls) in CALLS {
        for call in 0..calls {
            for fault in faults() {
                let what = format!("{} at call {call} of {operation}", fault.name());
                let (emulator, client, shop) = start().await;
                emulator.inject(fault.on(operation).after(call).times(1));
                let (counted, bill) = live(&emulator, &client, &shop).await;
                assert_charges(&emulator, &counted, &bill, &what);
                assert!(emulator.ledger().count(SmsOaidMessageSend::NAME) == 1, "{what}");
                let faults = emulator.ledger().entries().iter().filter(|entry| entry.fault.is_some()).count();
                assert_eq!(faults, 1, "{what} did not happen");
            }
        }
    }
}
