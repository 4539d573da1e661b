//! A TCP listener that can refuse connections for some time.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The maximum number of connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// How often to retry if the port cannot be opened again.
const ATTEMPTS: u32 = 100;
const RETRY_DELAY: Duration = Duration::from_millis(20);

pub(crate) struct RefusableListener {
    address: SocketAddr,
    runtime: Handle,
    inner: Mutex<Inner>,
    /// Changes when the listener starts to refuse connections, so that open connections are closed.
    refusals: watch::Sender<()>,
}

struct Inner {
    state: State,
    /// The task that waits for connections.
    waker: Option<Waker>,
    /// Counts the periods of refusal, so that the end of one period does not end the next.
    period: u64,
}

enum State {
    Accepting(TcpListener),
    /// The socket is bound and does not listen: connections are refused, and no other process can take the port.
    Refusing(Option<TcpSocket>),
}

impl RefusableListener {
    /// Listens on an address. Port 0 means any free port. Call it within a runtime.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = bound_socket(address)?.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let inner = Inner { state: State::Accepting(listener), waker: None, period: 0 };
        Ok(Self { address, runtime: Handle::current(), inner: Mutex::new(inner), refusals: watch::Sender::new(()) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The receiver changes when the listener starts to refuse connections.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.refusals.subscribe()
    }

    pub(crate) fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        let mut inner = self.lock();
        let waker = context.waker();
        if !inner.waker.as_ref().is_some_and(|stored| stored.will_wake(waker)) {
            inner.waker = Some(waker.clone());
        }
        match &inner.state {
            State::Accepting(listener) => listener.poll_accept(context).map_ok(|(stream, _)| stream),
            State::Refusing(_) => Poll::Pending,
        }
    }

    /// Refuses connections for `duration` from now.
    pub(crate) fn refuse_for(self: &Arc<Self>, duration: Duration) {
        let period = {
            let mut inner = self.lock();
            // Drop the listener first, so that another socket can be bound to its port.
            inner.state = State::Refusing(None);
            inner.state = State::Refusing(bound_socket(self.address).ok());
            inner.period = inner.period.wrapping_add(1);
            inner.period
        };
        self.refusals.send_replace(());
        let listener = Arc::clone(self);
        self.runtime.spawn(async move {
            tokio::time::sleep(duration).await;
            listener.accept_after(period).await;
        });
    }

    /// Accepts connections again: at once if the port can be opened, else as soon as possible.
    pub(crate) fn accept_again(self: &Arc<Self>) {
        let period = self.lock().period;
        if !self.try_accept(period) {
            let listener = Arc::clone(self);
            self.runtime.spawn(async move { listener.accept_after(period).await });
        }
    }

    async fn accept_after(&self, period: u64) {
        for _ in 0..ATTEMPTS {
            if self.try_accept(period) {
                return;
            }
            tokio::time::sleep(RETRY_DELAY).await;
        }
        tracing::warn!("the emulator could not open its port again");
    }

    /// Ends this period of refusal. Returns `false` if the port could not be opened.
    fn try_accept(&self, period: u64) -> bool {
        let mut inner = self.lock();
        if inner.period != period {
            return true;
        }
        let State::Refusing(socket) = &mut inner.state else {
            return true;
        };
        let _within = self.runtime.enter();
        let socket = socket.take().map_or_else(|| bound_socket(self.address), Ok);
        match socket.and_then(|socket| socket.listen(BACKLOG)) {
            Ok(listener) => {
                inner.state = State::Accepting(listener);
                if let Some(waker) = inner.waker.take() {
                    waker.wake();
                }
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the emulator could not open its port");
                false
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket that is bound to the address and does not listen.
fn bound_socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Without this option, closed connections block the port. On Windows the option has another meaning.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
