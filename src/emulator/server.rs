//! The gateways behind a TCP server.

use std::fmt;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::task::{AbortHandle, JoinSet};

use super::clock::Clock;
use super::connection;
use super::door::Door;
use super::fault::Fault;
use super::gateways::Gateways;
use super::ledger::Ledger;
use super::seed::{FIRST_SHOP, ShopSeed};
use super::store::shop::ShopError;
use super::top;

/// Both gateways, served on a port of 127.0.0.1. Dropping it stops the server.
pub struct Emulator {
    gateways: Arc<Gateways>,
    door: Arc<Door>,
    server: AbortHandle,
}

impl Emulator {
    pub(crate) async fn serve(gateways: Gateways, port: u16) -> io::Result<Self> {
        let gateways = Arc::new(gateways);
        let door = Arc::new(Door::open_at(port)?);
        let server = tokio::spawn(accept(Arc::clone(&door), Arc::clone(&gateways))).abort_handle();
        Ok(Self { gateways, door, server })
    }

    /// The URL of TOP's gateway.
    #[must_use]
    pub fn top_endpoint(&self) -> String {
        format!("http://{}{}", self.door.address(), top::PATH)
    }

    /// The base URL of Alibaba Cloud's gateway.
    #[must_use]
    pub fn aliyun_endpoint(&self) -> String {
        format!("http://{}", self.door.address())
    }

    /// TOP's application.
    #[must_use]
    pub fn app_key(&self) -> &str {
        &self.gateways.accounts().app_key
    }

    /// The secret of TOP's application.
    #[must_use]
    pub fn app_secret(&self) -> &str {
        &self.gateways.accounts().app_secret
    }

    /// The first shop's latest session.
    #[must_use]
    pub fn session(&self) -> String {
        self.session_of(FIRST_SHOP).unwrap_or_default()
    }

    /// The latest session of a shop, expired or not. `None` if no shop has this name.
    #[must_use]
    pub fn session_of(&self, shop: &str) -> Option<String> {
        self.gateways.session_of(shop)
    }

    /// Alibaba Cloud's permanent access key.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.gateways.accounts().access_key.id
    }

    /// The secret of the permanent access key.
    #[must_use]
    pub fn access_key_secret(&self) -> &str {
        &self.gateways.accounts().access_key.secret
    }

    /// The pool that is always there.
    #[must_use]
    pub fn pool_key(&self) -> &str {
        &self.gateways.accounts().pool_key
    }

    /// The orders of the first shop that can be decrypted, as pairs of tid and current oaid, in the order in which they
    /// were added.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.gateways.orders()
    }

    /// Adds a shop, with its session and orders.
    ///
    /// # Errors
    ///
    /// Its name or session is empty or taken. Nothing is added then.
    pub fn add_shop(&self, shop: ShopSeed) -> Result<(), ShopError> {
        self.gateways.add_shop(shop)
    }

    /// Adds orders to a shop, as pairs of tid and oaid. The first shop's name is `first-shop`. An order takes the place
    /// of one that has the same tid, whoever's it was.
    ///
    /// # Errors
    ///
    /// No shop has this name.
    pub fn add_orders<T, O>(&self, shop: &str, orders: impl IntoIterator<Item = (T, O)>) -> Result<(), ShopError>
    where
        T: Into<String>,
        O: Into<String>,
    {
        self.gateways.add_orders(shop, orders)
    }

    /// The shop's session expires: TOP refuses it with code 27, `session-expired`. The first shop's name is
    /// `first-shop`.
    ///
    /// # Errors
    ///
    /// No shop has this name.
    #[doc(alias = "授权过期")]
    pub fn expire_session(&self, shop: &str) -> Result<(), ShopError> {
        self.gateways.expire_session(shop)
    }

    /// Gives the shop a new session, as a refresh or a new authorisation does. Its former ones have expired.
    ///
    /// ```
    /// use privacy_number::{Advice, emulator::Emulator, top};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::start().await?;
    /// let query = top::SecretGroupQuery::builder().oaid("oaid-2001").build();
    /// let shop = emulator.shop()?;
    ///
    /// emulator.rotate_session("first-shop", "session-2")?;
    /// let error = shop.send(&query).await.unwrap_err();
    /// assert_eq!((error.sub_code(), error.advice()), (Some("session-expired"), Advice::RefreshSession));
    ///
    /// emulator.shop()?.send(&query).await?; // under the new session
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// No shop has this name; the session is empty or another shop's.
    pub fn rotate_session(&self, shop: &str, session: &str) -> Result<(), ShopError> {
        self.gateways.rotate_session(shop, session)
    }

    /// Makes everything as the builder set it up ([`Gateways::reset`]), and takes connections again.
    ///
    /// ```
    /// use privacy_number::emulator::Emulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::start().await?;
    /// emulator.expire_session("first-shop")?;
    /// emulator.add_orders("first-shop", [("3001", "oaid-3001")])?;
    /// emulator.reset();
    /// assert_eq!((emulator.session().as_str(), emulator.orders().len()), ("emulator-session", 3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn reset(&self) {
        self.gateways.reset();
        self.door.open();
    }

    /// From now on requests meet this fault.
    pub fn inject(&self, fault: Fault) {
        match fault.refuses_connections() {
            Some(lasting) => self.door.shut_for(lasting),
            None => self.gateways.inject(fault),
        }
    }

    /// Forgets all faults, and takes connections again.
    pub fn clear_faults(&self) {
        self.gateways.clear_faults();
        self.door.open();
    }

    /// The clock that the gateways go by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.gateways.clock()
    }

    /// The time that this clock shows. Use it wherever the code under test takes the time, for an expiration for
    /// instance.
    ///
    /// ```
    /// use chrono::TimeDelta;
    /// use privacy_number::{aliyun, emulator::Emulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::start().await?;
    /// emulator.clock().set("2030-01-01T00:00:00Z".parse()?);
    /// let bind = aliyun::BindAxb::builder()
    ///     .pool_key(emulator.pool_key())
    ///     .phone_no_a("15000000000")
    ///     .phone_no_b("15000000001")
    ///     .expiration(emulator.now() + TimeDelta::days(7))
    ///     .build();
    /// emulator.aliyun()?.send(&bind).await?; // this client's time is the emulator's too
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// What the gateways were asked so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.gateways.ledger()
    }

    /// The gateways behind the server.
    #[must_use]
    pub fn gateways(&self) -> &Gateways {
        &self.gateways
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emulator")
            .field("address", &self.door.address())
            .field("gateways", &self.gateways)
            .finish_non_exhaustive()
    }
}

/// Runs until it is aborted; the connections are aborted with it, since the set owns them.
async fn accept(door: Arc<Door>, gateways: Arc<Gateways>) {
    let mut connections = JoinSet::new();
    loop {
        match std::future::poll_fn(|context| door.poll_accept(context)).await {
            Ok(stream) => {
                let shut = door.subscribe();
                connections.spawn(connection::serve(stream, Arc::clone(&gateways), Arc::clone(&door), shut));
            }
            Err(error) => {
                tracing::debug!(%error, "the emulator could not accept a connection");
                tokio::task::yield_now().await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}
