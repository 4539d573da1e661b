//! The calls and messages that tests have sent through X numbers.

use std::borrow::Cow;
use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{KEPT, push_bounded};

/// A call or a message to an X number.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PhoneCall {
    pub(crate) id: String,
    pub(crate) is_message: bool,
    pub(crate) caller: String,
    /// The number as it was dialled, without the extension.
    pub(crate) dialled: String,
    pub(crate) subs_id: Option<String>,
    /// `None` if nobody was rung.
    pub(crate) called: Option<String>,
    /// The name of the reason why nobody was rung.
    pub(crate) refused: Option<Cow<'static, str>>,
    pub(crate) placed: DateTime<Utc>,
    /// When the phone rings, if it does.
    pub(crate) rings: Option<DateTime<Utc>>,
    /// When the call is answered, if it is.
    pub(crate) answered: Option<DateTime<Utc>>,
    pub(crate) released: DateTime<Utc>,
}

/// The latest calls and messages, oldest first.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct PhoneCalls {
    latest: VecDeque<PhoneCall>,
    placed: u64,
}

impl PhoneCalls {
    /// The number of a new call among all calls and messages.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.placed = self.placed.saturating_add(1);
        self.placed
    }

    pub(crate) fn add(&mut self, call: PhoneCall) {
        push_bounded(&mut self.latest, call, KEPT);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &PhoneCall> {
        self.latest.iter()
    }
}
