//! The binding ledger: one binding for one key, whatever fails and whenever a process dies.

mod faulty_store;
mod killed;
mod lifecycle;
mod lost_responses;
mod machines;
mod number700;
mod numbers;
mod store_down;
mod sweeps;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use faulty_store::FaultyStore;
use privacy_number::aliyun::{BindAxb, BindAxg, BindAxn, BindAxnExtension, CreateAxgGroup, QuerySubsId};
use privacy_number::binding_ledger::{BindingLedger, LedgerSettings};
use privacy_number::emulator::Emulator;
use privacy_number::store::{EncryptedStore, SqliteStore};
use privacy_number::{PhoneNumber, RetryPolicy};

use crate::stores::databases::{SqliteFile, TestDatabase};

const A: &str = "15000000000";
const B: &str = "15000000001";
const KEY: &str = "order-4711";
/// The X numbers of the emulator's pool.
const POOL: [&str; 6] = ["17000000001", "17000000002", "17000000003", "17000000004", "17000000005", "17000000006"];
/// Short, so that a dead call's key is free soon.
const LEASE: Duration = Duration::from_millis(300);

type Ledger<S = SqliteStore> = BindingLedger<FaultyStore<S>>;

struct Setup<D = SqliteFile> {
    emulator: Emulator,
    database: D,
    /// The expiration of bindings: in a week.
    end: DateTime<Utc>,
}

impl Setup {
    async fn start() -> Self {
        Self::on(SqliteFile::start().unwrap()).await
    }
}

impl<D: TestDatabase> Setup<D> {
    async fn on(database: D) -> Self {
        Self::with(Emulator::start().await.unwrap(), database)
    }

    fn with(emulator: Emulator, database: D) -> Self {
        let end = emulator.clock().now().with_nanosecond(0).unwrap() + TimeDelta::days(7);
        Self { emulator, database, end }
    }

    fn settings(&self) -> LedgerSettings {
        LedgerSettings::new().pool(self.emulator.pool_key(), POOL).lease(LEASE).wait(Duration::from_secs(20))
    }

    /// A ledger with a database connection of its own, as another process has.
    async fn ledger(&self) -> Ledger<D::Store> {
        self.ledger_with(self.settings()).await.0
    }

    async fn ledger_with(&self, settings: LedgerSettings) -> (Ledger<D::Store>, FaultyStore<D::Store>) {
        let faulty = FaultyStore::new(self.database.open().await);
        let store = EncryptedStore::open(faulty.clone(), self.database.keys()).await.unwrap();
        let pause = Duration::from_millis(1);
        let retry = RetryPolicy::new().first_backoff(pause).first_throttled_backoff(pause).max_backoff(pause);
        let client_settings = self.emulator.settings().retry(retry).call_timeout(Duration::from_secs(3));
        let client = self.emulator.aliyun_builder().settings(client_settings).build().unwrap();
        (BindingLedger::new(client, store, settings), faulty)
    }

    fn axb(&self) -> BindAxb {
        let bind = BindAxb::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).phone_no_b(B);
        bind.out_id(KEY).expiration(self.end).build()
    }

    fn axn(&self) -> BindAxn {
        BindAxn::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).expiration(self.end).build()
    }

    fn extension(&self) -> BindAxnExtension {
        BindAxnExtension::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).expiration(self.end).build()
    }

    async fn axg(&self) -> BindAxg {
        let group =
            CreateAxgGroup::builder().pool_key(self.emulator.pool_key()).numbers([PhoneNumber::from(B)]).build();
        let group_id = self.emulator.aliyun().unwrap().send(&group).await.unwrap().group_id;
        let bind = BindAxg::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).group_id(group_id);
        bind.expiration(self.end).build()
    }

    /// The ids of the bindings in force, of all kinds.
    fn live(&self) -> Vec<String> {
        let state = self.emulator.gateways().phone_number_protection();
        let bindings = state["bindings"].as_object().unwrap().iter();
        bindings.filter(|(_, binding)| binding["in_force"] == true).map(|(id, _)| id.clone()).collect()
    }

    fn executed(&self, action: &str) -> u64 {
        self.emulator.ledger().executed(action)
    }

    async fn ids_at(&self, number: &str) -> Vec<String> {
        let query = QuerySubsId::builder().pool_key(self.emulator.pool_key()).phone_no_x(number).build();
        self.emulator.aliyun().unwrap().send(&query).await.unwrap().subs_ids
    }
}

/// Waits until the lease of a dead call has ended.
async fn lease_ends() {
    tokio::time::sleep(LEASE + Duration::from_millis(50)).await;
}
