//! Both gateways without a network: a request in, an answer out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response, StatusCode};

use super::admission::Admission;
use super::aliyun::recording_file;
use super::answer::Answer;
use super::clock::Clock;
use super::control;
use super::delivery::Reply;
use super::fault::{Fault, Faults};
use super::ledger::{Entry, Ledger};
use super::request_kind::GatewayKind;
use super::seed::Accounts;
use super::store::decryption::Decryption;
use super::store::{State, digits_of, spread};
use super::{aliyun, top};

/// The path of TOP's gateway; Alibaba Cloud's is the root.
pub(crate) const TOP_PATH: &str = "/router/rest";

/// Called for every request.
pub(crate) type Observer = Box<dyn Fn(&Entry) + Send + Sync>;

/// Both gateways and all they remember.
///
/// Answering does no I/O and never waits. An [`Emulator`](super::Emulator) is this behind a TCP server.
pub struct Gateways {
    accounts: Accounts,
    state: Mutex<State>,
    clock: Clock,
    ledger: Ledger,
    faults: Faults,
    observer: Option<Observer>,
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
    pub(crate) fn new(accounts: Accounts, state: State, clock: Clock, observer: Option<Observer>) -> Gateways {
        Gateways {
            accounts,
            state: Mutex::new(state),
            clock,
            ledger: Ledger::default(),
            faults: Faults::default(),
            observer,
            requests: AtomicU64::new(0),
        }
    }

    /// Answers one request: TOP's at `/router/rest`, Alibaba Cloud's at `/`, recordings at the URLs that it gives, the
    /// control endpoints' below `/_emulator/`.
    ///
    /// A fault shows only as far as an answer can show it; [`reply`](Self::reply) tells the rest.
    #[must_use]
    pub fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.reply(request).response
    }

    /// Answers one request, and says what a server is to do with the connection. A pause before the execution is
    /// told as one after it, since this call does not wait.
    #[must_use]
    pub fn reply(&self, request: Request<Bytes>) -> Reply {
        match self.control(&request) {
            Some(reply) => reply,
            None => self.admit(&request).carry_out(&request),
        }
    }

    /// From now on requests meet this fault. [`Fault::connection_refused`] needs a server and is ignored here.
    pub fn inject(&self, fault: Fault) {
        if fault.refuses_connections().is_none() {
            self.faults.add(fault);
        }
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.faults.clear();
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
    /// order. The former oaid is answered with `matched: false` from now on, and a virtual number is another one.
    pub fn change_oaid(&self, tid: &str, oaid: &str) -> bool {
        self.lock_state().change_oaid(tid, oaid)
    }

    /// Switches decryption off or on again.
    pub fn set_decryption(&self, decryption: Decryption) {
        self.lock_state().decryption.switch = decryption;
    }

    /// The seeded orders of the first shop that can be decrypted, as pairs of tid and current oaid, in the order of
    /// their seeding.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        let state = self.lock_state();
        let orders =
            self.accounts.tids.iter().filter_map(|tid| Some((tid.clone(), state.orders.get(tid)?.oaid.clone())));
        orders.collect()
    }

    /// The answer of a control endpoint, if the request is for one.
    pub(crate) fn control(&self, request: &Request<Bytes>) -> Option<Reply> {
        control::answer(request, self)
    }

    /// Looks which fault the request meets, which may say that it has to wait.
    pub(crate) fn admit(&self, request: &Request<Bytes>) -> Admission<'_> {
        Admission::new(self, self.faults.strike(request))
    }

    /// What the gateways themselves answer.
    pub(crate) fn gateway_answer(&self, request: &Request<Bytes>, surroundings: &Surroundings<'_>) -> Answer {
        match GatewayKind::of_path(request.uri().path()) {
            Some(GatewayKind::Top) => top::answer(request, surroundings),
            Some(GatewayKind::Aliyun) => aliyun::answer(request, surroundings),
            Some(GatewayKind::Recordings) => recording_file::answer(request, surroundings),
            None => no_such_path(),
        }
    }

    /// What a request finds now, by a clock that is so much ahead.
    pub(crate) fn surroundings(&self, ahead: TimeDelta) -> Surroundings<'_> {
        let now = self.clock.now();
        Surroundings {
            accounts: &self.accounts,
            now: now.checked_add_signed(ahead).unwrap_or(now),
            state: &self.state,
            request_number: self.requests.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub(crate) fn record(&self, entry: Entry) {
        if let Some(observer) = &self.observer {
            observer(&entry);
        }
        self.ledger.record(entry);
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
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
        body: Bytes::from_static(b"TOP answers at /router/rest, Alibaba Cloud at /, controls below /_emulator/\n"),
        entry: Entry::refused(Entry::UNKNOWN_OPERATION, "404"),
    }
}
