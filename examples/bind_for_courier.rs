//! A number over which a courier and a buyer reach each other: bind it, hand it over, renew it while the parcel is
//! late, and remove it on delivery. Against the emulator; with `--live`, and `ALIYUN_POOL_KEY` and an access key in the
//! environment, against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example bind_for_courier
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use clap::Parser;
use privacy_number::PhoneNumber;
use privacy_number::aliyun::{BindAxb, Unbound};

/// Binds a number between a courier and a buyer, renews it, and removes it again.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The courier's number.
    #[arg(long, default_value = "15000000000", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    courier: PhoneNumber,
    /// The buyer's number.
    #[arg(long, default_value = "15000000001", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    buyer: PhoneNumber,
    /// X, a number of the pool to bind. Naming it lets a lost answer be found again.
    #[arg(long, default_value = "17000000001", required_if_eq("live", "true"))]
    number: String,
    /// The parcel, as call receipts name it.
    #[arg(long, default_value = "parcel-1")]
    parcel: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, pool_key, .. } =
        &gateway::Pool::connect(&options.live, "one number for the time that it is bound, and the calls over it")
            .await?;
    let bind = BindAxb::builder()
        .pool_key(pool_key)
        .phone_no_a(options.courier)
        .phone_no_b(options.buyer)
        .phone_no_x(options.number)
        .expiration(Utc::now() + TimeDelta::hours(4))
        .out_id(options.parcel)
        .build();
    let mut binding = client.bind_reconciled(&bind).await?;
    println!("the courier dials {}", binding.secret_no.dial());

    if binding.ends_within(TimeDelta::hours(6), Utc::now()) {
        client.renew(&mut binding, Utc::now() + TimeDelta::days(1)).await?;
        println!("renewed until {}", binding.expiration.format("%Y-%m-%d %H:%M"));
    }

    // A second run, after a lost answer for instance, is a success too.
    for _ in 0..2 {
        match client.unbind(&binding).await? {
            Unbound::Removed => println!("delivered: the number is free again"),
            _ => println!("it was free before"),
        }
    }
    Ok(())
}
