//! What the examples talk to: the emulator, or the real gateways when their keys are in the environment.
#![allow(dead_code)] // no example uses all of it

use std::error::Error;

use privacy_number::emulator::Emulator;
use privacy_number::{aliyun, top};

/// TOP, by the emulator's first shop or by `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION`.
pub(crate) struct Shop {
    pub(crate) name: &'static str,
    pub(crate) shop: top::Shop,
    /// Serves as long as it lives.
    emulator: Option<Emulator>,
}

/// Aliyun, by the emulator or by `ALIYUN_POOL_KEY` and what `aliyun::Client::from_env` reads.
pub(crate) struct Pool {
    pub(crate) client: aliyun::Client,
    pub(crate) pool_key: String,
    /// Serves as long as it lives.
    emulator: Option<Emulator>,
}

impl Shop {
    /// The emulator knows these orders, given by `tid` and `oaid`.
    pub(crate) async fn connect<'a>(
        orders: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Box<dyn Error>> {
        if std::env::var_os("TOP_APP_KEY").is_some() {
            return Ok(Self { name: "production", shop: top::Shop::from_env()?, emulator: None });
        }
        let emulator = Emulator::builder().orders(orders).shop_callers(["4001234567"]).start().await?;
        Ok(Self { name: "emulator", shop: emulator.shop()?, emulator: Some(emulator) })
    }

    pub(crate) fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }
}

impl Pool {
    pub(crate) fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }

    pub(crate) async fn connect() -> Result<Self, Box<dyn Error>> {
        if let Ok(pool_key) = std::env::var("ALIYUN_POOL_KEY") {
            return Ok(Self { client: aliyun::Client::from_env()?, pool_key, emulator: None });
        }
        let emulator = Emulator::start().await?;
        Ok(Self { client: emulator.aliyun()?, pool_key: emulator.pool_key().to_owned(), emulator: Some(emulator) })
    }
}
