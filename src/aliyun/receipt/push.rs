//! Receipts that the platform pushes over HTTP.
//!
//! The platform sends each type of receipt to a URL that you set in the console: a POST with a JSON array. It waits 700
//! ms for HTTP 200; otherwise it sends the array again after 1, 5 and 10 minutes, and then the receipts are lost. It
//! documents no signature, no token and no source address: keep a segment of the path secret, and use HTTPS.
//!
//! Source: help pages 109198 (receipts) and 400455 (response and retries).

mod rate;
mod service;
mod sink;

pub use service::{PushBody, PushService, PushServiceBuilder};
pub use sink::{PushedMessages, ReceiptSink, SinkError};
