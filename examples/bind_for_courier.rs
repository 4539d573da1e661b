//! Binds a number with which a courier and a buyer call each other, renews the binding while the parcel is late, and
//! unbinds it after the delivery. Uses the emulator; with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the
//! access key of the environment.
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
use privacy_number::PhoneNumber;
use privacy_number::aliyun::{BindAxb, Unbound};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(bind_renew_unbind).await
}

async fn bind_renew_unbind(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect(&options.live, gateway::ONE_BINDING).await?;
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

    // The second unbind shows that a retry succeeds too.
    for _ in 0..2 {
        match client.unbind(&binding).await? {
            Unbound::Removed => println!("delivered: the number is free again"),
            _ => println!("it was free before"),
        }
    }
    Ok(())
}

/// Binds a number for a courier and a buyer, renews the binding, and unbinds it.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The courier's number.
    #[arg(long, default_value = "15000000000", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    courier: PhoneNumber,
    /// The buyer's number.
    #[arg(long, default_value = "15000000001", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    buyer: PhoneNumber,
    /// X, a number of the pool. If the response is lost, the binding is looked for at this number.
    #[arg(long, default_value = "17000000001", required_if_eq("live", "true"))]
    number: String,
    /// The id of the parcel, which call receipts contain.
    #[arg(long, default_value = "parcel-1")]
    parcel: String,
}
