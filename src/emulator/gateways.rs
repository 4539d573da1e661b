//! Both gateways without a network: a request in, an answer out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderValue, Request, Response, StatusCode};

use super::aliyun::recording_file;
use super::answer::Answer;
use super::clock::Clock;
use super::ledger::{Entry, Ledger};
use super::seed::Accounts;
use super::store::{State, digits_of, spread};
use super::{aliyun, top};

/// The path of TOP's gateway; Alibaba Cloud's is the root.
pub(crate) const TOP_PATH: &str = "/router/rest";

/// Both gateways and all they remember.
///
/// Answering does no I/O and never waits. An [`Emulator`](super::Emulator) is this behind a TCP server.
pub struct Gateways {
    accounts: Accounts,
    state: Mutex<State>,
    clock: Clock,
    ledger: Ledger,
    requests: AtomicU64,
}

/// What an answer depends on besides its request.
pub(crate) struct Surroundings<'a> {
    pub(crate) accounts: &'a Accounts,
    pub(crate) now: DateTime<Utc>,
    state: &'a Mutex<State>,
    request_number: u64,
}

impl Gateways {
    pub(crate) fn new(accounts: Accounts, state: State, clock: Clock) -> Gateways {
        Gateways { accounts, state: Mutex::new(state), clock, ledger: Ledger::default(), requests: AtomicU64::new(0) }
    }

    /// Answers one request: TOP's at `/router/rest`, Alibaba Cloud's at `/`, recordings at the URLs that it gives.
    #[must_use]
    pub fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let surroundings = Surroundings {
            accounts: &self.accounts,
            now: self.clock.now(),
            state: &self.state,
            request_number: self.requests.fetch_add(1, Ordering::Relaxed),
        };
        let answer = match request.uri().path() {
            TOP_PATH => top::answer(&request, &surroundings),
            "/" | "" => aliyun::answer(&request, &surroundings),
            path if path.starts_with(recording_file::PATH) => recording_file::answer(&request, &surroundings),
            _ => no_such_path(),
        };
        let response = response(surroundings.now, answer.content_type, answer.status, answer.body);
        self.ledger.record(answer.entry);
        response
    }

    /// The time that the gateways live in.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the gateways were asked so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Gives an order a new oaid, as a change of its receiver's number or address does; `false` if there is no such
    /// order. The former oaid is answered with `matched: false` from now on.
    pub fn change_oaid(&self, tid: &str, oaid: &str) -> bool {
        lock(&self.state).change_oaid(tid, oaid)
    }

    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }
}

impl std::fmt::Debug for Gateways {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Gateways")
            .field("clock", &self.clock)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}

impl Surroundings<'_> {
    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        lock(self.state)
    }

    /// Request ids look like the gateways' own, and are the same on every run.
    pub(crate) fn top_request_id(&self) -> String {
        format!("15r6{}", digits_of(&self.request_number.to_string(), 8))
    }

    pub(crate) fn pop_request_id(&self) -> String {
        let high = spread(&format!("request {}", self.request_number));
        let bytes = (u128::from(high) << 64) | u128::from(self.request_number);
        let id = uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid();
        id.hyphenated().to_string().to_ascii_uppercase()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_such_path() -> Answer {
    Answer {
        status: StatusCode::NOT_FOUND,
        content_type: "text/plain",
        body: Bytes::from_static(b"TOP answers at /router/rest, Alibaba Cloud at /\n"),
        entry: Entry::refused(Entry::UNKNOWN_OPERATION, "404"),
    }
}

fn response(now: DateTime<Utc>, content_type: &'static str, status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(DATE, date);
    }
    response
}
