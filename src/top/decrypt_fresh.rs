//! Decrypts any number of orders, and reads the current OAID of those whose OAID is out of date.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::decrypt_all::{Decrypted, ends_the_work};
use super::oaid::{Receiver, ReceiverQuery};
use super::order::{TradeFields, TradeFullinfoGet};
use super::shop::Shop;
use crate::error::{Advice, Error};
use crate::redact::Private;

/// The most results that wait for the orders among them that are read again.
const CHUNK: usize = 100;

impl Shop {
    /// As [`decrypt_all`](Self::decrypt_all). An order whose OAID is not its current one is read, and decrypted once
    /// more with its current OAID: see [`DecryptFresh`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::StreamExt;
    /// use privacy_number::{emulator::Emulator, top};
    ///
    /// let emulator = Emulator::builder().orders([("2001", "oaid-a"), ("2002", "oaid-b")]).start().await?;
    /// emulator.gateways().change_address("2002");
    /// let queries = [("2001", "oaid-a"), ("2002", "oaid-b")]
    ///     .map(|(tid, oaid)| top::ReceiverQuery::builder().tid(tid).oaid(oaid).build());
    ///
    /// let orders: Vec<top::FreshlyDecrypted> = emulator.shop()?.decrypt_fresh(queries).collect().await;
    /// assert!(orders.iter().all(|order| order.result.is_ok()));
    /// assert!(orders[0].new_oaid.is_none() && orders[1].new_oaid.is_some()); // store the new one
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub fn decrypt_fresh<I>(&self, queries: I) -> DecryptFresh
    where
        I: IntoIterator<Item = ReceiverQuery>,
        I::IntoIter: Send + 'static,
    {
        let settings = Settings { concurrency: 4, max_reads: 1000 };
        DecryptFresh { state: State::Set(self.clone(), stream::iter(queries).boxed(), settings) }
    }
}

/// The result of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FreshlyDecrypted {
    /// The query, as it was passed in.
    pub query: ReceiverQuery,
    /// The order's current OAID, if it was read and is not that of the query. Store it, also if `result` is an error.
    pub new_oaid: Option<Private>,
    /// The receiver, or why there is none: the error of the last decryption of this order. It is that of the first
    /// decryption if the order was not read, could not be read, or has no other OAID.
    pub result: Result<Receiver, Error>,
    /// Why the order could not be read.
    pub read_error: Option<Error>,
}

/// A stream with one [`FreshlyDecrypted`] for each query, in input order: [`Shop::decrypt_fresh`].
///
/// An order is read if the advice of its error is [`Advice::RefreshOaid`]: its OAID is not its current one, or not a
/// valid one. It is read with [`TradeFullinfoGet`], which is free, and decrypted once more if its OAID has changed. That
/// second decryption is metered as the first one is. An order is read at most once, however often it is among the
/// queries.
///
/// At most [`max_reads`](Self::max_reads) orders are read; the others keep their error. Nothing more is read after an
/// error that concerns all orders, such as a session that has expired.
///
/// Results wait for at most 99 others, while these are read again.
#[must_use = "a stream does nothing until it is polled"]
pub struct DecryptFresh {
    state: State,
}

enum State {
    Set(Shop, BoxStream<'static, ReceiverQuery>, Settings),
    Running(BoxStream<'static, FreshlyDecrypted>),
    Done,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    concurrency: usize,
    max_reads: usize,
}

impl DecryptFresh {
    /// How many decryptions, and how many reads, are in flight at once; 4 by default, at least 1. Set it before the
    /// stream is polled.
    pub fn concurrency(self, calls: usize) -> Self {
        self.with(|settings| settings.concurrency = calls.max(1))
    }

    /// The most orders that are read; 1000 by default. Set it before the stream is polled.
    pub fn max_reads(self, orders: usize) -> Self {
        self.with(|settings| settings.max_reads = orders)
    }

    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let State::Set(_, _, settings) = &mut self.state {
            set(settings);
        }
        self
    }
}

impl Stream for DecryptFresh {
    type Item = FreshlyDecrypted;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<FreshlyDecrypted>> {
        if let State::Set(..) = self.state
            && let State::Set(shop, queries, settings) = std::mem::replace(&mut self.state, State::Done)
        {
            self.state = State::Running(start(shop, queries, settings));
        }
        match &mut self.state {
            State::Running(results) => results.poll_next_unpin(context),
            State::Set(..) | State::Done => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for DecryptFresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptFresh").finish_non_exhaustive()
    }
}

fn start(
    shop: Shop,
    queries: BoxStream<'static, ReceiverQuery>,
    settings: Settings,
) -> BoxStream<'static, FreshlyDecrypted> {
    let first = shop.decrypt_stream(queries).concurrency(settings.concurrency);
    let mender = Mender { shop: shop.in_workflow(), settings, read: HashMap::new(), is_ended: false };
    let chunks = stream::unfold((first.ready_chunks(CHUNK), mender), |(mut chunks, mut mender)| async move {
        let chunk = chunks.next().await?;
        Some((mender.mend(chunk).await, (chunks, mender)))
    });
    chunks.flat_map(stream::iter).boxed()
}

/// What reading an order gave: its OAID, if it has one.
type Read = Result<Option<Private>, Error>;

struct Mender {
    shop: Shop,
    settings: Settings,
    /// The orders that were read, at most `max_reads`.
    read: HashMap<String, Read>,
    /// Whether nothing more is read.
    is_ended: bool,
}

impl Mender {
    async fn mend(&mut self, chunk: Vec<Decrypted>) -> Vec<FreshlyDecrypted> {
        self.read_orders(&chunk).await;
        let again: HashSet<_> = chunk.iter().filter_map(|order| self.second_query(order)).collect();
        let second = self.shop.decrypt_all(again).concurrency(self.settings.concurrency);
        let second: HashMap<_, _> = second.map(|order| (order.query, order.result)).collect().await;
        chunk.into_iter().map(|order| self.result(order, &second)).collect()
    }

    /// Reads the orders of a chunk that need it and were not read before.
    async fn read_orders(&mut self, chunk: &[Decrypted]) {
        let mut tids = Vec::new();
        for order in chunk.iter().filter(|order| needs_reading(order)) {
            let is_free = self.read.len().saturating_add(tids.len()) < self.settings.max_reads;
            let tid = &order.query.tid;
            if is_free && !self.is_ended && !self.read.contains_key(tid) && !tids.contains(tid) {
                tids.push(tid.clone());
            }
        }
        let shop = self.shop.clone();
        let reads = stream::iter(tids).map(|tid| {
            let shop = shop.clone();
            async move {
                let result = read_oaid(&shop, &tid).await;
                (tid, result)
            }
        });
        let mut reads = reads.buffered(self.settings.concurrency);
        while let Some((tid, read)) = reads.next().await {
            let is_last = read.as_ref().is_err_and(ends_the_work);
            self.read.insert(tid, read);
            if is_last {
                self.is_ended = true;
                return;
            }
        }
    }

    /// The query of an order with its current OAID, if that is another one.
    fn second_query(&self, order: &Decrypted) -> Option<ReceiverQuery> {
        let read = self.read.get(&order.query.tid).filter(|_| needs_reading(order))?;
        let oaid = read.as_ref().ok()?.clone().filter(|oaid| *oaid != order.query.oaid)?;
        Some(ReceiverQuery { oaid, ..order.query.clone() })
    }

    fn result(&self, order: Decrypted, second: &HashMap<ReceiverQuery, Result<Receiver, Error>>) -> FreshlyDecrypted {
        let again = self.second_query(&order);
        let read = self.read.get(&order.query.tid).filter(|_| needs_reading(&order));
        let read_error = read.and_then(|read| read.as_ref().err().cloned());
        let result = again.as_ref().and_then(|query| second.get(query)).cloned().unwrap_or(order.result);
        FreshlyDecrypted { query: order.query, new_oaid: again.map(|query| query.oaid), result, read_error }
    }
}

fn needs_reading(order: &Decrypted) -> bool {
    order.result.as_ref().is_err_and(|error| error.advice() == Advice::RefreshOaid)
}

async fn read_oaid(shop: &Shop, tid: &str) -> Read {
    let get = TradeFullinfoGet::builder().tid(tid).fields(TradeFields::new::<&str>([])).build();
    Ok(shop.read_order(&get).await?.oaid)
}
