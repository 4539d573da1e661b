//! When calls are signed, and when requests arrive.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use privacy_number::aliyun::{Client, QuerySecretNoRemain};
use privacy_number::emulator::Entry;
use tokio::task::JoinSet;

tokio::task_local! {
    /// When the latest attempt of this task was signed. It is signed when it gets its permit.
    static SIGNED_AT: Cell<Instant>;
}

/// The clock of a client. It is read when an attempt is signed.
pub(crate) fn clock() -> DateTime<Utc> {
    let _ = SIGNED_AT.try_with(|time| time.set(Instant::now()));
    Utc::now()
}

/// Makes calls in this many tasks until `end`. Returns when they were signed.
pub(crate) async fn of_calls(
    client: &Client,
    query: &QuerySecretNoRemain,
    concurrency: u32,
    end: Instant,
) -> Result<Times, privacy_number::Error> {
    let times = Times::default();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        let (client, query, times) = (client.clone(), query.clone(), times.clone());
        tasks.spawn(async move {
            while Instant::now() < end {
                let call = async { client.send(&query).await.map(|_| SIGNED_AT.with(Cell::get)) };
                times.add(SIGNED_AT.scope(Cell::new(end), call).await?);
            }
            Ok::<_, privacy_number::Error>(())
        });
    }
    tasks.join_all().await.into_iter().collect::<Result<(), _>>()?;
    Ok(times)
}

#[derive(Clone, Default)]
pub(crate) struct Times(Arc<Mutex<Vec<Instant>>>);

impl Times {
    fn add(&self, time: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(time);
    }

    /// Records when requests arrive at an emulator.
    pub(crate) fn recorder(&self) -> impl Fn(&Entry) + Send + Sync + 'static {
        let times = self.clone();
        move |_| times.add(Instant::now())
    }

    /// How many times are less than `duration` after the first.
    pub(crate) fn within(&self, duration: Duration) -> usize {
        count(&self.sorted(), duration)
    }

    /// The most times in any interval of one second.
    pub(crate) fn fullest_second(&self) -> usize {
        let times = self.sorted();
        let from = |first: usize| count(times.get(first..).unwrap_or_default(), Duration::from_secs(1));
        (0..times.len()).map(from).max().unwrap_or_default()
    }

    fn sorted(&self) -> Vec<Instant> {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        times.sort_unstable();
        times
    }
}

/// How many of these sorted times are less than `duration` after the first.
fn count(times: &[Instant], duration: Duration) -> usize {
    times.partition_point(|time| times.first().is_some_and(|first| time.duration_since(*first) < duration))
}
