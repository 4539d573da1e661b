//! Whether mobile numbers are in service, before a courier is sent. Charged for each number on the real gateway, so a
//! lost answer is not asked for again. Against the emulator, where a number's last digits decide; with `ALIYUN_POOL_KEY`
//! and an access key in the environment, against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example number_status -- 15000001234 15000000001
//! ```
#![allow(clippy::print_stdout)]

mod gateway;

use privacy_number::aliyun::{DescribePhoneNumberStatus, NumberStatus};
use privacy_number::{Advice, PhoneNumber};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway::Pool { client, .. } = &gateway::Pool::connect().await?;
    let mut numbers: Vec<String> = std::env::args().skip(1).collect();
    if numbers.is_empty() {
        numbers = ["15000001234", "15000000001", "15000000002", "1500000"].map(str::to_owned).into();
    }
    for number in numbers {
        let number = PhoneNumber::from(number);
        let masked = number.masked();
        let query = DescribePhoneNumberStatus::builder().phone_number(number).build();
        match client.send(&query).await {
            Ok(answer) if answer.phone_status.status == NumberStatus::Normal => println!("{masked}: in service"),
            Ok(answer) => println!("{masked}: {}", answer.phone_status.status),
            Err(error) if error.advice() == Advice::Reconcile => println!("{masked}: may have been charged: {error}"),
            Err(error) => println!("{masked}: {error}"),
        }
    }
    Ok(())
}
