//! Work that several callers wait for and none of them holds: it runs in a task of its own.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::lock;

/// How often the task is polled at least, where its runtime is driven.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// A task that was not polled for so long is lost: nobody drives its runtime.
const LOST_AFTER: Duration = Duration::from_secs(5);

/// How long a caller waits before it first judges the task. If both are on one runtime that was not driven for a
/// while, the task is polled meanwhile.
const FIRST_CHECK: Duration = Duration::from_millis(100);

/// Work under way. Clones wait for the same work.
#[derive(Clone)]
pub(crate) struct SharedTask<T> {
    pulse: Arc<Mutex<Pulse>>,
    result: watch::Receiver<Option<T>>,
    /// The work itself, where no runtime is current that could run it.
    inline: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

struct Pulse {
    is_being_polled: bool,
    /// By the host's clock, since the runtimes' own ones can be paused.
    last_poll: Instant,
    is_given_up: bool,
}

impl<T: Clone + Send + Sync + 'static> SharedTask<T> {
    /// Starts the work in a task of the current runtime. Where none is current, the first caller that waits for the
    /// result runs it.
    pub(crate) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        let pulse = Pulse { is_being_polled: false, last_poll: Instant::now(), is_given_up: false };
        let pulse = Arc::new(Mutex::new(pulse));
        let (sender, result) = watch::channel(None);
        let runtime = Handle::try_current().ok();
        let has_timers = runtime.is_some();
        let watched = Arc::clone(&pulse);
        let work = async move {
            if let Some(result) = run(work, &watched, has_timers).await {
                sender.send_replace(Some(result));
            }
        };
        let inline = match runtime {
            Some(runtime) => {
                drop(runtime.spawn(work));
                None
            }
            None => Some(work.boxed()),
        };
        Self { pulse, result, inline: Arc::new(Mutex::new(inline)) }
    }

    /// The result; `None` if the work is lost, because its runtime was shut down or is not driven any more. Then it
    /// may be started anew: what is left of it is never polled again.
    pub(crate) async fn result(mut self) -> Option<T> {
        let inline = lock(&self.inline).take();
        if let Some(work) = inline {
            work.await;
        }
        let mut check = FIRST_CHECK;
        loop {
            let result =
                self.result.wait_for(Option::is_some).map(|result| result.ok().and_then(|result| result.clone()));
            if Handle::try_current().is_err() {
                return result.await;
            }
            match tokio::time::timeout(check, result).await {
                Ok(result) => return result,
                Err(_) if self.give_up_if_lost() => return None,
                Err(_) => check = HEARTBEAT,
            }
        }
    }

    /// Whether the result can still come.
    pub(crate) fn is_alive(&self) -> bool {
        self.result.has_changed().is_ok() && !lock(&self.pulse).is_given_up
    }

    /// Whether somebody must wait for the result for the work to be done at all.
    pub(crate) fn is_inline(&self) -> bool {
        lock(&self.inline).is_some()
    }

    fn give_up_if_lost(&self) -> bool {
        let mut pulse = lock(&self.pulse);
        // A task that blocks its thread is slow, but it goes on.
        if !pulse.is_being_polled && pulse.last_poll.elapsed() >= LOST_AFTER {
            pulse.is_given_up = true;
        }
        pulse.is_given_up
    }
}

/// Does the work, unless it is given up.
async fn run<T>(work: impl Future<Output = T>, pulse: &Mutex<Pulse>, has_timers: bool) -> Option<T> {
    let mut work = pin!(work);
    let mut heartbeat = has_timers.then(heartbeat);
    poll_fn(|context| {
        {
            let mut pulse = lock(pulse);
            if pulse.is_given_up {
                return Poll::Ready(None);
            }
            pulse.is_being_polled = true;
        }
        let result = work.as_mut().poll(context);
        {
            let mut pulse = lock(pulse);
            pulse.is_being_polled = false;
            pulse.last_poll = Instant::now();
        }
        if result.is_pending()
            && let Some(heartbeat) = &mut heartbeat
        {
            while heartbeat.poll_tick(context).is_ready() {}
        }
        result.map(Some)
    })
    .await
}

fn heartbeat() -> Interval {
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}
