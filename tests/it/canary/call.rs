//! Any operation, and everything that it shows.

use std::fmt::Debug;

use futures_util::future::LocalBoxFuture;
use privacy_number::aliyun::{SubscriptionUpdate, UpdateSubscription};
use privacy_number::sign::Stamp;
use privacy_number::{Error, Operation, PreparedRequest};

use super::sentinels::Sentinels;
use crate::samples::{Clients, Sample, TestGateway, Values, each_operation};

pub(super) trait AnyCall {
    /// The operation's name on the wire.
    fn name(&self) -> &'static str;

    /// What `Debug` shows of the request.
    fn shown(&self) -> String;

    /// Sends it. Returns what `Debug` shows of the response.
    fn send<'a>(&'a self, clients: &'a Clients) -> LocalBoxFuture<'a, Result<String, Error>>;

    fn prepare<'a>(
        &'a self,
        clients: &'a Clients,
        stamp: &'a Stamp,
    ) -> LocalBoxFuture<'a, Result<PreparedRequest, Error>>;
}

impl<O: Operation<Gateway: TestGateway, Output: Debug> + Debug> AnyCall for O {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn shown(&self) -> String {
        shown(self)
    }

    fn send<'a>(&'a self, clients: &'a Clients) -> LocalBoxFuture<'a, Result<String, Error>> {
        Box::pin(async { clients.send(self).await.map(|answer| shown(&answer)) })
    }

    fn prepare<'a>(
        &'a self,
        clients: &'a Clients,
        stamp: &'a Stamp,
    ) -> LocalBoxFuture<'a, Result<PreparedRequest, Error>> {
        Box::pin(clients.prepare(self, stamp))
    }
}

pub(super) type Calls = Vec<Box<dyn AnyCall>>;

/// The samples of all operations with sentinels for private texts, and an undocumented change of a binding.
pub(super) fn calls(s: &Sentinels) -> Calls {
    let values = Values::replaced(&s.texts);
    let mut calls: Calls = each_operation!(calls_of, &values).into_iter().flatten().collect();
    let change = SubscriptionUpdate::Other {
        operate_type: "updateNoC".into(),
        parameter: "PhoneNoC".into(),
        value: s.texts.caller.as_str().into(),
    };
    let update = UpdateSubscription::builder().pool_key("FC123456").subs_id("1").phone_no_x(&*s.texts.phone_x);
    calls.push(Box::new(update.update(change).build()));
    calls
}

fn calls_of<O: Sample>(values: &Values) -> Calls {
    O::requests(values).into_iter().map(|request| -> Box<dyn AnyCall> { Box::new(request) }).collect()
}

/// What `Debug` shows of a value, in both of its forms.
pub(super) fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}")
}

/// Everything that an error and its sources show.
pub(super) fn shown_error(error: &Error) -> String {
    let mut text = format!("{}\n{error}\n{error:#}\n{}", shown(error), shown(&error.clone()));
    if let Error::Service(error) = error
        && let Some(explanation) = error.explanation()
    {
        text.push_str(&format!("\n{explanation}\n{}", shown(explanation)));
    }
    text.push_str(&shown_causes(error));
    text
}

/// Everything that the sources of an error show.
pub(super) fn shown_causes(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:#}\n{source:?}\n{source:#?}"));
        next = source.source();
    }
    text
}
