//! The signatures of both gateways: pure functions from parameters and a secret to text.
//!
//! No clock, no randomness, no HTTP: the time and the nonce of an attempt are passed in as a [`Stamp`]. Each stage is a
//! function of its own, so that a refused signature can be compared with the gateway's text stage by stage.
//!
//! | module | signature | what is signed |
//! | --- | --- | --- |
//! | [`top`] | TOP: MD5, HMAC-MD5, HMAC-SHA256 | the sorted parameters, concatenated |
//! | [`pop`] | Aliyun 1.0: HMAC-SHA1 | the sorted parameters, encoded twice |
//! | [`acs3`] | Aliyun ACS3-HMAC-SHA256 ("V3") | the method, the query, headers and the hash of the body |
//! | [`mns`] | Aliyun's queues of call receipts: HMAC-SHA1 | the lines of a request |
//!
//! [`explain`] says why a signature was refused.

pub mod acs3;
pub mod explain;
pub mod mns;
pub mod pop;
pub mod top;

/// Percent-encoding as both gateways expect it.
pub mod encode {
    pub use crate::params::encode::percent_encode;
}

use std::fmt;

use chrono::{DateTime, Utc};

/// The time and the nonce of one attempt. Every attempt needs a new one.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The timestamp of the request.
    pub time: DateTime<Utc>,
    /// A text that was never sent to the gateway before: a UUID, for instance. TOP has no nonce and ignores it.
    pub nonce: String,
}

impl Stamp {
    /// A stamp of a time and a nonce.
    pub fn new(time: DateTime<Utc>, nonce: impl Into<String>) -> Self {
        Self { time, nonce: nonce.into() }
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp").field("time", &self.time).finish_non_exhaustive()
    }
}

/// The HMAC of a text under a key. HMAC accepts a key of any length.
fn hmac<M: hmac::Mac + hmac::KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    match <M as hmac::KeyInit>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(text).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
