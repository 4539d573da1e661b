//! The JSON bodies of control requests about calls, messages and pushes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::reply::Problem;
use crate::emulator::calls::{PlacedCall, Side, SmsMessage};
use crate::emulator::store::push_settings::PushSettings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCall {
    caller: String,
    x: String,
    extension: Option<String>,
    #[serde(default)]
    course: Course,
    /// In seconds.
    rings_for: Option<u64>,
    /// In seconds.
    talks_for: Option<u64>,
    hung_up_by: Option<Party>,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Course {
    #[default]
    Answered,
    Busy,
    NoAnswer,
    Rejected,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Party {
    Caller,
    Callee,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    sender: String,
    x: String,
    extension: Option<String>,
    #[serde(default)]
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPush {
    base: Option<String>,
    /// The URL of each type.
    #[serde(default)]
    urls: BTreeMap<String, String>,
    batch: Option<usize>,
    #[serde(default)]
    duplicates: u32,
    #[serde(default)]
    newest_first: bool,
}

impl NewCall {
    pub(super) fn into_call(self) -> Result<PlacedCall, Problem> {
        if self.course != Course::Answered && (self.rings_for.is_some() || self.talks_for.is_some()) {
            return Err(Problem::bad_request("rings_for and talks_for are members of an answered call"));
        }
        let mut call = PlacedCall::new(self.caller, self.x);
        if let Some(extension) = self.extension {
            call = call.extension(extension);
        }
        if let Some(seconds) = self.rings_for {
            call = call.answered_after(Duration::from_secs(seconds));
        }
        if let Some(seconds) = self.talks_for {
            call = call.talks_for(Duration::from_secs(seconds));
        }
        call = match self.course {
            Course::Answered => call,
            Course::Busy => call.busy(),
            Course::NoAnswer => call.no_answer(),
            Course::Rejected => call.rejected(),
        };
        Ok(match self.hung_up_by {
            Some(Party::Caller) => call.hung_up_by(Side::Caller),
            Some(Party::Callee) => call.hung_up_by(Side::Callee),
            None => call,
        })
    }
}

impl NewMessage {
    pub(super) fn into_message(self) -> SmsMessage {
        let message = SmsMessage::new(self.sender, self.x, self.content);
        match self.extension {
            Some(extension) => message.extension(extension),
            None => message,
        }
    }
}

impl NewPush {
    pub(super) fn into_settings(self) -> Result<PushSettings, Problem> {
        let is_url = |url: &String| reqwest::Url::parse(url).is_ok_and(|url| url.has_host());
        if !self.base.iter().chain(self.urls.values()).all(is_url) {
            return Err(Problem::bad_request("base and urls must be URLs with a host"));
        }
        if self.batch == Some(0) {
            return Err(Problem::bad_request("batch must be at least 1"));
        }
        let mut settings = self.base.map_or_else(PushSettings::new, PushSettings::to);
        for (message_type, url) in self.urls {
            settings = settings.type_to(message_type, url);
        }
        settings = settings.batch(self.batch.unwrap_or(1)).duplicates(self.duplicates);
        Ok(if self.newest_first { settings.newest_first() } else { settings })
    }
}
