//! What becomes of an answer on its way, as data: the core decides it, the server does it.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// An answer and what is to be done with the connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The answer. It is there even if nothing of it is to arrive.
    pub response: Response<Bytes>,
    /// How much of the answer arrives, and how.
    pub delivery: Delivery,
}

/// How an answer reaches its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Delivery {
    /// As it is, at once.
    #[default]
    Whole,
    /// As it is, after a pause.
    Delayed {
        /// The pause.
        by: Duration,
    },
    /// Not at all: the connection is reset.
    Reset,
    /// The head, which promises the whole body, and the beginning of the body; then the connection is reset.
    Torn {
        /// How many bytes of the body arrive.
        bytes: usize,
    },
    /// The body, and after it white space.
    Padded {
        /// How many bytes the body has with the white space.
        length: u64,
    },
    /// The body byte by byte.
    Dripped {
        /// The pause between two bytes.
        pause: Duration,
    },
    /// As it is; the server takes connections again if it did not.
    ThenAccept,
    /// As it is; the server then takes no connections for some time.
    ThenRefuse {
        /// The time.
        lasting: Duration,
    },
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        Self { response, delivery: Delivery::Whole }
    }
}
