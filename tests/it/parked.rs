//! Work that is put off: when it comes back, who gets it, and what ends in the list for people.

use std::time::Duration;

use chrono::Utc;
use privacy_number::emulator::Emulator;
use privacy_number::parked::{ParkReason, Parked, ParkedItem, Parking};
use privacy_number::store::{EncryptedStore, SqliteStore, Store, TransactionalStore};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Advice, Error};

use crate::stores::databases::{TestDatabase, on_each_database};
use crate::stores::{Folder, encrypted};

on_each_database!(
    each_item_is_taken_by_one_worker_and_a_list_is_put_in_once,
    an_item_of_a_dead_worker_comes_back_and_the_late_worker_is_told,
    a_result_and_the_end_of_its_item_are_one_transaction,
);

type Queue<S> = Parked<S, ReceiverQuery>;

async fn open(folder: &Folder) -> Queue<SqliteStore> {
    Parked::new(SqliteStore::open(folder.file("parked.db"), "pn_").await.unwrap(), "decrypt").unwrap()
}

fn query(order: u32) -> ReceiverQuery {
    ReceiverQuery::builder().tid(format!("99{order:05}")).oaid(format!("canary-oaid-{order}")).build()
}

/// The error of the emulator for an order with this OAID.
async fn error_of(oaid: &str) -> Error {
    let emulator = Emulator::builder().orders([("1", oaid)]).start().await.unwrap();
    let query = ReceiverQuery::builder().tid("1").oaid(oaid).build();
    emulator.shop().unwrap().send(&OaidDecrypt::new([query])).await.unwrap_err()
}

async fn take_one<S: Store>(queue: &Queue<S>) -> ParkedItem<ReceiverQuery> {
    let mut items = queue.due(10).await.unwrap();
    assert_eq!(items.len(), 1);
    items.remove(0)
}

async fn each_item_is_taken_by_one_worker_and_a_list_is_put_in_once<D: TestDatabase>(database: D) {
    let open = async || Queue::new(database.open().await, "decrypt").unwrap();
    let queue = open().await;
    let orders: Vec<_> = (0..250).map(query).collect();
    let items = || orders.iter().map(|order| (order.tid.as_str(), order));
    assert_eq!(queue.add_all(items().take(150)).await.unwrap(), 150);
    assert_eq!(queue.add_all(items()).await.unwrap(), 100, "those that are there are left as they are");
    let mut workers = Vec::new();
    for _ in 0..3 {
        let queue = open().await;
        workers.push(tokio::spawn(async move {
            let mut keys = Vec::new();
            loop {
                let items = queue.due(20).await.unwrap();
                if items.is_empty() {
                    return keys;
                }
                for item in items {
                    assert!(queue.done(&item).await.unwrap());
                    assert_eq!(item.key, item.content.tid);
                    keys.push(item.key);
                }
            }
        }));
    }
    let mut keys = Vec::new();
    for worker in workers {
        keys.extend(worker.await.unwrap());
    }
    keys.sort();
    assert_eq!(keys, orders.iter().map(|order| order.tid.clone()).collect::<Vec<_>>());
    assert_eq!(queue.stats().await.unwrap(), []);
}

async fn an_item_of_a_dead_worker_comes_back_and_the_late_worker_is_told<D: TestDatabase>(database: D) {
    let queue = Queue::new(database.open().await, "decrypt").unwrap().lease(Duration::from_millis(400));
    queue.add("a", &query(1)).await.unwrap();
    let lost = take_one(&queue).await;
    assert!(queue.due(10).await.unwrap().is_empty(), "another worker has it");
    tokio::time::sleep(Duration::from_millis(450)).await;
    let again = take_one(&queue).await;
    assert!(!queue.done(&lost).await.unwrap());
    let error = error_of("quota-1").await;
    assert_eq!(queue.park_again(lost, &error).await.unwrap(), Parking::TakenOver);
    assert!(queue.done(&again).await.unwrap());
}

#[tokio::test]
async fn an_advice_gives_the_time_and_wake_makes_it_earlier() {
    let folder = Folder::new();
    let queue = open(&folder).await;
    let quota = error_of("quota-1").await;
    let Advice::WaitUntil(midnight) = quota.advice() else { panic!("{quota}") };
    assert_eq!(queue.park("a", &query(1), &quota).await.unwrap(), Parking::Later(midnight.to_utc()));
    let wrong = error_of("wrong-1").await;
    assert_eq!(wrong.advice(), Advice::RefreshOaid);
    let Parking::Later(due) = queue.park("b", &query(2), &wrong).await.unwrap() else { panic!() };
    assert!(due > Utc::now() && due <= Utc::now() + chrono::TimeDelta::minutes(1));
    assert!(queue.due(10).await.unwrap().is_empty());
    let stats: Vec<_> = queue.stats().await.unwrap().into_iter().map(|one| (one.reason, one.items)).collect();
    assert_eq!(stats, [(ParkReason::Wait, 1), (ParkReason::RefreshOaid, 1)]);

    assert_eq!(queue.wake(ParkReason::RefreshOaid).await.unwrap(), 1);
    let mut item = take_one(&queue).await;
    assert_eq!((item.reason, item.attempts, item.code.as_deref()), (ParkReason::RefreshOaid, 1, wrong.sub_code()));
    item.content = query(3); // the order was read again, and has a new OAID
    queue.park_again(item, &wrong).await.unwrap();
    queue.wake(ParkReason::RefreshOaid).await.unwrap();
    assert_eq!(take_one(&queue).await.content, query(3));
}

#[tokio::test]
async fn what_never_succeeds_ends_in_the_list_for_people() {
    let folder = Folder::new();
    let queue = open(&folder).await.max_attempts(2);
    let wrong = error_of("wrong-1").await;
    assert!(matches!(queue.park("a", &query(1), &wrong).await.unwrap(), Parking::Later(_)));
    queue.wake(ParkReason::RefreshOaid).await.unwrap();
    let item = take_one(&queue).await;
    assert_eq!(queue.park_again(item, &wrong).await.unwrap(), Parking::Failed);
    let old = queue.clone().max_age(chrono::TimeDelta::zero());
    assert_eq!(old.park("b", &query(2), &wrong).await.unwrap(), Parking::Failed);
    assert!(queue.due(10).await.unwrap().is_empty());

    let first = queue.failed(1, None).await.unwrap();
    let second = queue.failed(5, first.first()).await.unwrap();
    let keys: Vec<_> = first.iter().chain(&second).map(|item| (item.key.as_str(), item.attempts)).collect();
    assert_eq!(keys, [("a", 2), ("b", 1)]);
    assert!(queue.retry(&first[0]).await.unwrap());
    assert!(queue.remove("b").await.unwrap());
    assert_eq!(take_one(&queue).await.attempts, 0);
    assert!(queue.failed(5, None).await.unwrap().is_empty());
}

async fn a_result_and_the_end_of_its_item_are_one_transaction<D: TestDatabase>(database: D)
where
    EncryptedStore<D::Store>: TransactionalStore<Database = D::Sql>,
{
    let store = database.open_encrypted().await;
    database.make_own_table().await;
    let queue = Queue::new(store.clone(), "decrypt").unwrap().lease(Duration::from_millis(50));
    queue.add("a", &query(1)).await.unwrap();
    for commits in [false, true] {
        let item = queue.due(1).await.unwrap().remove(0);
        let mut transaction = store.begin().await.unwrap();
        D::add_own_row(&mut transaction, database.table("own")).await;
        assert!(queue.done_in(&mut transaction, &item).await.unwrap());
        if commits {
            transaction.commit().await.unwrap();
        } else {
            drop(transaction); // as a kill does
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
    }
    assert_eq!(database.own_rows().await, 1);
    assert!(queue.due(1).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_file_holds_no_oaid() {
    let folder = Folder::new();
    let store = encrypted(SqliteStore::open(folder.file("parked.db"), "pn_").await.unwrap()).await;
    let queue = Queue::new(store.clone(), "decrypt").unwrap();
    queue.add("a", &query(1)).await.unwrap();
    for file in ["parked.db", "parked.db-wal"] {
        let bytes = std::fs::read(folder.file(file)).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"canary-oaid"), "{file}");
    }
}

#[test]
fn a_queue_has_a_plain_name() {
    for name in ["", "Decrypt", "a:b", "seventeen-letters"] {
        assert!(Parked::<(), u8>::new((), name).is_err(), "{name}");
    }
}

#[test]
fn the_example_resumes_and_decrypts_no_order_twice() {
    let output = crate::examples::command("resume_decryption").output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines[..3], ["400 orders added to the list", "killed after 130 contacts", "0 orders added to the list"]);
    assert_eq!(lines[3], "400 contacts, 400 decryptions");
}
