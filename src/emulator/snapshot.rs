//! The whole state as one JSON text, to be kept while no emulator runs.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::{RawValue, to_raw_value};

use super::clock::Setting;
use super::store::State;
use super::store::nonce::StoredNonces;

/// The format of the text. Every change of what is stored gets another number.
const FORMAT: u32 = 1;

/// A stored state of the emulator: [`Gateways::snapshot`](super::Gateways::snapshot) writes it,
/// [`EmulatorBuilder::snapshot`](super::EmulatorBuilder::snapshot) continues with it.
///
/// Other versions of this crate may have another format. They refuse the text with an error.
#[must_use]
pub struct Snapshot {
    pub(crate) clock: Setting,
    /// The number of requests, from which request ids are made.
    pub(crate) requests: u64,
    pub(crate) state: State,
}

/// The reason why a text is not a usable snapshot. Of the text it shows the version only.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The text ends too early, for example because the file was not written completely.
    Torn,
    /// The text is not a snapshot. The line and the column are those where this is seen, from 1.
    Malformed {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// Another version of this crate has written the text, in a format that this version does not know.
    OtherFormat {
        /// The version of this crate that has written it.
        version: String,
    },
    /// The state could not be written.
    NotWritten,
}

/// What is taken from the state while it is locked. The text is made of it without the lock.
pub(crate) struct Taken {
    clock: Setting,
    requests: u64,
    state: Box<RawValue>,
    nonces: StoredNonces,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    version: &'static str,
    clock: Setting,
    requests: u64,
    state: &'a RawValue,
    nonces: &'a StoredNonces,
}

#[derive(Deserialize)]
struct Head {
    format: u32,
    version: String,
}

#[derive(Deserialize)]
struct Content {
    clock: Setting,
    requests: u64,
    state: State,
    nonces: StoredNonces,
}

impl Taken {
    pub(crate) fn new(state: &State, clock: Setting, requests: u64) -> Result<Self, SnapshotError> {
        let nonces = state.nonces.stored();
        let state = to_raw_value(state).map_err(|_| SnapshotError::NotWritten)?;
        Ok(Self { clock, requests, state, nonces })
    }

    pub(crate) fn to_json(&self) -> Result<String, SnapshotError> {
        let Self { clock, requests, state, nonces } = self;
        let (clock, requests, version) = (*clock, *requests, env!("CARGO_PKG_VERSION"));
        let written = Written { format: FORMAT, version, clock, requests, state, nonces };
        serde_json::to_string(&written).map_err(|_| SnapshotError::NotWritten)
    }
}

impl Snapshot {
    /// Parses the text of [`Gateways::snapshot`](super::Gateways::snapshot).
    ///
    /// # Errors
    ///
    /// The text is not complete, is no snapshot, or has the format of another version.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let Head { format, version } = serde_json::from_str(text)?;
        if format != FORMAT {
            return Err(SnapshotError::OtherFormat { version });
        }
        let Content { clock, requests, mut state, nonces } = serde_json::from_str(text)?;
        state.nonces = nonces.into();
        state.resume();
        Ok(Self { clock, requests, state })
    }
}

impl From<serde_json::Error> for SnapshotError {
    /// Keeps the place only: the message may contain a value.
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            Category::Eof => Self::Torn,
            _ => Self::Malformed { line: error.line(), column: error.column() },
        }
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn => formatter.write_str("the stored state is not complete"),
            Self::Malformed { line, column } => {
                write!(formatter, "this is not a stored state of the emulator (line {line}, column {column})")
            }
            Self::OtherFormat { version } => {
                write!(formatter, "version {} has stored this state in another format", version.escape_debug())
            }
            Self::NotWritten => formatter.write_str("the state cannot be written"),
        }
    }
}

impl std::error::Error for SnapshotError {}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Snapshot")
            .field("clock", &self.clock)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}
