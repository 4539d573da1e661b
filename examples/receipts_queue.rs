//! Handles call receipts from a queue. A receipt is deleted from the queue only after it was handled, so it is not lost
//! if the program is killed; then it comes again, and its key tells that it was handled before. Uses the emulator, with
//! two receipts; with `--live` it uses Aliyun, with the access key of the environment and the queue of `--queue`.
//!
//! ```sh
//! cargo run --features emulator --example receipts_queue
//! ```
#![allow(clippy::print_stdout)]

mod command_line;

use std::collections::HashSet;
use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use command_line::{Problem, Stop};
use privacy_number::aliyun;
use privacy_number::aliyun::receipt::{QueuedMessage, ReceiptQueue, ReceiptType};
use privacy_number::emulator::Emulator;
use serde_json::json;
use tokio::sync::Notify;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(consume).await
}

async fn consume(options: Options) -> Result<(), Box<dyn Error>> {
    let mut stop = Stop::listen()?;
    if options.live {
        let name = options.queue.ok_or_else(|| Problem::new("--queue is missing", "copy its name from the console"))?;
        let queue = aliyun::Client::from_env()?.receipt_queue(options.receipt_type, name);
        let queue = match std::env::var("ALIYUN_MNS_ENDPOINT") {
            Ok(endpoint) => queue.endpoint(endpoint).build()?,
            Err(_) => queue.build()?,
        };
        return handle(&queue, Handled::default(), async move { _ = stop.wait().await }).await;
    }
    let emulator = Emulator::start().await?;
    for call_id in ["call-1", "call-2", "call-1"] {
        emulator.publish_receipt(options.receipt_type.as_str(), &json!({"call_id": call_id, "release_cause": 16}));
    }
    let handled = Handled::default();
    let second = Arc::clone(&handled.second);
    handle(&emulator.receipt_queue(options.receipt_type)?, handled, async move { second.notified().await }).await
}

/// Runs until the shutdown, and finishes what was received.
async fn handle(
    queue: &ReceiptQueue,
    handled: Handled,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Box<dyn Error>> {
    let handler = move |message: QueuedMessage| std::future::ready(handled.handle(&message));
    Ok(queue.run(handler).concurrency(64).until(shutdown).await?)
}

/// The keys of handled receipts. A real program stores them in its database, in the transaction that handles the
/// receipt.
#[derive(Default)]
struct Handled {
    keys: Mutex<HashSet<String>>,
    second: Arc<Notify>,
}

impl Handled {
    fn handle(&self, message: &QueuedMessage) -> Result<(), Problem> {
        let Ok(receipts) = &message.receipts else {
            // The text may hold numbers: keep it where such data belongs.
            println!("message {} is not JSON", message.message_id);
            return Ok(());
        };
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        for receipt in receipts {
            let is_new = keys.insert(receipt.key().to_string());
            println!("{}{}", receipt.key(), if is_new { "" } else { " came again" });
        }
        if keys.len() == 2 {
            self.second.notify_one();
        }
        Ok(())
    }
}

/// Handles call receipts from a queue until it is stopped.
#[derive(clap::Parser)]
struct Options {
    /// Use the real queue, with the access key of the environment.
    #[arg(long)]
    live: bool,
    /// The type of the receipts in the queue.
    #[arg(long = "type", default_value = "SecretReport")]
    receipt_type: ReceiptType,
    /// The name of the queue, as the console shows it.
    #[arg(long)]
    queue: Option<String>,
}
