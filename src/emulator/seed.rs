//! What the gateways know before the first request.

use std::fmt;
use std::io;

use super::aliyun::seed::Seed as AliyunSeed;
use super::clock::Clock;
use super::gateways::Gateways;
use super::server::Emulator;
use super::store::State;
use super::store::order::{NumberKind, Order};
use super::store::shop::ShopId;

const OTHER_SHOP_SESSION: &str = "other-shop-session";

/// Who may call. It does not change while the gateways run.
pub(crate) struct Accounts {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    /// The first shop's.
    pub(crate) session: String,
    /// The permanent one.
    pub(crate) access_key: AccessKey,
    pub(crate) temporary_access_keys: Vec<AccessKey>,
    pub(crate) pool_key: String,
}

/// An access key of Alibaba Cloud; a temporary one has a security token.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) security_token: Option<String>,
}

impl Accounts {
    pub(crate) fn access_key(&self, id: &str) -> Option<&AccessKey> {
        let mut keys = std::iter::once(&self.access_key).chain(&self.temporary_access_keys);
        keys.find(|key| key.id == id)
    }
}

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
        let mut state = State::default();
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
        for (tid, oaid) in self.orders {
            let kind = NumberKind::of_order(&tid);
            place_order(&mut state, tid, oaid, shop, kind);
        }
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
        };
        Gateways::new(accounts, state, self.clock)
    }

    /// Starts the server on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The operating system gives no port.
    pub async fn start(self) -> io::Result<Emulator> {
        Emulator::serve(self.build()).await
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
    state.place_order(tid, Order { shop, oaid, kind });
}
