//! The process of one client: reads commands, makes calls, and prints the measurements.

mod bare_hyper;
mod bare_reqwest;
mod by_hand;
mod floor;
mod this_crate;

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use bytes::Bytes;
use cpu_time::ProcessTime;
use futures_util::FutureExt;
use privacy_number::sign::Stamp;

use crate::data;
use crate::options::{Client, Op, Options};
use crate::process::peak_megabytes;
use crate::worker::{Worker, make_calls};

/// The headers that this crate sends. All clients send the same.
const FORM: &str = "application/x-www-form-urlencoded;charset=utf-8";
const USER_AGENT: &str = concat!("privacy-number/", env!("CARGO_PKG_VERSION"));
/// The default attempt timeout of this crate.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) async fn run(client: Client, options: &Options) -> Result<(), Box<dyn Error>> {
    let (op, workers) = (options.op, options.concurrency);
    let endpoint = options.endpoint.as_deref().ok_or("a client needs an endpoint")?;
    match client {
        Client::Hyper => run_commands(bare_hyper::workers(op, endpoint, workers).await?, options).await,
        Client::Reqwest => run_commands(bare_reqwest::workers(op, endpoint, workers)?, options).await,
        Client::ByHand => run_commands(by_hand::workers(op, endpoint, workers)?, options).await,
        Client::Crate => run_commands(this_crate::workers(op, endpoint, workers)?, options).await,
        Client::Floor => run_commands(vec![floor::Floor::new(op)], options).await,
    }
}

/// `warm` makes the calls that are not measured. `run` makes those that are measured.
async fn run_commands<W: Worker>(mut workers: Vec<W>, options: &Options) -> Result<(), Box<dyn Error>> {
    let warmup = options.warmup.max(2 * options.concurrency as u64);
    for command in std::io::stdin().lock().lines() {
        match command?.as_str() {
            "warm" => {
                make_calls(&mut workers, warmup).await?;
                println!("warm");
            }
            _ => {
                let (wall, cpu) = (Instant::now(), ProcessTime::now());
                make_calls(&mut workers, options.calls).await?;
                let (cpu, wall) = (cpu.elapsed(), wall.elapsed());
                println!("{} {} {}", cpu.as_nanos(), wall.as_nanos(), peak_megabytes().unwrap_or(f64::NAN));
            }
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// The request body, signed by this crate.
fn signed_form(op: Op, stamp: &Stamp) -> Bytes {
    let prepared = match op {
        Op::Bindaxb => data::aliyun_client().prepare(&data::bind_axb(), stamp).now_or_never(),
        Op::Decrypt20 => data::shop().prepare(&data::decrypt(), stamp).now_or_never(),
    };
    prepared.unwrap().unwrap().form.into_exposed().into()
}

fn path(op: Op) -> &'static str {
    match op {
        Op::Bindaxb => "/",
        Op::Decrypt20 => "/router/rest",
    }
}
