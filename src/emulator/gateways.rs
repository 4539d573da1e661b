//! Both gateways without a network: a request in, an answer out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::TimeDelta;
use http::StatusCode;
use serde_json::Value;

use super::accounts::Accounts;
use super::aliyun::recording_file;
use super::answer::Answer;
use super::clock::{Clock, Setting};
use super::context::RequestContext;
use super::fault::{Fault, Faults};
use super::ledger::{Decision, Entry, Ledger, RequestFacts};
use super::request::Received;
use super::request_facts;
use super::request_kind::GatewayKind;
use super::seed::{FIRST_SHOP, Seed, ShopSeed};
use super::store::State;
use super::store::call_record::CallRecord;
use super::store::decryption::Decryption;
use super::store::shop::{ShopError, ShopId};
use super::{aliyun, top};

/// Called for every request.
pub(crate) type Observer = Box<dyn Fn(&Entry) + Send + Sync>;

/// Both gateways and all they remember.
///
/// Answering does no I/O and never waits. An [`Emulator`](super::Emulator) is this behind a TCP server.
pub struct Gateways {
    accounts: Accounts,
    /// What the state is made from, once more at each reset.
    seed: Seed,
    state: Mutex<State>,
    clock: Clock,
    /// What the clock was set to at first.
    first_setting: Setting,
    ledger: Ledger,
    faults: Faults,
    observer: Option<Observer>,
    requests: AtomicU64,
}

impl Gateways {
    pub(crate) fn new(accounts: Accounts, seed: Seed, clock: Clock, observer: Option<Observer>) -> Self {
        let state = Mutex::new(seed.plant(clock.now()));
        Self {
            accounts,
            seed,
            state,
            first_setting: clock.setting(),
            clock,
            ledger: Ledger::default(),
            faults: Faults::default(),
            observer,
            requests: AtomicU64::new(0),
        }
    }

    /// Makes everything as the builder set it up: shops, sessions, orders, callers, quotas, pools, bindings, groups and
    /// nonces, the clock, and no faults and an empty ledger. A request that is on its way meanwhile is carried out
    /// before or after, and may be the first in the new ledger.
    pub fn reset(&self) {
        let mut state = self.lock_state();
        self.clock.restore(self.first_setting);
        *state = self.seed.plant(self.clock.now());
        self.faults.clear();
        self.requests.store(0, Ordering::Relaxed);
        self.ledger.clear();
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

    /// The clock that the gateways go by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the gateways were asked so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Adds a shop.
    ///
    /// # Errors
    ///
    /// Its name or session is empty or taken. Nothing is added then.
    pub fn add_shop(&self, shop: ShopSeed) -> Result<(), ShopError> {
        let mut state = self.lock_state();
        state.shops.check_new(&shop.name, &shop.session)?;
        shop.plant(&mut state);
        Ok(())
    }

    /// Adds orders to a shop, as pairs of tid and oaid. An order takes the place of one that has the same tid,
    /// whoever's it was.
    ///
    /// # Errors
    ///
    /// No shop has this name.
    pub fn add_orders<T, O>(&self, shop: &str, orders: impl IntoIterator<Item = (T, O)>) -> Result<(), ShopError>
    where
        T: Into<String>,
        O: Into<String>,
    {
        let orders: Vec<_> = orders.into_iter().map(|(tid, oaid)| (tid.into(), oaid.into())).collect();
        let mut state = self.lock_state();
        let shop = state.shops.named(shop).ok_or(ShopError::UnknownShop)?;
        state.add_orders(shop, orders);
        Ok(())
    }

    /// The shop's session expires: TOP refuses it with code 27, `session-expired`.
    ///
    /// # Errors
    ///
    /// No shop has this name.
    pub fn expire_session(&self, shop: &str) -> Result<(), ShopError> {
        self.lock_state().shops.expire_session(shop)
    }

    /// Gives the shop a new session. Its former ones have expired; a former one that is given again is good again.
    ///
    /// # Errors
    ///
    /// No shop has this name; the session is empty or another shop's.
    pub fn rotate_session(&self, shop: &str, session: &str) -> Result<(), ShopError> {
        self.lock_state().shops.rotate_session(shop, session)
    }

    /// The shop's latest session, expired or not. `None` if no shop has this name.
    #[must_use]
    pub fn session_of(&self, shop: &str) -> Option<String> {
        let state = self.lock_state();
        let shop = state.shops.get(state.shops.named(shop)?)?;
        Some(shop.session.clone())
    }

    /// The names of all shops, in the order in which they were added: `first-shop`, `other-shop`, your own.
    #[must_use]
    pub fn shop_names(&self) -> Vec<String> {
        self.lock_state().shops.iter().map(|(_, shop)| shop.name.clone()).collect()
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

    /// The orders of the first shop that can be decrypted, as pairs of tid and current oaid, in the order in which they
    /// were added.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.orders_of(FIRST_SHOP).unwrap_or_default()
    }

    /// The same for any shop. `None` if no shop has this name.
    #[must_use]
    pub fn orders_of(&self, shop: &str) -> Option<Vec<(String, String)>> {
        let state = self.lock_state();
        Some(orders_of(&state, state.shops.named(shop)?))
    }

    /// Adds a finished call or an intercepted message, as if it had just been seen.
    pub fn add_call_record(&self, record: CallRecord) {
        self.lock_state().call_records.insert(record, &self.accounts.pool_key);
    }

    /// Whether the pool's blacklist lets `caller` call `called` over its X numbers.
    #[must_use]
    pub fn may_call(&self, pool_key: &str, caller: &str, called: &str) -> bool {
        let state = self.lock_state();
        state.blacklists.get(pool_key).is_none_or(|blacklist| blacklist.lets(caller, called))
    }

    /// Everything that operations of Phone Number Protection have changed, as JSON.
    ///
    /// `pools` has each pool's `numbers`, `groups`, `black_numbers` and `black_pairs` under its key; `bindings` has
    /// every binding under its id, expired ones too; `waybills` is the list of all orders. It holds whole numbers: do
    /// not log it.
    #[must_use]
    pub fn phone_number_protection(&self) -> Value {
        let now = self.clock.now();
        aliyun::state::to_json(&self.lock_state(), now)
    }

    /// What the gateways themselves answer.
    pub(crate) fn gateway_answer(&self, received: &Received<'_>, context: &RequestContext<'_>) -> Answer {
        match GatewayKind::of_path(received.request.uri().path()) {
            Some(GatewayKind::Top) => top::answer(received, context),
            Some(GatewayKind::Aliyun) => aliyun::answer(received, context),
            Some(GatewayKind::Recordings) => recording_file::answer(received, context),
            None => no_such_path(),
        }
    }

    /// What a request finds now, by a clock that is so much ahead.
    pub(crate) fn context(&self, ahead: TimeDelta) -> RequestContext<'_> {
        let now = self.clock.now();
        RequestContext {
            accounts: &self.accounts,
            now: now.checked_add_signed(ahead).unwrap_or(now),
            state: &self.state,
            request_number: self.requests.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub(crate) fn facts(&self, received: &Received<'_>) -> RequestFacts {
        request_facts::of(received, &self.lock_state(), &self.ledger, self.clock.now())
    }

    pub(crate) fn record(&self, decision: Decision, facts: RequestFacts, fault: Option<&'static str>) {
        let entry = self.ledger.record(decision, facts, fault, self.observer.is_some());
        if let (Some(observer), Some(entry)) = (&self.observer, &entry) {
            observer(entry);
        }
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

fn no_such_path() -> Answer {
    Answer {
        status: StatusCode::NOT_FOUND,
        content_type: "text/plain",
        body: Bytes::from_static(b"TOP answers at /router/rest, Alibaba Cloud at /, controls below /_emulator/\n"),
        decision: Decision::refused(Decision::UNKNOWN_OPERATION, "404"),
    }
}
