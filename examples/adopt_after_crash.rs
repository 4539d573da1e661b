//! Kills a process after it has bound a number and before it has stored the binding. The next process sends the same
//! bind again and adopts the binding. Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example adopt_after_crash
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod process;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Parser, Subcommand};
use privacy_number::aliyun::{BindAxb, Binding, Client};
use privacy_number::emulator::Emulator;
use serde::{Deserialize, Serialize};

/// Kills a process between binding a number and storing it, and lets another adopt the binding. Emulator only.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(subcommand)]
    worker: Option<Worker>,
}

#[derive(Subcommand)]
enum Worker {
    /// Binds the order in ROW against an emulator. The program starts itself with this subcommand.
    #[command(hide = true)]
    Work { port: u16, row: PathBuf, then: String },
}

/// The order's row in the database: the parameters of the bind, and the binding.
#[derive(Serialize, Deserialize)]
struct Row {
    pool_key: String,
    expiration: String,
    binding: Option<serde_json::Value>,
}

const KEY: (&str, &str) = ("emulator-access-key-id", "emulator-access-key-secret");

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(match Options::parse().worker {
        Some(Worker::Work { port, row, then }) => work(port, &row, &then).await,
        None => crash_and_adopt().await,
    })
}

async fn crash_and_adopt() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().access_key(KEY.0, KEY.1).start().await?;
    let path = std::env::temp_dir().join(format!("adopt_after_crash-{}.json", std::process::id()));
    // The row is stored before the first bind: a binding is adopted only by the same request with the same expiration.
    let expiration = (Utc::now() + TimeDelta::days(7)).to_rfc3339();
    let row = Row { pool_key: emulator.pool_key().to_owned(), expiration, binding: None };
    fs::write(&path, serde_json::to_vec(&row)?)?;
    let port = emulator.aliyun_endpoint().rsplit(':').next().unwrap_or_default().to_owned();
    let arguments = |then: &str| ["work".to_owned(), port.clone(), path.display().to_string(), then.to_owned()];

    let mut first = process::ChildProcess::start(&arguments("hang"))?;
    println!("first process: {}; it is killed before it stores that", first.line()?);
    drop(first); // kills it
    println!("second process: {}", process::ChildProcess::start(&arguments("store"))?.line()?);

    let row: Row = serde_json::from_slice(&fs::read(&path)?)?;
    fs::remove_file(&path)?;
    let mut binding: Binding = serde_json::from_value(row.binding.ok_or("nothing was stored")?)?;
    let (sent, executed) = (emulator.ledger().count("BindAxb"), emulator.ledger().executed("BindAxb"));
    println!("binds sent: {sent}; executed: {executed}");
    assert_eq!((sent, executed), (2, 1));
    let client = emulator.aliyun()?;
    client.renew(&mut binding, Utc::now() + TimeDelta::days(8)).await?;
    println!("renewed from its row until {}; {:?}", binding.expiration.date_naive(), client.unbind(&binding).await?);
    Ok(())
}

async fn work(port: u16, path: &Path, then: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::builder().access_key(KEY.0, KEY.1).endpoint(format!("http://127.0.0.1:{port}")).build()?;
    let mut row: Row = serde_json::from_slice(&fs::read(path)?)?;
    let bind = BindAxb::builder().pool_key(&row.pool_key).phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.phone_no_x("17000000001").expiration(DateTime::parse_from_rfc3339(&row.expiration)?).build();
    let binding = client.bind_reconciled(&bind).await?;
    if then == "hang" {
        println!("bound as {}", binding.subs_id);
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    row.binding = Some(serde_json::to_value(binding.exposed())?);
    fs::write(path, serde_json::to_vec(&row)?)?;
    println!("stored {}", binding.subs_id);
    Ok(())
}
