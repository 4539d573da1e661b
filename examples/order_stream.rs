//! A stream of made-up orders through `decrypt_stream`, and the memory it takes: the emulator runs in a process of its
//! own, so that the peak is the client's alone.
//!
//! ```sh
//! cargo run --release --features emulator --example order_stream -- --orders 1000000
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use clap::Parser;
use futures_util::{StreamExt, stream};
use privacy_number::emulator::Emulator;
use privacy_number::top::{Client, ReceiverQuery};

#[derive(Parser)]
struct Options {
    /// How many orders; every hundredth has a wrong oaid.
    #[arg(long, default_value_t = 20_000)]
    orders: u64,
    /// Calls at once.
    #[arg(long, default_value_t = 8)]
    concurrency: usize,
    /// Be the emulator.
    #[arg(long, hide = true)]
    serve: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if options.serve {
        let emulator = Emulator::builder().orders((0..options.orders).map(made_up_order)).start().await?;
        println!(
            "{}\t{}\t{}\t{}",
            emulator.top_endpoint(),
            emulator.app_key(),
            emulator.app_secret(),
            emulator.session()
        );
        std::io::stdout().flush()?;
        std::future::pending().await
    }
    let mut server = Server(
        Command::new(std::env::current_exe()?)
            .args(["--serve", "--orders", &options.orders.to_string()])
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let mut greeting = String::new();
    BufReader::new(server.0.stdout.take().ok_or("the emulator says nothing")?).read_line(&mut greeting)?;
    let [endpoint, key, secret, session] = *greeting.trim().split('\t').collect::<Vec<_>>() else {
        return Err("the emulator did not start".into());
    };
    let shop = Client::builder().app(key, secret).endpoint(endpoint).build()?.shop(session);

    let started = Instant::now();
    let queries = stream::iter(0..options.orders)
        .map(made_up_order)
        .map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid).build());
    let mut decryption = shop.decrypt_stream(queries).concurrency(options.concurrency);
    let progress = decryption.progress();
    while decryption.next().await.is_some() {}
    let seconds = started.elapsed().as_secs_f64();
    println!("{} orders in {seconds:.1} s, {} failed, {} calls", progress.done(), progress.failed(), progress.calls());
    println!("peak memory: {}", peak_memory().unwrap_or_else(|| "not known on this system".to_owned()));
    Ok(())
}

/// Stops with its client.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn made_up_order(index: u64) -> (String, String) {
    let wrong = if index % 100 == 99 { "wrong-" } else { "" };
    (format!("43{index:017}"), format!("{wrong}oaid-{index}"))
}

fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|peak| peak.trim().to_owned())
}
