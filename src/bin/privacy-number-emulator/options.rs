//! The command line.

use std::net::{IpAddr, Ipv4Addr};

/// Emulates Taobao Open Platform and Alibaba Cloud's Phone Number Protection for clients in any language.
///
/// Prints the keys and addresses that a client needs, then a line for each request. Stops on Ctrl-C and on SIGTERM.
#[derive(clap::Parser)]
#[command(version)]
pub(crate) struct Options {
    /// The port; 0 for any free one.
    #[arg(long, default_value_t = 8700)]
    pub(crate) port: u16,
    /// The address to listen on. Other than a loopback address, it needs a control token.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) host: IpAddr,
    /// What the control endpoints demand as `Authorization: Bearer TOKEN`.
    #[arg(long, value_name = "TOKEN", env = "PRIVACY_NUMBER_EMULATOR_TOKEN", hide_env_values = true)]
    pub(crate) control_token: Option<String>,
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
}
