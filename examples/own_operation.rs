//! Declares operations outside the crate, one TOP method and one Aliyun action, and sends them with the crate's
//! clients: signing, retries and errors are the same. (The two exist in the crate too, since the emulator must know
//! them.) Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example own_operation
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use chrono::{TimeDelta, Utc};
use privacy_number::emulator::Emulator;
use privacy_number::{Operation, Safety, aliyun, top};
use serde::{Deserialize, Serialize};

#[tokio::main]
async fn main() -> std::process::ExitCode {
    command_line::run(send_both).await
}

#[derive(Serialize)]
struct CallersOf<'a> {
    oaid: &'a str,
}

#[derive(Debug, Deserialize)]
struct Callers {
    success: bool,
}

impl Operation for CallersOf<'_> {
    type Gateway = top::Top;
    type Output = Callers;
    const NAME: &'static str = "taobao.top.secret.group.query";
    const SAFETY: Safety = Safety::Safe;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IsRecorded<'a> {
    pool_key: &'a str,
    subs_id: &'a str,
    phone_no_x: &'a str,
}

#[derive(Debug, Deserialize)]
struct Recorded {
    #[serde(rename = "SecretBindDetailDTO")]
    detail: Detail,
}

#[derive(Debug, Deserialize)]
struct Detail {
    #[serde(rename = "NeedRecord")]
    need_record: bool,
}

impl Operation for IsRecorded<'_> {
    type Gateway = aliyun::Dyplsapi;
    type Output = Recorded;
    const NAME: &'static str = "QuerySubscriptionDetail";
    const SAFETY: Safety = Safety::Safe;
}

async fn send_both(_: Options) -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;

    let callers = emulator.shop()?.send(&CallersOf { oaid: "oaid-2001" }).await?;
    println!("callers of the order could be read: {}", callers.success);

    let (aliyun, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    let bind = aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.expiration(Utc::now() + TimeDelta::days(1)).is_recording_enabled(true).build();
    let bound = aliyun.send(&bind).await?.secret_bind;
    let question = IsRecorded { pool_key, subs_id: &bound.subs_id, phone_no_x: bound.secret_no.expose() };
    println!("calls over the binding are recorded: {}", aliyun.send(&question).await?.detail.need_record);
    Ok(())
}

/// Sends operations that are declared outside the crate. Uses the emulator only.
#[derive(clap::Parser)]
struct Options {}
