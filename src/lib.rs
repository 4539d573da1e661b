#![cfg_attr(feature = "emulator", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "emulator"),
    doc = "A client for virtual phone numbers: the Taobao Open Platform ([`top`]) and Alibaba Cloud Phone Number \
           Protection ([`aliyun`]). The feature `emulator` adds both gateways in process."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod call;
mod decode;
mod environment;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod number;
mod operation;
mod params;
mod provider;
mod redact;
mod time;
mod wire_enum;

pub mod aliyun;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod sign;
pub mod top;

#[cfg(feature = "redis")]
pub use call::RedisLimit;
pub use call::{
    BANNED, Fleet, Format, LIMIT_REACHED, Limits, PreparedRequest, Reservation, Reserved, RetryPolicy, Settings,
    SharedLimit, Unavailable,
};
pub use error::{
    Advice, DecodeError, Error, InvalidRequest, Outcome, Refusal, ServiceError, TransportError, TransportKind,
};
pub use number::{Dial, InvalidPhoneNumber, NumberKind, PhoneNumber, VirtualNumber, WaybillReceiver};
pub use operation::{Gateway, Operation, Safety};
pub use params::Params;
pub use redact::{Private, Secret};
pub use time::china;
