//! The options of the command line.

use std::path::PathBuf;

use privacy_number::PhoneNumber;
use privacy_number::top::SecretGroupUpdate;

use crate::command_line::Problem;
use crate::gateway::Live;

/// Decrypts a file of orders into a sheet of contacts, and binds a number for after-sales.
#[derive(clap::Parser)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) live: Live,
    /// Orders to decrypt: a CSV file with the columns `tid` (订单号) and `oaid`, in UTF-8, GBK or UTF-16.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"), required_if_eq("live", "true"))]
    pub(crate) orders: PathBuf,
    /// A CSV file for the contacts. Orders whose contacts it already has are not decrypted again.
    #[arg(long, required_if_eq("live", "true"))]
    pub(crate) out: Option<PathBuf>,
    /// The shop's callers to report for 700 numbers, at most 20. With the emulator two made-up ones by default.
    #[arg(long, value_delimiter = ',', value_parser = PhoneNumber::normalise)]
    pub(crate) callers: Vec<PhoneNumber>,
    /// The two parties of the after-sales binding.
    #[arg(long, num_args = 2, required_if_eq("live", "true"), value_parser = PhoneNumber::normalise)]
    #[arg(default_values = ["15000000000", "15000000001"])]
    pub(crate) parties: Vec<PhoneNumber>,
    /// Print one JSON object instead of the contact sheet.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Options {
    /// The callers to report, checked before anything is sent.
    pub(crate) fn checked_callers(&self) -> Result<Vec<PhoneNumber>, Problem> {
        if self.callers.is_empty() && !self.live.live {
            return Ok(["01012345678", "13100000000"].map(PhoneNumber::from).into());
        }
        let (count, most) = (self.callers.len(), SecretGroupUpdate::MAX_CALLERS);
        if count <= most {
            return Ok(self.callers.clone());
        }
        let what = format!("{count} callers are more than {most}, the most that one report may hold");
        Err(Problem::new(what, "name fewer with --callers; nothing was sent"))
    }
}
