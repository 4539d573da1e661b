//! Gives a service desk with several lines one number: creates a G group of the lines, binds a buyer to the group, and
//! deletes a line from it. Uses the emulator; with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the access key
//! of the environment.
//!
//! ```sh
//! cargo run --features emulator --example g_group
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use privacy_number::PhoneNumber;
use privacy_number::aliyun::{BindAxg, CreateAxgGroup, DeleteAxgGroup, GroupOperateType, OperateAxgGroup, Unbound};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(use_group).await
}

async fn use_group(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect(&options.live, gateway::ONE_BINDING).await?;

    let group = CreateAxgGroup::builder().pool_key(pool_key).name("desk").numbers(options.lines.clone()).build();
    let group_id = client.send(&group).await?.group_id;
    println!("group {group_id} with {} lines", options.lines.len());

    let bind = BindAxg::builder()
        .pool_key(pool_key)
        .phone_no_a(options.buyer)
        .group_id(&group_id)
        .phone_no_x(options.number)
        .expiration(Utc::now() + TimeDelta::days(7))
        .build();
    let binding = client.bind_reconciled(&bind).await?;
    println!("the desk reaches the buyer over {}", binding.secret_no.dial());

    let change = OperateAxgGroup::builder()
        .pool_key(pool_key)
        .group_id(&group_id)
        .operate_type(GroupOperateType::DeleteNumbers)
        .numbers(options.lines.into_iter().skip(1))
        .build();
    client.send(&change).await?;
    println!("one line left the group");

    match client.unbind(&binding).await? {
        Unbound::Removed => println!("case closed: the number is free again"),
        _ => println!("case closed: the number was free before"),
    }
    client.send(&DeleteAxgGroup::builder().pool_key(pool_key).group_id(&group_id).build()).await?;
    println!("group deleted");
    Ok(())
}

/// Creates a group of lines, binds a buyer to it, deletes a line, and then unbinds and deletes everything.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The two lines of the desk. The second one is deleted.
    #[arg(long, num_args = 2, required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    #[arg(default_values = ["01012345678", "4001234567"])]
    lines: Vec<PhoneNumber>,
    /// The buyer's number.
    #[arg(long, default_value = "15000000000", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    buyer: PhoneNumber,
    /// X, a number of the pool. If the response is lost, the binding is looked for at this number.
    #[arg(long, default_value = "17000000001", required_if_eq("live", "true"))]
    number: String,
}
