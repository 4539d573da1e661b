//! A number over which a courier and a buyer reach each other: bind it, hand it over, renew it while the parcel is
//! late, and remove it on delivery. Against the emulator; with `ALIYUN_POOL_KEY` and an access key in the environment,
//! against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example bind_for_courier
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod gateway;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{BindAxb, Unbound};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect().await?;
    let bind = BindAxb::builder()
        .pool_key(pool_key)
        .phone_no_a("15000000000")
        .phone_no_b("15000000001")
        .phone_no_x("17000000001") // naming X lets a lost answer be found again
        .expiration(Utc::now() + TimeDelta::hours(4))
        .out_id("parcel-1")
        .build();
    let mut binding = match client.bind_reconciled(&bind).await {
        Ok(binding) => binding,
        Err(error) if error.needs_reconciling() => return Err(format!("a person has to look: {error}").into()),
        Err(error) => return Err(error.into()),
    };
    println!("the courier dials {}", binding.secret_no.dial());

    if binding.ends_within(TimeDelta::hours(6), Utc::now()) {
        client.renew(&mut binding, Utc::now() + TimeDelta::days(1)).await?;
        println!("renewed until {}", binding.expiration.format("%Y-%m-%d %H:%M"));
    }

    println!("delivered: {:?}", client.unbind(&binding).await?);
    // A second run, after a lost answer for instance, is a success too.
    assert_eq!(client.unbind(&binding).await?, Unbound::AlreadyGone);
    Ok(())
}
