//! How an operation of each gateway is sent and prepared.

use std::future::Future;

use privacy_number::aliyun::{Dybaseapi, Dyplsapi, Dytnsapi};
use privacy_number::sign::Stamp;
use privacy_number::top::Top;
use privacy_number::{Error, Gateway, Operation, PreparedRequest, SessionUse, aliyun, top};

use crate::samples::each_operation;

/// Clients of both gateways, all of one server.
pub(crate) struct Clients {
    pub(crate) aliyun: aliyun::Client,
    pub(crate) top: top::Client,
    pub(crate) shop: top::Shop,
}

impl Clients {
    pub(crate) async fn send<O: Operation<Gateway: TestGateway>>(&self, operation: &O) -> Result<O::Output, Error> {
        O::Gateway::send(self, operation).await
    }

    pub(crate) async fn prepare<O: Operation<Gateway: TestGateway>>(
        &self,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        O::Gateway::prepare(self, operation, stamp).await
    }
}

/// A gateway whose operations can be sent by [`Clients`].
pub(crate) trait TestGateway: Gateway + Sized {
    fn send<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
    ) -> impl Future<Output = Result<O::Output, Error>>;

    fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> impl Future<Output = Result<PreparedRequest, Error>>;
}

macro_rules! products_of_aliyun {
    ($($product:ty),*) => {$(
        impl TestGateway for $product {
            async fn send<O: Operation<Gateway = Self>>(clients: &Clients, operation: &O) -> Result<O::Output, Error> {
                clients.aliyun.send(operation).await
            }

            async fn prepare<O: Operation<Gateway = Self>>(
                clients: &Clients,
                operation: &O,
                stamp: &Stamp,
            ) -> Result<PreparedRequest, Error> {
                clients.aliyun.prepare(operation, stamp).await
            }
        }
    )*};
}

products_of_aliyun!(Dybaseapi, Dyplsapi, Dytnsapi);

/// Whether the method can be called without a session.
pub(crate) fn needs_no_session(operation: &str) -> bool {
    each_operation!(session_use).into_iter().any(|(name, session)| name == operation && session != SessionUse::Required)
}

fn session_use<O: Operation>() -> (&'static str, SessionUse) {
    (O::NAME, O::SESSION)
}

impl TestGateway for Top {
    async fn send<O: Operation<Gateway = Self>>(clients: &Clients, operation: &O) -> Result<O::Output, Error> {
        match O::SESSION {
            SessionUse::Required => clients.shop.send(operation).await,
            _ => clients.top.send(operation).await,
        }
    }

    async fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        match O::SESSION {
            SessionUse::Required => clients.shop.prepare(operation, stamp).await,
            _ => clients.top.prepare(operation, stamp),
        }
    }
}
