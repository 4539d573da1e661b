//! The endpoints of the console.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::endpoint::{Endpoint, QueryParameter};
use super::reply::{Problem, ok};
use crate::emulator::console::{self, NotShown};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get_text("console", "the page for browsers; needs no token", page, "text/html"),
    Endpoint::get_text(
        "events",
        "the requests and the state as server-sent events, without end",
        events,
        "text/event-stream",
    ),
    Endpoint::get(
        "requests",
        "one of the latest 200 requests, with its explained signature",
        request,
        "InspectedRequest",
    )
    .query(&[
        QueryParameter {
            name: "number",
            about: "The number of the request. It is required.",
            schema: r#"{"type": "integer", "minimum": 0}"#,
        },
        QueryParameter {
            name: "parameter",
            about: "Only the value of this parameter.",
            schema: r#"{"type": "string"}"#,
        },
        QueryParameter {
            name: "part",
            about: "Only the explained signature with all values, or the body of the response.",
            schema: r#"{"enum": ["signature", "response"]}"#,
        },
    ])
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::get("details", "the whole values of one binding, order, call or receipt", details, "Details")
        .query(&[
            QueryParameter { name: "binding", about: "The id of a binding.", schema: r#"{"type": "string"}"# },
            QueryParameter { name: "order", about: "The tid of an order.", schema: r#"{"type": "string"}"# },
            QueryParameter { name: "call", about: "The id of a call or a message.", schema: r#"{"type": "string"}"# },
            QueryParameter { name: "receipt", about: "The number of a receipt.", schema: r#"{"type": "string"}"# },
        ])
        .refuses(&[StatusCode::NOT_FOUND]),
];

fn page(_: &Request<Bytes>, _: &Gateways) -> Result<Reply, Problem> {
    Ok(console::page())
}

fn events(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(console::open_events(request, gateways))
}

fn request(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&console::request(request, gateways)?))
}

fn details(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&console::details(request, gateways)?))
}

impl From<NotShown> for Problem {
    fn from(reason: NotShown) -> Self {
        match reason {
            NotShown::BadQuery(reason) => Self::bad_request(reason),
            NotShown::NotFound => Self::new(StatusCode::NOT_FOUND, "there is no such value, or not any more"),
        }
    }
}
