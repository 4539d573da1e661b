//! What the command lines of the examples share: arguments, the exit code, error messages, signals, files.
#![allow(dead_code, unused_imports, clippy::print_stderr)] // no example uses all of it

mod part_file;
mod stop;

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Parser;
use privacy_number::Advice;
use privacy_number::aliyun::{BindError, DownloadError};

pub(crate) use part_file::PartFile;
pub(crate) use stop::Stop;

/// An error message, and what to do about it.
#[derive(Debug)]
pub(crate) struct Problem {
    what: String,
    remedy: String,
}

impl Problem {
    pub(crate) fn new(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self { what: what.to_string(), remedy: remedy.to_string() }
    }

    /// A file that the program cannot read or write.
    pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            format_args!("{}: {error}", path.display()),
            "check the path and whether you may read and write there",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Problem {}

/// Runs an example with the options of its command line. Prints its error and what to do about it.
pub(crate) async fn run<O: Parser>(example: impl AsyncFnOnce(O) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let command = O::command().name(env!("CARGO_CRATE_NAME")).version(env!("CARGO_PKG_VERSION"));
    let options = O::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit());
    let Err(error) = example(options).await else { return ExitCode::SUCCESS };
    tell(&*error);
    ExitCode::FAILURE
}

/// Prints an error and what to do about it.
pub(crate) fn tell(error: &(dyn Error + 'static)) {
    eprintln!("error: {error}");
    if let Some(remedy) = remedy(error) {
        eprintln!("what to do: {remedy}");
    }
}

fn remedy(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return Some(problem.remedy.clone());
    }
    if let Some(error) = error.downcast_ref::<privacy_number::Error>() {
        return Some(what_to_do(error.advice()));
    }
    if let Some(error) = error.downcast_ref::<BindError>() {
        return Some(what_to_do(error.error.advice()));
    }
    Some(match error.downcast_ref::<DownloadError>()? {
        DownloadError::Call(error) => what_to_do(error.advice()),
        DownloadError::NotReady => {
            "check that recording was on, and that the call was less than 14 days ago".to_owned()
        }
        DownloadError::Write(cause) => format!("make it possible to write the file: {cause}"),
        DownloadError::BadLink | DownloadError::Refused { .. } => "report it to the gateway's support".to_owned(),
        _ => "start again".to_owned(),
    })
}

/// What to do about an error with this advice.
pub(crate) fn what_to_do(advice: Advice) -> String {
    match advice {
        Advice::Retry => "try again later".to_owned(),
        Advice::WaitFor(pause) => format!("try again in {} s", pause.as_secs()),
        Advice::WaitUntil(time) => format!("try again at {}", time.format("%Y-%m-%d %H:%M:%S %:z")),
        Advice::RefreshSession => "let the seller authorise the application again".to_owned(),
        Advice::RefreshOaid => "read the order again and use its current oaid".to_owned(),
        Advice::AskSeller => "ask the seller to allow it".to_owned(),
        Advice::TopUp => "top up the account".to_owned(),
        Advice::FixRequest => "correct the request or the setting".to_owned(),
        Advice::Reconcile => "find out whether it was done before trying again".to_owned(),
        _ => "report it to the platform".to_owned(),
    }
}

/// Parses a count that must not be 0.
pub(crate) fn at_least_one<N: FromStr<Err = std::num::ParseIntError> + PartialEq + Default>(
    text: &str,
) -> Result<N, String> {
    let count: N = text.parse().map_err(|error| format!("{error}"))?;
    if count == N::default() { Err("must be at least 1".to_owned()) } else { Ok(count) }
}
