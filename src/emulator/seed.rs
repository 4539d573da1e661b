//! The initial state of the gateways.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::aliyun::seed::Seed as AliyunSeed;
use super::generated::seeded_hash;
use super::store::State;
use super::store::decryption::Decryption;
use super::store::order::NumberKind;
use super::store::push_settings::PushSettings;

pub(crate) const FIRST_SHOP: &str = "first-shop";
const OTHER_SHOP: &str = "other-shop";

/// A shop to add to the emulator, with its session, orders and callers.
///
/// ```
/// use privacy_number::emulator::{Emulator, ShopSeed};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let north = ShopSeed::new("north").orders([("5001", "oaid-5001")]);
/// let emulator = Emulator::builder().shop(north).start().await?;
/// assert_eq!(emulator.session_of("north").as_deref(), Some("north-session"));
///
/// emulator.add_shop(ShopSeed::new("south").session("south-1").orders([("6001", "oaid-6001")]))?;
/// let shop = emulator.shop_named("south")?; // uses its session
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a shop exists only after it is added"]
pub struct ShopSeed {
    pub(crate) name: String,
    pub(crate) session: String,
    pub(crate) callers: Vec<String>,
    pub(crate) orders: Vec<(String, String)>,
    pub(crate) client_tokens: Vec<String>,
    pub(crate) authorisation_codes: Vec<String>,
}

/// The builder's settings for the initial state. The same seed always gives the same state.
pub(crate) struct Seed {
    /// The seed of generated numbers and orders.
    pub(crate) number: u64,
    pub(crate) first_shop: ShopSeed,
    /// How many orders of the first shop are generated.
    pub(crate) generated_orders: u32,
    pub(crate) shops: Vec<ShopSeed>,
    pub(crate) decryption: Decryption,
    pub(crate) decryptions_per_day: Option<u64>,
    pub(crate) aliyun: AliyunSeed,
    /// How long a receive hides a message. The default is that of the queues.
    pub(crate) visibility_timeout: Option<Duration>,
    pub(crate) push: PushSettings,
}

impl ShopSeed {
    /// A shop without orders. Its default session is the name followed by `-session`.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let session = format!("{name}-session");
        Self {
            name,
            session,
            callers: Vec::new(),
            orders: Vec::new(),
            client_tokens: Vec::new(),
            authorisation_codes: Vec::new(),
        }
    }

    /// Sets the session.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.session = session.into();
        self
    }

    /// Adds callers that the shop reports for all its orders. Only the first 40 are used.
    pub fn callers<S: Into<String>>(mut self, callers: impl IntoIterator<Item = S>) -> Self {
        self.callers.extend(callers.into_iter().map(Into::into));
        self
    }

    /// Adds orders as pairs of tid and oaid. An order replaces an order of any shop with the same tid. The tid decides
    /// whether an order has an 11+4 or a 700 number, the same on every run.
    pub fn orders<T, O>(mut self, orders: impl IntoIterator<Item = (T, O)>) -> Self
    where
        T: Into<String>,
        O: Into<String>,
    {
        self.orders.extend(orders.into_iter().map(|(tid, oaid)| (tid.into(), oaid.into())));
        self
    }

    /// Adds one-time tokens for decryption in the end user's client.
    pub fn client_tokens<S: Into<String>>(mut self, tokens: impl IntoIterator<Item = S>) -> Self {
        self.client_tokens.extend(tokens.into_iter().map(Into::into));
        self
    }

    /// Adds authorisation codes, which `taobao.top.auth.token.create` exchanges for a session. Each works once.
    pub fn authorisation_codes<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.authorisation_codes.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Adds the shop to the state, or extends the shop with the same name.
    pub(crate) fn apply_to(&self, state: &mut State, now: DateTime<Utc>) {
        let shop = state.shops.add_or_extend(&self.name, &self.session, &self.callers);
        state.add_orders(shop, self.orders.iter().cloned(), now);
        for token in &self.client_tokens {
            state.client_tokens.issue(token.clone(), shop);
        }
        for code in &self.authorisation_codes {
            state.auth_tokens.add_code(code.clone(), shop);
        }
    }
}

impl Seed {
    pub(crate) fn new() -> Self {
        Self {
            number: 0,
            first_shop: ShopSeed::new(FIRST_SHOP)
                .session("emulator-session")
                .client_tokens(["once-1", "once-2", "once-3"])
                .authorisation_codes(["auth-code-1", "auth-code-2", "auth-code-3"]),
            generated_orders: 0,
            shops: Vec::new(),
            decryption: Decryption::On,
            decryptions_per_day: None,
            aliyun: AliyunSeed::default(),
            visibility_timeout: None,
            push: PushSettings::new(),
        }
    }

    pub(crate) fn state(&self, now: DateTime<Utc>) -> State {
        let mut state = State::with_seed(self.number);
        state.decryption.switch = self.decryption;
        state.decryption.orders_per_day = self.decryptions_per_day;
        let first = state.shops.add_or_extend(FIRST_SHOP, &self.first_shop.session, &self.first_shop.callers);
        let other = ShopSeed::new(OTHER_SHOP);
        let other = state.shops.add_or_extend(&other.name, &other.session, &other.callers);
        for (tid, oaid, kind) in [
            ("2001", "oaid-2001", NumberKind::SevenHundred),
            ("2002", "oaid-2002", NumberKind::WithExtension),
            ("2003", "oaid-2003", NumberKind::Plain),
            ("2004", "stale-2004", NumberKind::SevenHundred),
            ("2005", "wrong-2005", NumberKind::SevenHundred),
        ] {
            state.add_order(first, tid.to_owned(), oaid.to_owned(), kind, now);
        }
        state.add_order(other, "2006".to_owned(), "oaid-2006".to_owned(), NumberKind::SevenHundred, now);
        self.first_shop.apply_to(&mut state, now);
        state.add_orders(first, (0..self.generated_orders).map(|number| generated_order(self.number, number)), now);
        for shop in &self.shops {
            shop.apply_to(&mut state, now);
        }
        self.aliyun.apply_to(&mut state, now);
        if let Some(timeout) = self.visibility_timeout {
            state.queues.set_visibility_timeout(timeout);
        }
        state.pushes.set(self.push.clone());
        state
    }
}

impl fmt::Debug for ShopSeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ShopSeed")
            .field("callers", &self.callers.len())
            .field("orders", &self.orders.len())
            .finish_non_exhaustive()
    }
}

/// A tid of 19 digits and an oaid.
pub(crate) fn generated_order(seed: u64, number: u32) -> (String, String) {
    let shop = seeded_hash(seed, "generated orders").checked_rem(1_000_000_000).unwrap_or_default();
    let tid = format!("4{shop:09}{number:09}");
    let oaid = format!("1{:016x}{:016x}", seeded_hash(seed, &tid), number);
    (tid, oaid)
}
