//! Binds a 700 number with which a courier and a buyer call each other, for one order; renews the binding while the
//! parcel is late, and unbinds it after the delivery. No operation reads a binding of a 700 number: if the response to
//! the bind is lost, the program prints what a person needs to look for it, and does not bind again. Uses the emulator;
//! with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example bind_700
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use privacy_number::PhoneNumber;
use privacy_number::aliyun::{BindAxb700, Unbound};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(renew_and_unbind).await
}

async fn renew_and_unbind(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, pool_key, .. } =
        &gateway::Pool::connect(&options.live, "one 700 number for the time that it is bound, and the calls over it")
            .await?;
    let bind = BindAxb700::builder()
        .pool_key(pool_key)
        .tel_a(options.courier)
        .tel_b(options.buyer)
        .order_id(options.order)
        .expiration(Utc::now() + TimeDelta::hours(4))
        .build();
    // If the response is lost, the error names the pool, the order and the time, for a look into the console.
    let mut binding = client.bind_reconciled(&bind).await?;
    println!("the courier dials {}, and so does the buyer", binding.secret_no.dial());

    client.renew(&mut binding, Utc::now() + TimeDelta::days(1)).await?;
    println!("renewed until {}", binding.expiration.format("%Y-%m-%d %H:%M"));

    // The second unbind shows that a retry succeeds too.
    for _ in 0..2 {
        match client.unbind(&binding).await? {
            Unbound::Removed => println!("delivered: the number is free again"),
            _ => println!("it was free before"),
        }
    }
    Ok(())
}

/// Binds a 700 number for a courier and a buyer, renews the binding, and unbinds it.
#[derive(clap::Parser)]
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
    /// The number of the order, which the supervision platform gets. It must not be used twice.
    #[arg(long, default_value = "order-1", required_if_eq("live", "true"))]
    order: String,
}
