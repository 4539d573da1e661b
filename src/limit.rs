//! Client-side limits: no more calls per second than the documents allow, and none while the gateway bans.

mod acquire;
mod ban_reason;
mod bans;
mod call;
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
mod registry;
mod shared;

pub use ban_reason::BANNED;
pub use fleet::Fleet;
pub use limits::Limits;
#[cfg(feature = "redis")]
pub use redis::RedisLimit;
pub use shared::{Reservation, Reserved, SharedLimit, Unavailable};

pub(crate) use ban_reason::BanReason;
pub(crate) use bans::BanScope;
pub(crate) use call::{Call, NoPermit, PermitWait};
pub(crate) use registry::Permit;

#[cfg(test)]
mod tests;
