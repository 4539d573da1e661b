use std::time::Duration;

use chrono::Utc;
use privacy_number::aliyun::receipt::{self, ReceiptType};
use privacy_number::china;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::parked::Parked;
use privacy_number::quota_ledger::QuotaLedger;
use privacy_number::receipts_seen::ReceiptsSeen;
use privacy_number::store::TransactionalStore;
use privacy_number::top::ReceiverQuery;

use super::{Process, Shared, wait_for};
use crate::own_process::finish;

const ORDERS: usize = 600;

const RECEIPTS: usize = 500;

const KILLS: u64 = 6;

/// How many orders a process takes at once: it has one call in flight.
const BATCH: u32 = 20;

const STARTED: &str = "PRIVACY_NUMBER_TEST_STARTED";

/// Starts a process several times and kills it with SIGKILL at a random moment of its work, then lets it finish.
/// Returns what the last one printed.
fn killed_and_finished(shared: &Shared, name: &str, longest: Duration) -> String {
    for kill in 0..KILLS {
        let started = shared.folder.file(&format!("started-{kill}"));
        let mut process = shared.start(name, |command| _ = command.env(STARTED, &started));
        wait_for(&started);
        std::thread::sleep(longest.mul_f64(fastrand::f64()));
        process.kill().unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(!output.status.success(), "it must be killed at its work: {}", String::from_utf8_lossy(&output.stdout));
    }
    finish(name, shared.start(name, |command| _ = command.env(STARTED, shared.folder.file("started-last"))))
}

fn order(number: usize) -> ReceiverQuery {
    ReceiverQuery::builder().tid(format!("61{number:06}")).oaid(format!("oaid-{number}")).build()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decryption_that_is_killed_again_and_again_goes_on_and_writes_each_order_once() {
    let orders = (0..ORDERS).map(order).map(|query| (query.tid.clone(), query.oaid.expose().to_owned()));
    let emulator = Emulator::builder().orders(orders).start().await.unwrap();
    emulator.inject(Fault::delay_after(Duration::from_millis(60)));
    let shared = Shared::new(&emulator);
    let name = "processes::resume::decrypts_a_stored_list";
    let printed = tokio::task::block_in_place(|| killed_and_finished(&shared, name, Duration::from_millis(500)));
    let line = printed.lines().find_map(|line| line.strip_prefix("contacts ")).unwrap();
    let counts: Vec<u64> = line.split(' ').map(|count| count.parse().unwrap()).collect();
    let (orders, most) = (ORDERS as u64, ORDERS as u64 + KILLS * u64::from(BATCH));
    assert_eq!(counts[..2], [orders, orders], "each order has its contact once");
    assert!((orders..=most).contains(&counts[2]), "only what was in flight is paid for twice: {}", counts[2]);
}

/// Adds the list, if it is not there, and works until it is done.
#[tokio::test]
#[ignore = "the test above starts it"]
async fn decrypts_a_stored_list() {
    let Some(Process { store, shop }) = Process::of_environment().await else { return };
    let pool = store.inner().pool().clone();
    sqlx::query("CREATE TABLE IF NOT EXISTS contacts (tid TEXT)").execute(&pool).await.unwrap();
    let list = Parked::new(store.clone(), "decrypt").unwrap().lease(Duration::from_secs(2));
    let done: Vec<String> = sqlx::query_scalar("SELECT tid FROM contacts").fetch_all(&pool).await.unwrap();
    let orders: Vec<_> = (0..ORDERS).map(order).filter(|query| !done.contains(&query.tid)).collect();
    list.add_all(orders.iter().map(|query| (query.tid.as_str(), query))).await.unwrap();
    let quota = QuotaLedger::new(store.clone());
    let shop = shop.counted(&quota, "seller-1").cached(&store, "seller-1").lease(Duration::from_secs(1));
    std::fs::write(std::env::var(STARTED).unwrap(), "").unwrap();
    while !list.stats().await.unwrap().is_empty() {
        let items = list.due(BATCH).await.unwrap();
        if items.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let results = shop.decrypt(items.iter().map(|item| item.content.clone())).await;
        for (item, one) in items.into_iter().zip(results) {
            one.result.unwrap();
            let mut transaction = store.begin().await.unwrap();
            let insert = sqlx::query("INSERT INTO contacts (tid) VALUES (?)").bind(&item.key);
            insert.execute(&mut *transaction).await.unwrap();
            if list.done_in(&mut transaction, &item).await.unwrap() {
                transaction.commit().await.unwrap();
            }
        }
    }
    let count = |what| {
        let (text, pool) = (format!("SELECT COUNT({what}) FROM contacts"), pool.clone());
        async move { sqlx::query_scalar::<_, i64>(&text).fetch_one(&pool).await.unwrap() }
    };
    let (all, distinct) = (count("*").await, count("DISTINCT tid").await);
    let usage = quota.usage(Utc::now().with_timezone(&china()).date_naive()).await.unwrap();
    println!("\ncontacts {all} {distinct} {}", usage.iter().map(|one| one.units).sum::<u64>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_whose_handler_is_killed_again_and_again_are_handled_exactly_once() {
    let emulator = Emulator::start().await.unwrap();
    let shared = Shared::new(&emulator);
    let name = "processes::resume::handles_receipts";
    let printed = tokio::task::block_in_place(|| killed_and_finished(&shared, name, Duration::from_millis(150)));
    let line = printed.lines().find_map(|line| line.strip_prefix("receipts ")).unwrap();
    assert_eq!(line, format!("{RECEIPTS} {RECEIPTS}"));
}

/// Handles all receipts, as the platform delivers those again that were not confirmed.
#[tokio::test]
#[ignore = "the test above starts it"]
async fn handles_receipts() {
    let Some(Process { store, .. }) = Process::of_environment().await else { return };
    let pool = store.inner().pool().clone();
    sqlx::query("CREATE TABLE IF NOT EXISTS calls (id TEXT)").execute(&pool).await.unwrap();
    let seen = ReceiptsSeen::new(store);
    std::fs::write(std::env::var(STARTED).unwrap(), "").unwrap();
    for call in 0..RECEIPTS {
        let body = format!(r#"[{{"call_id": "call-{call}", "release_cause": 31}}]"#);
        let receipt = receipt::parse(&ReceiptType::SecretReport, body.as_bytes()).unwrap().remove(0);
        let Some(mut transaction) = seen.begin(&receipt).await.unwrap() else { continue };
        let insert = sqlx::query("INSERT INTO calls (id) VALUES (?)").bind(format!("call-{call}"));
        insert.execute(&mut *transaction).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await; // the user's own work
        transaction.commit().await.unwrap();
    }
    let all: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM calls").fetch_one(&pool).await.unwrap();
    let distinct: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT id) FROM calls").fetch_one(&pool).await.unwrap();
    println!("\nreceipts {all} {distinct}");
}
