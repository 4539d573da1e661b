//! Decrypts a file of orders, reports the shop's callers for the 700 numbers, prints a contact sheet, then binds an AXB
//! number for after-sales, reads the binding and unbinds it. All input is checked before the first call. With `--out`,
//! the same command continues after Ctrl-C or a crash. Uses the emulator; with `--live` it uses the real gateways, with
//! `TOP_APP_KEY`, `TOP_APP_SECRET`, `TOP_SESSION`, `ALIYUN_POOL_KEY` and the access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example quickstart -- --orders examples/data/orders.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod after_sales;
#[path = "../command_line/mod.rs"]
mod command_line;
mod contact_sheet;
#[path = "../contacts/mod.rs"]
mod contacts;
#[path = "../gateway/mod.rs"]
mod gateway;
mod options;
#[path = "../order_file/mod.rs"]
mod order_file;

use std::error::Error;
use std::process::ExitCode;

use command_line::{Problem, Stop};
use contact_sheet::ContactSheet;
use gateway::{Pool, Shop};
use options::Options;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(decrypt_report_and_bind).await
}

async fn decrypt_report_and_bind(options: Options) -> Result<(), Box<dyn Error>> {
    let callers = options.checked_callers()?;
    let orders = order_file::read(&options.orders)?;
    let (mut out, done) = contacts::open(options.out.as_deref(), options.live.name())?;
    let mut sheet = ContactSheet::of(&orders, done);
    let orders = contacts::without(orders, sheet.contacts());
    let top = Shop::connect_to_decrypt(&options.live, &orders).await?;
    let aliyun = Pool::connect(&options.live, "the X number of one binding, as its pool is charged").await?;
    let bind = after_sales::checked(&aliyun.pool_key, &options.parties)?;

    let mut stop = Stop::listen()?;
    let progress = contacts::decrypt(&top.shop, orders, 4, &mut stop, &mut out, |outcome| sheet.add(outcome)).await?;
    let callers_reported = tokio::select! {
        reported = sheet.report_callers(&top.shop, &callers) => reported,
        signal = stop.wait() => return Err(Problem::new(
            format_args!("{signal}: callers were reported for some orders only, and nothing was bound"),
            "run the same again: a caller that is reported twice does no harm",
        ).into()),
    };
    // A signal does not interrupt this: a number that is bound is unbound.
    let binding = after_sales::bind_read_unbind(&aliyun.client, &bind).await;

    let print = if options.json { ContactSheet::print_json } else { ContactSheet::print };
    print(&sheet, options.live.name(), progress.calls(), &callers_reported, binding.as_ref().ok());
    // Errors after the decryption are returned last, so that the contacts are printed in any case.
    match (callers_reported.failure, binding) {
        (Some(failure), Ok(_)) => Err(failure),
        (Some(failure), Err(error)) => {
            command_line::tell(&*failure);
            Err(error)
        }
        (None, binding) => binding.map(|_| ()),
    }
}
