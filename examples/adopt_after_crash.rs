//! Kills a process after it has bound a number and before it has stored the binding. The next process sends the same
//! bind again and adopts the binding: nothing is bound twice. Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example adopt_after_crash
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod emulator_keys;
mod process;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use emulator_keys::EmulatorKeys;
use privacy_number::aliyun::{BindAxb, Binding};
use privacy_number::emulator::Emulator;
use process::ChildProcess;
use serde_json::Value;

/// The order's row in the database: the expiration of its bind, and its binding.
type Row = (String, Option<Binding>);

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(crash_and_adopt).await
}

async fn crash_and_adopt(options: Options) -> Result<(), Box<dyn Error>> {
    if let Some(row) = options.row {
        return bind_and_store(&row).await;
    }
    let emulator = Emulator::start().await?;
    let keys = serde_json::to_string(&EmulatorKeys::of(&emulator))?;
    let path = std::env::temp_dir().join(format!("adopt_after_crash-{}.json", std::process::id()));
    // The row is stored before the first bind: a binding is adopted only by the same request with the same expiration.
    let expiration = (Utc::now() + TimeDelta::days(7)).to_rfc3339();
    fs::write(&path, serde_json::to_vec(&(expiration, None::<Value>))?)?;

    let mut first = ChildProcess::start(["--row".as_ref(), path.as_os_str()])?;
    println!("first process: {}; it is killed before it stores that", first.ask(&keys)?);
    drop(first); // kills it
    let mut second = ChildProcess::start(["--row".as_ref(), path.as_os_str()])?;
    println!("second process: {}, {}", second.ask(&keys)?, second.ask("store it")?);

    let (_, binding): Row = serde_json::from_slice(&fs::read(&path)?)?;
    fs::remove_file(&path)?;
    let (sent, executed) = (emulator.ledger().count("BindAxb"), emulator.ledger().executed("BindAxb"));
    println!("binds sent: {sent}; executed: {executed}");
    assert_eq!((sent, executed), (2, 1));
    let mut binding = binding.ok_or("nothing was stored")?;
    let client = emulator.aliyun()?;
    client.renew(&mut binding, Utc::now() + TimeDelta::days(8)).await?;
    println!("renewed from its row until {}; {:?}", binding.expiration.date_naive(), client.unbind(&binding).await?);
    Ok(())
}

/// Reads the keys from its input and binds. Stores the binding only after another line of input.
async fn bind_and_store(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut input = std::io::stdin().lines();
    let keys: EmulatorKeys = serde_json::from_str(&input.next().ok_or("there is no input")??)?;
    let (expiration, _): Row = serde_json::from_slice(&fs::read(path)?)?;
    let bind = BindAxb::builder().pool_key(&keys.pool_key).phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.phone_no_x("17000000001").expiration(DateTime::parse_from_rfc3339(&expiration)?).build();
    let binding = keys.aliyun().build()?.bind_reconciled(&bind).await?;
    println!("bound as {}", binding.subs_id);
    input.next().ok_or("nobody waits for the binding")??;
    fs::write(path, serde_json::to_vec(&(expiration, binding.exposed()))?)?;
    println!("stored");
    Ok(())
}

/// Kills a process between binding a number and storing it, and lets another adopt the binding. Emulator only.
#[derive(clap::Parser)]
struct Options {
    /// Bind the order of this row. The program starts itself with it.
    #[arg(long, hide = true)]
    row: Option<PathBuf>,
}
