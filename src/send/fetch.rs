//! Fetches a file by a signed link: no credentials, no redirects, nothing logged.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, HeaderMap, RANGE};
use reqwest::{Response, StatusCode, Url};

use super::in_time::in_time;
use crate::redact::Private;

/// A file, or the rest of it from some byte.
pub(crate) struct Part {
    response: Response,
    stall_timeout: Duration,
    /// The offset of the first byte; 0 if the server does not support ranges.
    pub(crate) start: u64,
    /// The length of the whole file, if known.
    pub(crate) total: Option<u64>,
}

/// Why a file could not be fetched.
pub(crate) enum FetchFault {
    BadLink,
    Status(u16),
    /// There is no connection, it broke, or no byte arrived within the stall timeout.
    Broken,
}

pub(super) async fn fetch(
    client: &reqwest::Client,
    link: &Private,
    from: u64,
    stall_timeout: Duration,
) -> Result<Part, FetchFault> {
    let url = Url::parse(link.expose().trim()).map_err(|_| FetchFault::BadLink)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchFault::BadLink);
    }
    // A compressed file could not be continued at a byte offset. A client of the user's own may have a timeout for the
    // whole answer, which is too short for a long recording.
    let mut request = client.get(url).header(ACCEPT_ENCODING, "identity").timeout(Duration::MAX);
    if from > 0 {
        request = request.header(RANGE, format!("bytes={from}-"));
    }
    let response = in_time(stall_timeout, request.send()).await;
    let response = response.and_then(Result::ok).ok_or(FetchFault::Broken)?;
    let (start, total) = match response.status() {
        StatusCode::OK => (0, response.content_length()),
        StatusCode::PARTIAL_CONTENT => content_range(response.headers()).ok_or(FetchFault::Broken)?,
        status => return Err(FetchFault::Status(status.as_u16())),
    };
    if start > from {
        return Err(FetchFault::Broken);
    }
    Ok(Part { response, stall_timeout, start, total })
}

impl Part {
    /// The next chunk; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, FetchFault> {
        let chunk = in_time(self.stall_timeout, self.response.chunk()).await;
        chunk.and_then(Result::ok).ok_or(FetchFault::Broken)
    }
}

/// `bytes 100-199/200`: the offset of the part, and the length of the file.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (range, total) = text.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}
