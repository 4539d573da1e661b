//! What a row of the ledger holds.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::aliyun::{BindForm, Binding};
use crate::number::VirtualNumber;
use crate::redact::Private;
use crate::store::{Row, StoreError};

/// What is going on with a key. A row's time (`due`) is when another call may take over what is going on, or when the
/// binding ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The bind was or will be sent.
    Binding,
    Bound,
    /// The renewal was or will be sent.
    Renewing,
    /// The removal was or will be sent.
    Unbinding,
    /// Nothing can find out whether the binding was made.
    Unresolved,
}

impl State {
    const ALL: [Self; 5] = [Self::Binding, Self::Bound, Self::Renewing, Self::Unbinding, Self::Unresolved];

    /// The states in which a call is at work, or was when its process died.
    pub(super) const OPEN: [Self; 3] = [Self::Binding, Self::Renewing, Self::Unbinding];

    /// Whether the binding exists.
    pub(super) fn is_bound(self) -> bool {
        matches!(self, Self::Bound | Self::Renewing)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::Bound => "bound",
            Self::Renewing => "renewing",
            Self::Unbinding => "unbinding",
            Self::Unresolved => "unresolved",
        }
    }
}

/// The content of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// The request, as it was asked for.
    pub(super) request: BindForm,
    /// X and the extension that were chosen for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) number_x: Option<VirtualNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) extension: Option<Private>,
    /// When the intent was written, in the gateway's time: Unix time in seconds.
    since: i64,
    /// Who wrote the row: another call never writes the same row.
    pub(super) writer: u64,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub(super) binding: Option<Binding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renew_to: Option<i64>,
}

impl Record {
    /// The record of a bind that begins now.
    pub(super) fn new(
        request: BindForm,
        number_x: Option<VirtualNumber>,
        extension: Option<Private>,
        now: DateTime<Utc>,
    ) -> Self {
        Self { request, number_x, extension, since: now.timestamp(), writer: 0, binding: None, renew_to: None }
    }

    /// When the intent was written, in the gateway's time.
    pub(super) fn since(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.since, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// The expiration that a renewal is to set.
    pub(super) fn renew_to(&self) -> Option<DateTime<FixedOffset>> {
        let time = self.renew_to.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        time.map(|time| time.with_timezone(&crate::china()))
    }

    /// Sets the expiration that a renewal is to set, in the whole seconds in which it is sent.
    pub(super) fn set_renew_to(&mut self, expiration: Option<DateTime<FixedOffset>>) {
        self.renew_to = expiration.map(|time| time.timestamp());
    }

    /// The request as it is sent.
    pub(super) fn form(&self) -> BindForm {
        self.request.at(self.number_x.as_ref(), self.extension.as_ref())
    }

    /// X, if it is known.
    pub(super) fn x(&self) -> Option<VirtualNumber> {
        self.number_x.clone().or_else(|| self.request.number_x())
    }

    /// Whether the ledger chose X or the extension, and may choose another one.
    pub(super) fn is_chosen(&self) -> bool {
        self.number_x.is_some() || self.extension.is_some()
    }

    /// The rows of one X have one group.
    pub(super) fn group(&self) -> String {
        self.x().map(|number_x| group(self.request.pool_key(), &number_x)).unwrap_or_default()
    }

    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let bytes = serde_json::to_vec(self);
        bytes.map(Zeroizing::new).map_err(|_| StoreError::Corrupt("the record cannot be written as JSON".into()))
    }
}

/// A row that was read.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) version: u64,
    pub(super) state: State,
    pub(super) due: Option<DateTime<Utc>>,
    pub(super) record: Record,
}

impl TryFrom<&Row> for Entry {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let state = State::ALL.into_iter().find(|state| state.as_str() == row.state);
        let state = state.ok_or_else(|| StoreError::Corrupt("the ledger does not know its state".into()))?;
        let record = serde_json::from_slice(&row.value);
        let record = record.map_err(|_| StoreError::Corrupt("it is no record of the ledger".into()))?;
        Ok(Self { version: row.version, state, due: row.due, record })
    }
}

pub(super) fn group(pool_key: &str, number_x: &VirtualNumber) -> String {
    format!("{pool_key}/{}", number_x.expose())
}

/// The key of the row that says whose binding this is.
pub(super) fn id_key(pool_key: &str, subs_id: &str) -> String {
    format!("{pool_key}/{subs_id}")
}

fn exposed<S: Serializer>(binding: &Option<Binding>, serializer: S) -> Result<S::Ok, S::Error> {
    binding.as_ref().map(Binding::exposed).serialize(serializer)
}
