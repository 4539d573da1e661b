//! The settings of an application that all its calls share.

use std::fmt;

use reqwest::Url;

use crate::redact::{Private, Secret};
use crate::send::Sender;
use crate::sign::top::SignMethod;

/// An application: its key, where it sends its calls, and how it signs them.
pub(super) struct App {
    pub(super) key: Private,
    pub(super) secret: Secret,
    pub(super) endpoint: Url,
    pub(super) sign_method: SignMethod,
    pub(super) sender: Sender,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("endpoint", &self.endpoint.as_str())
            .field("sign_method", &self.sign_method)
            .field("format", &self.sender.format)
            .finish_non_exhaustive()
    }
}
