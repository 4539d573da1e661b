//! What calls use of a quota: counted in a [store](crate::store) by application, shop, operation and day in China.
//!
//! [`Shop::counted`](crate::top::Shop::counted) makes a shop whose charged calls are counted, whoever sends them:
//! [`send`](crate::top::Shop::send), [`decrypt_all`](crate::top::Shop::decrypt_all) or the
//! [cache](crate::top::Shop::cached). [`aliyun::Client::counted`](crate::aliyun::Client::counted) does the same for the
//! charged calls of an account. A budget refuses a call before it is sent.
//!
//! | charged operations | one unit is |
//! | --- | --- |
//! | decryptions | an order |
//! | extensions of a virtual number | a day |
//! | text messages | a message; a long one may cost more |
//! | bought numbers, pick-ups, numbers that are looked up | a call |
//!
//! | what became of an attempt | its count |
//! | --- | --- |
//! | success, executed, outcome unknown, dropped, killed | stays |
//! | not executed (no connection, throttled) | is taken back |
//! | rejected | is taken back, unless [`keep_rejected`](QuotaLedger::keep_rejected) is set |
//!
//! Each attempt counts for itself: after a lost response, a retry is a second decryption, as far as anybody knows. An
//! attempt is counted before it is sent. So the ledger may count more than the platform, and less only for calls that go
//! around it, and if the platform charges for calls that it rejects. No document says that it does not. If the store fails, the call is not sent: its code is [`QUOTA_NOT_COUNTED`].
//!
//! ```
//! # #[cfg(all(feature = "emulator", feature = "store-sqlite"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::Advice;
//! use privacy_number::emulator::Emulator;
//! use privacy_number::quota_ledger::{BUDGET_USED_UP, QuotaLedger};
//! use privacy_number::store::SqliteStore;
//! use privacy_number::top::{OaidDecrypt, ReceiverQuery};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-quota-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let emulator = Emulator::builder().orders([("2001", "oaid-a")]).start().await?;
//! let store = SqliteStore::open(folder.join("erp.db"), "pn_").await?;
//! let quota = QuotaLedger::new(store).budget_per_shop::<OaidDecrypt>(1); // orders of a shop a day
//! let shop = emulator.shop()?.counted(&quota, "seller-1");
//!
//! let query = ReceiverQuery::builder().tid("2001").oaid("oaid-a").build();
//! shop.send(&OaidDecrypt::new([query.clone()])).await?;
//! let error = shop.send(&OaidDecrypt::new([query])).await.unwrap_err();
//! assert_eq!(error.code(), Some(BUDGET_USED_UP));
//! assert!(matches!(error.advice(), Advice::WaitUntil(_))); // midnight in China
//! # drop((shop, quota));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "emulator", feature = "store-sqlite")))]
//! # fn main() {}
//! ```

mod compare;
mod counter;
mod ledger;
mod row;
mod usage;

pub use compare::{BilledUsage, UsageDifference};
pub use ledger::{BUDGET_USED_UP, QUOTA_NOT_COUNTED, QuotaLedger};
pub use usage::{DayUsage, QuotaStats};
