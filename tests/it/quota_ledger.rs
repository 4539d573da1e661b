//! The quota ledger: what attempts use, what budgets refuse, and what bills are compared with.

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use privacy_number::aliyun::{BuySecretNo, DescribePhoneNumberStatus, QuerySecretNoRemain, SpecId};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::quota_ledger::{BUDGET_USED_UP, BilledUsage, QUOTA_NOT_COUNTED, QuotaLedger};
use privacy_number::store::{SqliteStore, Store, StoreError};
use privacy_number::top::{
    OaidDecrypt, ReceiverQuery, Scene, SecretBillDetail, SecretExtend, SecretGroupQuery, SecretNoExtendRequest, Shop,
    SmsEntry, SmsMessageDirectBatchsend,
};
use privacy_number::{Advice, Operation, Outcome, RetryPolicy, Settings, china};

use crate::clients::{instant, once};
use crate::stores::databases::{TestDatabase, on_each_database};
use crate::stores::{Folder, encrypted};

on_each_database!(
    each_order_counts_and_an_operation_that_is_not_charged_does_not,
    machines_at_once_stay_within_one_budget,
    a_bill_that_differs_is_listed_by_shop,
);

fn queries(count: usize) -> Vec<ReceiverQuery> {
    (0..count)
        .map(|order| ReceiverQuery::builder().tid(format!("77{order:05}")).oaid(format!("oaid-{order}")).build())
        .collect()
}

async fn emulator(orders: usize) -> Emulator {
    let orders = queries(orders).into_iter().map(|query| (query.tid.clone(), query.oaid.expose().to_owned()));
    Emulator::builder().orders(orders.collect::<Vec<_>>()).start().await.unwrap()
}

/// The units of all shops on the emulator's day.
async fn used<S: Store>(quota: &QuotaLedger<S>, emulator: &Emulator) -> Vec<(String, u64)> {
    let usage = quota.usage(today(emulator)).await.unwrap();
    let mut used: Vec<_> = usage.into_iter().map(|one| (one.shop, one.units)).collect();
    used.sort();
    used
}

fn today(emulator: &Emulator) -> chrono::NaiveDate {
    emulator.clock().now().with_timezone(&china()).date_naive()
}

/// A shop with few and fast attempts.
fn shop(emulator: &Emulator, attempts: u32) -> Shop {
    let pause = std::time::Duration::from_millis(1);
    let retry = RetryPolicy::new().max_attempts(attempts).first_backoff(pause).max_backoff(pause);
    let clock = emulator.clock().clone();
    let settings = Settings::new().retry(retry).clock(move || clock.now());
    emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session())
}

async fn open(folder: &Folder) -> SqliteStore {
    SqliteStore::open(folder.file("quota.db"), "pn_").await.unwrap()
}

async fn each_order_counts_and_an_operation_that_is_not_charged_does_not<D: TestDatabase>(database: D) {
    let emulator = emulator(45).await;
    let quota = QuotaLedger::new(database.open().await);
    let shop = shop(&emulator, 1).counted(&quota, "seller-1");
    let results: Vec<_> = shop.decrypt_all(queries(45)).collect().await;
    assert!(results.iter().all(|one| one.result.is_ok()));
    shop.send(&SecretGroupQuery::builder().oaid("oaid-1").build()).await.unwrap();
    let usage = quota.usage(today(&emulator)).await.unwrap();
    let [one] = &usage[..] else { panic!("{usage:?}") };
    assert_eq!((one.operation.as_str(), one.units), (OaidDecrypt::NAME, 45));
    assert_eq!(quota.stats().await.unwrap().counts, 1);
}

#[tokio::test]
async fn an_attempt_counts_by_its_outcome_and_each_retry_for_itself() {
    let cases = [
        (Fault::reset_after_execution(), 6, "executed, its response was lost: the retry is a second decryption"),
        (Fault::reset_before_execution(), 6, "lost on the way, as far as the client can know"),
        (Fault::unavailable(), 6, "HTTP 503 says nothing of the execution"),
        (
            Fault::throttled(privacy_number::emulator::Throttle::Api, std::time::Duration::from_millis(1)),
            3,
            "throttled",
        ),
    ];
    for (fault, expected, why) in cases {
        let (folder, emulator) = (Folder::new(), emulator(3).await);
        let quota = QuotaLedger::new(open(&folder).await);
        let shop = shop(&emulator, 3).counted(&quota, "seller-1");
        emulator.inject(fault.times(1));
        shop.send(&OaidDecrypt::new(queries(3))).await.unwrap();
        assert_eq!(used(&quota, &emulator).await, [("seller-1".to_owned(), expected)], "{why}");
    }
}

#[tokio::test]
async fn a_refused_call_and_one_without_a_connection_give_their_count_back() {
    let (folder, emulator) = (Folder::new(), emulator(3).await);
    let quota = QuotaLedger::new(open(&folder).await);
    let counted = shop(&emulator, 1).counted(&quota, "seller-1");
    let wrong = ReceiverQuery::builder().tid("7700000").oaid("wrong-0").build();
    let error = counted.send(&OaidDecrypt::new([wrong])).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    let nobody = crate::clients::shop("http://127.0.0.1:9/router/rest", once()).counted(&quota, "seller-1");
    let error = nobody.send(&OaidDecrypt::new(queries(1))).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let day = instant().with_timezone(&china()).date_naive(); // by the clock of that client
    let usage = quota.usage(day).await.unwrap();
    assert_eq!(usage.iter().map(|one| one.units).collect::<Vec<_>>(), [0]);
    assert_eq!(used(&quota, &emulator).await, [("seller-1".to_owned(), 0)]);
}

#[tokio::test]
async fn a_budget_refuses_before_sending_until_the_next_day_in_china() {
    let (folder, emulator) = (Folder::new(), emulator(30).await);
    let quota = QuotaLedger::new(open(&folder).await)
        .budget_per_shop::<OaidDecrypt>(20)
        .budget_of_shop::<OaidDecrypt>("small", 1)
        .budget_per_application::<OaidDecrypt>(25);
    let shop = shop(&emulator, 1);
    let [first, second, small] = ["first", "second", "small"].map(|name| shop.counted(&quota, name));
    first.send(&OaidDecrypt::new(queries(20))).await.unwrap();
    for (shop, orders) in [(&first, 1), (&small, 2), (&second, 6)] {
        let error = shop.send(&OaidDecrypt::new(queries(orders))).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(BUDGET_USED_UP), Outcome::NotExecuted));
        assert_eq!(error.attempts(), 0);
        let Advice::WaitUntil(midnight) = error.advice() else { panic!("{:?}", error.advice()) };
        assert_eq!(midnight.date_naive(), today(&emulator).succ_opt().unwrap());
    }
    second.send(&OaidDecrypt::new(queries(5))).await.unwrap();
    assert_eq!(emulator.ledger().count(OaidDecrypt::NAME), 2, "nothing else was sent");
    // The next day has its own count.
    emulator.clock().advance(std::time::Duration::from_secs(24 * 3600));
    first.send(&OaidDecrypt::new(queries(20))).await.unwrap();
    assert_eq!(used(&quota, &emulator).await, [("first".to_owned(), 20)]);
}

async fn machines_at_once_stay_within_one_budget<D: TestDatabase>(database: D) {
    let emulator = emulator(1).await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        let quota = QuotaLedger::new(database.open().await).budget_per_shop::<OaidDecrypt>(10);
        let shop = shop(&emulator, 1).counted(&quota, "seller-1");
        calls.extend((0..10).map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.send(&OaidDecrypt::new(queries(1))).await.is_ok() })
        }));
    }
    let mut sent = 0;
    for call in calls {
        sent += usize::from(call.await.unwrap());
    }
    assert_eq!((sent, emulator.ledger().executed(OaidDecrypt::NAME)), (10, 10));
}

#[tokio::test]
async fn a_store_that_fails_sends_nothing_and_keeps_the_reason() {
    let (folder, emulator) = (Folder::new(), emulator(1).await);
    let store = open(&folder).await;
    let shop = shop(&emulator, 1).counted(&QuotaLedger::new(store.clone()), "seller-1");
    store.pool().close().await;
    let error = shop.send(&OaidDecrypt::new(queries(1))).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(QUOTA_NOT_COUNTED), Outcome::NotExecuted));
    assert_eq!(error.advice(), Advice::Retry);
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient), "{source}");
    assert_eq!(emulator.ledger().count(OaidDecrypt::NAME), 0);
}

async fn a_bill_that_differs_is_listed_by_shop<D: TestDatabase>(database: D) {
    let emulator = emulator(3).await;
    let quota = QuotaLedger::new(database.open_encrypted().await);
    let client = shop(&emulator, 1);
    client.counted(&quota, "a").send(&OaidDecrypt::new(queries(3))).await.unwrap();
    client.counted(&quota, "b").send(&OaidDecrypt::new(queries(1))).await.unwrap();
    let day = today(&emulator);
    let key = quota.usage(day).await.unwrap()[0].application.clone();
    assert_eq!(key, emulator.app_key());
    let row = |shop: &str, units| BilledUsage::new(&*key, shop, OaidDecrypt::NAME, units);
    let differences = quota.compare(day, [row("a", 1), row("a", 2), row("b", 2), row("c", 4)]).await.unwrap();
    let found: Vec<_> = differences.iter().map(|one| (one.shop.as_str(), one.counted, one.billed)).collect();
    assert_eq!(found, [("b", 1, 2), ("c", 0, 4)]);
    assert_eq!(quota.forget_before(day).await.unwrap(), 0);
    let later: DateTime<Utc> = Utc::now();
    assert!(quota.stats().await.unwrap().first_day_end.unwrap() > later);
}

/// Operation and units of what was counted on the emulator's day.
async fn units<S: Store>(quota: &QuotaLedger<S>, emulator: &Emulator) -> Vec<(String, u64)> {
    let usage = quota.usage(today(emulator)).await.unwrap();
    let mut units: Vec<_> = usage.into_iter().map(|one| (one.operation, one.units)).collect();
    units.sort();
    units
}

#[tokio::test]
async fn an_account_s_charged_calls_are_counted_and_have_budgets() {
    let (folder, emulator) = (Folder::new(), Emulator::start().await.unwrap());
    let quota = QuotaLedger::new(open(&folder).await).budget_per_shop::<BuySecretNo>(1);
    let client = emulator.aliyun().unwrap().counted(&quota, "account-1", "pool-1");
    let pool_key = emulator.pool_key();
    let remain = QuerySecretNoRemain::builder().spec_id(SpecId::VirtualOperator).city("武汉").build();
    client.send(&remain).await.unwrap();
    assert_eq!(units(&quota, &emulator).await, [], "it is not charged");

    let buy = BuySecretNo::builder().pool_key(pool_key).spec_id(SpecId::VirtualOperator).city("武汉").build();
    client.send(&buy).await.unwrap();
    let error = client.send(&buy).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(BUDGET_USED_UP), Outcome::NotExecuted));
    assert_eq!(emulator.ledger().count(BuySecretNo::NAME), 1);
    client.send(&DescribePhoneNumberStatus::builder().phone_number("15000000000").build()).await.unwrap();
    let usage = quota.usage(today(&emulator)).await.unwrap();
    assert!(usage.iter().all(|one| (one.application.as_str(), one.shop.as_str()) == ("account-1", "pool-1")));
    let expected = [(BuySecretNo::NAME.to_owned(), 1), (DescribePhoneNumberStatus::NAME.to_owned(), 1)];
    assert_eq!(units(&quota, &emulator).await, expected);
}

#[tokio::test]
async fn messages_count_each_and_extensions_count_their_days() {
    let (folder, emulator) = (Folder::new(), emulator(3).await);
    let quota = QuotaLedger::new(open(&folder).await);
    let shop = shop(&emulator, 1).counted(&quota, "seller-1");
    let entries = (0..3).map(|order| {
        let query = queries(3).remove(order);
        SmsEntry::builder().oaid(query.oaid).order_id(query.tid).sign_name("签名").build()
    });
    let batch = SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1").entries(entries).build();
    shop.send(&batch).await.unwrap();
    let query = queries(1).remove(0);
    shop.send(&OaidDecrypt::new([query.clone()])).await.unwrap();
    let extend = SecretNoExtendRequest::builder().oaid(query.oaid).order_id(query.tid).scene(Scene::AfterSales);
    shop.send(&SecretExtend::new(extend.extend_days(15).build())).await.unwrap();
    let mut expected = vec![
        (SmsMessageDirectBatchsend::NAME.to_owned(), 3),
        (OaidDecrypt::NAME.to_owned(), 1),
        (SecretExtend::NAME.to_owned(), 15),
    ];
    expected.sort();
    assert_eq!(units(&quota, &emulator).await, expected);
}

#[tokio::test]
async fn a_rejected_call_stays_counted_if_that_is_set() {
    let (folder, emulator) = (Folder::new(), emulator(1).await);
    let quota = QuotaLedger::new(open(&folder).await).keep_rejected();
    let shop = shop(&emulator, 1).counted(&quota, "seller-1");
    let wrong = ReceiverQuery::builder().tid("7700000").oaid("wrong-0").build();
    let error = shop.send(&OaidDecrypt::new([wrong])).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    emulator.inject(
        Fault::throttled(privacy_number::emulator::Throttle::Api, std::time::Duration::from_millis(1)).times(1),
    );
    let error = shop.send(&OaidDecrypt::new(queries(1))).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(used(&quota, &emulator).await, [("seller-1".to_owned(), 1)], "the throttled one was not executed");
}

#[tokio::test]
async fn the_platform_s_bill_of_a_shop_shows_calls_that_went_around_the_ledger() {
    let (folder, emulator) = (Folder::new(), emulator(4).await);
    let quota = QuotaLedger::new(open(&folder).await);
    let (uncounted, day) = (shop(&emulator, 1), today(&emulator));
    let counted = uncounted.counted(&quota, "seller-1");
    let rented = |order: usize| {
        let mut query = queries(4).remove(order);
        query.secret_no_days = Some(15);
        query
    };
    counted.send(&OaidDecrypt::new((0..3).map(rented))).await.unwrap();
    let compare = async || {
        let bill = uncounted.send(&SecretBillDetail::new(day)).await.unwrap();
        let billed = BilledUsage::decrypted_orders(emulator.app_key(), "seller-1", day, &bill.data);
        let differences = quota.compare(day, [billed]).await.unwrap();
        differences.iter().map(|one| (one.counted, one.billed, one.is_uncounted())).collect::<Vec<_>>()
    };
    assert_eq!(compare().await, []);
    uncounted.send(&OaidDecrypt::new([rented(3)])).await.unwrap();
    assert_eq!(compare().await, [(3, 4, true)]);
    // An extension is in the bill, and is no decryption.
    let query = rented(0);
    let extend = SecretNoExtendRequest::builder().oaid(query.oaid).order_id(query.tid).scene(Scene::AfterSales);
    uncounted.send(&SecretExtend::new(extend.extend_days(15).build())).await.unwrap();
    assert_eq!(compare().await, [(3, 4, true)]);
    // Decrypted again: TOP's quota is used, and no other number is rented.
    counted.send(&OaidDecrypt::new([rented(1), rented(2)])).await.unwrap();
    assert_eq!(compare().await, [(5, 4, false)]);
}

#[tokio::test]
async fn the_file_of_an_encrypted_ledger_names_neither_shops_nor_applications() {
    let (folder, emulator) = (Folder::new(), emulator(1).await);
    let quota = QuotaLedger::new(encrypted(open(&folder).await).await).budget_per_application::<OaidDecrypt>(5);
    let (name, account) = ("canary-seller-1", "canary-account-1");
    shop(&emulator, 1).counted(&quota, name).send(&OaidDecrypt::new(queries(1))).await.unwrap();
    let status = DescribePhoneNumberStatus::builder().phone_number("15000000000").build();
    emulator.aliyun().unwrap().counted(&quota, account, name).send(&status).await.unwrap();
    let mut scanned = 0;
    for file in ["quota.db", "quota.db-wal"] {
        let bytes = std::fs::read(folder.file(file)).unwrap();
        scanned += bytes.len();
        for text in [name, account, emulator.app_key(), "7700000", "oaid-0", "15000000000", OaidDecrypt::NAME] {
            assert!(!bytes.windows(text.len()).any(|part| part == text.as_bytes()), "{text} in {file}");
        }
        // The scan finds what is there: the state of a row is not encrypted.
        assert!(file == "quota.db" || bytes.windows(11).any(|part| part == b"application"));
    }
    assert!(scanned > 10_000);
}
