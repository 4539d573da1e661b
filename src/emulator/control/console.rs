//! The endpoints of the console.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::reply::{Problem, ok};
use crate::emulator::console::{self, NotShown};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

pub(super) fn page(_: &Request<Bytes>, _: &Gateways) -> Result<Reply, Problem> {
    Ok(console::page())
}

pub(super) fn events(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(console::open_events(request, gateways))
}

pub(super) fn request(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&console::request(request, gateways)?))
}

pub(super) fn details(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
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
