//! Measures how long acknowledgements take.

use std::error::Error;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::RECEIPT;
use crate::command_line::Problem;

/// Of 1000 acknowledgements, 999 must take less.
const GOAL: Duration = Duration::from_millis(50);

/// Pushes one receipt at a time, at even distances, whether or not earlier ones were acknowledged. A push is measured
/// from the moment when it was due, so that a late start counts too.
pub(crate) async fn measure(url: &str, rate: u32, seconds: u32) -> Result<(), Box<dyn Error>> {
    let client = reqwest::Client::new();
    let start = Instant::now() + Duration::from_millis(100);
    let mut ticks = interval_at(start, Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut pushes = JoinSet::new();
    for _ in 0..u64::from(rate) * u64::from(seconds) {
        let due = ticks.tick().await;
        let push = client.post(url).body(RECEIPT);
        pushes.spawn(async move {
            let answer = push.send().await?.error_for_status()?.text().await?;
            Ok::<_, reqwest::Error>((answer == r#"{"code":0,"msg":"OK"}"#, due.elapsed()))
        });
    }
    let sent = start.elapsed();
    let answers = pushes.join_all().await;
    let mut times: Vec<Duration> =
        answers.iter().flatten().filter(|(is_taken, _)| *is_taken).map(|(_, time)| *time).collect();
    times.sort_unstable();
    let percentile = |of_1000: usize| times.get(times.len() * of_1000 / 1000).copied().unwrap_or(Duration::MAX);
    println!(
        "{} pushes in {:.1} s ({:.0} per second): {} acknowledged, p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, longest {:.2} ms",
        answers.len(),
        sent.as_secs_f64(),
        answers.len() as f64 / sent.as_secs_f64(),
        times.len(),
        milliseconds(percentile(500)),
        milliseconds(percentile(990)),
        milliseconds(percentile(999)),
        milliseconds(times.last().copied().unwrap_or_default()),
    );
    if times.len() == answers.len() && percentile(999) < GOAL {
        return Ok(());
    }
    Err(Problem::new("not every push was acknowledged in time", "run it with --release on an idle machine").into())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
