//! The builder of the emulator.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::TimeDelta;

use super::accounts::{AccessKey, Accounts};
use super::aliyun::seed::{NumberPool, POOL_KEY};
use super::clock::Clock;
use super::gateways::{Gateways, Observer};
use super::ledger::Entry;
use super::seed::{Seed, ShopSeed};
use super::server::Emulator;
use super::snapshot::Snapshot;
use super::store::call_record::CallRecord;
use super::store::decryption::Decryption;
use super::store::number_stock::NumberSpec;
use super::store::push_settings::PushSettings;

/// The minimum length of a control token.
const SHORTEST_TOKEN: usize = 8;

/// Builds an emulator. The defaults are in the [documentation of the module](super).
#[must_use]
pub struct EmulatorBuilder {
    clock: Clock,
    app: (String, String),
    access_key: AccessKey,
    temporary_access_keys: Vec<AccessKey>,
    seed: Seed,
    observer: Option<Observer>,
    address: SocketAddr,
    control_token: Option<String>,
    snapshot: Option<Snapshot>,
}

impl Emulator {
    /// Starts the server on a free port, with the default state.
    ///
    /// # Errors
    ///
    /// The operating system has no free port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder, for another initial state.
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
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            control_token: None,
            snapshot: None,
        }
    }

    /// Sets the clock. The default is a new clock, which shows the system time.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the app key and the app secret of TOP's application.
    pub fn app(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.app = (key.into(), secret.into());
        self
    }

    /// Sets the session of the first shop.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.seed.first_shop = self.seed.first_shop.session(session);
        self
    }

    /// Adds a shop.
    ///
    /// An existing shop with the same name is extended: it gets the session, callers, orders and tokens. The name of
    /// the first shop is `first-shop`. If two shops are given the same session, it belongs to the later shop.
    pub fn shop(mut self, shop: ShopSeed) -> Self {
        self.seed.shops.push(shop);
        self
    }

    /// Adds callers that the first shop reports for all its orders. Only the first 40 are used.
    pub fn shop_callers<S: Into<String>>(mut self, callers: impl IntoIterator<Item = S>) -> Self {
        self.seed.first_shop = self.seed.first_shop.callers(callers);
        self
    }

    /// Adds orders of the first shop, as pairs of tid and oaid. The tid decides whether an order has an 11+4 or a 700
    /// number, the same on every run.
    pub fn orders<T, O>(mut self, orders: impl IntoIterator<Item = (T, O)>) -> Self
    where
        T: Into<String>,
        O: Into<String>,
    {
        self.seed.first_shop = self.seed.first_shop.orders(orders);
        self
    }

    /// Sets the seed of virtual numbers and generated orders. The same seed gives the same ones on every run. The
    /// default is 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed.number = seed;
        self
    }

    /// Adds `count` orders of the first shop, generated from the seed. [`Emulator::orders`] lists them.
    pub fn generated_orders(mut self, count: u32) -> Self {
        self.seed.generated_orders = count;
        self
    }

    /// Sets whether orders can be decrypted.
    pub fn decryption(mut self, decryption: Decryption) -> Self {
        self.seed.decryption = decryption;
        self
    }

    /// Sets the number of orders that each shop can decrypt in a day (China time). A repeated order counts again. There
    /// is no limit by default.
    pub fn decryptions_per_day(mut self, orders: u64) -> Self {
        self.seed.decryptions_per_day = Some(orders);
        self
    }

    /// Calls this function for every request, after it is in the ledger.
    pub fn on_request(mut self, observer: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Sets the port. The default, 0, is any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Sets the address to listen on. The default is 127.0.0.1. An address that is not a loopback address also needs a
    /// [`control_token`](Self::control_token), because other machines can reach it: `0.0.0.0` is every IPv4 address of
    /// this machine. The gateways themselves answer anybody who signs with the emulator's keys.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.address.set_ip(host);
        self
    }

    /// Sets the token of the control endpoints. They then refuse every request without the header
    /// `Authorization: Bearer <token>` with HTTP 401, except `GET /_emulator/health`. A token is visible ASCII of at
    /// least 8 characters. There is none by default: programs on this machine need no token.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use std::net::Ipv4Addr;
    /// use privacy_number::emulator::Emulator;
    ///
    /// let everywhere = Ipv4Addr::UNSPECIFIED.into();
    /// assert!(Emulator::builder().host(everywhere).start().await.is_err());
    /// let emulator = Emulator::builder().host(everywhere).control_token("a-long-random-token").start().await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(token.into());
        self
    }

    /// Adds one-time tokens of the first shop, for decryption in the end user's client.
    pub fn client_tokens<S: Into<String>>(mut self, tokens: impl IntoIterator<Item = S>) -> Self {
        self.seed.first_shop = self.seed.first_shop.client_tokens(tokens);
        self
    }

    /// Sets the id and the secret of Alibaba Cloud's permanent access key.
    pub fn access_key(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.access_key = AccessKey { id: id.into(), secret: secret.into(), security_token: None };
        self
    }

    /// Adds a temporary access key. It is valid only together with its security token.
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

    /// Adds a pool of X numbers for all kinds of bindings, as pairs of city and number.
    pub fn pool<C, N>(self, pool_key: impl Into<String>, numbers: impl IntoIterator<Item = (C, N)>) -> Self
    where
        C: Into<String>,
        N: Into<String>,
    {
        self.number_pool(NumberPool::new(pool_key).numbers(numbers))
    }

    /// Adds a pool of X numbers.
    pub fn number_pool(mut self, pool: NumberPool) -> Self {
        self.seed.aliyun.pools.push(pool);
        self
    }

    /// Sets how many numbers of a type are on sale in a city. The city of 95 numbers is always `全国通用`.
    pub fn stock(mut self, spec: NumberSpec, city: impl Into<String>, amount: u32) -> Self {
        self.seed.aliyun.stock.push((spec, city.into(), amount));
        self
    }

    /// Sets how many numbers can be bought. Further purchases are refused with `isv.BUY_NUM_OVER_LIMIT`. There is no
    /// limit by default.
    pub fn purchase_limit(mut self, limit: u32) -> Self {
        self.seed.aliyun.purchase_limit = Some(limit);
        self
    }

    /// Adds a white list of A numbers, by its id (`ANoWhiteGroupId`). The list 19 exists from the start.
    pub fn white_group(mut self, id: i64) -> Self {
        self.seed.aliyun.white_groups.push(id);
        self
    }

    /// Sets how long the review of a report takes. Then it is approved, unless
    /// [`review_report`](Gateways::review_report) decides it. The default is an hour.
    pub fn report_review_time(mut self, time: TimeDelta) -> Self {
        self.seed.aliyun.report_review_time = Some(time);
        self
    }

    /// Adds a finished call or an intercepted message.
    pub fn call_record(mut self, record: CallRecord) -> Self {
        self.seed.aliyun.call_records.push(record);
        self
    }

    /// Adds work numbers to a pool. A key can name a pool of X numbers and a pool of work numbers.
    pub fn work_numbers<N: Into<String>>(
        mut self,
        pool_key: impl Into<String>,
        numbers: impl IntoIterator<Item = N>,
    ) -> Self {
        let pool_key = pool_key.into();
        let added = numbers.into_iter().map(|number| (pool_key.clone(), number.into()));
        self.seed.aliyun.work_numbers.extend(added);
        self
    }

    /// Sets how long the receive of a receipt hides it, rounded down to seconds, from 1 second to 12 hours. The default
    /// is 30 seconds.
    #[doc(alias = "VisibilityTimeout")]
    pub fn visibility_timeout(mut self, timeout: Duration) -> Self {
        self.seed.visibility_timeout = Some(timeout);
        self
    }

    /// Pushes the receipts of calls to a URL. Nothing is pushed by default, and nothing without a server.
    #[doc(alias = "话单")]
    pub fn push_receipts(mut self, settings: PushSettings) -> Self {
        self.seed.push = settings;
        self
    }

    /// Begins with a stored state and its clock, instead of the state that this builder sets up.
    /// [`reset`](Gateways::reset) restores the latter. The keys, the addresses and the control token are always those of
    /// the builder.
    pub fn snapshot(mut self, snapshot: Snapshot) -> Self {
        self.snapshot = Some(snapshot);
        self
    }

    /// Builds the gateways without a server.
    #[must_use]
    pub fn build(self) -> Gateways {
        let (app_key, app_secret) = self.app;
        let accounts = Accounts {
            app_key,
            app_secret,
            access_key: self.access_key,
            temporary_access_keys: self.temporary_access_keys,
            pool_key: POOL_KEY.to_owned(),
            control_token: self.control_token,
        };
        Gateways::new(accounts, self.seed, self.clock, self.observer, self.snapshot)
    }

    /// Starts the server, on 127.0.0.1 unless [`host`](Self::host) was set.
    ///
    /// # Errors
    ///
    /// The port or the address is not available. The kind is [`io::ErrorKind::InvalidInput`] if the address is not a
    /// loopback address and there is no control token, or if the token is shorter than 8 characters or contains
    /// others than visible ASCII.
    pub async fn start(self) -> io::Result<Emulator> {
        self.check_control_token()?;
        let address = self.address;
        Emulator::serve(self.build(), address).await
    }

    fn check_control_token(&self) -> io::Result<()> {
        let reason = match &self.control_token {
            None if self.address.ip().is_loopback() => return Ok(()),
            None => "an address that is not a loopback address needs a control token",
            Some(token) if token.len() < SHORTEST_TOKEN => "a control token has at least 8 characters",
            Some(token) if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                "a control token consists of visible ASCII characters without spaces"
            }
            Some(_) => return Ok(()),
        };
        Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
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
