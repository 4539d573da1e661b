//! One machine of a fleet, and the times at which its calls were sent.

use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use privacy_number::top::SecretGroupQuery;
use privacy_number::{Error, Limits, RetryPolicy, Settings};

use crate::clients::shop;
use crate::raw_server::RawServer;

pub(crate) const OPERATION: &str = "taobao.top.secret.group.query";

pub(crate) struct Machine {
    endpoint: String,
    settings: Settings,
}

impl Machine {
    pub(crate) fn new(gateway: &RawServer, limits: Limits) -> Self {
        // Built once: every call has its own client, to record when it was sent.
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let settings = Settings::new().http_client(http).limits(limits).retry(RetryPolicy::never());
        Self { endpoint: gateway.top_endpoint(), settings }
    }

    pub(crate) fn call_timeout(mut self, timeout: Duration) -> Self {
        self.settings = self.settings.call_timeout(timeout);
        self
    }

    pub(crate) async fn call(&self) -> Result<(), Error> {
        self.start().1.await
    }

    /// The times at which calls of this many tasks were sent, each one after the other until an instant; sorted.
    pub(crate) async fn call_until(&self, end: Instant, callers: u32) -> Vec<Instant> {
        let caller = async |_| {
            let mut departures = Vec::new();
            while Instant::now() < end {
                let (departure, call) = self.start();
                call.await.unwrap();
                departures.push(departure.get().unwrap());
            }
            departures
        };
        in_order(join_all((0..callers).map(caller)).await)
    }

    /// Drops calls after more and more polls until an instant. Returns the times of those that were sent.
    pub(crate) async fn drop_until(&self, end: Instant) -> Vec<Instant> {
        let mut departures = Vec::new();
        // Calls of the same task wake each other: many polls make no progress.
        for most in (1_u32..=64).cycle() {
            if Instant::now() >= end {
                break;
            }
            let mut polls = most;
            let (departure, call) = self.start();
            let mut call = Box::pin(call);
            let call = poll_fn(|context| {
                polls -= 1;
                match call.as_mut().poll(context) {
                    Poll::Pending if polls == 0 => Poll::Ready(()),
                    result => result.map(Result::unwrap),
                }
            });
            call.await;
            departures.extend(departure.get());
            tokio::time::sleep(Duration::from_millis(11)).await;
        }
        departures
    }

    fn start(&self) -> (SendTimes, impl Future<Output = Result<(), Error>>) {
        let departure = SendTimes::default();
        let noted = departure.clone();
        let shop = shop(self.endpoint.clone(), self.settings.clone().clock(move || noted.now()));
        let call = async move { shop.send(&SecretGroupQuery::builder().oaid("oaid-a").build()).await.map(drop) };
        (departure, call)
    }
}

/// A call reads the clock when it is validated and again when it has its permit and is signed.
#[derive(Clone, Default)]
struct SendTimes(Arc<Mutex<Vec<Instant>>>);

impl SendTimes {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.lock().unwrap().push(Instant::now());
        chrono::Utc::now()
    }

    fn get(&self) -> Option<Instant> {
        self.0.lock().unwrap().get(1).copied()
    }
}

pub(crate) fn in_order(departures: Vec<Vec<Instant>>) -> Vec<Instant> {
    let mut departures = departures.concat();
    departures.sort_unstable();
    departures
}

pub(crate) fn most_in_a_second(departures: &[Instant]) -> usize {
    let within_a_second = |(index, first): (usize, &Instant)| {
        let later = departures.iter().skip(index);
        later.take_while(|later| later.duration_since(*first) < Duration::from_secs(1)).count()
    };
    departures.iter().enumerate().map(within_a_second).max().unwrap_or_default()
}
