//! Tokens for reading the queues of receipts.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::emulator::generated::seeded_digits;

/// How long a token is valid. The real lifetime is not documented.
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The tokens that are valid, by the id of their access key.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct QueueTokens {
    valid: HashMap<String, QueueToken>,
    issued: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct QueueToken {
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    pub(crate) security_token: String,
    pub(crate) queue_name: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
}

impl QueueTokens {
    /// The token with this access key, if it is valid.
    pub(crate) fn valid(&self, access_key_id: &str, now: DateTime<Utc>) -> Option<&QueueToken> {
        self.valid.get(access_key_id).filter(|token| token.expires > now)
    }

    pub(crate) fn issue(&mut self, seed: u64, queue_name: &str, now: DateTime<Utc>) -> QueueToken {
        self.valid.retain(|_, token| token.expires > now);
        self.issued = self.issued.saturating_add(1);
        let issued = self.issued;
        let token = QueueToken {
            access_key_id: format!("STS.emulator{issued}"),
            access_key_secret: format!("secret-{}", seeded_digits(seed, &format!("secret {issued}"), 16)),
            security_token: format!("token-{}", seeded_digits(seed, &format!("token {issued}"), 16)),
            queue_name: queue_name.to_owned(),
            created: now,
            expires: now.checked_add_signed(LIFETIME).unwrap_or(DateTime::<Utc>::MAX_UTC),
        };
        self.valid.insert(token.access_key_id.clone(), token.clone());
        token
    }
}
