//! The gateways behind a TCP server.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::task::{AbortHandle, JoinSet};

use super::clock::Clock;
use super::connection;
use super::door::Door;
use super::fault::Fault;
use super::gateways::{Gateways, TOP_PATH};
use super::ledger::Ledger;
use super::seed::EmulatorBuilder;

/// Both gateways, served on a port of 127.0.0.1. Dropping it stops the server.
pub struct Emulator {
    gateways: Arc<Gateways>,
    door: Arc<Door>,
    server: AbortHandle,
}

impl Emulator {
    /// Starts the server on a free port, with the default seeds.
    ///
    /// # Errors
    ///
    /// The operating system gives no port.
    pub async fn start() -> io::Result<Emulator> {
        Emulator::builder().start().await
    }

    /// Seeds of your own.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    pub(crate) async fn serve(gateways: Gateways, port: u16) -> io::Result<Emulator> {
        let gateways = Arc::new(gateways);
        let door = Arc::new(Door::open_at(port)?);
        let server = tokio::spawn(accept(Arc::clone(&door), Arc::clone(&gateways))).abort_handle();
        Ok(Emulator { gateways, door, server })
    }

    /// The URL of TOP's gateway.
    #[must_use]
    pub fn top_endpoint(&self) -> String {
        format!("http://{}{TOP_PATH}", self.door.address())
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

    /// The first shop's session.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.gateways.accounts().session
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

    /// The seeded orders of the first shop that can be decrypted, as pairs of tid and current oaid, in the order of
    /// their seeding.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.gateways.orders()
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

    /// The time that the gateways live in.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.gateways.clock()
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
