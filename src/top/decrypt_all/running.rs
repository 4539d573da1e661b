//! Runs the work in its own task, so that it continues while the consumer is busy.

use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::pin::pin;
use std::task::{Context, Poll, ready};
use std::{iter, vec};

use futures_util::future::{FutureExt, select};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::task::JoinHandle;

use super::decrypted::Decrypted;
use super::work::Work;
use crate::top::oaid::OaidDecrypt;

pub(super) struct Running {
    /// Several results in one message, since each message wakes the consumer.
    batches: mpsc::Receiver<Vec<Decrypted>>,
    /// The rest of the latest batch.
    results: vec::IntoIter<Decrypted>,
    task: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(runtime: &Handle, work: Work) -> Self {
        let (sender, batches) = mpsc::channel(1);
        Self { batches, results: Vec::new().into_iter(), task: runtime.spawn(run(work, sender)) }
    }

    /// The next result. Do not poll it again after `None`.
    pub(super) fn poll_result(&mut self, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        loop {
            if let Some(decrypted) = self.results.next() {
                return Poll::Ready(Some(decrypted));
            }
            match ready!(self.batches.poll_recv(context)) {
                Some(batch) => self.results = batch.into_iter(),
                None => break,
            }
        }
        match ready!(self.task.poll_unpin(context)) {
            // The stream of queries is the user's code. Its panic is passed on.
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

async fn run(mut work: Work, batches: mpsc::Sender<Vec<Decrypted>>) {
    while !work.is_done() {
        if work.has_result() {
            match batches.try_reserve() {
                Ok(permit) => {
                    permit.send(iter::from_fn(|| work.take_result()).take(OaidDecrypt::MAX_QUERIES).collect());
                    continue;
                }
                Err(TrySendError::Full(())) => {}
                Err(TrySendError::Closed(())) => return,
            }
        }
        let is_full = work.has_result();
        let capacity = async {
            match is_full {
                true => drop(batches.reserve().await),
                false => pending().await,
            }
        };
        select(pin!(capacity), poll_fn(|context| work.advance(context))).await;
    }
}
