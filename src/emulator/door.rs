//! The port that the server listens on, and that can be made to refuse connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// How often, and with which pause, the port is tried again if it cannot be opened.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

pub(crate) struct Door {
    address: SocketAddr,
    runtime: Handle,
    inner: Mutex<Inner>,
    /// Changes when the door is shut, so that open connections come to an end.
    shut: watch::Sender<()>,
}

struct Inner {
    state: State,
    /// Waits for connections.
    waiting: Option<Waker>,
    /// Counts the changes, so that a door that was shut twice is not opened for the first.
    changes: u64,
}

enum State {
    Open(TcpListener),
    /// The port stays taken by a socket that does not listen: whoever connects is refused, and nobody else gets it.
    Shut(Option<TcpSocket>),
}

impl Door {
    /// Opens a port of 127.0.0.1; 0 is any free one. Must be called within a runtime.
    pub(crate) fn open_at(port: u16) -> io::Result<Self> {
        let listener = take((Ipv4Addr::LOCALHOST, port).into())?.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let inner = Inner { state: State::Open(listener), waiting: None, changes: 0 };
        Ok(Self { address, runtime: Handle::current(), inner: Mutex::new(inner), shut: watch::Sender::new(()) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells when the door is shut.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.shut.subscribe()
    }

    pub(crate) fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        let mut inner = self.lock();
        let waker = context.waker();
        if !inner.waiting.as_ref().is_some_and(|waiting| waiting.will_wake(waker)) {
            inner.waiting = Some(waker.clone());
        }
        match &inner.state {
            State::Open(listener) => listener.poll_accept(context).map_ok(|(stream, _)| stream),
            State::Shut(_) => Poll::Pending,
        }
    }

    /// Refuses connections from now on, and opens again after a time.
    pub(crate) fn shut_for(self: &Arc<Self>, lasting: Duration) {
        let change = {
            let mut inner = self.lock();
            // The listener must be gone before another socket can take its port.
            inner.state = State::Shut(None);
            inner.state = State::Shut(take(self.address).ok());
            inner.changes = inner.changes.wrapping_add(1);
            inner.changes
        };
        self.shut.send_replace(());
        let door = Arc::clone(self);
        self.runtime.spawn(async move {
            tokio::time::sleep(lasting).await;
            door.open_after(change).await;
        });
    }

    /// Takes connections again, at once if the port can be had.
    pub(crate) fn open(self: &Arc<Self>) {
        let change = self.lock().changes;
        if !self.try_open(change) {
            let door = Arc::clone(self);
            self.runtime.spawn(async move { door.open_after(change).await });
        }
    }

    async fn open_after(&self, change: u64) {
        for _ in 0..ATTEMPTS {
            if self.try_open(change) {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::warn!("the emulator could not open its port again");
    }

    /// Whether nothing is left to do.
    fn try_open(&self, change: u64) -> bool {
        let mut inner = self.lock();
        if inner.changes != change {
            return true;
        }
        let State::Shut(socket) = &mut inner.state else {
            return true;
        };
        let _within = self.runtime.enter();
        let socket = socket.take().map_or_else(|| take(self.address), Ok);
        match socket.and_then(|socket| socket.listen(BACKLOG)) {
            Ok(listener) => {
                inner.state = State::Open(listener);
                if let Some(waiting) = inner.waiting.take() {
                    waiting.wake();
                }
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the emulator's port is not to be had");
                false
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket that has the address and does not listen.
fn take(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections that are closed keep the port from being taken again otherwise; Windows means something else by it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
