//! Alibaba Cloud Phone Number Protection (号码隐私保护, Dyplsapi): bindings between real numbers and virtual ones.
//!
//! | request | what it does | safety | documented calls per second |
//! | --- | --- | --- | --- |
//! | [`BindAxb`] | binds A and B to a shared number X | once | 5000 |
//! | [`UpdateSubscription`] | changes one property of a binding | idempotent | 10000 |
//! | [`UnbindSubscription`] | removes a binding | idempotent | 5000 |
//! | [`QuerySubscriptionDetail`] | reads a binding | safe | 1000 |

mod binding;
mod client;
mod credentials;
mod error_code;
mod protocol;
mod response;
mod ring_config;
mod subscription;

pub use binding::{BindAxb, BindAxbResponse, DtmfConfig, SecretBind};
pub use client::{Client, ClientBuilder};
pub use credentials::{
    Credentials, CredentialsProvider, Environment, ProfileFile, ProviderError, RoleCredentials, Sts,
};
pub use error_code::CREDENTIALS_UNAVAILABLE;
pub use ring_config::{AxbRingConfig, AxgRingConfig, AxnRingConfig, RingConfig};
pub use subscription::{
    BindingStatus, CallRestrict, ProductType, QuerySubscriptionDetail, QuerySubscriptionDetailResponse,
    SecretBindDetail, SubscriptionUpdate, UnbindSubscription, UnbindSubscriptionResponse, UpdateSubscription,
    UpdateSubscriptionResponse,
};

pub use crate::sign::pop::HttpMethod;

use crate::operation::{Gateway, sealed};

/// Marks the operations of Phone Number Protection, version 2017-05-25.
#[derive(Debug, Clone, Copy)]
pub enum Dyplsapi {}

/// Marks the operations of Phone Number Service (号码百科), version 2020-02-17.
#[derive(Debug, Clone, Copy)]
pub enum Dytnsapi {}

/// An Aliyun product: a gateway with a host and a version of its own.
pub trait Product: Gateway {
    /// The version of the API, the parameter `Version`.
    const VERSION: &'static str;

    #[doc(hidden)]
    const KIND: ProductKind;
}

/// Which of a client's endpoints a product uses.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum ProductKind {
    /// dyplsapi.aliyuncs.com
    Dyplsapi,
    /// dytnsapi.aliyuncs.com
    Dytnsapi,
    /// sts.aliyuncs.com
    Sts,
}

impl sealed::Sealed for Dyplsapi {}
impl sealed::Sealed for Dytnsapi {}

impl Gateway for Dyplsapi {
    const NAME: &'static str = "Dyplsapi";
}

impl Gateway for Dytnsapi {
    const NAME: &'static str = "Dytnsapi";
}

impl Product for Dyplsapi {
    const VERSION: &'static str = "2017-05-25";
    const KIND: ProductKind = ProductKind::Dyplsapi;
}

impl Product for Dytnsapi {
    const VERSION: &'static str = "2020-02-17";
    const KIND: ProductKind = ProductKind::Dytnsapi;
}
