//! Sets the gateways up.

use std::fmt;
use std::io;

use super::accounts::{AccessKey, Accounts};
use super::aliyun::seed::{NumberPool, POOL_KEY};
use super::clock::Clock;
use super::gateways::{Gateways, Observer};
use super::ledger::Entry;
use super::seed::{Seed, ShopSeed};
use super::server::Emulator;
use super::store::call_record::CallRecord;
use super::store::decryption::Decryption;
use super::store::number_stock::NumberSpec;

/// Seeds the gateways. Without further calls it holds what the [module's documentation](super) lists.
#[must_use]
pub struct EmulatorBuilder {
    clock: Clock,
    app: (String, String),
    access_key: AccessKey,
    temporary_access_keys: Vec<AccessKey>,
    seed: Seed,
    observer: Option<Observer>,
    port: u16,
}

impl Emulator {
    /// Starts the server on a free port, with the default seeds.
    ///
    /// # Errors
    ///
    /// The operating system gives no port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Seeds of your own.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }
}

impl EmulatorBuilder {
    fn new() -> Self {
        Self {
            clock: Clock::new(),
            app: ("12345678".to_owned(), "emulator-app-secret".to_owned()),
            access_key: AccessKey {
                id: "emulator-access-key-id".to_owned(),
                secret: "emulator-access-key-secret".to_owned(),
                security_token: None,
            },
            temporary_access_keys: Vec::new(),
            seed: Seed::new(),
            observer: None,
            port: 0,
        }
    }

    /// Uses a clock of your own.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// TOP's application.
    pub fn app(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.app = (key.into(), secret.into());
        self
    }

    /// The first shop's session.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.seed.first_shop = self.seed.first_shop.session(session);
        self
    }

    /// A further shop.
    ///
    /// A shop of the same name gets the session, callers, orders and tokens; the first shop is `first-shop`. A session
    /// that two shops are given is the later one's.
    pub fn shop(mut self, shop: ShopSeed) -> Self {
        self.seed.shops.push(shop);
        self
    }

    /// Callers that the first shop reports for all its orders; at most 40 count.
    pub fn shop_callers<S: Into<String>>(mut self, callers: impl IntoIterator<Item = S>) -> Self {
        self.seed.first_shop = self.seed.first_shop.callers(callers);
        self
    }

    /// Further orders of the first shop, as pairs of tid and oaid. Whether an order has an 11+4 or a 700 number
    /// follows from its tid, the same on every run.
    pub fn orders<T, O>(mut self, orders: impl IntoIterator<Item = (T, O)>) -> Self
    where
        T: Into<String>,
        O: Into<String>,
    {
        self.seed.first_shop = self.seed.first_shop.orders(orders);
        self
    }

    /// Another seed makes other virtual numbers and other generated orders; the same seed makes the same ones on every
    /// run. Without this call it is 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed.number = seed;
        self
    }

    /// So many further orders of the first shop, made from the seed. [`Emulator::orders`] lists them.
    pub fn generated_orders(mut self, count: u32) -> Self {
        self.seed.generated_orders = count;
        self
    }

    /// Whether receivers can be decrypted at all.
    pub fn decryption(mut self, decryption: Decryption) -> Self {
        self.seed.decryption = decryption;
        self
    }

    /// How many orders each shop may decrypt in a day (China time); repeated ones count again.
    pub fn decryptions_per_day(mut self, orders: u64) -> Self {
        self.seed.decryptions_per_day = Some(orders);
        self
    }

    /// Calls this for every request, when the ledger has it.
    pub fn on_request(mut self, observer: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// The port to serve on; without this call, or with 0, any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Further one-time tokens for decryption in the first shop's client.
    pub fn client_tokens<S: Into<String>>(mut self, tokens: impl IntoIterator<Item = S>) -> Self {
        self.seed.first_shop = self.seed.first_shop.client_tokens(tokens);
        self
    }

    /// Alibaba Cloud's permanent access key.
    pub fn access_key(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.access_key = AccessKey { id: id.into(), secret: secret.into(), security_token: None };
        self
    }

    /// A further, temporary access key, good only together with its security token.
    pub fn temporary_access_key(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        security_token: impl Into<String>,
    ) -> Self {
        self.temporary_access_keys.push(AccessKey {
            id: id.into(),
            secret: secret.into(),
            security_token: Some(security_token.into()),
        });
        self
    }

    /// A further pool of X numbers for bindings of all kinds, as pairs of city and number.
    pub fn pool<C, N>(self, pool_key: impl Into<String>, numbers: impl IntoIterator<Item = (C, N)>) -> Self
    where
        C: Into<String>,
        N: Into<String>,
    {
        self.number_pool(NumberPool::new(pool_key).numbers(numbers))
    }

    /// A further pool of X numbers.
    pub fn number_pool(mut self, pool: NumberPool) -> Self {
        self.seed.aliyun.pools.push(pool);
        self
    }

    /// How many numbers of a type are on sale in a city. 95 numbers have the one city `全国通用`.
    pub fn stock(mut self, spec: NumberSpec, city: impl Into<String>, amount: u32) -> Self {
        self.seed.aliyun.stock.push((spec, city.into(), amount));
        self
    }

    /// How many numbers can be bought in all; more are refused with `isv.BUY_NUM_OVER_LIMIT`.
    pub fn purchase_limit(mut self, limit: u32) -> Self {
        self.seed.aliyun.purchase_limit = Some(limit);
        self
    }

    /// A finished call or an intercepted message.
    pub fn call_record(mut self, record: CallRecord) -> Self {
        self.seed.aliyun.call_records.push(record);
        self
    }

    /// The gateways without a server.
    #[must_use]
    pub fn build(self) -> Gateways {
        let (app_key, app_secret) = self.app;
        let accounts = Accounts {
            app_key,
            app_secret,
            access_key: self.access_key,
            temporary_access_keys: self.temporary_access_keys,
            pool_key: POOL_KEY.to_owned(),
        };
        Gateways::new(accounts, self.seed, self.clock, self.observer)
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
            .field("first_shop", &self.seed.first_shop)
            .field("shops", &self.seed.shops)
            .field("pools", &self.seed.aliyun.pools)
            .finish_non_exhaustive()
    }
}
