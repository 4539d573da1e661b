//! The work in a task of its own, which goes on while its consumer is busy.

use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use futures_util::future::{FutureExt, select};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::task::JoinHandle;

use super::Decrypted;
use super::work::Work;
use crate::top::oaid::OaidDecrypt;

pub(super) struct Running {
    results: mpsc::Receiver<Decrypted>,
    task: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(runtime: &Handle, work: Work) -> Self {
        let (sender, results) = mpsc::channel(OaidDecrypt::MAX_QUERIES);
        Self { results, task: runtime.spawn(run(work, sender)) }
    }

    /// The next result. Not to be polled again after the last one.
    pub(super) fn poll_result(&mut self, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        if let Some(decrypted) = ready!(self.results.poll_recv(context)) {
            return Poll::Ready(Some(decrypted));
        }
        match ready!(self.task.poll_unpin(context)) {
            // The stream of queries is the user's own code, and so is its panic.
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            _ => Poll::Ready(None),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(mut work: Work, results: mpsc::Sender<Decrypted>) {
    while !work.is_done() {
        while work.has_result() {
            match results.try_reserve() {
                Ok(room) => {
                    if let Some(decrypted) = work.take_result() {
                        room.send(decrypted);
                    }
                }
                Err(TrySendError::Full(())) => break,
                Err(TrySendError::Closed(())) => return,
            }
        }
        let is_full = work.has_result();
        let room = async {
            match is_full {
                true => drop(results.reserve().await),
                false => pending().await,
            }
        };
        select(pin!(room), poll_fn(|context| work.advance(context))).await;
    }
}
