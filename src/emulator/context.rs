//! What a response depends on besides its request.

use std::sync::MutexGuard;

use chrono::{DateTime, Utc};

use super::accounts::Accounts;
use super::generated::{digits, hash};
use super::store::State;
use super::store::shared::SharedState;

/// The accounts, the state and the time at which one request is handled.
pub(crate) struct RequestContext<'a> {
    pub(crate) accounts: &'a Accounts,
    pub(crate) now: DateTime<Utc>,
    /// Whether the request was verified before it waited for a message.
    pub(crate) is_verified: bool,
    pub(super) state: &'a SharedState,
    pub(super) request_number: u64,
}

impl RequestContext<'_> {
    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// A request id in TOP's form. The ids are the same on every run.
    pub(crate) fn top_request_id(&self) -> String {
        format!("15r6{}", digits(&self.request_number.to_string(), 8))
    }

    /// A request id in Alibaba Cloud's form. The ids are the same on every run.
    pub(crate) fn pop_request_id(&self) -> String {
        let high = hash(&format!("request {}", self.request_number));
        let bytes = (u128::from(high) << 64) | u128::from(self.request_number);
        let id = uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid();
        id.hyphenated().to_string().to_ascii_uppercase()
    }
}
