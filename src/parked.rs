//! Work that is put off: what an [`Advice`](crate::Advice) says to do later, and lists of work that survive the process.
//!
//! [`Parked`] keeps items in a [store](crate::store): content of your own under a key of your own, with the time at
//! which each one is due. Workers on any number of machines take due items, each item by one worker at a time. An item
//! of a worker that was killed comes back. An item that never succeeds ends in a list for people.
//!
//! | step | call |
//! | --- | --- |
//! | Put work in: a whole list, or what a call refused | [`add`](Parked::add), [`park`](Parked::park) |
//! | Take what is due | [`due`](Parked::due) |
//! | It succeeded, or failed again | [`done`](Parked::done), [`park_again`](Parked::park_again) |
//! | The balance was topped up, the seller has authorised | [`wake`](Parked::wake) |
//! | What people must look at | [`failed`](Parked::failed), then [`retry`](Parked::retry) or [`remove`](Parked::remove) |
//! | Metrics | [`stats`](Parked::stats) |
//!
//! ```
//! # #[cfg(all(feature = "emulator", feature = "store-sqlite"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::emulator::Emulator;
//! use privacy_number::parked::{Parked, Parking};
//! use privacy_number::store::SqliteStore;
//! use privacy_number::top::{OaidDecrypt, ReceiverQuery};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-parked-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let emulator = Emulator::builder().orders([("2001", "oaid-a")]).decryptions_per_day(0).start().await?;
//! let parked = Parked::new(SqliteStore::open(folder.join("erp.db"), "pn_").await?, "decrypt")?;
//! let query = ReceiverQuery::builder().tid("2001").oaid("oaid-a").build();
//! parked.add("order-2001", &query).await?;
//! for item in parked.due(100).await? {
//!     let error = emulator.shop()?.send(&OaidDecrypt::new([item.content.clone()])).await.unwrap_err();
//!     // The quota of the day is used up: the item comes back at midnight in China.
//!     assert!(matches!(parked.park_again(item, &error).await?, Parking::Later(_)));
//! }
//! assert!(parked.due(100).await?.is_empty());
//! # drop(parked);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "emulator", feature = "store-sqlite")))]
//! # fn main() {}
//! ```

mod delay;
mod item;
mod people;
mod queue;
mod reason;
mod stats;
mod work;

pub use item::ParkedItem;
pub use queue::{Parked, Parking};
pub use reason::ParkReason;
pub use stats::ParkedStats;
