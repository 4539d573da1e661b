//! Clients that are set up for an emulator.

use super::server::Emulator;
use crate::aliyun::receipt::{ReceiptQueue, ReceiptType};
use crate::{Error, InvalidRequest, Settings, aliyun, top};

impl Emulator {
    /// A TOP client with the emulator's application and clock.
    ///
    /// # Errors
    /// The checks of the client. None of them fails in practice.
    pub fn top(&self) -> Result<top::Client, Error> {
        self.top_builder().build()
    }

    /// The first shop, with its latest session.
    ///
    /// # Errors
    /// The checks of the client. None of them fails in practice.
    pub fn shop(&self) -> Result<top::Shop, Error> {
        Ok(self.top()?.shop(self.session()))
    }

    /// A shop by its name, with its latest session.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no shop with this name.
    pub fn shop_named(&self, shop: &str) -> Result<top::Shop, Error> {
        let session = self.session_of(shop).ok_or_else(|| InvalidRequest::new("shop", "must be the name of a shop"))?;
        Ok(self.top()?.shop(session))
    }

    /// An Alibaba Cloud client with the emulator's permanent access key and clock.
    ///
    /// # Errors
    /// The checks of the client. None of them fails in practice.
    pub fn aliyun(&self) -> Result<aliyun::Client, Error> {
        self.aliyun_builder().build()
    }

    /// The queue of a type of receipts, for a client as [`aliyun`](Self::aliyun) makes it.
    ///
    /// # Errors
    /// The checks of the client. None of them fails in practice.
    pub fn receipt_queue(&self, receipt_type: ReceiptType) -> Result<ReceiptQueue, Error> {
        let name = self.queue_name(receipt_type.as_str());
        self.aliyun()?.receipt_queue(receipt_type, name).endpoint(self.mns_endpoint()).build()
    }

    /// The builder of [`top`](Self::top), for a client with other settings.
    pub fn top_builder(&self) -> top::ClientBuilder {
        top::Client::builder()
            .app(self.app_key(), self.app_secret())
            .endpoint(self.top_endpoint())
            .settings(self.settings())
    }

    /// The builder of [`aliyun`](Self::aliyun), for a client with other settings.
    pub fn aliyun_builder(&self) -> aliyun::ClientBuilder {
        aliyun::Client::builder()
            .access_key(self.access_key_id(), self.access_key_secret())
            .endpoint_of_all(self.aliyun_endpoint())
            .settings(self.settings())
    }

    /// The default settings with the emulator's clock.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let clock = self.clock().clone();
        Settings::new().clock(move || clock.now())
    }
}
