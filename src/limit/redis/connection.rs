//! One connection for all calls of the process. It is opened in its own task, so that no call depends on another call's
//! future.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client};
use tokio::sync::watch;
use tokio::time::Instant;

use super::reason::reason;
use crate::limit::shared::Unavailable;

/// The connect timeout. Calls do not wait for it longer than for any other reply.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Opened at the first call, and again after a failure.
#[derive(Clone)]
pub(super) struct Connection {
    client: Client,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    /// The number of the latest connection.
    number: u64,
    state: State,
}

#[derive(Default)]
enum State {
    #[default]
    None,
    Connecting {
        since: Instant,
        made: watch::Receiver<Option<Connected>>,
    },
    Ready(MultiplexedConnection),
}

type Connected = Result<MultiplexedConnection, Unavailable>;

impl Connection {
    pub(super) fn new(client: Client) -> Self {
        Self { client, slot: Arc::default() }
    }

    /// The connection and its number.
    pub(super) async fn get(&self) -> Result<(u64, MultiplexedConnection), Unavailable> {
        let (number, mut made) = {
            let mut slot = self.lock();
            match &slot.state {
                State::Ready(connection) => return Ok((slot.number, connection.clone())),
                // One that takes longer is on a runtime that has stopped.
                State::Connecting { since, made } if since.elapsed() <= CONNECT_TIMEOUT => (slot.number, made.clone()),
                State::Connecting { .. } | State::None => self.connect(&mut slot),
            }
        };
        let made = made.wait_for(Option::is_some).await.map(|made| made.clone());
        match made {
            Ok(Some(made)) => made.map(|connection| (number, connection)),
            Ok(None) | Err(_) => {
                self.forget(number);
                Err(Unavailable::new("connecting was aborted"))
            }
        }
    }

    /// Begins to connect, and continues even if no call waits any longer: a slow connection is ready for a later call.
    fn connect(&self, slot: &mut Slot) -> (u64, watch::Receiver<Option<Connected>>) {
        slot.number = slot.number.saturating_add(1);
        let (sender, receiver) = watch::channel(None);
        slot.state = State::Connecting { since: Instant::now(), made: receiver.clone() };
        let (connection, number) = (self.clone(), slot.number);
        tokio::spawn(async move {
            let config =
                AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
            let made = connection.client.get_multiplexed_async_connection_with_config(&config).await;
            let made = made.map_err(|error| reason(&error));
            connection.connected(number, &made);
            let _ = sender.send(Some(made));
        });
        (number, receiver)
    }

    fn connected(&self, number: u64, made: &Connected) {
        let mut slot = self.lock();
        if slot.number == number {
            slot.state = made.as_ref().map_or(State::None, |connection| State::Ready(connection.clone()));
        }
    }

    /// Drops a connection that failed once: it may be half closed, or its server may no longer be the master.
    pub(super) fn failed(&self, number: u64) {
        let mut slot = self.lock();
        if slot.number == number && matches!(slot.state, State::Ready(_)) {
            slot.state = State::None;
        }
    }

    fn forget(&self, number: u64) {
        let mut slot = self.lock();
        if slot.number == number {
            slot.state = State::None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
