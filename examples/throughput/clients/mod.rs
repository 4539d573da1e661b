//! The process of one client: makes calls when it is told to, and says what they took.

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

use crate::lane::{Lane, make_calls};
use crate::process::peak_megabytes;
use crate::{Client, Op, Options, data};

/// What this crate sends, byte for byte, so that all clients send the same.
const FORM: &str = "application/x-www-form-urlencoded;charset=utf-8";
const USER_AGENT: &str = concat!("privacy-number/", env!("CARGO_PKG_VERSION"));
/// What this crate gives an attempt.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) async fn run(client: Client, options: &Options) -> Result<(), Box<dyn Error>> {
    let (op, lanes) = (options.op, options.concurrency);
    let endpoint = options.endpoint.as_deref().ok_or("a client needs an endpoint")?;
    match client {
        Client::Hyper => obey(bare_hyper::lanes(op, endpoint, lanes).await?, options).await,
        Client::Reqwest => obey(bare_reqwest::lanes(op, endpoint, lanes)?, options).await,
        Client::ByHand => obey(by_hand::lanes(op, endpoint, lanes)?, options).await,
        Client::Crate => obey(this_crate::lanes(op, endpoint, lanes)?, options).await,
        Client::Floor => obey(vec![floor::Floor::new(op)], options).await,
    }
}

/// `warm` makes the calls that are not measured, `run` those that are.
async fn obey<L: Lane>(mut lanes: Vec<L>, options: &Options) -> Result<(), Box<dyn Error>> {
    let warmup = options.warmup.max(2 * options.concurrency as u64);
    for command in std::io::stdin().lock().lines() {
        match command?.as_str() {
            "warm" => {
                make_calls(&mut lanes, warmup).await?;
                println!("warm");
            }
            _ => {
                let (wall, cpu) = (Instant::now(), ProcessTime::now());
                make_calls(&mut lanes, options.calls).await?;
                let (cpu, wall) = (cpu.elapsed(), wall.elapsed());
                println!("{} {} {}", cpu.as_nanos(), wall.as_nanos(), peak_megabytes().unwrap_or(f64::NAN));
            }
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// The form as this crate signs it.
fn signed_form(op: Op) -> Bytes {
    let prepared = match op {
        Op::Bindaxb => data::aliyun_client().prepare(&data::bind_axb(), &data::stamp()).now_or_never(),
        Op::Decrypt20 => data::shop().prepare(&data::decrypt(), &data::stamp()).now_or_never(),
    };
    prepared.unwrap().unwrap().form.into_exposed().into()
}

fn path(op: Op) -> &'static str {
    match op {
        Op::Bindaxb => "/",
        Op::Decrypt20 => "/router/rest",
    }
}
