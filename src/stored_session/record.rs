use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::redact::Secret;
use crate::store::{Row, StoreError};

/// A shop's session, and what it is refreshed with. `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredSession {
    /// The session key.
    pub session: Secret,
    /// The refresh token. TOP may give a new one with each refresh.
    pub refresh_token: Option<Secret>,
    /// When the session ends, if it is known.
    pub expires: Option<DateTime<Utc>>,
}

impl StoredSession {
    /// A session that cannot be refreshed, with an unknown end.
    pub fn new(session: impl Into<Secret>) -> Self {
        Self { session: session.into(), refresh_token: None, expires: None }
    }

    /// Sets the refresh token.
    #[must_use]
    pub fn refresh_token(self, token: impl Into<Secret>) -> Self {
        Self { refresh_token: Some(token.into()), ..self }
    }

    /// Sets the end.
    #[must_use]
    pub fn expires(self, time: DateTime<Utc>) -> Self {
        Self { expires: Some(time), ..self }
    }
}

/// The content of a shop's row.
pub(super) struct Record {
    pub(super) current: StoredSession,
    /// The one before the last refresh, for people: if the new refresh token does not work, the old one may.
    pub(super) previous: Option<StoredSession>,
}

/// The same as JSON.
#[derive(Serialize, Deserialize)]
struct Json {
    current: JsonSession,
    previous: Option<JsonSession>,
}

#[derive(Serialize, Deserialize)]
struct JsonSession {
    session: Secret,
    refresh_token: Option<Secret>,
    /// Microseconds since 1970.
    expires: Option<i64>,
}

impl Record {
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let json =
            Json { current: JsonSession::from(&self.current), previous: self.previous.as_ref().map(JsonSession::from) };
        let unfit = |_| StoreError::Refused("a session cannot be written as JSON".into());
        serde_json::to_vec(&json).map(Zeroizing::new).map_err(unfit)
    }

    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        let damaged = |_| StoreError::Corrupt("a session has another content".into());
        let Json { current, previous } = serde_json::from_slice(&row.value).map_err(damaged)?;
        Ok(Self { current: current.into(), previous: previous.map(StoredSession::from) })
    }
}

impl From<&StoredSession> for JsonSession {
    fn from(stored: &StoredSession) -> Self {
        let StoredSession { session, refresh_token, expires } = stored.clone();
        Self { session, refresh_token, expires: expires.map(|time| time.timestamp_micros()) }
    }
}

impl From<JsonSession> for StoredSession {
    fn from(JsonSession { session, refresh_token, expires }: JsonSession) -> Self {
        Self { session, refresh_token, expires: expires.and_then(DateTime::from_timestamp_micros) }
    }
}

/// The state of a shop whose last refresh succeeded, or that was not refreshed.
pub(super) const ACTIVE: &str = "active";

/// The state of a shop whose last refresh failed.
pub(super) const REFUSED: &str = "refused";
