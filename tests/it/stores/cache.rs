use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use privacy_number::emulator::{Emulator, Fault};
use privacy_number::receiver_cache::{CacheCounts, CachedShop};
use privacy_number::store::{
    Change, EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, Query, Row, SqliteStore, StateStats, Store,
    StoreError, Table, Written,
};
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
        let store = EncryptedStore::open(self.database().await, self.keys.clone()).await.unwrap();
        self.emulator.shop().unwrap().cached(&store, "seller-1")
    }

    async fn database(&self) -> SqliteStore {
        SqliteStore::open(self.folder.file("store.db"), "").await.unwrap()
    }

    async fn receivers(&self) -> u64 {
        let stats = self.database().await.stats(Table::Receivers).await.unwrap();
        stats.iter().find(|state| state.state == "receiver").map_or(0, |state| state.rows)
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
    let stats = shop.stats().await.unwrap();
    assert_eq!(stats.receivers, world.receivers().await);
    assert!((1..=15).contains(&stats.receivers), "{stats:?}");
    assert!(stats.first_expires.is_some_and(|time| time > world.emulator.now()), "{stats:?}");
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

/// A store that counts how often it is read.
#[derive(Clone)]
struct CountingStore(SqliteStore, Arc<AtomicU64>);

impl Store for CountingStore {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.get_many(table, keys).await
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        self.0.write(changes).await
    }

    async fn list(&self, table: Table, query: &Query<'_>) -> Result<Vec<Row>, StoreError> {
        self.0.list(table, query).await
    }

    async fn count_groups(&self, table: Table, state: Option<&str>, groups: &[&str]) -> Result<Vec<u64>, StoreError> {
        self.0.count_groups(table, state, groups).await
    }

    async fn stats(&self, table: Table) -> Result<Vec<StateStats>, StoreError> {
        self.0.stats(table).await
    }
}

/// Asks for one order with this many tasks at once.
async fn at_once<S: Store>(shop: &CachedShop<S>, query: &ReceiverQuery, tasks: usize) -> Vec<Option<String>> {
    let tasks = (0..tasks).map(|_| {
        let (shop, query) = (shop.clone(), query.clone());
        tokio::spawn(async move { shop.decrypt([query]).await.remove(0) })
    });
    let mut errors = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        errors.push(task.await.unwrap().result.err().map(|error| error.to_string()));
    }
    errors
}

fn counts(counts: CacheCounts) -> [u64; 4] {
    [counts.hits, counts.misses, counts.waits, counts.not_kept]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_of_a_process_read_the_store_as_one_does() {
    let world = World::new(1).await;
    let reads = Arc::new(AtomicU64::new(0));
    let store = CountingStore(world.database().await, Arc::clone(&reads));
    let store = EncryptedStore::open(store, world.keys.clone()).await.unwrap();
    let shop = world.emulator.shop().unwrap().cached(&store, "seller-1");
    let before = reads.load(Ordering::Relaxed);
    world.emulator.inject(Fault::delay_after(Duration::from_secs(1)).times(1));
    let errors = at_once(&shop, &query(0), 1_000).await;
    assert!(errors.iter().all(Option::is_none), "{errors:?}");
    let read = reads.load(Ordering::Relaxed) - before;
    assert!((1..=20).contains(&read), "{read}");
    assert_eq!((world.calls(), counts(shop.counts())), (1, [0, 1, 999, 0]));
    assert!(shop.decrypt([query(0)]).await[0].is_cached);
    assert_eq!(counts(shop.counts()), [1, 1, 999, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_for_those_that_waited_and_for_nobody_after_them() {
    let world = World::new(1).await;
    let [first, second] = [world.shop().await, world.shop().await];
    world.emulator.inject(Fault::delay_after(Duration::from_secs(1)).times(1));
    let (unknown, one, other) = (query(5), first.clone(), second.clone());
    let (mut errors, more) = tokio::join!(at_once(&one, &unknown, 100), at_once(&other, &unknown, 100));
    errors.extend(more);
    assert_eq!((world.calls(), errors.len()), (1, 200));
    let text = errors[0].clone().unwrap();
    assert!(text.contains("isv.") || text.contains("isp."), "{text}");
    // Codes and outcome are the same; the time of the call is not shared.
    let codes = |text: &str| text.split(" (").next().unwrap().to_owned();
    assert!(errors.iter().all(|error| codes(error.as_deref().unwrap()) == codes(&text)), "{errors:?}");

    // It is still in the store, and a request that comes now does not get it.
    let again = second.decrypt([unknown]).await;
    assert!(again[0].result.is_err() && !again[0].is_cached);
    assert_eq!(world.calls(), 2);
    assert_eq!(world.receivers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_oaid_of_an_order_drops_the_receivers_of_the_former_one() {
    let world = World::new(2).await;
    let shop = world.shop().await;
    let kept = shop.decrypt([query(0), query(1)]).await;
    let mut days = query(0);
    days.secret_no_days = Some(7);
    assert!(!shop.decrypt([days]).await[0].is_cached, "other days are another number");
    assert_eq!((world.receivers().await, world.calls()), (3, 2));

    let mut moved = query(0);
    moved.oaid = world.emulator.gateways().change_address(&moved.tid).unwrap().into();
    let now = shop.decrypt([moved.clone(), query(1)]).await;
    assert!(!now[0].is_cached && now[1].is_cached);
    assert_ne!(now[0].result.as_ref().unwrap().oaid, kept[0].result.as_ref().unwrap().oaid);
    assert_eq!(world.receivers().await, 2, "the new one and the other order's");
    assert!(shop.decrypt([query(0)]).await[0].result.is_err(), "the former OAID is not served any more");
    assert!(shop.decrypt([moved]).await[0].is_cached);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_application_does_not_get_the_receivers_of_this_one() {
    let world = World::new(1).await;
    let shop = world.shop().await;
    assert!(shop.decrypt([query(0)]).await[0].result.is_ok());
    let store = EncryptedStore::open(world.database().await, world.keys.clone()).await.unwrap();
    let other = privacy_number::top::Client::builder()
        .app("87654321", "another secret")
        .endpoint(world.emulator.top_endpoint())
        .settings(world.emulator.settings())
        .build()
        .unwrap()
        .shop(world.emulator.session())
        .cached(&store, "seller-1");
    let results = other.decrypt([query(0)]).await;
    assert!(results[0].result.is_err() && !results[0].is_cached, "its key is asked for, and refused");
    assert_eq!(other.forget("880020000").await.unwrap(), 0);
    assert!(shop.decrypt([query(0)]).await[0].is_cached);
}
