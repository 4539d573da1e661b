//! Sends the requests of a client and reads their answers.

#[cfg(any(test, fuzzing))]
mod answered;
mod attempts;
mod budget;
mod call;
mod endpoint;
mod exchange;
mod failure;
mod fault;
mod fetch;
mod http;
mod identity;
mod in_time;
mod meter;
mod no_identity;
mod nonce;
mod operation_info;
mod plain;
mod prepared;
mod protocol;
mod read;
mod retry;
mod sender;
mod sender_builder;
mod settings;
mod state;
mod upload;

pub use fault::LIMIT_REACHED;
pub use prepared::PreparedRequest;
pub use retry::RetryPolicy;
pub use settings::{Format, Settings};

pub(crate) use exchange::{RawResponse, WireRequest};
pub(crate) use failure::Failure;
pub(crate) use fault::Fault;
pub(crate) use fetch::{FetchFault, Part};
pub(crate) use identity::{IdentityProvider, IdentitySource, UnsignedCall, params_at};
pub(crate) use meter::Meter;
#[cfg(feature = "store")]
pub(crate) use meter::{MeterRefusal, Usage};
pub(crate) use no_identity::NoIdentity;
pub(crate) use operation_info::OperationInfo;
pub(crate) use protocol::Protocol;
pub(crate) use sender::Sender;
pub(crate) use sender_builder::{SenderBuilder, sender_setters};
pub(crate) use state::{CallHistory, CallOptions, CallState};
pub(crate) use upload::{UploadFault, UploadForm, Uploaded};
