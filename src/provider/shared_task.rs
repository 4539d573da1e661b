//! A task that several calls wait for and that runs on when they are dropped.

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

/// The task is polled at least this often, as long as its runtime runs.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// A task that was not polled for this time is lost: its runtime does not run any more.
const LOST_AFTER: Duration = Duration::from_secs(5);

/// The wait before the first check whether the task is lost. If the waiting call and the task share a runtime that was
/// stopped for a while, this time lets the task be polled first.
const FIRST_CHECK: Duration = Duration::from_millis(100);

/// A running task. Clones wait for the same result.
#[derive(Clone)]
pub(crate) struct SharedTask<T> {
    polling: Arc<Mutex<Polling>>,
    result: watch::Receiver<Option<T>>,
    /// The work itself, if it was started outside a runtime.
    inline: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

/// When the task was last polled.
struct Polling {
    is_being_polled: bool,
    /// By the clock of the host, because a runtime's clock can be paused.
    last_poll: Instant,
    is_given_up: bool,
}

impl<T: Clone + Send + Sync + 'static> SharedTask<T> {
    /// Starts the work in a task of the current runtime. Outside a runtime, the first call that waits for the result
    /// runs the work itself.
    pub(crate) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        let polling = Polling { is_being_polled: false, last_poll: Instant::now(), is_given_up: false };
        let polling = Arc::new(Mutex::new(polling));
        let (sender, result) = watch::channel(None);
        let runtime = Handle::try_current().ok();
        let has_timers = runtime.is_some();
        let task_polling = Arc::clone(&polling);
        let work = async move {
            if let Some(result) = run(work, &task_polling, has_timers).await {
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
        Self { polling, result, inline: Arc::new(Mutex::new(inline)) }
    }

    /// Waits for the result. `None` if the task is lost, because its runtime was shut down or does not run any more.
    /// Then the work may be started again: the lost task is never polled again.
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
                Err(_) => check = POLL_INTERVAL,
            }
        }
    }

    /// Whether a result is present or can still come.
    pub(crate) fn is_alive(&self) -> bool {
        self.result.has_changed().is_ok() && !lock(&self.polling).is_given_up
    }

    /// Whether the work runs only while a call waits for the result.
    pub(crate) fn is_inline(&self) -> bool {
        lock(&self.inline).is_some()
    }

    fn give_up_if_lost(&self) -> bool {
        let mut polling = lock(&self.polling);
        // A task that blocks its thread during a poll is slow, but not lost.
        if !polling.is_being_polled && polling.last_poll.elapsed() >= LOST_AFTER {
            polling.is_given_up = true;
        }
        polling.is_given_up
    }
}

/// Runs the work until it is done or given up.
async fn run<T>(work: impl Future<Output = T>, polling: &Mutex<Polling>, has_timers: bool) -> Option<T> {
    let mut work = pin!(work);
    let mut wake_up = has_timers.then(poll_interval);
    poll_fn(|context| {
        {
            let mut polling = lock(polling);
            if polling.is_given_up {
                return Poll::Ready(None);
            }
            polling.is_being_polled = true;
        }
        let result = work.as_mut().poll(context);
        {
            let mut polling = lock(polling);
            polling.is_being_polled = false;
            polling.last_poll = Instant::now();
        }
        if result.is_pending()
            && let Some(wake_up) = &mut wake_up
        {
            while wake_up.poll_tick(context).is_ready() {}
        }
        result.map(Some)
    })
    .await
}

fn poll_interval() -> Interval {
    let mut interval = tokio::time::interval(POLL_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
