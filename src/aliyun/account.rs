//! What all calls of an account share.

use std::fmt;

use reqwest::Url;

use super::credentials::CredentialsSource;
use super::product::Endpoints;
use super::signature_version::SignatureVersion;
use crate::send::Sender;
use crate::sign::pop::HttpMethod;

/// The settings and connections that all calls of an account share.
pub(super) struct Account {
    pub(super) credentials: CredentialsSource,
    pub(super) method: HttpMethod,
    pub(super) signature_version: SignatureVersion,
    pub(super) endpoints: Endpoints<Url>,
    pub(super) sender: Sender,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut account = f.debug_struct("Account");
        for (product, endpoint) in self.endpoints.iter() {
            account.field(product, &endpoint.as_str());
        }
        account.field("format", &self.sender.format).field("method", &self.method);
        account.field("signature_version", &self.signature_version).finish_non_exhaustive()
    }
}
