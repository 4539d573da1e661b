//! What a request asks for.

use std::time::Duration;

use http::Method;

use super::receipt_handles;
use super::refusal::{INVALID_ARGUMENT, INVALID_QUERY_STRING, MALFORMED_XML, NOT_ALLOWED, Refusal};
use crate::emulator::ledger::Decision;
use crate::emulator::request::{Parameters, Received};

const RECEIVE: &str = "ReceiveMessage";
const BATCH_RECEIVE: &str = "BatchReceiveMessage";
const PEEK: &str = "PeekMessage";
const BATCH_PEEK: &str = "BatchPeekMessage";
const DELETE: &str = "DeleteMessage";
const BATCH_DELETE: &str = "BatchDeleteMessage";
const NAMES: [&str; 6] = [RECEIVE, BATCH_RECEIVE, PEEK, BATCH_PEEK, DELETE, BATCH_DELETE];

const COUNT: &str = "numOfMessages";
const WAIT: &str = "waitseconds";
const PEEK_ONLY: &str = "peekonly";
const HANDLE: &str = "ReceiptHandle";

/// The maximum number of messages in one request.
const MAX_COUNT: usize = 16;
/// The maximum number of seconds that a request waits.
const MAX_WAIT: u64 = 30;

/// One operation with its parameters. A `count` makes it a batch.
pub(super) enum Operation<'a> {
    Receive { count: Option<usize>, wait: Duration },
    Peek { count: Option<usize> },
    Delete { handle: &'a str },
    BatchDelete { handles: Vec<String> },
}

/// The names of all operations on queues.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter()
}

/// The name of the operation that a request is for, whether or not its parameters are valid.
pub(crate) fn name_of_request(received: &Received<'_>) -> &'static str {
    let has = |name: &str| received.parameters().is_some_and(|parameters| parameters.get(name).is_some());
    let is_peek = received.parameters().is_some_and(|parameters| parameters.get(PEEK_ONLY) == Some("true"));
    match *received.request.method() {
        Method::GET if is_peek => {
            if has(COUNT) {
                BATCH_PEEK
            } else {
                PEEK
            }
        }
        Method::GET => {
            if has(COUNT) {
                BATCH_RECEIVE
            } else {
                RECEIVE
            }
        }
        Method::DELETE => {
            if has(HANDLE) {
                DELETE
            } else {
                BATCH_DELETE
            }
        }
        _ => Decision::UNKNOWN_OPERATION,
    }
}

impl<'a> Operation<'a> {
    pub(super) fn parse(received: &'a Received<'_>) -> Result<Self, Refusal> {
        let parameters = received.parameters().ok_or(INVALID_QUERY_STRING)?;
        match *received.request.method() {
            Method::GET => Self::parse_get(parameters),
            Method::DELETE => {
                allow(parameters, &[HANDLE])?;
                match parameters.get(HANDLE) {
                    Some(handle) => Ok(Self::Delete { handle }),
                    None => {
                        let handles = receipt_handles::parse(received.request.body()).ok_or(MALFORMED_XML)?;
                        let is_allowed = (1..=MAX_COUNT).contains(&handles.len());
                        if is_allowed { Ok(Self::BatchDelete { handles }) } else { Err(INVALID_ARGUMENT) }
                    }
                }
            }
            _ => Err(NOT_ALLOWED),
        }
    }

    fn parse_get(parameters: &Parameters) -> Result<Self, Refusal> {
        allow(parameters, &[COUNT, WAIT, PEEK_ONLY])?;
        let count = match number(parameters, COUNT)? {
            None => None,
            Some(count) => {
                let count = usize::try_from(count).ok().filter(|count| (1..=MAX_COUNT).contains(count));
                Some(count.ok_or(INVALID_ARGUMENT)?)
            }
        };
        let wait = number(parameters, WAIT)?.unwrap_or_default();
        if wait > MAX_WAIT {
            return Err(INVALID_ARGUMENT);
        }
        match parameters.get(PEEK_ONLY) {
            Some("true") => Ok(Self::Peek { count }),
            None | Some("false") => Ok(Self::Receive { count, wait: Duration::from_secs(wait) }),
            Some(_) => Err(INVALID_ARGUMENT),
        }
    }
}

/// Refuses other parameters, so that a misspelt name is noticed. Names are case-sensitive.
fn allow(parameters: &Parameters, names: &[&str]) -> Result<(), Refusal> {
    let is_allowed = parameters.iter().all(|(name, _)| names.contains(&name));
    if is_allowed { Ok(()) } else { Err(INVALID_QUERY_STRING) }
}

fn number(parameters: &Parameters, name: &str) -> Result<Option<u64>, Refusal> {
    parameters.get(name).map(|text| text.parse().map_err(|_| INVALID_ARGUMENT)).transpose()
}
