//! Any number of orders through calls of 20: one result for each, in order, whatever becomes of its neighbours.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::client::Shop;
use super::error_code::{OAID_NOT_MATCHED, RECEIVER_MISSING, blames_one_order, own};
use super::oaid::{OaidDecrypt, OaidDecryptResponse, Receiver, ReceiverQuery};
use crate::error::{Code, Error, ServiceError, ServiceFacts};
use crate::operation::{Operation, Safety};

/// What became of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Decrypted {
    /// The order, as it was asked for.
    pub query: ReceiverQuery,
    /// Its receiver, or why there is none. An OAID that is not the order's current one is an error with the code
    /// [`OAID_NOT_MATCHED`], an order that TOP's answer leaves out one with [`RECEIVER_MISSING`].
    pub result: Result<Receiver, Error>,
}

/// A stream with one [`Decrypted`] for each query, in input order: see [`Shop::decrypt_all`].
///
/// Nothing is sent before the stream is polled; dropping it stops the work. Queries are taken from the iterator as
/// they are needed.
///
/// - A query that breaks a rule is its own error, and is not sent.
/// - Orders are asked for in calls of at most 20, several at a time; the same query is asked for once in a call.
/// - A refusal that may be the fault of one order splits the call in halves until that order stands alone.
/// - Receivers are matched by `tid`; a stale OAID and a missing receiver are that order's own error.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::StreamExt;
/// use privacy_number::{Advice, emulator::Emulator, top};
///
/// let emulator = Emulator::builder().orders([("2001", "oaid-a"), ("2002", "wrong-b")]).start().await?;
/// let queries = [("2001", "oaid-a"), ("2002", "wrong-b")]
///     .map(|(tid, oaid)| top::ReceiverQuery::builder().tid(tid).oaid(oaid).build());
///
/// let results: Vec<top::Decrypted> = emulator.shop()?.decrypt_all(queries).collect().await;
/// assert!(results[0].result.is_ok());
/// assert_eq!(results[1].result.as_ref().unwrap_err().advice(), Advice::RefreshOaid);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct DecryptAll {
    shop: Shop,
    concurrency: usize,
    calls: Arc<AtomicU64>,
    state: State,
}

enum State {
    Waiting(Box<dyn Iterator<Item = ReceiverQuery> + Send>),
    Running(BoxStream<'static, Decrypted>),
}

impl DecryptAll {
    pub(super) fn new(shop: Shop, queries: impl Iterator<Item = ReceiverQuery> + Send + 'static) -> Self {
        Self { shop, concurrency: 4, calls: Arc::default(), state: State::Waiting(Box::new(queries)) }
    }

    /// How many calls are under way at once; 4 by default, at least 1. Without effect once the stream was polled.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// How many calls were made so far, without the retries inside a call.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    fn start(&self, queries: Box<dyn Iterator<Item = ReceiverQuery> + Send>) -> BoxStream<'static, Decrypted> {
        let (shop, calls) = (self.shop.clone(), Arc::clone(&self.calls));
        stream::iter(queries)
            .chunks(OaidDecrypt::MAX_QUERIES)
            .map(move |chunk| decrypt_chunk(shop.clone(), Arc::clone(&calls), chunk))
            .buffered(self.concurrency)
            .flat_map(stream::iter)
            .boxed()
    }
}

impl Stream for DecryptAll {
    type Item = Decrypted;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        if let State::Waiting(queries) = &mut self.state {
            let queries = std::mem::replace(queries, Box::new(std::iter::empty()));
            self.state = State::Running(self.start(queries));
        }
        match &mut self.state {
            State::Running(results) => results.poll_next_unpin(context),
            State::Waiting(_) => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for DecryptAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptAll")
            .field("concurrency", &self.concurrency)
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// One call's worth of queries, with as many further calls as isolating a bad one takes.
async fn decrypt_chunk(shop: Shop, calls: Arc<AtomicU64>, chunk: Vec<ReceiverQuery>) -> Vec<Decrypted> {
    let mut results = HashMap::new();
    let mut groups = Vec::new();
    for query in &chunk {
        match query.validate() {
            Ok(()) => add_to_group(&mut groups, query),
            Err(error) => {
                results.insert(query.clone(), Err(error.into()));
            }
        }
    }
    while let Some(group) = groups.pop() {
        calls.fetch_add(1, Ordering::Relaxed);
        match shop.send(&OaidDecrypt::new(group.iter().cloned())).await {
            Ok(answer) => results.extend(match_receivers(&answer, group)),
            Err(error) if group.len() > 1 && error.sub_code().is_some_and(blames_one_order) => {
                let (first, second) = group.split_at(group.len() / 2);
                groups.extend([second.to_vec(), first.to_vec()]);
            }
            Err(error) => results.extend(group.into_iter().map(|query| (query, Err(error.clone())))),
        }
    }
    let result_of = |query: ReceiverQuery| {
        let result = results.get(&query).cloned().unwrap_or_else(|| Err(item_error(RECEIVER_MISSING, None)));
        Decrypted { query, result }
    };
    chunk.into_iter().map(result_of).collect()
}

/// Adds a query to the first group without its `tid`, since answers are told apart by it alone; the very same query is
/// asked for once.
fn add_to_group(groups: &mut Vec<Vec<ReceiverQuery>>, query: &ReceiverQuery) {
    if groups.iter().flatten().any(|asked| asked == query) {
        return;
    }
    match groups.iter_mut().find(|group| group.iter().all(|asked| asked.tid != query.tid)) {
        Some(group) => group.push(query.clone()),
        None => groups.push(vec![query.clone()]),
    }
}

fn match_receivers(
    answer: &OaidDecryptResponse,
    group: Vec<ReceiverQuery>,
) -> impl Iterator<Item = (ReceiverQuery, Result<Receiver, Error>)> {
    let receivers: HashMap<&str, &Receiver> =
        answer.receivers.iter().filter_map(|receiver| Some((receiver.tid.as_deref()?, receiver))).collect();
    let request_id = answer.request_id.as_deref();
    group.into_iter().map(move |query| {
        let result = match receivers.get(query.tid.as_str()) {
            None => Err(item_error(RECEIVER_MISSING, request_id)),
            Some(receiver) if receiver.matched == Some(false) => Err(item_error(OAID_NOT_MATCHED, request_id)),
            Some(receiver) => Ok((*receiver).clone()),
        };
        (query, result)
    })
}

/// An error of one order, under one of this crate's own codes.
fn item_error(code: &'static str, request_id: Option<&str>) -> Error {
    let (meaning, outcome, remedy) = own(code);
    let facts = ServiceFacts {
        code: Code::from(code.to_owned()),
        sub_code: None,
        message: None,
        request_id: request_id.map(|id| Code::from(id.to_owned())),
        http_status: None,
        meaning,
        throttled: false,
        explanation: None,
    };
    let advice = remedy.advice(outcome, Safety::Idempotent, None, chrono::Utc::now());
    Error::Service(Box::new(ServiceError::of_item(facts, OaidDecrypt::NAME, outcome, advice)))
}
