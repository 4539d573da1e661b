//! One connection for all calls of the process, made in a task of its own: nobody waits for another caller's future.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client};
use tokio::sync::watch;
use tokio::time::Instant;

use super::reason::reason;
use crate::limit::shared::Unavailable;

/// How long making a connection may take; calls do not wait for it longer than for any other answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Made at the first call, and made anew after a failure.
#[derive(Clone)]
pub(super) struct Connection {
    client: Client,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    /// Counts the connections begun, which tells them apart.
    number: u64,
    state: State,
}

#[derive(Default)]
enum State {
    #[default]
    None,
    Making {
        since: Instant,
        made: watch::Receiver<Option<Made>>,
    },
    Ready(MultiplexedConnection),
}

type Made = Result<MultiplexedConnection, Unavailable>;

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
                // One that takes longer is on a runtime that nobody drives.
                State::Making { since, made } if since.elapsed() <= CONNECT_TIMEOUT => (slot.number, made.clone()),
                State::Making { .. } | State::None => self.make(&mut slot),
            }
        };
        let made = made.wait_for(Option::is_some).await.map(|made| made.clone());
        match made {
            Ok(Some(made)) => made.map(|connection| (number, connection)),
            Ok(None) | Err(_) => {
                self.drop_number(number);
                Err(Unavailable::new("connecting was broken off"))
            }
        }
    }

    /// Begins to connect, and goes on even if nobody waits for it any longer: a slow connection is there the next time.
    fn make(&self, slot: &mut Slot) -> (u64, watch::Receiver<Option<Made>>) {
        slot.number = slot.number.saturating_add(1);
        let (sender, receiver) = watch::channel(None);
        slot.state = State::Making { since: Instant::now(), made: receiver.clone() };
        let (connection, number) = (self.clone(), slot.number);
        tokio::spawn(async move {
            let config =
                AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
            let made = connection.client.get_multiplexed_async_connection_with_config(&config).await;
            let made = made.map_err(|error| reason(&error));
            connection.made(number, &made);
            let _ = sender.send(Some(made));
        });
        (number, receiver)
    }

    fn made(&self, number: u64, made: &Made) {
        let mut slot = self.lock();
        if slot.number == number {
            slot.state = made.as_ref().map_or(State::None, |connection| State::Ready(connection.clone()));
        }
    }

    /// Drops a connection that failed once: it may be half dead, or lead to a server that no longer is the master.
    pub(super) fn failed(&self, number: u64) {
        let mut slot = self.lock();
        if slot.number == number && matches!(slot.state, State::Ready(_)) {
            slot.state = State::None;
        }
    }

    fn drop_number(&self, number: u64) {
        let mut slot = self.lock();
        if slot.number == number {
            slot.state = State::None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
