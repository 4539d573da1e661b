//! The queues of receipts by the protocol of the message service (MNS), at `/queues/<name>/messages`.

mod operation;
mod protocol;
mod receipt_handles;
mod refusal;
mod response;
mod verify;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::answer::GatewayResponse;
use super::context::RequestContext;
use super::request::Received;
use super::store::State;
use super::store::queue::Depth;
use operation::Operation;
pub(crate) use operation::{name_of_request, names};
pub(crate) use protocol::{REQUEST_ID_HEADER, VERSION, VERSION_HEADER};
pub(crate) use refusal::{ALL_OPERATIONS, refusal_response};
use refusal::{QUEUE_NOT_EXIST, Refusal};
use response::Executed;

/// A valid request for messages of a queue that has none.
pub(crate) struct LongPoll {
    pub(crate) queue: String,
    /// How long the request waits for a message.
    pub(crate) wait: Duration,
}

/// The name of the queue whose messages a path addresses.
pub(crate) fn queue_of_path(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/queues/")?.strip_suffix("/messages")?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Answers a request for the messages of a queue. It never waits: see [`long_poll`].
pub(crate) fn respond(received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
    let operation = name_of_request(received);
    let request_id = context.pop_request_id();
    let executed = run(received, &mut context.lock_state(), context.now, context.is_verified);
    match executed {
        Ok(executed) => response::answer(executed, operation, &request_id),
        Err(refusal) => refusal.answer(operation, &request_id),
    }
}

/// Returns how long a request waits before it is answered: only if it is valid, asks for a wait, and its queue is
/// empty.
pub(crate) fn long_poll(received: &Received<'_>, state: &State, now: DateTime<Utc>) -> Option<LongPoll> {
    let (queue, operation) = check(received, state, now, false).ok()?;
    let Operation::Receive { wait, .. } = operation else { return None };
    let is_empty = !state.queues.get(queue)?.has_visible(now);
    (is_empty && !wait.is_zero()).then(|| LongPoll { queue: queue.to_owned(), wait })
}

/// How many messages each queue has.
pub(crate) fn state(state: &State, now: DateTime<Utc>) -> Value {
    let queues = state.queues.iter().map(|(name, queue)| {
        let Depth { visible, hidden } = queue.depth(now);
        (name.to_owned(), json!({"visible": visible, "hidden": hidden}))
    });
    Value::Object(queues.collect())
}

/// Verifies a request, unless that was done before. Returns the name of the queue, which exists, and the operation.
fn check<'a>(
    received: &'a Received<'_>,
    state: &State,
    now: DateTime<Utc>,
    is_verified: bool,
) -> Result<(&'a str, Operation<'a>), Refusal> {
    let queue = queue_of_path(received.request.uri().path()).ok_or(QUEUE_NOT_EXIST)?;
    if !is_verified {
        verify::verify(received.request, queue, &state.queue_tokens, now)?;
    }
    if state.queues.get(queue).is_none() {
        return Err(QUEUE_NOT_EXIST);
    }
    Ok((queue, Operation::parse(received)?))
}

fn run(received: &Received<'_>, state: &mut State, now: DateTime<Utc>, is_verified: bool) -> Result<Executed, Refusal> {
    let (queue, operation) = check(received, state, now, is_verified)?;
    match operation {
        Operation::Receive { count, .. } => {
            let messages = state.queues.receive(queue, count.unwrap_or(1), now).unwrap_or_default();
            Executed::messages(messages, count.is_some(), response::received)
        }
        Operation::Peek { count } => {
            let messages = state.queues.get(queue).map(|queue| queue.peek(count.unwrap_or(1), now)).unwrap_or_default();
            Executed::messages(messages, count.is_some(), response::peeked)
        }
        Operation::Delete { handle } => {
            state.queues.delete(queue, handle, now).map_err(Refusal::from)?;
            Ok(Executed::Deleted)
        }
        Operation::BatchDelete { handles } => {
            let count = handles.len();
            let failed = handles.into_iter().filter_map(|handle| {
                let error = state.queues.delete(queue, &handle, now).err()?;
                Some((handle, Refusal::from(error)))
            });
            let failed: Vec<_> = failed.collect();
            Ok(if failed.is_empty() { Executed::Deleted } else { Executed::DeletedInPart { count, failed } })
        }
    }
}
