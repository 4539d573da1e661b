//! Whether mobile numbers are in service, before a courier is sent. Charged for each number on the real gateway, so a
//! lost answer is not asked for again. Against the emulator, where a number's last digits decide.
//!
//! ```sh
//! cargo run --features emulator --example number_status
//! ```
#![allow(clippy::print_stdout)]

use privacy_number::aliyun::{DescribePhoneNumberStatus, NumberStatus};
use privacy_number::emulator::Emulator;
use privacy_number::{Advice, PhoneNumber};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;
    let client = emulator.aliyun()?;
    for number in ["15000001234", "15000000001", "15000000002", "1500000"] {
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
