//! Where and how receipts are pushed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The URLs to which receipts are pushed by HTTP, and how.
///
/// By default nothing is pushed, a request has one receipt, nothing is pushed twice, and the requests about one call
/// are sent one after the other, oldest first. The documents promise neither an order nor that a receipt comes once.
///
/// ```
/// use privacy_number::emulator::{Emulator, PushSettings};
///
/// let push = PushSettings::to("http://127.0.0.1:8080/receipts").batch(20).duplicates(1);
/// let gateways = Emulator::builder().push_receipts(push).build();
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[must_use]
pub struct PushSettings {
    base: Option<String>,
    urls: BTreeMap<String, String>,
    pub(crate) batch: usize,
    pub(crate) duplicates: u32,
    pub(crate) newest_first: bool,
}

impl PushSettings {
    /// Nothing is pushed, unless [`type_to`](Self::type_to) sets the URL of a type.
    pub fn new() -> Self {
        Self { base: None, urls: BTreeMap::new(), batch: 1, duplicates: 0, newest_first: false }
    }

    /// Pushes the receipts of each type to this URL followed by a slash and the name of the type, for example
    /// `http://127.0.0.1:8080/receipts/SecretReport`.
    pub fn to(base: impl Into<String>) -> Self {
        Self { base: Some(base.into()), ..Self::new() }
    }

    /// Pushes the receipts of one type, for example `SecretReport`, to this URL.
    pub fn type_to(mut self, message_type: impl Into<String>, url: impl Into<String>) -> Self {
        self.urls.insert(message_type.into(), url.into());
        self
    }

    /// Sends up to this number of receipts of one type in one request, if they are due at the same moment: for example
    /// those that become due when a test advances a stopped clock. The documents do not tell how large a batch can be.
    pub fn batch(mut self, receipts: usize) -> Self {
        self.batch = receipts.max(1);
        self
    }

    /// Sends every request this number of times again after it was acknowledged.
    pub fn duplicates(mut self, times: u32) -> Self {
        self.duplicates = times;
        self
    }

    /// Of the receipts that are due, sends the newest first.
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    pub(crate) fn url(&self, message_type: &str) -> Option<String> {
        if let Some(url) = self.urls.get(message_type) {
            return Some(url.clone());
        }
        let base = self.base.as_deref()?.trim_end_matches('/');
        Some(format!("{base}/{message_type}"))
    }
}

impl Default for PushSettings {
    fn default() -> Self {
        Self::new()
    }
}

/// The URLs are not shown, since a secret can be in their path.
impl fmt::Debug for PushSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PushSettings")
            .field("types", &self.urls.keys())
            .field("batch", &self.batch)
            .field("duplicates", &self.duplicates)
            .field("newest_first", &self.newest_first)
            .finish_non_exhaustive()
    }
}
