//! Why the gateway accepts or refuses a signature: what it signs, what came, and which mistake of the client explains
//! the difference.
//!
//! The client's text does not come with a request. So the usual mistakes are tried one after the other: if one of them
//! gives exactly the signature that came, the client made it, and its text is known.

mod acs3;
mod explanation;
mod mistake;
mod mns;
mod pop;
mod sent;
mod top;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;

use crate::emulator::accounts::Accounts;
use crate::emulator::request_kind::GatewayKind;
use crate::emulator::store::State;
pub(crate) use explanation::Explanation;
pub(super) use sent::is_open;

/// The names of the mistakes.
#[cfg(test)]
pub(crate) fn mistake_names() -> impl Iterator<Item = &'static str> {
    mistake::Mistake::ALL.into_iter().map(mistake::Mistake::as_str)
}

/// `None` if what the path addresses has no such signature, or the parameters are malformed.
pub(super) fn explain(
    request: &Request<Bytes>,
    accounts: &Accounts,
    state: &State,
    now: DateTime<Utc>,
) -> Option<Explanation> {
    match GatewayKind::from_path(request.uri().path())? {
        GatewayKind::Top => top::explain(request, accounts),
        GatewayKind::Aliyun if acs3::is_used(request) => acs3::explain(request, accounts),
        GatewayKind::Aliyun => pop::explain(request, accounts),
        GatewayKind::Mns => mns::explain(request, state, now),
        GatewayKind::Recordings | GatewayKind::Uploads => None,
    }
}
