//! Both gateways without a network: a request in, a response out.

use std::sync::MutexGuard;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::Value;

use super::accounts::Accounts;
use super::aliyun::{photo_upload, recording_file};
use super::answer::GatewayResponse;
use super::calls::{self, DialledCall, PlacedCall, SentMessage, SmsMessage};
use super::clock::{Clock, Setting};
use super::context::RequestContext;
use super::fault::{Fault, Faults};
use super::inspections::{Inspected, Inspections};
use super::ledger::{Decision, Entry, Ledger, RequestFacts};
use super::mns::LongPoll;
use super::request::Received;
use super::request_facts;
use super::request_kind::GatewayKind;
use super::seed::{FIRST_SHOP, Seed, ShopSeed};
use super::snapshot::{self, Snapshot, SnapshotError};
use super::store::State;
use super::store::call_record::CallRecord;
use super::store::decryption::Decryption;
use super::store::number_report::ReportReview;
use super::store::push_settings::PushSettings;
use super::store::queue::queue_name;
use super::store::shared::SharedState;
use super::store::shop::{ShopError, ShopId};
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
        let state = self.state.read();
        snapshot::write(&state, self.clock.setting(), self.requests.load(Ordering::Relaxed))
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

    /// Adds a shop.
    ///
    /// # Errors
    ///
    /// The name or the session is empty or taken. Then nothing is added.
    pub fn add_shop(&self, shop: ShopSeed) -> Result<(), ShopError> {
        let now = self.clock.now();
        let mut state = self.lock_state();
        state.shops.check_new(&shop.name, &shop.session)?;
        shop.apply_to(&mut state, now);
        Ok(())
    }

    /// Adds orders to a shop, as pairs of tid and oaid. An order replaces an order of any shop with the same tid.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn add_orders<T, O>(&self, shop: &str, orders: impl IntoIterator<Item = (T, O)>) -> Result<(), ShopError>
    where
        T: Into<String>,
        O: Into<String>,
    {
        let orders: Vec<_> = orders.into_iter().map(|(tid, oaid)| (tid.into(), oaid.into())).collect();
        let now = self.clock.now();
        let mut state = self.lock_state();
        let shop = state.shops.id(shop).ok_or(ShopError::UnknownShop)?;
        state.add_orders(shop, orders, now);
        Ok(())
    }

    /// Expires the session of a shop: TOP refuses it with code 27, `session-expired`.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn expire_session(&self, shop: &str) -> Result<(), ShopError> {
        self.lock_state().shops.expire_session(shop)
    }

    /// Gives a shop a new session. Its former sessions have expired. A former session becomes valid if it is set again.
    ///
    /// # Errors
    ///
    /// There is no shop with this name, or the session is empty or belongs to another shop.
    pub fn rotate_session(&self, shop: &str, session: &str) -> Result<(), ShopError> {
        self.lock_state().shops.rotate_session(shop, session)
    }

    /// The latest session of a shop, valid or expired. `None` if there is no shop with this name.
    #[must_use]
    pub fn session_of(&self, shop: &str) -> Option<String> {
        let state = self.lock_state();
        let shop = state.shops.get(state.shops.id(shop)?)?;
        Some(shop.session.clone())
    }

    /// The names of all shops in the order in which they were added, beginning with `first-shop` and `other-shop`.
    #[must_use]
    pub fn shop_names(&self) -> Vec<String> {
        self.lock_state().shops.iter().map(|(_, shop)| shop.name.clone()).collect()
    }

    /// Turns decryption off or on.
    pub fn set_decryption(&self, decryption: Decryption) {
        self.lock_state().decryption.switch = decryption;
    }

    /// The orders of the first shop that can be decrypted: pairs of tid and current oaid, in the order in which they
    /// were added.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.orders_of(FIRST_SHOP).unwrap_or_default()
    }

    /// The orders of a shop that can be decrypted, as [`orders`](Self::orders) returns them. `None` if there is no shop
    /// with this name.
    #[must_use]
    pub fn orders_of(&self, shop: &str) -> Option<Vec<(String, String)>> {
        let state = self.lock_state();
        Some(orders_of(&state, state.shops.id(shop)?))
    }

    /// Adds a finished call or an intercepted message.
    pub fn add_call_record(&self, record: CallRecord) {
        self.lock_state().call_records.insert(record, &self.accounts.pool_key);
    }

    /// Decides the review of the report of an A number, or changes the decision. `group` is the id of the white list.
    /// Returns `false` if there is no such report.
    pub fn review_report(&self, group: i64, number: &str, review: ReportReview) -> bool {
        self.lock_state().number_reports.decide(group, number, review)
    }

    /// Whether the blacklist of a pool allows `caller` to call `called` through its X numbers.
    #[must_use]
    pub fn may_call(&self, pool_key: &str, caller: &str, called: &str) -> bool {
        let state = self.lock_state();
        state.blacklists.get(pool_key).is_none_or(|blacklist| blacklist.allows(caller, called))
    }

    /// Publishes a receipt to the queue of its type, for example `SecretReport`. Returns `false` if there is no queue
    /// for this type.
    pub fn publish_receipt(&self, message_type: &str, body: &Value) -> bool {
        self.lock_state().queues.publish(message_type, body, self.clock.now())
    }

    /// Publishes any text to the queue of a type, for example one that is not JSON. Returns `false` if there is no
    /// queue for this type.
    pub fn publish_text(&self, message_type: &str, text: &str) -> bool {
        self.lock_state().queues.publish_text(message_type, text, self.clock.now())
    }

    /// The name of the queue for receipts of a type.
    #[must_use]
    pub fn queue_name(&self, message_type: &str) -> String {
        queue_name(message_type)
    }

    /// Sets how long later receives hide a message, rounded down to seconds. The gateway allows 1 second to 12 hours: a
    /// value outside is replaced by the nearest one. [`reset`](Self::reset) restores the value of the builder.
    pub fn set_visibility_timeout(&self, timeout: Duration) {
        self.lock_state().queues.set_visibility_timeout(timeout);
    }

    /// The queues of receipts as JSON: for each name, how many messages are `visible` and how many are `hidden` until
    /// their visibility timeout ends.
    #[must_use]
    pub fn queues(&self) -> Value {
        let now = self.clock.now();
        mns::state(&self.lock_state(), now)
    }

    /// Places a call: rings the phone that the binding of the X number decides. What follows is scheduled: the receipts
    /// of the whole call come as the clock passes their times, and its recording and its text can be queried.
    ///
    /// ```
    /// use privacy_number::emulator::{CallRefusal, Emulator, PlacedCall};
    ///
    /// let gateways = Emulator::builder().build();
    /// let call = gateways.place_call(&PlacedCall::new("13800000000", "17000000001"));
    /// assert_eq!(call.result, Err(CallRefusal::NoBinding));
    /// assert_eq!(gateways.receipts()[0]["pushed"]["unconnected_cause"], 2);
    /// ```
    #[doc(alias("拨打", "话单"))]
    pub fn place_call(&self, call: &PlacedCall) -> DialledCall {
        let now = self.clock.now();
        calls::place_call(&mut self.lock_state(), call, now)
    }

    /// Sends a text message to an X number. The platform intercepts it and reports it with `SecretSmsIntercept`, a
    /// receipt of former documents. `ConfirmSendSms` can send it on for a day.
    #[doc(alias = "短信拦截")]
    pub fn send_message(&self, message: &SmsMessage) -> SentMessage {
        let now = self.clock.now();
        calls::send_message(&mut self.lock_state(), message, now)
    }

    /// Sets where and how receipts are pushed. It also applies to pushes that are pending. [`reset`](Self::reset)
    /// restores the settings of the builder.
    pub fn push_receipts(&self, settings: PushSettings) {
        self.lock_state().pushes.set(settings);
    }

    /// The latest 10,000 receipts whose time has come, oldest first, as a list of JSON objects: the `type`, the `time`,
    /// the `call_id`, and the body in both forms, `pushed` and `queued`. They contain complete phone numbers: do not
    /// log them.
    #[must_use]
    pub fn receipts(&self) -> Value {
        let now = self.clock.now();
        self.lock_state().receipts.to_json(now)
    }

    /// The latest 10,000 pushes and all pending ones as JSON: the number of `scheduled_receipts`, whose time has not
    /// come, and a list of `pushes` with `type`, `call_ids`, number of `receipts`, `status` (`pending`, `delivered`,
    /// `lost`), `duplicate`, `due` and `attempts`.
    #[must_use]
    pub fn pushes(&self) -> Value {
        calls::state::pushes(&self.lock_state())
    }

    /// The state of Phone Number Protection as JSON.
    ///
    /// `pools` has the `numbers`, `groups`, `black_numbers` and `black_pairs` of each pool under its key. `bindings`
    /// has every binding under its id, including expired ones, and `fixed_line_bindings` those of the fixed-line
    /// platform. `waybills` is the list of all pick-up orders. `work_numbers` has the `numbers` with their employees
    /// and options, the `call_bindings` under their ids, and the `sms_signs`. `reports` is the list of all reported A
    /// numbers, `photos` has the SHA-256 of each uploaded photo under its path. `calls` has the latest 10,000 calls and
    /// messages, oldest first. The JSON contains complete phone numbers: do not log it.
    #[must_use]
    pub fn phone_number_protection(&self) -> Value {
        let now = self.clock.now();
        aliyun::state::to_json(&self.lock_state(), now, str::to_owned)
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

pub(crate) fn orders_of(state: &State, shop: ShopId) -> Vec<(String, String)> {
    let tids = state.shops.get(shop).map(|shop| shop.tids.as_slice()).unwrap_or_default();
    let orders = tids.iter().filter_map(|tid| Some((tid, state.orders.get(tid)?)));
    orders
        .filter(|(_, order)| order.shop == shop && state.orders.is_current(order) && !top::is_magic_oaid(&order.oaid))
        .map(|(tid, order)| (tid.clone(), order.oaid.clone()))
        .collect()
}

fn no_such_path() -> GatewayResponse {
    GatewayResponse {
        status: StatusCode::NOT_FOUND,
        content_type: "text/plain",
        body: Bytes::from_static(b"TOP answers at /router/rest, Alibaba Cloud at /, controls below /_emulator/\n"),
        decision: Decision::refused(Decision::UNKNOWN_OPERATION, "404"),
    }
}
