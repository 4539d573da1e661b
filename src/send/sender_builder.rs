//! What the builders of both gateways' clients share.

use reqwest::Url;

use super::endpoint;
use super::sender::Sender;
use super::settings::{Format, Settings};
use super::state::CallOptions;
use crate::error::Error;
use crate::invalid::InvalidRequest;

/// The part of a client's builder that does not depend on the gateway. Its setters are those of [`sender_setters`].
#[derive(Debug, Clone, Default)]
pub(crate) struct SenderBuilder {
    pub(crate) format: Format,
    pub(crate) settings: Settings,
}

impl SenderBuilder {
    /// Checks an endpoint. `path` is the only path it may have.
    pub(crate) fn endpoint(&self, url: &str, path: &str) -> Result<Url, InvalidRequest> {
        endpoint::parse(url, path, self.settings.plain_http_allowed)
    }

    /// The sender, and the options of its calls.
    pub(crate) fn build(self) -> Result<(Sender, CallOptions), Error> {
        let options = CallOptions::new(self.settings.call_timeout);
        Ok((Sender::new(self.settings, self.format)?, options))
    }
}

/// The public setters that every client's builder has. Its field `sender` is a [`SenderBuilder`].
macro_rules! sender_setters {
    () => {
        /// The format of the answers; JSON by default.
        pub fn format(mut self, format: $crate::Format) -> Self {
            self.sender.format = format;
            self
        }

        /// Timeouts, retries, limits and the HTTP client.
        pub fn settings(mut self, settings: $crate::Settings) -> Self {
            self.sender.settings = settings;
            self
        }
    };
}
pub(crate) use sender_setters;
