//! The sessions of many shops in a [store](crate::store): a [`SessionProvider`](crate::top::SessionProvider) for many
//! machines.
//!
//! ```
//! # #[cfg(all(feature = "emulator", feature = "store-sqlite"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::emulator::Emulator;
//! use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore};
//! use privacy_number::stored_session::{StoredSession, StoredSessions};
//! use privacy_number::top::{OaidDecrypt, ReceiverQuery};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-sessions-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let emulator = Emulator::builder().orders([("2001", "oaid-a")]).start().await?;
//! let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?); // keep them
//! let store = EncryptedStore::open(SqliteStore::open(folder.join("erp.db"), "pn_").await?, keys).await?;
//! let sessions = StoredSessions::new(store, |_shop, old: StoredSession| async move {
//!     // Ask TOP for a new session with `old.refresh_token`.
//!     Ok(StoredSession::new("new session").refresh_token("new refresh token"))
//! });
//! // When the seller has authorised the application:
//! sessions.put("seller-1", &StoredSession::new(emulator.session()).refresh_token("refresh token")).await?;
//!
//! let shops = emulator.top()?.shops(sessions.clone());
//! let query = ReceiverQuery::builder().tid("2001").oaid("oaid-a").build();
//! shops.shop("seller-1").send(&OaidDecrypt::new([query])).await?;
//! # drop((shops, sessions));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "emulator", feature = "store-sqlite")))]
//! # fn main() {}
//! ```

mod memory;
mod record;
mod refresh;
mod sessions;
mod stats;

pub use record::StoredSession;
pub use sessions::StoredSessions;
pub use stats::SessionStats;
