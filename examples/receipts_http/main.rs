//! Receives call receipts that the platform pushes over HTTP: an axum server writes each push to a journal on the disk,
//! acknowledges it, and handles it afterwards. Without arguments it pushes a receipt to itself and ends; with
//! `--listen` it serves until Ctrl-C; with `--load` it measures the time of the acknowledgements.
//!
//! ```sh
//! RECEIPT_SECRET=$(openssl rand -hex 20) cargo run --features receipt-http --example receipts_http -- \
//!     --listen 127.0.0.1:8080 --journal receipts.jsonl
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

#[path = "../command_line/mod.rs"]
mod command_line;
mod handlers;
mod journal;
mod load;
mod options;

use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use command_line::{Problem, Stop};
use journal::Journal;
use options::Options;
use privacy_number::aliyun::receipt::PushService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The pushes that wait for a handler. When they are more, the platform gets 503 and sends them again.
const WAITING: usize = 20_000;

const RECEIPT: &str = r#"[{"call_id":"43612633712c0001","call_type":1,"phone_no":"13900000001","release_cause":31}]"#;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    command_line::run(receive).await
}

async fn receive(options: Options) -> Result<(), Box<dyn Error>> {
    let (pushes, pushed) = mpsc::channel(WAITING);
    let journal = Journal::open(&options.journal(), pushes)?;
    let service = PushService::builder(journal).secret_path(options.secret()).build()?;
    let routes = Router::new().route_service("/receipts/{secret}/{type}", service);
    let listener = TcpListener::bind(options.listen()).await.map_err(|error| {
        Problem::new(format_args!("{}: {error}", options.listen()), "give another address with --listen")
    })?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}/receipts/<secret>/<type>");
    let url = format!("http://{address}/receipts/{}/SecretReport", options.secret());

    let mut stop = Stop::listen()?;
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async { end.await.unwrap_or(()) });
    let serving = tokio::spawn(serving.into_future());
    let handling = tokio::spawn(handlers::handle_all(pushed, options.load.is_some()));
    match options.load {
        Some(rate) => load::measure(&url, rate, options.seconds).await?,
        None if options.serves() => println!("{}: the pushes that came are in the journal", stop.wait().await),
        None => println!("acknowledgement: {}", post(&url).await?),
    }
    drop(ended);
    serving.await??;
    Ok(handling.await?)
}

async fn post(url: &str) -> Result<String, reqwest::Error> {
    reqwest::Client::new().post(url).body(RECEIPT).send().await?.text().await
}
