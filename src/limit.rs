//! Client-side limits: no more calls per second than the documents allow, and none while the gateway bans.

mod ban_reason;
mod bans;
mod call;
mod common;
mod fleet;
mod gate;
mod instant;
mod limits;
mod outage;
mod pace;
mod pool;
mod queue;
#[cfg(feature = "redis")]
mod redis;
mod shared;
mod waiting;

pub use ban_reason::BANNED;
pub use fleet::Fleet;
pub use limits::Limits;
#[cfg(feature = "redis")]
pub use redis::RedisLimit;
pub use shared::{Reservation, Reserved, SharedLimit, Unavailable};

pub(crate) use ban_reason::BanReason;
pub(crate) use bans::BanScope;
pub(crate) use call::{Call, Patience, TooLate};
pub(crate) use common::Permit;

#[cfg(test)]
mod tests;
