//! Times of many calls.

use std::error::Error;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt, TryStreamExt};

pub(crate) struct Timing {
    median: Duration,
    each_second: f64,
}

impl Timing {
    /// Makes the calls, so many at once, from one task.
    #[allow(clippy::cast_precision_loss, reason = "a rate needs no more digits")]
    pub(crate) async fn of(
        calls: u64,
        concurrent: usize,
        call: impl AsyncFn(u64) -> Result<(), Box<dyn Error>>,
    ) -> Result<Self, Box<dyn Error>> {
        let (start, call) = (Instant::now(), &call);
        let timed = stream::iter(0..calls).map(|index| async move {
            let start = Instant::now();
            call(index).await?;
            Ok::<_, Box<dyn Error>>(start.elapsed())
        });
        let mut times: Vec<_> = timed.buffer_unordered(concurrent).try_collect().await?;
        let each_second = calls as f64 / start.elapsed().as_secs_f64();
        times.sort_unstable();
        Ok(Self { median: times[times.len() / 2], each_second })
    }

    /// The median of one call, for each of the things that it does.
    #[allow(clippy::cast_precision_loss, reason = "as above")]
    pub(crate) fn microseconds(&self, things: u64) -> String {
        format!("{:.0}", self.median.as_secs_f64() * 1e6 / things as f64)
    }

    /// How many things are done in a second, by calls that do so many each.
    #[allow(clippy::cast_precision_loss, reason = "as above")]
    pub(crate) fn rate(&self, things: u64) -> String {
        format!("{:.0}", self.each_second * things as f64)
    }
}
