//! The gateway that an example uses: the emulator, or with `--live` the real gateway with the keys of the environment.
#![allow(dead_code, clippy::print_stderr)] // no example uses all of it

use std::error::Error;
use std::fmt::Display;

use privacy_number::emulator::Emulator;
use privacy_number::top::ReceiverQuery;
use privacy_number::{aliyun, top};

use crate::command_line::Problem;

/// What a binding is charged for.
pub(crate) const ONE_BINDING: &str = "one number for the time that it is bound, and the calls over it";

#[derive(clap::Args)]
pub(crate) struct Live {
    /// Use the real gateway, which charges money, with the keys of the environment. The charges are printed first.
    /// Without this option the emulator is used, whatever keys are set.
    #[arg(long)]
    pub(crate) live: bool,
}

impl Live {
    /// The name of the gateway.
    pub(crate) fn name(&self) -> &'static str {
        if self.live { "production" } else { "emulator" }
    }

    /// Prints what is charged. Called before anything is sent.
    fn announce(&self, gateway: &str, keys: &[&str], endpoints: &[&str], charged: impl Display) {
        if !self.live {
            if let Some(key) = keys.iter().find(|name| std::env::var_os(name).is_some()) {
                eprintln!("{key} is set and not used: without --live the emulator answers");
            }
            return;
        }
        let endpoints = endpoints.iter().filter_map(|name| Some(format!(", {name} {}", std::env::var(name).ok()?)));
        eprintln!("live: {gateway}{}; charged: {charged}", endpoints.collect::<String>());
    }
}

/// A shop of TOP: the first shop of the emulator, or that of `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION`.
pub(crate) struct Shop {
    pub(crate) shop: top::Shop,
    /// Stops when it is dropped.
    emulator: Option<Emulator>,
}

/// A number pool of Aliyun: that of the emulator, or `ALIYUN_POOL_KEY` with the keys that `aliyun::Client::from_env`
/// reads.
pub(crate) struct Pool {
    pub(crate) client: aliyun::Client,
    pub(crate) pool_key: String,
    /// Stops when it is dropped.
    emulator: Option<Emulator>,
}

impl Shop {
    /// `charged` names what the gateway charges. `orders` are the orders of the emulator, as `tid` and `oaid`.
    pub(crate) async fn connect<'a>(
        live: &Live,
        charged: impl Display,
        orders: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Box<dyn Error>> {
        const KEYS: [&str; 3] = ["TOP_APP_KEY", "TOP_APP_SECRET", "TOP_SESSION"];
        live.announce("the Taobao Open Platform", &KEYS, &["TOP_ENDPOINT"], charged);
        if live.live {
            return Ok(Self { shop: top::Shop::from_env().map_err(|error| missing(error, &KEYS))?, emulator: None });
        }
        let emulator = Emulator::builder().orders(orders).shop_callers(["4001234567"]).start().await?;
        Ok(Self { shop: emulator.shop()?, emulator: Some(emulator) })
    }

    /// A shop that decrypts these orders.
    pub(crate) async fn connect_to_decrypt(live: &Live, orders: &[ReceiverQuery]) -> Result<Self, Box<dyn Error>> {
        let charged = format!("the decryption of up to {} orders", orders.len());
        Self::connect(live, charged, orders.iter().map(|order| (&*order.tid, order.oaid.expose()))).await
    }
}

impl Pool {
    /// `charged` names what the gateway charges.
    pub(crate) async fn connect(live: &Live, charged: impl Display) -> Result<Self, Box<dyn Error>> {
        const KEYS: [&str; 3] = ["ALIYUN_POOL_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"];
        let endpoints = ["ALIYUN_DYPLS_ENDPOINT", "ALIYUN_DYTNS_ENDPOINT", "ALIYUN_DYBASE_ENDPOINT"];
        live.announce("Alibaba Cloud", &KEYS, &endpoints, charged);
        if live.live {
            let pool_key = std::env::var("ALIYUN_POOL_KEY").ok().filter(|key| !key.is_empty());
            let pool_key = pool_key.ok_or_else(|| missing("`ALIYUN_POOL_KEY` is not set in the environment", &KEYS))?;
            let client = aliyun::Client::from_env().map_err(|error| missing(error, &KEYS))?;
            return Ok(Self { client, pool_key, emulator: None });
        }
        let emulator = Emulator::builder().report_review_time(chrono::TimeDelta::seconds(1)).start().await?;
        Ok(Self { client: emulator.aliyun()?, pool_key: emulator.pool_key().to_owned(), emulator: Some(emulator) })
    }
}

fn missing(what: impl Display, keys: &[&str]) -> Problem {
    Problem::new(what, format_args!("set {}, or leave --live out to talk to the emulator", keys.join(", ")))
}
