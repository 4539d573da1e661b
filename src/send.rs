//! Sends the requests of a client and reads their answers.

#[cfg(any(test, fuzzing))]
mod answered;
mod attempts;
mod budget;
mod call;
pub(crate) mod endpoint;
mod exchange;
mod failure;
mod fault;
mod fetch;
mod http;
mod in_time;
mod nonce;
mod operation_info;
mod prepared;
mod protocol;
mod read;
mod retry;
mod sender;
mod settings;
mod state;
mod upload;

pub use fault::LIMIT_REACHED;
pub use prepared::PreparedRequest;
pub use retry::RetryPolicy;
pub use settings::{Format, Settings};

pub(crate) use exchange::{RawAnswer, WireRequest};
pub(crate) use fault::Fault;
pub(crate) use fetch::{FetchFault, Part};
pub(crate) use protocol::Protocol;
pub(crate) use sender::Sender;
pub(crate) use state::CallState;
pub(crate) use upload::{UploadFault, UploadForm, Uploaded};
