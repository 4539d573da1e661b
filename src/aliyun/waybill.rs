//! Courier pick-ups (上门寄件): asking for slots and a price, ordering, cancelling.

mod address;
mod cancel;
mod create;
mod pre_query;
mod response;

pub use address::*;
pub use cancel::*;
pub use create::*;
pub use pre_query::*;
