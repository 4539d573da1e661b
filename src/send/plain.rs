//! Requests that are no operation of a gateway: signed in their headers, or not signed at all.

use std::time::Duration;

use reqwest::Request;

use super::exchange::RawResponse;
use super::fault::Cause;
use super::sender::Sender;
use crate::error::TransportKind;

impl Sender {
    /// Sends a request once and reads the whole response. Follows no redirect, unless a client of the user's own does.
    ///
    /// # Errors
    /// Why there is no whole response.
    pub(crate) async fn exchange(&self, request: Request, timeout: Duration) -> Result<RawResponse, TransportKind> {
        self.transport.exchange(request, timeout).await.map_err(|fault| match fault.cause {
            Cause::Transport(kind, _) => kind,
            // The response is larger than the limit, or came from another address.
            Cause::Service { .. } | Cause::Decode(_) => TransportKind::Interrupted,
        })
    }
}
