//! The latest requests with all their values, for the console.
//!
//! The ledger has no values, so that it can be shown and logged. These can be personal: they stay in memory, and only
//! the control endpoints return them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use tokio::sync::watch;

/// How many requests are kept.
const KEPT: usize = 200;
/// The length in bytes up to which a request or a response is kept.
const MAX_LENGTH: usize = 32 * 1024;

/// The latest requests, and a signal for those who watch them.
pub(crate) struct Inspections {
    latest: Mutex<VecDeque<(u64, Arc<Inspected>)>>,
    changes: watch::Sender<()>,
    /// Another emulator has another one, so that a console notices a restart.
    run: String,
}

/// A request and its response. It has no `Debug`, since it contains everything that was sent.
pub(crate) struct Inspected {
    /// The request, in one piece of memory of its own: the connection can use its buffer again.
    text: Box<[u8]>,
    method: http::Method,
    uri_length: usize,
    /// The lengths of the names and values of the headers.
    headers: Box<[(u16, u16)]>,
    pub(crate) status: StatusCode,
    /// `None` if it is too long.
    pub(crate) response: Option<Bytes>,
}

impl Inspections {
    pub(crate) fn new() -> Self {
        Self { latest: Mutex::default(), changes: watch::Sender::new(()), run: format!("{:016x}", fastrand::u64(..)) }
    }

    /// Keeps a request, and wakes those who watch.
    pub(crate) fn keep(&self, number: u64, inspected: Option<Inspected>) {
        if let Some(inspected) = inspected {
            let mut latest = self.lock();
            latest.push_back((number, Arc::new(inspected)));
            let removed = if latest.len() > KEPT { latest.pop_front() } else { None };
            drop(latest);
            drop(removed);
        }
        self.wake();
    }

    pub(crate) fn get(&self, number: u64) -> Option<Arc<Inspected>> {
        let latest = self.lock();
        latest.iter().rev().find(|(kept, _)| *kept == number).map(|(_, inspected)| Arc::clone(inspected))
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
        self.wake();
    }

    /// Wakes those who watch. It costs almost nothing if nobody does.
    pub(crate) fn wake(&self) {
        if self.changes.receiver_count() > 0 {
            self.changes.send_replace(());
        }
    }

    /// The receiver changes with each request and each control request that changes something.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// How many watch.
    #[cfg(test)]
    pub(crate) fn watching(&self) -> usize {
        self.changes.receiver_count()
    }

    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(u64, Arc<Inspected>)>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inspected {
    /// Copies a request. Returns `None` if it is too long.
    pub(crate) fn new(request: &Request<Bytes>, status: StatusCode, response: &Bytes) -> Option<Self> {
        let uri = request.uri();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let length = |text: &[u8]| u16::try_from(text.len()).ok();
        let mut headers = Vec::with_capacity(request.headers().len());
        let mut total = path.len().saturating_add(request.body().len());
        for (name, value) in request.headers() {
            headers.push((length(name.as_str().as_bytes())?, length(value.as_bytes())?));
            total = total.saturating_add(name.as_str().len()).saturating_add(value.len());
        }
        if total > MAX_LENGTH {
            return None;
        }
        let mut text = Vec::with_capacity(total);
        text.extend_from_slice(path.as_bytes());
        for (name, value) in request.headers() {
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(value.as_bytes());
        }
        text.extend_from_slice(request.body());
        Some(Self {
            text: text.into_boxed_slice(),
            method: request.method().clone(),
            uri_length: path.len(),
            headers: headers.into_boxed_slice(),
            status,
            response: (response.len() <= MAX_LENGTH).then(|| response.clone()),
        })
    }

    /// The request as it came.
    pub(crate) fn request(&self) -> Option<Request<Bytes>> {
        let (path, mut rest) = self.text.split_at_checked(self.uri_length)?;
        let mut request = Request::builder().method(self.method.clone()).uri(path);
        for (name, value) in &self.headers {
            let (name, after_name) = rest.split_at_checked(usize::from(*name))?;
            let (value, after_value) = after_name.split_at_checked(usize::from(*value))?;
            rest = after_value;
            request = request.header(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
        }
        request.body(Bytes::copy_from_slice(rest)).ok()
    }
}
