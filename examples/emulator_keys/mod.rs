//! What clients need to know of an emulator in another process.
#![allow(dead_code)] // no example uses all of it

use privacy_number::emulator::Emulator;
use privacy_number::{aliyun, top};
use serde::{Deserialize, Serialize};

/// The addresses and keys of an emulator, as one JSON object.
#[derive(Serialize, Deserialize)]
pub(crate) struct EmulatorKeys {
    pub(crate) top: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) session: String,
    pub(crate) aliyun: String,
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    pub(crate) pool_key: String,
    pub(crate) orders: Vec<Order>,
}

/// An order that can be decrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) tid: String,
    pub(crate) oaid: String,
}

impl EmulatorKeys {
    /// The keys without orders.
    pub(crate) fn of(emulator: &Emulator) -> Self {
        Self {
            top: emulator.top_endpoint(),
            app_key: emulator.app_key().to_owned(),
            app_secret: emulator.app_secret().to_owned(),
            session: emulator.session(),
            aliyun: emulator.aliyun_endpoint(),
            access_key_id: emulator.access_key_id().to_owned(),
            access_key_secret: emulator.access_key_secret().to_owned(),
            pool_key: emulator.pool_key().to_owned(),
            orders: Vec::new(),
        }
    }

    pub(crate) fn with_orders(emulator: &Emulator) -> Self {
        let orders = emulator.orders().into_iter().map(|(tid, oaid)| Order { tid, oaid });
        Self { orders: orders.collect(), ..Self::of(emulator) }
    }

    pub(crate) fn top(&self) -> top::ClientBuilder {
        top::Client::builder().app(&*self.app_key, &*self.app_secret).endpoint(&*self.top)
    }

    pub(crate) fn aliyun(&self) -> aliyun::ClientBuilder {
        let client = aliyun::Client::builder().access_key(&*self.access_key_id, &*self.access_key_secret);
        client.endpoint_of_all(&*self.aliyun)
    }
}
