//! One request and its answer, as they are on the wire.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Datelike, Utc};
use reqwest::Url;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::redact::Private;
use crate::sign::pop::HttpMethod;

/// A signed request. It is sent once.
pub(crate) struct WireRequest<'a> {
    pub(crate) endpoint: &'a Url,
    pub(crate) method: HttpMethod,
    /// `name=value&name=value`, percent-encoded.
    pub(crate) form: Vec<u8>,
    /// The headers of the signature, if the form does not hold it. They replace the HTTP client's own.
    pub(crate) headers: Vec<(&'static str, Private)>,
}

/// An answer as received, decompressed.
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RawResponse {
    /// The server's time: its `Date` header.
    pub(crate) fn date(&self) -> Option<DateTime<Utc>> {
        self.http_date(DATE.as_str())
    }

    /// How long the server asks to wait: `x-acs-retry-after` in milliseconds, or `Retry-After` in seconds or as a date.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        if let Some(milliseconds) = self.header("x-acs-retry-after").and_then(|text| text.parse().ok()) {
            return Some(Duration::from_millis(milliseconds));
        }
        if let Some(seconds) = self.header(RETRY_AFTER.as_str()).and_then(|text| text.parse().ok()) {
            return Some(Duration::from_secs(seconds));
        }
        let until = self.http_date(RETRY_AFTER.as_str())?;
        until.signed_duration_since(self.date()?).to_std().ok()
    }

    /// A date header. A year has four digits in HTTP; the parser accepts more, which could overflow calculations.
    fn http_date(&self, name: &str) -> Option<DateTime<Utc>> {
        let date = DateTime::parse_from_rfc2822(self.header(name)?).ok()?.to_utc();
        (date.year() <= 9999).then_some(date)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }
}
