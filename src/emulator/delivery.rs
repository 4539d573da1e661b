//! How a response is delivered, as data: the core decides it, and the server does it.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// A response, and how to deliver it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The response. It is present even if no byte of it is delivered.
    pub response: Response<Bytes>,
    /// How to deliver the response.
    pub delivery: Delivery,
}

/// How a response is delivered to the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Delivery {
    /// The whole response, at once.
    #[default]
    Whole,
    /// The whole response, after a delay.
    Delayed {
        /// The delay.
        delay: Duration,
    },
    /// Nothing: the connection is reset.
    Reset,
    /// The head, with the declared length of the whole body, and the first bytes of the body. Then the connection is
    /// reset.
    Torn {
        /// The number of bytes of the body that are delivered.
        bytes: usize,
    },
    /// The body, followed by white space.
    Padded {
        /// The length of the body with the white space, in bytes.
        length: u64,
    },
    /// The body byte by byte.
    Dripped {
        /// The pause between two bytes.
        pause: Duration,
    },
    /// Events without end, instead of the body, which has the first ones only.
    Events {
        /// The number of the request after which they begin.
        after: u64,
    },
    /// The whole response. Then the server accepts connections again, if it refused them.
    ThenAcceptConnections,
    /// The whole response. Then the server refuses connections.
    ThenRefuseConnections {
        /// How long it refuses them.
        duration: Duration,
    },
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        Self { response, delivery: Delivery::Whole }
    }
}
