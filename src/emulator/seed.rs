//! What the gateways know before the first request.

use std::fmt;
use std::io;

pub(crate) use super::accounts::{AccessKey, Accounts};
use super::aliyun::seed::Seed as AliyunSeed;
use super::clock::Clock;
use super::gateways::{Gateways, Observer};
use super::ledger::Entry;
use super::server::Emulator;
use super::store::decryption::Decryption;
use super::store::order::{NumberKind, Order};
use super::store::shop::ShopId;
use super::store::{State, spread_of};
use super::top;

const OTHER_SHOP_SESSION: &str = "other-shop-session";

/// Seeds the gateways. Without further calls it holds what the [module's documentation](super) lists.
#[must_use]
pub struct EmulatorBuilder {
    clock: Clock,
    app: (String, String),
    session: String,
    shop_callers: Vec<String>,
    orders: Vec<(String, String)>,
    client_tokens: Vec<String>,
    access_key: AccessKey,
    temporary_access_keys: Vec<AccessKey>,
    pub(super) aliyun: AliyunSeed,
    seed: u64,
    generated_orders: u32,
    decryption: Decryption,
    decryptions_per_day: Option<u64>,
    observer: Option<Observer>,
    port: u16,
}

impl EmulatorBuilder {
    pub(crate) fn new() -> EmulatorBuilder {
        EmulatorBuilder {
            clock: Clock::new(),
            app: ("12345678".to_owned(), "emulator-app-secret".to_owned()),
            session: "emulator-session".to_owned(),
            shop_callers: Vec::new(),
            orders: Vec::new(),
            client_tokens: ["once-1", "once-2", "once-3"].map(str::to_owned).into(),
            access_key: AccessKey {
                id: "emulator-access-key-id".to_owned(),
                secret: "emulator-access-key-secret".to_owned(),
                security_token: None,
            },
            temporary_access_keys: Vec::new(),
            aliyun: AliyunSeed::default(),
            seed: 0,
            generated_orders: 0,
            decryption: Decryption::On,
            decryptions_per_day: None,
            observer: None,
            port: 0,
        }
    }

    /// Uses a clock of your own.
    pub fn clock(mut self, clock: Clock) -> EmulatorBuilder {
        self.clock = clock;
        self
    }

    /// TOP's application.
    pub fn app(mut self, key: impl Into<String>, secret: impl Into<String>) -> EmulatorBuilder {
        self.app = (key.into(), secret.into());
        self
    }

    /// The first shop's session.
    pub fn session(mut self, session: impl Into<String>) -> EmulatorBuilder {
        self.session = session.into();
        self
    }

    /// Callers that the first shop reports for all its orders; at most 40 count.
    pub fn shop_callers<S: Into<String>>(mut self, callers: impl IntoIterator<Item = S>) -> EmulatorBuilder {
        self.shop_callers.extend(callers.into_iter().map(Into::into));
        self
    }

    /// Further orders of the first shop, as pairs of tid and oaid. Whether an order has an 11+4 or a 700 number
    /// follows from its tid, the same on every run.
    pub fn orders<T, O>(mut self, orders: impl IntoIterator<Item = (T, O)>) -> EmulatorBuilder
    where
        T: Into<String>,
        O: Into<String>,
    {
        let orders = orders.into_iter().map(|(tid, oaid)| (tid.into(), oaid.into()));
        self.orders.extend(orders);
        self
    }

    /// Another seed makes other virtual numbers and other generated orders; the same seed makes the same ones on every
    /// run. Without this call it is 0.
    pub fn seed(mut self, seed: u64) -> EmulatorBuilder {
        self.seed = seed;
        self
    }

    /// So many further orders of the first shop, made from the seed. [`Emulator::orders`] lists them.
    pub fn generated_orders(mut self, count: u32) -> EmulatorBuilder {
        self.generated_orders = count;
        self
    }

    /// Whether receivers can be decrypted at all.
    pub fn decryption(mut self, decryption: Decryption) -> EmulatorBuilder {
        self.decryption = decryption;
        self
    }

    /// How many orders each shop may decrypt in a day (China time); repeated ones count again.
    pub fn decryptions_per_day(mut self, orders: u64) -> EmulatorBuilder {
        self.decryptions_per_day = Some(orders);
        self
    }

    /// Calls this for every request, when the ledger has it.
    pub fn on_request(mut self, observer: impl Fn(&Entry) + Send + Sync + 'static) -> EmulatorBuilder {
        self.observer = Some(Box::new(observer));
        self
    }

    /// The port to serve on; without this call, or with 0, any free one.
    pub fn port(mut self, port: u16) -> EmulatorBuilder {
        self.port = port;
        self
    }

    /// Further one-time tokens for decryption in the first shop's client.
    pub fn client_tokens<S: Into<String>>(mut self, tokens: impl IntoIterator<Item = S>) -> EmulatorBuilder {
        self.client_tokens.extend(tokens.into_iter().map(Into::into));
        self
    }

    /// Alibaba Cloud's permanent access key.
    pub fn access_key(mut self, id: impl Into<String>, secret: impl Into<String>) -> EmulatorBuilder {
        self.access_key = AccessKey { id: id.into(), secret: secret.into(), security_token: None };
        self
    }

    /// A further, temporary access key, good only together with its security token.
    pub fn temporary_access_key(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        security_token: impl Into<String>,
    ) -> EmulatorBuilder {
        self.temporary_access_keys.push(AccessKey {
            id: id.into(),
            secret: secret.into(),
            security_token: Some(security_token.into()),
        });
        self
    }

    /// The gateways without a server.
    #[must_use]
    pub fn build(self) -> Gateways {
        let seed = self.seed;
        let mut state = State::of_seed(seed);
        state.decryption.switch = self.decryption;
        state.decryption.orders_per_day = self.decryptions_per_day;
        let shop = state.shops.open(self.session.clone(), self.shop_callers);
        let other_shop = state.shops.open(OTHER_SHOP_SESSION.to_owned(), Vec::new());

        for (tid, oaid, kind) in [
            ("2001", "oaid-2001", NumberKind::SevenHundred),
            ("2002", "oaid-2002", NumberKind::WithExtension),
            ("2003", "oaid-2003", NumberKind::Plain),
            ("2004", "stale-2004", NumberKind::SevenHundred),
            ("2005", "wrong-2005", NumberKind::SevenHundred),
        ] {
            place_order(&mut state, tid.to_owned(), oaid.to_owned(), shop, kind);
        }
        let kind = NumberKind::SevenHundred;
        place_order(&mut state, "2006".to_owned(), "oaid-2006".to_owned(), other_shop, kind);
        let mut tids: Vec<String> = ["2001", "2002", "2003"].map(str::to_owned).into();
        let generated = (0..self.generated_orders).map(|number| generated_order(seed, number));
        for (tid, oaid) in self.orders.into_iter().chain(generated) {
            let kind = NumberKind::of_order(seed, &tid);
            tids.push(tid.clone());
            place_order(&mut state, tid, oaid, shop, kind);
        }
        tids.retain(|tid| state.orders.get(tid).is_some_and(|order| can_be_decrypted(&state, order)));
        for token in self.client_tokens {
            state.client_tokens.issue(token, shop);
        }

        let pool_key = self.aliyun.plant(&mut state, self.clock.now());
        let (app_key, app_secret) = self.app;
        let accounts = Accounts {
            app_key,
            app_secret,
            session: self.session,
            access_key: self.access_key,
            temporary_access_keys: self.temporary_access_keys,
            pool_key,
            tids,
        };
        Gateways::new(accounts, state, self.clock, self.observer)
    }

    /// Starts the server on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The operating system does not give the port.
    pub async fn start(self) -> io::Result<Emulator> {
        let port = self.port;
        Emulator::serve(self.build(), port).await
    }
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmulatorBuilder")
            .field("clock", &self.clock)
            .field("orders", &self.orders.len())
            .field("pools", &self.aliyun.pools())
            .finish_non_exhaustive()
    }
}

fn place_order(state: &mut State, tid: String, oaid: String, shop: ShopId, kind: NumberKind) {
    state.place_order(tid, Order { shop, oaid, kind, changes: 0 });
}

fn can_be_decrypted(state: &State, order: &Order) -> bool {
    state.orders.is_current(order) && !top::is_magic_oaid(&order.oaid)
}

/// A tid of 19 digits and an oaid.
fn generated_order(seed: u64, number: u32) -> (String, String) {
    let shop = spread_of(seed, "generated orders").checked_rem(1_000_000_000).unwrap_or_default();
    let tid = format!("4{shop:09}{number:09}");
    let oaid = format!("1{:016x}{:016x}", spread_of(seed, &tid), number);
    (tid, oaid)
}
