//! Client-side limits: no more calls per second than the documents allow, and none while the gateway bans.

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

pub use common::BANNED;
pub use fleet::Fleet;
pub use limits::Limits;
#[cfg(feature = "redis")]
pub use redis::RedisLimit;
pub use shared::{Reservation, Reserved, SharedLimit, Unavailable};

pub(crate) use bans::BanScope;
pub(crate) use call::{Call, Patience, TooLate};

#[cfg(test)]
mod tests;
