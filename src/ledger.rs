//! Ledgers: what an ERP must know after a restart, in a [`store`](crate::store).

mod error;
mod order_changed;
mod receivers;

pub use error::LedgerError;
pub use receivers::{CachedReceiver, CachedShop};
