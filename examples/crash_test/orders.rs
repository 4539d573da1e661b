//! What every process of a run knows: the gateway, the database, and what is to become of each key.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{BindAxb, Client};
use privacy_number::binding_ledger::{BindingLedger, LedgerSettings};
use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey};
use privacy_number::{RetryPolicy, Secret, Settings};
use serde::{Deserialize, Serialize};

use crate::database::{Backend, Database};
use crate::emulator_keys::EmulatorKeys;
use crate::stopping_store::StoppingStore;

pub(crate) const POOL: &str = "FC-crash-test";

/// Short, so that the keys of a killed process are free soon.
pub(crate) const LEASE: Duration = Duration::from_secs(1);

/// What is to become of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Bound,
    Renewed,
    Unbound,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Orders {
    pub(crate) emulator: EmulatorKeys,
    pub(crate) keys: u64,
    pub(crate) children: u64,
    pub(crate) backend: Backend,
    pub(crate) url: String,
    pub(crate) prefix: String,
    /// Where each child writes which keys are done.
    pub(crate) folder: PathBuf,
    pub(crate) encryption_key: String,
    pub(crate) lookup_key: String,
    pub(crate) started: i64,
}

impl Orders {
    /// The X numbers of the pool, for about 50 bindings each.
    pub(crate) fn numbers(keys: u64) -> Vec<String> {
        (0..keys / 50 + 6).map(|index| format!("170{index:08}")).collect()
    }

    pub(crate) fn key(index: u64) -> String {
        format!("order-{index}")
    }

    pub(crate) fn goal(index: u64) -> Goal {
        match index % 3 {
            0 => Goal::Bound,
            1 => Goal::Renewed,
            _ => Goal::Unbound,
        }
    }

    /// Whether a child works on a key. A tenth of those that stay bound are bound by all children.
    pub(crate) fn is_of(&self, index: u64, child: u64) -> bool {
        index % self.children == child || index.is_multiple_of(30)
    }

    /// A, by which the gateway's bindings are told apart.
    pub(crate) fn number_a(index: u64) -> String {
        format!("150{index:08}")
    }

    pub(crate) fn bind(&self, index: u64) -> BindAxb {
        let bind = BindAxb::builder().pool_key(POOL).phone_no_a(Self::number_a(index).as_str());
        let bind = bind.phone_no_b(format!("151{index:08}").as_str()).out_id(Self::key(index));
        bind.expiration(self.day(7)).build()
    }

    /// This many days after the start of the run.
    pub(crate) fn day(&self, days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(self.started, 0).unwrap_or_default() + TimeDelta::days(days)
    }

    pub(crate) fn client(&self) -> Result<Client, privacy_number::Error> {
        let pause = Duration::from_millis(5);
        let retry = RetryPolicy::new().max_attempts(5).first_backoff(pause).max_backoff(pause);
        self.emulator.aliyun().settings(Settings::new().retry(retry)).build()
    }

    pub(crate) async fn ledger(&self) -> Result<BindingLedger<StoppingStore>, Box<dyn Error>> {
        self.stopping_ledger(None).await
    }

    /// A ledger whose process stops at a write.
    pub(crate) async fn stopping_ledger(
        &self,
        stop_at: Option<(i64, bool)>,
    ) -> Result<BindingLedger<StoppingStore>, Box<dyn Error>> {
        let database = Database::open(self.backend, &self.url, &self.prefix).await?;
        let encryption_key = EncryptionKey::from_base64(&Secret::from(&*self.encryption_key))?;
        let lookup_key = LookupKey::from_base64(&Secret::from(&*self.lookup_key))?;
        let keys = EncryptionKeys::new(encryption_key, lookup_key);
        let store = EncryptedStore::open(StoppingStore::new(database, stop_at), keys).await?;
        let settings = LedgerSettings::new().pool(POOL, Self::numbers(self.keys)).lease(LEASE);
        Ok(BindingLedger::new(self.client()?, store, settings))
    }
}
