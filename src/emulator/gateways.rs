//! Both gateways without a network: a request in, a response out.

use std::sync::MutexGuard;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use super::accounts::Accounts;
use super::aliyun::{photo_upload, recording_file};
use super::answer::GatewayResponse;
use super::clock::{Clock, Setting};
use super::context::RequestContext;
use super::fault::{Fault, Faults};
use super::inspections::{Inspected, Inspections};
use super::ledger::{Decision, Entry, Ledger, RequestFacts};
use super::mns::LongPoll;
use super::request::Received;
use super::request_facts;
use super::request_kind::GatewayKind;
use super::seed::Seed;
use super::snapshot::{Snapshot, SnapshotError, Taken};
use super::store::State;
use super::store::shared::SharedState;
use super::{aliyun, mns, operations, top};

/// A function that is called for every request.
pub(crate) type Observer = Box<dyn Fn(&Entry) + Send + Sync>;

/// Both gateways and their state, without a server.
///
/// Handling a request does no I/O and never waits. [`Emulator`](super::Emulator) is a TCP server for this.
pub struct Gateways {
    accounts: Accounts,
    /// The initial state, for each reset.
    seed: Seed,
    state: SharedState,
    clock: Clock,
    /// The initial setting of the clock.
    initial_setting: Setting,
    ledger: Ledger,
    inspections: Inspections,
    faults: Faults,
    observer: Option<Observer>,
    requests: AtomicU64,
    started: Instant,
}

impl Gateways {
    pub(crate) fn new(
        accounts: Accounts,
        seed: Seed,
        clock: Clock,
        observer: Option<Observer>,
        snapshot: Option<Snapshot>,
    ) -> Self {
        let initial_setting = clock.setting();
        let (state, requests) = match snapshot {
            Some(Snapshot { clock: setting, requests, state }) => {
                clock.restore(setting);
                (state, requests)
            }
            None => (seed.state(clock.now()), 0),
        };
        Self {
            accounts,
            seed,
            state: SharedState::new(state),
            initial_setting,
            clock,
            ledger: Ledger::default(),
            inspections: Inspections::new(),
            faults: Faults::default(),
            observer,
            requests: AtomicU64::new(requests),
            started: Instant::now(),
        }
    }

    /// Restores the state that the builder set up: shops, sessions, orders, callers, quotas, pools, bindings, groups,
    /// nonces and the clock. Removes all faults and all entries of the ledger. A concurrent request is executed before
    /// or after the reset, and can be the first entry in the new ledger.
    pub fn reset(&self) {
        let mut state = self.lock_state();
        self.clock.restore(self.initial_setting);
        *state = self.seed.state(self.clock.now());
        self.faults.reset();
        self.requests.store(0, Ordering::Relaxed);
        self.ledger.clear();
        self.inspections.clear();
    }

    /// The whole state as a JSON text, which [`Snapshot::from_json`] parses: everything that requests and tests have
    /// changed, with the clock, but without faults and the ledger. It contains complete phone numbers, sessions and
    /// tokens: write it only where nobody else can read it, and do not log it.
    ///
    /// ```
    /// use privacy_number::emulator::{Emulator, Snapshot};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateways = Emulator::builder().build();
    /// gateways.rotate_session("first-shop", "session-2")?;
    /// let text = gateways.snapshot()?;
    ///
    /// let later = Emulator::builder().snapshot(Snapshot::from_json(&text)?).build();
    /// assert_eq!(later.session_of("first-shop").as_deref(), Some("session-2"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The state cannot be written as JSON. This is a bug of the emulator.
    pub fn snapshot(&self) -> Result<String, SnapshotError> {
        let taken = {
            let state = self.state.read();
            Taken::new(&state, self.clock.setting(), self.requests.load(Ordering::Relaxed))?
        };
        taken.to_json()
    }

    /// A number that differs from an earlier one if the state or the clock may have changed since then: a reason to take
    /// another [`snapshot`](Self::snapshot). Read it before the snapshot is taken.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.state.revision().wrapping_add(self.clock.revision())
    }

    /// Injects a fault. [`Fault::connection_refused`] needs a server and is ignored here.
    pub fn inject(&self, fault: Fault) {
        if fault.refuses_connections().is_none() {
            self.faults.add(fault);
        }
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// The clock of the gateways.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The record of all requests.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The names of all operations that the emulator knows: the methods of TOP and the actions of Alibaba Cloud.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> + use<> {
        operations::names()
    }

    /// The response of the gateways, without any fault.
    pub(crate) fn gateway_response(&self, received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
        match GatewayKind::from_path(received.request.uri().path()) {
            Some(GatewayKind::Top) => top::respond(received, context),
            Some(GatewayKind::Aliyun) => aliyun::respond(received, context),
            Some(GatewayKind::Recordings) => recording_file::respond(received, context),
            Some(GatewayKind::Uploads) => photo_upload::respond(received, context),
            Some(GatewayKind::Mns) => mns::respond(received, context),
            None => no_such_path(),
        }
    }

    /// The context of a new request, with a clock that is ahead by `ahead`.
    pub(crate) fn context(&self, ahead: TimeDelta) -> RequestContext<'_> {
        RequestContext {
            accounts: &self.accounts,
            now: self.now(ahead),
            is_verified: false,
            state: &self.state,
            request_number: self.requests.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The wait of a request for messages, by a clock that is ahead by `ahead`. `None` if it is answered at once.
    pub(crate) fn long_poll(&self, received: &Received<'_>, ahead: TimeDelta) -> Option<LongPoll> {
        // Other requests take no lock here.
        mns::queue_of_path(received.request.uri().path())?;
        mns::long_poll(received, &self.lock_state(), self.now(ahead))
    }

    pub(crate) fn facts(&self, received: &Received<'_>) -> RequestFacts {
        request_facts::collect(received, &self.lock_state(), &self.ledger, self.clock.now())
    }

    pub(crate) fn record(
        &self,
        decision: Decision,
        facts: RequestFacts,
        fault: Option<&'static str>,
        inspected: Option<Inspected>,
    ) {
        let (number, entry) = self.ledger.record(decision, facts, fault, self.observer.is_some());
        self.inspections.keep(number, inspected);
        if let (Some(observer), Some(entry)) = (&self.observer, &entry) {
            observer(entry);
        }
    }

    /// The time since the gateways were built, by the system clock.
    pub(crate) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn inspections(&self) -> &Inspections {
        &self.inspections
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    fn now(&self, ahead: TimeDelta) -> DateTime<Utc> {
        let now = self.clock.now();
        now.checked_add_signed(ahead).unwrap_or(now)
    }

    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
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

fn no_such_path() -> GatewayResponse {
    GatewayResponse {
        status: StatusCode::NOT_FOUND,
        content_type: "text/plain",
        body: Bytes::from_static(b"TOP answers at /router/rest, Alibaba Cloud at /, controls below /_emulator/\n"),
        decision: Decision::refused(Decision::UNKNOWN_OPERATION, "404"),
    }
}
