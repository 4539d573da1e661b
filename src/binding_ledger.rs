//! Bindings under keys of your own, in a [store](crate::store): bound once, renewed, removed and found again, whatever
//! happens to the process.
//!
//! [`BindingLedger`] writes what it is going to do before it does it, and the result after it. What a dead process left
//! is finished by [`recover`](BindingLedger::recover), or by the next call with the same key. Any number of processes
//! and machines may share one store.
//!
//! | question | call |
//! | --- | --- |
//! | A binding for an order | [`bind`](BindingLedger::bind), [`get`](BindingLedger::get) |
//! | Longer, or no more | [`renew`](BindingLedger::renew), [`renew_due`](BindingLedger::renew_due), [`unbind`](BindingLedger::unbind) |
//! | After a crash, and every minute | [`recover`](BindingLedger::recover) |
//! | Once a day: what has ended, what only one side knows | [`sweep`](BindingLedger::sweep) |
//! | What a person has found out | [`adopt`](BindingLedger::adopt), [`forget`](BindingLedger::forget) |
//! | Metrics | [`stats`](BindingLedger::stats) |
//!
//! ```
//! # #[cfg(all(feature = "emulator", feature = "store-sqlite"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use chrono::{TimeDelta, Utc};
//! use privacy_number::aliyun::BindAxb;
//! use privacy_number::binding_ledger::{BindingLedger, LedgerSettings};
//! use privacy_number::emulator::Emulator;
//! use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-bindings-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let emulator = Emulator::start().await?;
//! let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?); // keep them
//! let store = EncryptedStore::open(SqliteStore::open(folder.join("erp.db"), "pn_").await?, keys).await?;
//! let settings = LedgerSettings::new().pool(emulator.pool_key(), ["17000000001", "17000000002"]);
//! let ledger = BindingLedger::new(emulator.aliyun()?, store, settings);
//!
//! let bind = BindAxb::builder()
//!     .pool_key(emulator.pool_key())
//!     .phone_no_a("15000000000")
//!     .phone_no_b("15000000001")
//!     .expiration(Utc::now() + TimeDelta::days(7))
//!     .build();
//! let binding = ledger.bind("order-4711", &bind).await?;
//! assert_eq!(ledger.bind("order-4711", &bind).await?, binding); // the same one, in every process
//! ledger.renew("order-4711", Utc::now() + TimeDelta::days(14)).await?;
//! ledger.unbind("order-4711").await?;
//! assert_eq!(ledger.get("order-4711").await?, None);
//! # drop(ledger);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "emulator", feature = "store-sqlite")))]
//! # fn main() {}
//! ```

mod binding;
mod choose;
mod error;
mod finish;
mod held;
mod ledger;
mod record;
mod recover;
mod renewals;
mod settings;
mod stats;
mod sweep;
mod upkeep;

pub use error::LedgerError;
pub use ledger::BindingLedger;
pub use recover::Recovered;
pub use renewals::Renewals;
pub use settings::LedgerSettings;
pub use stats::LedgerStats;
pub use sweep::{Sweep, UnknownBinding};
