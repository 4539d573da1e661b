//! How often a request is sent, by the safety of the operation and by the fault.

mod clock;
mod matrix;
mod waiting;

use std::fmt;

use futures_util::future::LocalBoxFuture;
use privacy_number::{Error, Safety, Settings};

use crate::catalogue;
use crate::clients::{SESSION, aliyun_builder, plain_http, top_builder};
use crate::samples::{Clients, Sample, each_operation, is_top};

/// An operation, sent with its sample.
#[derive(Clone, Copy)]
struct Call {
    name: &'static str,
    safety: Safety,
    is_top: bool,
    send: for<'a> fn(&'a Clients) -> LocalBoxFuture<'a, Result<(), Error>>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Call {
    fn of<O: Sample>() -> Self {
        Self {
            name: O::NAME,
            safety: O::SAFETY,
            is_top: is_top::<O>(),
            send: |clients| Box::pin(send_sample::<O>(clients)),
        }
    }

    /// Every operation of the crate.
    fn all() -> Vec<Self> {
        each_operation!(call)
    }

    /// A successful response.
    fn success(self) -> String {
        catalogue::entry(self.name).first_response().json()
    }

    /// The first operation of each safety at each gateway, for slow tests.
    fn one_of_each_safety() -> Vec<Self> {
        let mut calls: Vec<Self> = Vec::new();
        for call in Self::all() {
            if !calls.iter().any(|first| (first.safety, first.is_top) == (call.safety, call.is_top)) {
                calls.push(call);
            }
        }
        calls
    }

    /// Sends it; the endpoint is the host's, `http://127.0.0.1:1/`.
    async fn send(self, endpoint: &str, settings: Settings) -> Result<(), Error> {
        let settings = settings.http_client(plain_http());
        let top = top_builder(format!("{endpoint}router/rest")).settings(settings.clone()).build().unwrap();
        let aliyun = aliyun_builder(endpoint).settings(settings).build().unwrap();
        (self.send)(&Clients { aliyun, shop: top.shop(SESSION), top }).await
    }
}

fn call<O: Sample>() -> Call {
    Call::of::<O>()
}

async fn send_sample<O: Sample>(clients: &Clients) -> Result<(), Error> {
    clients.send(&O::request()).await.map(drop)
}
