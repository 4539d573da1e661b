//! The console: a page for browsers that shows what happens in the emulator, and what the page asks for.
//!
//! The page itself contains no data. Its events have no values of parameters, and phone numbers in part. A single value
//! is returned when it is asked for. All of this needs what the other control endpoints need.

mod bindings;
mod details;
mod events;
mod explain;
mod mask;
mod page;
mod state;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use serde_json::Value;

use super::delivery::{Delivery, Reply};
use super::gateways::Gateways;
use super::request::Parameters;
use details::Part;
pub(crate) use events::stream as events;
#[cfg(test)]
pub(crate) use explain::mistake_names;
pub(crate) use mask::number as masked_number;
pub(crate) use page::page;

/// The header with which a reader continues after a lost connection.
const LAST_EVENT_ID: &str = "last-event-id";

/// Why a value is not returned.
pub(crate) enum NotShown {
    /// The query does not name it.
    BadQuery(&'static str),
    /// There is no such thing, or not any more.
    NotFound,
}

/// The events until now. The server continues with those to come.
pub(crate) fn open_events(request: &Request<Bytes>, gateways: &Gateways) -> Reply {
    let last = request.headers().get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.split_once('.'));
    // The numbers of another run begin anew.
    let number =
        last.filter(|(run, _)| *run == gateways.inspections().run()).and_then(|(_, number)| number.parse().ok());
    let after = number.unwrap_or_default();
    let mut response = Response::new(Bytes::from(events::Events::new(gateways, after).take(gateways)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Reply { response, delivery: Delivery::Events { after } }
}

/// One of the latest 200 requests: `number`, and either `parameter` with a name, or `part` with `signature` or
/// `response`, or neither.
pub(crate) fn request(request: &Request<Bytes>, gateways: &Gateways) -> Result<Value, NotShown> {
    let query = query(request)?;
    let number = query.get("number").and_then(|number| number.parse().ok());
    let number = number.ok_or(NotShown::BadQuery("number must be the number of a request"))?;
    let part = match (query.get("parameter"), query.get("part")) {
        (None, None) => Part::Masked,
        (Some(name), None) => Part::Parameter(name),
        (None, Some("signature")) => Part::Signature,
        (None, Some("response")) => Part::Response,
        _ => return Err(NotShown::BadQuery("give either parameter, or part: signature or response")),
    };
    details::request(gateways, number, &part).ok_or(NotShown::NotFound)
}

/// Values that the events have in part or not at all: of a `binding`, an `order`, a `call` or a `receipt`.
pub(crate) fn details(request: &Request<Bytes>, gateways: &Gateways) -> Result<Value, NotShown> {
    let query = query(request)?;
    let mut named = query.iter();
    let (Some((name, value)), None) = (named.next(), named.next()) else {
        return Err(NotShown::BadQuery("give one of binding, order, call, receipt"));
    };
    let found = match name {
        "binding" => details::binding(gateways, value),
        "order" => details::order(gateways, value),
        "call" => details::call(gateways, value),
        "receipt" => value.parse().ok().and_then(|number| details::receipt(gateways, number)),
        _ => return Err(NotShown::BadQuery("give one of binding, order, call, receipt")),
    };
    found.ok_or(NotShown::NotFound)
}

fn query(request: &Request<Bytes>) -> Result<Parameters, NotShown> {
    Parameters::of_query(request).map_err(|_| NotShown::BadQuery("the query is malformed"))
}
