//! A file of orders in, a file of contacts out. Against the emulator by default; with `TOP_APP_KEY`, `TOP_APP_SECRET`
//! and `TOP_SESSION` set, against TOP.
//!
//! ```sh
//! cargo run --release --features emulator --example decrypt_orders -- --generate 100000 --out contacts.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod gateway;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use futures_util::StreamExt;
use gateway::Shop;
use indicatif::{ProgressBar, ProgressStyle};
use privacy_number::top::ReceiverQuery;

#[derive(Parser)]
struct Options {
    /// A CSV file with the columns `tid` and `oaid`.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"))]
    orders: PathBuf,
    /// Make up so many orders instead; every hundredth has a wrong oaid.
    #[arg(long)]
    generate: Option<u64>,
    /// Where the contacts go; nowhere by default.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Calls at once.
    #[arg(long, default_value_t = 8)]
    concurrency: usize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let orders: Vec<(String, String)> = match options.generate {
        Some(count) => (0..count).map(made_up_order).collect(),
        None => csv::Reader::from_path(&options.orders)?.deserialize().collect::<Result<_, _>>()?,
    };
    let top = Shop::connect(orders.iter().map(|(tid, oaid)| (&**tid, &**oaid))).await?;

    let mut out = match &options.out {
        Some(path) => Some(csv::Writer::from_path(path)?),
        None => None,
    };
    if let Some(out) = &mut out {
        out.write_record(["tid", "name", "number", "valid_until", "problem", "advice"])?;
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} orders, {per_sec}, {msg}")?;
    let bar = ProgressBar::new(orders.len() as u64).with_style(style);
    let queries = orders.into_iter().map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid).build());
    let mut decryption = top.shop.decrypt_all(queries).concurrency(options.concurrency);
    let progress = decryption.progress();
    while let Some(decrypted) = decryption.next().await {
        bar.inc(1);
        bar.set_message(format!("{} failed, {} in flight", progress.failed(), progress.in_flight()));
        let Some(out) = &mut out else { continue };
        let tid = decrypted.query.tid;
        match decrypted.result {
            Ok(receiver) => {
                let name = receiver.name.unwrap_or_default().into_exposed();
                let number = receiver.mobile.map(|number| number.expose().to_owned()).unwrap_or_default();
                let until = receiver.secret_no_expire_time.map(|time| time.to_rfc3339()).unwrap_or_default();
                out.write_record([&tid, &name, &number, &until, "", ""])?;
            }
            Err(error) => {
                out.write_record([&tid, "", "", "", &error.to_string(), &format!("{:?}", error.advice())])?;
            }
        }
    }
    bar.finish_and_clear();
    println!("{} orders, {} failed, {} calls", progress.done(), progress.failed(), progress.calls());
    Ok(())
}

fn made_up_order(index: u64) -> (String, String) {
    let wrong = if index % 100 == 99 { "wrong-" } else { "" };
    (format!("43{index:017}"), format!("{wrong}oaid-{index}"))
}
