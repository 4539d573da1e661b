//! Shows why a signature is refused: signs with a wrong secret for both gateways, for Alibaba
//! Cloud by both of its signatures. Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example explain_signature
//! ```
#![allow(clippy::print_stdout)]

mod command_line;

use std::process::ExitCode;

use privacy_number::aliyun::{QuerySubscriptionDetail, SignatureVersion};
use privacy_number::emulator::Emulator;
use privacy_number::top::SecretGroupQuery;
use privacy_number::{Error, Params, sign::explain::explain_pop, sign::pop::HttpMethod};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(explain_both).await
}

async fn explain_both(_: Options) -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;

    let shop = emulator.top_builder().app(emulator.app_key(), "another secret").build()?.shop(emulator.session());
    explain(shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await.err());

    let query = QuerySubscriptionDetail::builder()
        .pool_key(emulator.pool_key())
        .subs_id("1000000768798832")
        .phone_no_x("17000000001")
        .build();
    for version in [SignatureVersion::V1_0, SignatureVersion::Acs3] {
        let aliyun = emulator.aliyun_builder().access_key(emulator.access_key_id(), "another secret");
        explain(aliyun.signature_version(version).build()?.send(&query).await.err());
    }

    // Compares the string to sign of another client, without a gateway.
    let params: Params = [("Action", "BindAxb"), ("OutId", "a*b")].into_iter().collect();
    let other = "POST&%2F&Action%3DBindAxb%26OutId%3Da*b";
    println!("{}", explain_pop(HttpMethod::Post, &params, Some(other)));
    Ok(())
}

fn explain(error: Option<Error>) {
    let Some(Error::Service(error)) = error else { return println!("the signature was not refused") };
    println!("{error}");
    if let Some(explanation) = error.explanation() {
        println!("  {explanation}");
    }
}

/// Shows why a signature is refused. Uses the emulator only.
#[derive(clap::Parser)]
struct Options {}
