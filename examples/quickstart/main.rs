//! Decrypts a file of orders, reports the shop's callers for the 700 numbers, prints a contact sheet, then binds an AXB
//! number for after-sales, reads the binding and unbinds it.
//!
//! All input is checked before the first call. With `--out` each contact is written to a file as soon as it is
//! decrypted: after Ctrl-C or a crash, the same command continues with the remaining orders.
//!
//! Uses the emulator. With `--live` it uses the real gateways, with `TOP_APP_KEY`, `TOP_APP_SECRET`, `TOP_SESSION`,
//! `ALIYUN_POOL_KEY`, `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET` of the environment.
//!
//! ```sh
//! cargo run --features emulator --example quickstart -- --orders examples/data/orders.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod after_sales;
#[path = "../command_line/mod.rs"]
mod command_line;
mod contact_sheet;
#[path = "../contacts/mod.rs"]
mod contacts;
#[path = "../gateway/mod.rs"]
mod gateway;
#[path = "../order_file/mod.rs"]
mod order_file;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use command_line::{Problem, Stop};
use contact_sheet::ContactSheet;
use contacts::{ContactFile, decrypt, without};
use gateway::{Live, Pool, Shop};
use privacy_number::PhoneNumber;

/// Decrypts a file of orders into a sheet of contacts, and binds a number for after-sales.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(flatten)]
    live: Live,
    /// Orders to decrypt: a CSV file with the columns `tid` (订单号) and `oaid`, in UTF-8, GBK or UTF-16.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"), required_if_eq("live", "true"))]
    orders: PathBuf,
    /// A CSV file for the contacts. Orders whose contacts it already has are not decrypted again.
    #[arg(long, required_if_eq("live", "true"))]
    out: Option<PathBuf>,
    /// The shop's callers to report for 700 numbers, at most 20. With the emulator two made-up ones by default.
    #[arg(long, value_delimiter = ',', value_parser = PhoneNumber::normalise)]
    callers: Vec<PhoneNumber>,
    /// The two parties of the after-sales binding.
    #[arg(long, num_args = 2, required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    #[arg(default_values = ["15000000000", "15000000001"])]
    parties: Vec<PhoneNumber>,
    /// Print one JSON object instead of the contact sheet.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(mut options: Options) -> Result<(), Box<dyn Error>> {
    if options.callers.is_empty() && !options.live.live {
        options.callers = ["01012345678", "13100000000"].map(PhoneNumber::from).into();
    }
    contact_sheet::check_callers(&options.callers)?;
    let orders = order_file::read(&options.orders)?;
    let (mut out, done) = match &options.out {
        Some(path) => ContactFile::open(path, options.live.name()).map(|(file, done)| (Some(file), done))?,
        None => (None, Vec::new()),
    };
    let mut sheet = ContactSheet::of(&orders, done);
    let orders = without(orders, sheet.contacts());
    let charged = format!("the decryption of up to {} orders", orders.len());
    let pairs = orders.iter().map(|order| (&*order.tid, order.oaid.expose()));
    let top = Shop::connect(&options.live, charged, pairs).await?;
    let aliyun = Pool::connect(&options.live, "the X number of one binding, as its pool is charged").await?;
    let bind = after_sales::checked(&aliyun.pool_key, &options.parties)?;

    let mut stop = Stop::listen()?;
    let progress = decrypt(&top.shop, orders, 4, &mut stop, &mut out, |outcome| sheet.add(outcome)).await?;
    let callers_reported = tokio::select! {
        reported = sheet.report_callers(&top.shop, &options.callers) => reported,
        signal = stop.wait() => return Err(Problem::new(
            format_args!("{signal}: callers were reported for some orders only, and nothing was bound"),
            "run the same again: a caller that is reported twice does no harm",
        ).into()),
    };
    // A signal does not interrupt this: a number that is bound is unbound.
    let binding = after_sales::bind_read_unbind(&aliyun.client, &bind).await;

    let gateway = options.live.name();
    if options.json {
        println!("{}", sheet.summary(gateway, progress.calls(), &callers_reported, binding.as_ref().ok()));
    } else {
        sheet.print();
        println!("{gateway}: {} calls, callers reported for {} orders", progress.calls(), callers_reported.orders);
        if let Ok(binding) = &binding {
            println!("after-sales number {} bound, read back, unbound", binding.secret_no.expose());
        }
    }
    // Errors after the decryption are returned last, so that the contacts are printed in any case.
    match (callers_reported.failure, binding) {
        (Some(failure), Ok(_)) => Err(failure),
        (Some(failure), Err(error)) => {
            command_line::tell(&*failure);
            Err(error)
        }
        (None, binding) => binding.map(|_| ()),
    }
}
