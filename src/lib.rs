//! privacy-number
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod call;
mod decode;
mod environment;
mod error;
mod number;
mod operation;
mod params;
mod redact;
mod time;
mod wire_enum;

pub mod aliyun;
pub mod sign;
pub mod top;

// EMU #[cfg(feature = "emulator")]
// EMU pub mod emulator;

pub use call::{Format, RetryPolicy, Settings};
pub use error::{
    Advice, DecodeError, Error, InvalidRequest, Outcome, Refusal, ServiceError, TransportError, TransportKind,
};
pub use number::{Dial, InvalidPhoneNumber, NumberKind, PhoneNumber, VirtualNumber};
pub use operation::{Gateway, Operation, Safety};
pub use params::Params;
pub use redact::{Private, Secret};
pub use time::china;
