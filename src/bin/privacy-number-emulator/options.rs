//! The command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use reqwest::Url;

/// The URLs that the program can send requests to.
const SCHEMES: &[&str] =
    if cfg!(any(feature = "rustls", feature = "rustls-no-provider")) { &["http", "https"] } else { &["http"] };

/// Emulates Taobao Open Platform and Alibaba Cloud's Phone Number Protection for clients in any language.
///
/// Prints the keys and addresses that a client needs, then a line for each request. Stops on Ctrl-C and on SIGTERM.
#[derive(clap::Parser)]
#[command(name = "privacy-number-emulator", version)]
pub(crate) struct Options {
    /// The port; 0 for any free one.
    #[arg(long, default_value_t = 8700)]
    pub(crate) port: u16,
    /// The address to listen on. Other than a loopback address, it needs a control token.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) host: IpAddr,
    /// What the control endpoints demand as `Authorization: Bearer TOKEN`. Other users of this machine can see the
    /// arguments of a program, but not its environment.
    #[arg(long, value_name = "TOKEN", env = "PRIVACY_NUMBER_EMULATOR_TOKEN", hide_env_values = true)]
    pub(crate) control_token: Option<String>,
    /// A file of orders: CSV with the header tid,oaid or tid,oaid,shop, or JSON lines with these members.
    #[arg(long, value_name = "FILE")]
    pub(crate) orders: Option<PathBuf>,
    /// Keep the state in this file over restarts. Orders, quotas and the seed of the command line then count for a new
    /// state and after a reset only.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Push the receipts of calls to this URL, followed by a slash and the type of the receipt.
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(crate) push_url: Option<Url>,
    /// Print JSON lines. The first has everything that a client needs.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no line for a request.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Stop after this many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
    /// The seed of generated numbers and orders.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many orders to generate, besides those that always exist.
    #[arg(long, value_name = "ORDERS", default_value_t = 20)]
    pub(crate) generated_orders: u32,
    /// How many orders a shop may decrypt in a day.
    #[arg(long, value_name = "ORDERS")]
    pub(crate) decryptions_per_day: Option<u64>,
    /// Serve nothing: exit with 0 if an emulator answers at this URL, else with 1.
    #[arg(long, value_name = "URL", value_parser = url, num_args = 0..=1,
        default_missing_value = "http://127.0.0.1:8700")]
    pub(crate) health: Option<Url>,
}

fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if SCHEMES.contains(&url.scheme()) {
        Ok(url)
    } else {
        Err(format!("must begin with {}://", SCHEMES.join(":// or ")))
    }
}
