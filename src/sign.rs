//! The signing core of both gateways: pure functions from parameters and a secret to text.
//!
//! No clock, no randomness, no HTTP: the time and the nonce of an attempt come in as a [`Stamp`]. The stages are
//! separate, so that a refused signature can be compared with the gateway's own text stage by stage.

pub mod encode;
pub mod explain;
pub mod pop;
pub mod top;

use std::fmt;

use chrono::{DateTime, Utc};

/// What makes one attempt different from every other: its time and its nonce. A stamp is used once.
#[derive(Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The time that the request claims to be signed at.
    pub time: DateTime<Utc>,
    /// Never seen before by the gateway: a UUID for instance. TOP knows no nonce and ignores it.
    pub nonce: String,
}

impl Stamp {
    /// The time and the nonce of one attempt.
    pub fn new(time: DateTime<Utc>, nonce: impl Into<String>) -> Self {
        Self { time, nonce: nonce.into() }
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp").field("time", &self.time).finish_non_exhaustive()
    }
}

/// `Mac` of a text under a key. A key of any length is valid for HMAC.
fn hmac<M: hmac::Mac + hmac::KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    match <M as hmac::KeyInit>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(text).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(),
    }
}

/// A byte as two digits, `0-9A-F`.
fn hexadecimal(byte: u8) -> [u8; 2] {
    HEXADECIMAL.get(usize::from(byte)).copied().unwrap_or_default()
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const HEXADECIMAL: [[u8; 2]; 256] = {
    let digits = b"0123456789ABCDEF";
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests;
