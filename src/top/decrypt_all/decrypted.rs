use crate::error::Error;
use crate::top::oaid::{Receiver, ReceiverQuery};

/// The result of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Decrypted {
    /// The query, as it was passed in.
    pub query: ReceiverQuery,
    /// Its receiver, or why there is none. An OAID that is not the order's current one is an error with the code
    /// [`OAID_NOT_MATCHED`](crate::top::OAID_NOT_MATCHED), an order that is missing in TOP's response one with
    /// [`RECEIVER_MISSING`](crate::top::RECEIVER_MISSING). An order that was never sent, because an earlier response
    /// ended the work, has [`Outcome::NotExecuted`](crate::Outcome::NotExecuted) and the advice of that response.
    pub result: Result<Receiver, Error>,
}
