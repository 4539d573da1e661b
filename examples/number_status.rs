//! Queries whether mobile numbers are in service. The real gateway charges each query, so the client does not retry if
//! a response is lost. Uses the emulator, where the last digits of a number decide its status; with `--live` it uses
//! Aliyun, with `ALIYUN_POOL_KEY` and the access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example number_status -- 15000001234 15000000001
//! ```
#![allow(clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use privacy_number::aliyun::{DescribePhoneNumberStatus, NumberStatus};
use privacy_number::{Advice, PhoneNumber};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(query).await
}

async fn query(options: Options) -> Result<(), Box<dyn Error>> {
    let charged = format!("{} questions about a number's status", options.numbers.len());
    let gateway::Pool { client, .. } = &gateway::Pool::connect(&options.live, charged).await?;
    for number in options.numbers {
        let masked = number.masked();
        let query = DescribePhoneNumberStatus::builder().phone_number(number).build();
        match client.send(&query).await {
            Ok(answer) if answer.phone_status.status == NumberStatus::Normal => println!("{masked}: in service"),
            Ok(answer) => println!("{masked}: {}", answer.phone_status.status),
            Err(error) if error.advice() == Advice::Reconcile => println!("{masked}: may have been charged: {error}"),
            Err(error) => println!("{masked}: {error}; {}", command_line::what_to_do(error.advice())),
        }
    }
    Ok(())
}

/// Queries whether mobile numbers are in service.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The numbers. The real gateway charges each of them.
    #[arg(required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    #[arg(default_values = ["15000001234", "15000000001", "15000000002", "1500000"])]
    numbers: Vec<PhoneNumber>,
}
