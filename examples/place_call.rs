//! Binds a number, places a call through it in the emulator, and prints the receipts as they are pushed. The emulator's
//! clock is stopped and moved forward, so that the two minutes of the call take no time.
//!
//! ```sh
//! cargo run --features emulator --example place_call
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::BindAxb;
use privacy_number::emulator::{Emulator, PlacedCall, PushSettings, Side};
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(place_call).await
}

async fn place_call(options: Options) -> Result<(), Box<dyn Error>> {
    let receiver = MockServer::builder().start().await;
    Mock::given(method("POST")).respond_with(print_and_acknowledge).mount(&receiver).await;
    let emulator = Emulator::builder().push_receipts(PushSettings::to(receiver.uri())).start().await?;
    emulator.clock().stop();

    let bind = BindAxb::builder()
        .pool_key(emulator.pool_key())
        .phone_no_a(options.courier.as_str())
        .phone_no_b(options.buyer.as_str())
        .expiration(emulator.now() + TimeDelta::hours(4))
        .is_recording_enabled(true)
        .asr_status(true)
        .out_id("parcel-1")
        .build();
    let x = emulator.aliyun()?.send(&bind).await?.secret_bind.secret_no.dial().to_string();

    let call = PlacedCall::new(options.buyer, &x)
        .answered_after(Duration::from_secs(4))
        .talks_for(Duration::from_secs(30))
        .hung_up_by(Side::Caller);
    match emulator.place_call(&call).result {
        Ok(rung) => println!("the buyer dials {x}: {} rings and shows {}", rung.number, rung.shown),
        Err(refusal) => println!("nobody rings: {refusal}"),
    }
    emulator.settle().await;
    for _ in 0..120 {
        emulator.clock().advance(Duration::from_secs(1));
        emulator.settle().await;
    }
    Ok(())
}

/// What a receiver does: it keeps the receipts, here by printing them, and acknowledges them within 700 ms.
fn print_and_acknowledge(request: &Request) -> ResponseTemplate {
    let message_type = request.url.path().trim_start_matches('/');
    let Ok(Value::Array(receipts)) = serde_json::from_slice(&request.body) else {
        return ResponseTemplate::new(500);
    };
    for receipt in receipts {
        println!("{message_type} {receipt}");
    }
    ResponseTemplate::new(200).set_body_json(json!({"code": 0, "msg": "ok"}))
}

/// Places a call through a bound number, and prints its receipts.
#[derive(clap::Parser)]
struct Options {
    /// The courier's number: A.
    #[arg(long, default_value = "15000000000")]
    courier: String,
    /// The number of the buyer, who calls the courier: B.
    #[arg(long, default_value = "15000000001")]
    buyer: String,
}
