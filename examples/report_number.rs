//! Reports the person behind a mobile A number: uploads the photos, submits the report, waits for the review. Run it
//! again at any time: a report that exists is found and not submitted twice. Uses the emulator, which approves after a
//! second; with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example report_number
//! ```
#![allow(clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use command_line::Problem;
use privacy_number::PhoneNumber;
use privacy_number::aliyun::{EnsureReportedError, NumberReport, Photo};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(report).await
}

async fn report(options: Options) -> Result<(), Box<dyn Error>> {
    let person = options.person.as_deref().map_or(Ok("张某某\n000000000000000000".into()), read)?;
    let person = String::from_utf8(person).map_err(|_| Problem::new("--person is not UTF-8", "save it as UTF-8"))?;
    let (name, document) = person.trim().split_once('\n').unwrap_or((person.trim(), ""));
    let portrait = match &options.portrait {
        Some(path) => Photo::named(&path.to_string_lossy(), read(path)?)
            .map_err(|error| Problem::new(format_args!("{}: {error}", path.display()), "choose another photo"))?,
        None => Photo::new(b"\xFF\xD8\xFF\xE0 a made-up portrait".as_slice())?,
    };
    let gateway::Pool { client, .. } = &gateway::Pool::connect(&options.live, "nothing").await?;

    let report = NumberReport::builder().a_no_white_group_id(options.white_group).phone_no_a(options.number);
    let report = report.cust_name(name.trim()).document_number(document.trim()).alive_photo(portrait).build();
    let poll_every = options.poll_every.unwrap_or(if options.live.live { 600 } else { 1 });
    let run = client
        .ensure_reported(report)
        .wait(Duration::from_secs(options.wait))
        .poll_every(Duration::from_secs(poll_every))
        .on_progress(|progress| println!("{progress:?}"));
    match run.await {
        Ok(reported) if reported.is_new => println!("reported and approved"),
        Ok(_) => println!("was reported before, and is approved"),
        Err(EnsureReportedError::NotReviewed) => println!("still under review: run this again later"),
        Err(EnsureReportedError::Rejected { reasons }) => {
            let reasons: Vec<_> = reasons.iter().map(|reason| reason.expose()).collect();
            return Err(
                Problem::new(format_args!("rejected: {}", reasons.join("; ")), "correct it, report again").into()
            );
        }
        Err(EnsureReportedError::Call(error)) => return Err(error.into()),
        Err(error) => return Err(Problem::new(error, "run this again").into()),
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| Problem::of_file(path, &error))
}

/// Reports the person behind a mobile number, and waits for the review.
#[derive(clap::Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The id of the white list of A numbers, from the console.
    #[arg(long, default_value_t = 19, required_if_eq("live", "true"))]
    white_group: u64,
    /// The mobile number.
    #[arg(long, default_value = "15000000001", required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    number: PhoneNumber,
    /// A file with the person's name in its first line and the number of the identity card in its second one.
    #[arg(long, required_if_eq("live", "true"))]
    person: Option<PathBuf>,
    /// The live portrait, a PNG or JPEG of at most 2 MB.
    #[arg(long, required_if_eq("live", "true"))]
    portrait: Option<PathBuf>,
    /// How many seconds to wait for the review.
    #[arg(long, default_value_t = 3600)]
    wait: u64,
    /// The seconds between two queries. By default 600, and 1 without `--live`.
    #[arg(long, value_parser = command_line::at_least_one::<u64>)]
    poll_every: Option<u64>,
}
