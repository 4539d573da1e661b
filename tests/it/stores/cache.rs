use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use privacy_number::emulator::Emulator;
use privacy_number::ledger::CachedShop;
use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore, Store, Table};
use privacy_number::top::{ReceiverQuery, Scene};

use super::Folder;

const OAID: &str = "oaid-canary-of-order";

struct World {
    folder: Folder,
    emulator: Emulator,
    calls: Arc<AtomicU64>,
    keys: EncryptionKeys,
}

impl World {
    async fn new(orders: u32) -> Self {
        let calls = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&calls);
        let orders = (0..orders).map(|number| (format!("{}", 880_020_000 + number), format!("{OAID}-{number}")));
        let emulator = Emulator::builder()
            .orders(orders)
            .on_request(move |_| _ = counted.fetch_add(1, Ordering::Relaxed))
            .start()
            .await
            .unwrap();
        let keys = EncryptionKeys::new(EncryptionKey::generate().unwrap(), LookupKey::generate().unwrap());
        Self { folder: Folder::new(), emulator, calls, keys }
    }

    /// The shop as a process of its own has it: with its own connections to the store and to TOP.
    async fn shop(&self) -> CachedShop<SqliteStore> {
        let store = SqliteStore::open(self.folder.file("store.db"), "").await.unwrap();
        let store = EncryptedStore::open(store, self.keys.clone()).await.unwrap();
        self.emulator.shop().unwrap().cached(&store, "seller-1")
    }

    fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }
}

fn query(number: u32) -> ReceiverQuery {
    ReceiverQuery::builder()
        .oaid(format!("{OAID}-{number}"))
        .tid(format!("{}", 880_020_000 + number))
        .scene(Scene::StoreShipping)
        .build()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_for_one_order_decrypt_it_once() {
    let world = World::new(1).await;
    let shops = [world.shop().await, world.shop().await, world.shop().await];
    let tasks: Vec<_> = shops
        .iter()
        .cycle()
        .take(1_000)
        .cloned()
        .map(|shop| tokio::spawn(async move { shop.decrypt([query(0)]).await }))
        .collect();
    let mut decrypted = 0;
    for task in tasks {
        let results = task.await.unwrap();
        assert_eq!(results[0].result.as_ref().unwrap().tid.as_deref(), Some("880020000"));
        decrypted += u32::from(!results[0].is_cached);
    }
    assert_eq!((world.calls(), decrypted), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_decrypted_in_calls_of_twenty_until_they_are_forgotten() {
    let world = World::new(40).await;
    let shop = world.shop().await;
    let first = shop.decrypt((0..40).map(query)).await;
    assert_eq!((world.calls(), first.iter().filter(|one| one.is_cached).count()), (2, 0));
    let again = world.shop().await.decrypt((0..40).map(query)).await;
    assert_eq!((world.calls(), again.iter().filter(|one| one.is_cached).count()), (2, 40));
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(first.query, again.query);
        assert_eq!(first.result.as_ref().unwrap(), again.result.as_ref().unwrap());
    }
    assert_eq!(shop.forget("880020007").await.unwrap(), 1);
    assert_eq!(shop.forget("880020007").await.unwrap(), 0);
    assert!(!shop.decrypt([query(7)]).await[0].is_cached);
    assert_eq!(world.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_not_kept() {
    let world = World::new(1).await;
    let shop = world.shop().await;
    for calls in [1, 2] {
        let results = shop.decrypt([query(5)]).await;
        assert!(results[0].result.is_err());
        assert!(world.calls() >= calls, "{}", world.calls());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_has_no_more_receivers_than_its_bound() {
    let world = World::new(40).await;
    let shop = world.shop().await.max_receivers(15);
    assert!(shop.decrypt((0..40).map(query)).await.iter().all(|one| one.result.is_ok()));
    let store = SqliteStore::open(world.folder.file("store.db"), "").await.unwrap();
    let stats = store.stats(Table::Receivers).await.unwrap();
    let rows = stats.iter().find(|state| state.state == "receiver").unwrap().rows;
    assert!((1..=15).contains(&rows), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_hold_nothing_personal_in_clear() {
    let world = World::new(3).await;
    let shop = world.shop().await;
    let results = shop.decrypt((0..3).map(query)).await;
    let mut texts = vec![OAID.to_owned(), "880020001".to_owned(), "seller-1".to_owned()];
    for one in &results {
        let receiver = one.result.as_ref().unwrap();
        texts.push(receiver.mobile.as_ref().unwrap().expose().to_owned());
        texts.extend(
            [&receiver.name, &receiver.address_detail].into_iter().flatten().map(|text| text.expose().to_owned()),
        );
    }
    assert!(texts.len() >= 9, "{}", texts.len());
    let mut scanned = 0;
    for file in ["store.db", "store.db-wal"] {
        let bytes = std::fs::read(world.folder.file(file)).unwrap();
        scanned += bytes.len();
        for text in &texts {
            assert!(!bytes.windows(text.len()).any(|part| part == text.as_bytes()), "{file}");
        }
        // The scan finds what is there.
        if file == "store.db-wal" {
            assert!(bytes.windows(8).any(|part| part == b"receiver"));
        }
    }
    assert!(scanned > 10_000);
}
