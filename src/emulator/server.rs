//! The TCP server of the gateways.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::task::{AbortHandle, JoinSet};

use super::calls::{DialledCall, PlacedCall, SentMessage, SmsMessage};
use super::clock::Clock;
use super::connection;
use super::control;
use super::fault::Fault;
use super::gateways::Gateways;
use super::ledger::Ledger;
use super::push;
use super::refusable_listener::RefusableListener;
use super::seed::{FIRST_SHOP, ShopSeed};
use super::store::push_settings::PushSettings;
use super::store::shop::ShopError;
use super::top;

/// Both gateways on a port, of 127.0.0.1 unless the builder has another host. Drop it to stop the server.
pub struct Emulator {
    gateways: Arc<Gateways>,
    listener: Arc<RefusableListener>,
    server: AbortHandle,
    /// The task that pushes receipts.
    pushing: AbortHandle,
}

impl Emulator {
    pub(crate) async fn serve(gateways: Gateways, address: SocketAddr) -> io::Result<Self> {
        let gateways = Arc::new(gateways);
        let listener = Arc::new(RefusableListener::bind(address)?);
        let server = tokio::spawn(accept(Arc::clone(&listener), Arc::clone(&gateways))).abort_handle();
        let pushing = tokio::spawn(push::run(Arc::clone(&gateways))).abort_handle();
        Ok(Self { gateways, listener, server, pushing })
    }

    /// The URL of TOP's gateway.
    #[must_use]
    pub fn top_endpoint(&self) -> String {
        format!("http://{}{}", self.address(), top::PATH)
    }

    /// The base URL of Alibaba Cloud's gateway.
    #[must_use]
    pub fn aliyun_endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The address by which programs on this machine reach the server. A server on every address of the machine
    /// (`0.0.0.0` or `::`) has the loopback address here.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let mut address = self.listener.address();
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        address
    }

    /// Everything that a client needs, as the JSON of `GET /_emulator/info`: endpoints, keys, session, pool key, queues
    /// and orders.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use privacy_number::emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let info = emulator.info();
    /// assert_eq!(info["aliyun"], emulator.aliyun_endpoint());
    /// assert_eq!(info["queues"]["SecretReport"], "Alicom-Queue-1000000000000001-SecretReport");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn info(&self) -> Value {
        control::info(&self.address().to_string(), &self.gateways)
    }

    /// The URL of the message service, which has the queues of receipts. It is the same server.
    #[must_use]
    pub fn mns_endpoint(&self) -> String {
        self.aliyun_endpoint()
    }

    /// The name of the queue for receipts of a type, for example `SecretReport`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let queue = emulator.queue_name("SecretReport");
    /// assert_eq!(queue, "Alicom-Queue-1000000000000001-SecretReport");
    ///
    /// emulator.publish_receipt("SecretReport", &serde_json::json!({"call_id": "call-1"}));
    /// assert_eq!(emulator.gateways().queues()[queue]["visible"], 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn queue_name(&self, message_type: &str) -> String {
        self.gateways.queue_name(message_type)
    }

    /// Publishes a receipt to the queue of its type. Returns `false` if there is no queue for this type.
    pub fn publish_receipt(&self, message_type: &str, body: &Value) -> bool {
        self.gateways.publish_receipt(message_type, body)
    }

    /// Publishes any text to the queue of a type, for example one that is not JSON. Returns `false` if there is no
    /// queue for this type.
    pub fn publish_text(&self, message_type: &str, text: &str) -> bool {
        self.gateways.publish_text(message_type, text)
    }

    /// Sets how long later receives hide a receipt ([`Gateways::set_visibility_timeout`]).
    pub fn set_visibility_timeout(&self, timeout: Duration) {
        self.gateways.set_visibility_timeout(timeout);
    }

    /// The app key of TOP's application.
    #[must_use]
    pub fn app_key(&self) -> &str {
        &self.gateways.accounts().app_key
    }

    /// The app secret of TOP's application.
    #[must_use]
    pub fn app_secret(&self) -> &str {
        &self.gateways.accounts().app_secret
    }

    /// The latest session of the first shop.
    #[must_use]
    pub fn session(&self) -> String {
        self.session_of(FIRST_SHOP).unwrap_or_default()
    }

    /// The latest session of a shop, valid or expired. `None` if there is no shop with this name.
    #[must_use]
    pub fn session_of(&self, shop: &str) -> Option<String> {
        self.gateways.session_of(shop)
    }

    /// The id of Alibaba Cloud's permanent access key.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.gateways.accounts().access_key.id
    }

    /// The secret of the permanent access key.
    #[must_use]
    pub fn access_key_secret(&self) -> &str {
        &self.gateways.accounts().access_key.secret
    }

    /// The key of the default number pool.
    #[must_use]
    pub fn pool_key(&self) -> &str {
        &self.gateways.accounts().pool_key
    }

    /// The orders of the first shop that can be decrypted: pairs of tid and current oaid, in the order in which they
    /// were added.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.gateways.orders()
    }

    /// Adds a shop with its session and orders.
    ///
    /// # Errors
    ///
    /// The name or the session is empty or taken. Then nothing is added.
    pub fn add_shop(&self, shop: ShopSeed) -> Result<(), ShopError> {
        self.gateways.add_shop(shop)
    }

    /// Adds orders to a shop, as pairs of tid and oaid. The name of the first shop is `first-shop`. An order replaces
    /// an order of any shop with the same tid.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn add_orders<T, O>(&self, shop: &str, orders: impl IntoIterator<Item = (T, O)>) -> Result<(), ShopError>
    where
        T: Into<String>,
        O: Into<String>,
    {
        self.gateways.add_orders(shop, orders)
    }

    /// Expires the session of a shop: TOP refuses it with code 27, `session-expired`. The name of the first shop is
    /// `first-shop`.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    #[doc(alias = "授权过期")]
    pub fn expire_session(&self, shop: &str) -> Result<(), ShopError> {
        self.gateways.expire_session(shop)
    }

    /// Gives a shop a new session, as a refresh or a new authorisation does. Its former sessions have expired.
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
    /// emulator.shop()?.send(&query).await?; // uses the new session
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no shop with this name, or the session is empty or belongs to another shop.
    pub fn rotate_session(&self, shop: &str, session: &str) -> Result<(), ShopError> {
        self.gateways.rotate_session(shop, session)
    }

    /// Restores the state that the builder set up ([`Gateways::reset`]), and accepts connections again.
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
        self.listener.accept_again();
    }

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) {
        match fault.refuses_connections() {
            Some(duration) => self.listener.refuse_for(duration),
            None => self.gateways.inject(fault),
        }
    }

    /// Removes all faults, and accepts connections again.
    pub fn clear_faults(&self) {
        self.gateways.clear_faults();
        self.listener.accept_again();
    }

    /// The clock of the gateways.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.gateways.clock()
    }

    /// The current time of the clock. Use it wherever the code under test needs the time, for example for an
    /// expiration.
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
    /// emulator.aliyun()?.send(&bind).await?; // this client uses the emulator's clock
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// Places a call ([`Gateways::place_call`]).
    ///
    /// ```
    /// use std::time::Duration;
    /// use chrono::TimeDelta;
    /// use privacy_number::{aliyun, emulator::{Emulator, PlacedCall}};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::start().await?;
    /// emulator.clock().stop();
    /// let bind = aliyun::BindAxb::builder()
    ///     .pool_key(emulator.pool_key())
    ///     .phone_no_a("15000000000")
    ///     .phone_no_b("15000000001")
    ///     .expiration(emulator.now() + TimeDelta::days(7))
    ///     .build();
    /// let x = emulator.aliyun()?.send(&bind).await?.secret_bind.secret_no.dial().to_string();
    ///
    /// let call = emulator.place_call(&PlacedCall::new("15000000001", x).busy());
    /// assert_eq!(call.result.unwrap().number, "15000000000");
    /// emulator.clock().advance(Duration::from_secs(2));
    /// assert_eq!(emulator.gateways().receipts()[1]["pushed"]["release_cause"], 17);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("拨打", "话单"))]
    pub fn place_call(&self, call: &PlacedCall) -> DialledCall {
        self.gateways.place_call(call)
    }

    /// Sends a text message to an X number ([`Gateways::send_message`]).
    #[doc(alias = "短信拦截")]
    pub fn send_message(&self, message: &SmsMessage) -> SentMessage {
        self.gateways.send_message(message)
    }

    /// Sets where and how receipts are pushed ([`Gateways::push_receipts`]).
    pub fn push_receipts(&self, settings: PushSettings) {
        self.gateways.push_receipts(settings);
    }

    /// Waits until every push that is due by the emulator's clock was sent and acknowledged, or failed. A retry that is
    /// due later does not count. After advancing a stopped clock, this waits for everything that became due.
    pub async fn settle(&self) {
        push::settle(&self.gateways).await;
    }

    /// The record of all requests.
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
        self.pushing.abort();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emulator")
            .field("address", &self.listener.address())
            .field("gateways", &self.gateways)
            .finish_non_exhaustive()
    }
}

/// Runs until it is aborted. The set owns the connections, so they are aborted too.
async fn accept(listener: Arc<RefusableListener>, gateways: Arc<Gateways>) {
    let mut connections = JoinSet::new();
    loop {
        match std::future::poll_fn(|context| listener.poll_accept(context)).await {
            Ok(stream) => {
                connections.spawn(connection::serve(stream, Arc::clone(&gateways), Arc::clone(&listener)));
            }
            Err(error) => {
                tracing::debug!(%error, "the emulator could not accept a connection");
                tokio::task::yield_now().await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}
