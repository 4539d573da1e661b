//! Receipts that come twice: handled once, by one task, process or machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType};
use privacy_number::receipts_seen::{Handled, ReceiptsSeen, SeenError};
use privacy_number::store::{EncryptedStore, SqliteStore, TransactionalStore};

use crate::stores::Folder;
use crate::stores::databases::{TestDatabase, on_each_database};

on_each_database!(
    a_receipt_that_comes_at_once_to_many_is_handled_once,
    after_a_failure_a_receipt_is_handled_again_at_once,
    a_receipt_whose_handler_was_dropped_is_handled_again_after_its_lease,
    the_mark_and_the_users_work_are_one_transaction,
);

fn receipt(call: &str) -> Receipt {
    let body = format!(r#"[{{"call_id": "{call}", "phone_no": "13900001234", "release_cause": 31}}]"#);
    receipt::parse(&ReceiptType::SecretReport, body.as_bytes()).unwrap().remove(0)
}

async fn open(folder: &Folder) -> SqliteStore {
    SqliteStore::open(folder.file("receipts.db"), "pn_").await.unwrap()
}

async fn nothing() -> Result<(), &'static str> {
    Ok(())
}

async fn a_receipt_that_comes_at_once_to_many_is_handled_once<D: TestDatabase>(database: D) {
    let handled = Arc::new(AtomicU32::new(0));
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let seen = ReceiptsSeen::new(database.open().await);
        tasks.extend((0..5).map(|_| {
            let (seen, handled) = (seen.clone(), Arc::clone(&handled));
            tokio::spawn(async move {
                let work = async {
                    handled.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    Ok::<_, &'static str>(())
                };
                seen.handle(&receipt("c1"), work).await
            })
        }));
    }
    for task in tasks {
        let result = task.await.unwrap();
        assert!(matches!(result, Ok(_) | Err(SeenError::InProgress { .. })), "{result:?}");
    }
    assert_eq!(handled.load(Ordering::SeqCst), 1);
    let seen = ReceiptsSeen::new(database.open().await);
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Before);
    assert_eq!(seen.handle(&receipt("c2"), nothing()).await.unwrap(), Handled::Now(()));
    assert_eq!(seen.stats().await.unwrap().handled, 2);
}

async fn after_a_failure_a_receipt_is_handled_again_at_once<D: TestDatabase>(database: D) {
    let seen = ReceiptsSeen::new(database.open().await);
    let failed = seen.handle(&receipt("c1"), async { Err::<(), _>("no room") }).await;
    assert_eq!(failed, Err(SeenError::Handler("no room")));
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Now(()));
}

async fn a_receipt_whose_handler_was_dropped_is_handled_again_after_its_lease<D: TestDatabase>(database: D) {
    let seen = ReceiptsSeen::new(database.open().await).lease(Duration::from_millis(600));
    let first = receipt("c1");
    let dropped = seen.handle(&first, std::future::pending::<Result<(), &str>>());
    assert!(tokio::time::timeout(Duration::from_millis(100), dropped).await.is_err());
    let early = seen.handle(&receipt("c1"), nothing()).await;
    assert!(matches!(early, Err(SeenError::InProgress { .. })), "{early:?}");
    assert_eq!(seen.stats().await.unwrap().handling, 1);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Now(()));
}

#[tokio::test]
async fn a_long_work_keeps_its_lease() {
    let folder = Folder::new();
    let seen = ReceiptsSeen::new(open(&folder).await).lease(Duration::from_millis(600));
    let first = receipt("c1");
    let long = seen.handle(&first, async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        Ok::<_, &str>(())
    });
    let other = async {
        tokio::time::sleep(Duration::from_millis(1000)).await;
        seen.handle(&receipt("c1"), nothing()).await
    };
    let (long, other) = tokio::join!(long, other);
    assert_eq!(long.unwrap(), Handled::Now(()));
    assert!(matches!(other, Err(SeenError::InProgress { .. })), "{other:?}");
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Before);
}

async fn the_mark_and_the_users_work_are_one_transaction<D: TestDatabase>(database: D)
where
    EncryptedStore<D::Store>: TransactionalStore<Database = D::Sql>,
{
    database.make_own_table().await;
    let seen = ReceiptsSeen::new(database.open_encrypted().await);

    // Rolled back, as after an error or a crash: neither the work nor the mark is there.
    let mut transaction = seen.begin(&receipt("c1")).await.unwrap().expect("not handled before");
    D::add_own_row(&mut transaction, database.table("own")).await;
    drop(transaction);

    let mut tasks = Vec::new();
    for _ in 0..4 {
        let (seen, table) = (ReceiptsSeen::new(database.open_encrypted().await), database.table("own"));
        tasks.push(tokio::spawn(async move {
            let Some(mut transaction) = seen.begin(&receipt("c1")).await.unwrap() else { return false };
            D::add_own_row(&mut transaction, table).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            transaction.commit().await.unwrap();
            true
        }));
    }
    let mut handled = 0;
    for task in tasks {
        handled += usize::from(task.await.unwrap());
    }
    assert_eq!((handled, database.own_rows().await), (1, 1));
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Before);
}

#[tokio::test]
async fn old_marks_are_swept_and_the_file_holds_no_number() {
    let folder = Folder::new();
    let seen = ReceiptsSeen::new(open(&folder).await);
    seen.handle(&receipt("c1"), nothing()).await.unwrap();
    assert_eq!(seen.sweep().await.unwrap(), 0);
    let short = seen.clone().retention(TimeDelta::milliseconds(-1));
    for call in 0..250 {
        short.handle(&receipt(&format!("old-{call}")), nothing()).await.unwrap();
    }
    assert_eq!(seen.sweep().await.unwrap(), 250);
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Before);
    for file in ["receipts.db", "receipts.db-wal"] {
        let bytes = std::fs::read(folder.file(file)).unwrap();
        for text in ["13900001234", "SecretReport", "old-1"] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text} in {file}");
        }
    }
}

#[tokio::test]
async fn a_store_that_goes_away_under_the_work_says_that_the_work_was_done() {
    let folder = Folder::new();
    let store = open(&folder).await;
    let pool = store.pool().clone();
    let seen = ReceiptsSeen::new(store).lease(Duration::from_millis(200));
    let first = receipt("c1");
    let result = seen.handle(&first, async {
        pool.close().await;
        Ok::<_, &str>(())
    });
    let result = result.await;
    assert!(matches!(result, Err(SeenError::NotRecorded(_))), "{result:?}");
    tokio::time::sleep(Duration::from_millis(250)).await;
    let seen = ReceiptsSeen::new(open(&folder).await);
    assert_eq!(seen.handle(&receipt("c1"), nothing()).await.unwrap(), Handled::Now(()), "it is handled again");
}
