#![cfg_attr(feature = "emulator", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "emulator"),
    doc = "A client for virtual phone numbers: the Taobao Open Platform ([`top`]) and Alibaba Cloud Phone Number \
           Protection ([`aliyun`]). The feature `emulator` adds both gateways in process."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod answer;
mod environment;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod invalid;
mod limit;
mod number;
mod operation;
mod params;
mod provider;
mod redact;
mod safety;
mod scalar;
mod send;
mod time;
mod wire_enum;

pub mod aliyun;
#[cfg(feature = "store")]
pub mod binding_ledger;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(feature = "store")]
pub mod parked;
#[cfg(feature = "store")]
pub mod quota_ledger;
#[cfg(feature = "store")]
pub mod receipts_seen;
#[cfg(feature = "store")]
pub mod receiver_cache;
pub mod sign;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod stored_session;
pub mod top;

pub use error::{Advice, DecodeError, Error, Outcome, Refusal, ServiceError, TransportError, TransportKind};
pub use invalid::InvalidRequest;
#[cfg(feature = "redis")]
pub use limit::RedisLimit;
pub use limit::{BANNED, Fleet, Limits, Reservation, Reserved, SharedLimit, Unavailable};
pub use number::{Dial, InvalidPhoneNumber, NumberKind, PhoneNumber, VirtualNumber, WaybillReceiver};
pub use operation::{Gateway, Operation, SessionUse};
pub use params::Params;
pub use redact::{Private, Secret};
pub use safety::Safety;
pub use send::{Format, LIMIT_REACHED, PreparedRequest, RetryPolicy, Settings};
pub use time::china;
