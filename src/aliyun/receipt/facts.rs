//! What the messages have in common: the call that they are about, and their key.

use chrono::{DateTime, FixedOffset};

use super::super::asr::GetSecretAsrDetail;
use super::super::recording::QueryRecordFileDownloadUrl;
use super::key::KeySource;
use crate::time::china_text;

/// The facts of a message.
pub(super) trait Facts {
    /// The call that the message is about.
    fn call(&self) -> CallReference<'_> {
        CallReference::default()
    }

    /// The pool that the message is about.
    fn pool_key(&self) -> Option<&str> {
        self.call().pool_key
    }

    /// What makes the message's key.
    fn key_source(&self) -> KeySource<'_>;
}

/// What the operations need to find a call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CallReference<'a> {
    pub(super) pool_key: Option<&'a str>,
    pub(super) call_id: Option<&'a str>,
    pub(super) call_time: Option<DateTime<FixedOffset>>,
}

impl CallReference<'_> {
    pub(super) fn call_time_text(self) -> Option<String> {
        self.call_time.as_ref().map(china_text)
    }

    pub(super) fn recording_query(self) -> Option<QueryRecordFileDownloadUrl> {
        let query = QueryRecordFileDownloadUrl::builder().pool_key(self.pool_key?).call_id(self.call_id?);
        Some(query.call_time(self.call_time?).build())
    }

    pub(super) fn asr_query(self) -> Option<GetSecretAsrDetail> {
        let query = GetSecretAsrDetail::builder().pool_key(self.pool_key?).call_id(self.call_id?);
        Some(query.call_time(self.call_time?).build())
    }
}

/// A time, as a part of a key.
pub(super) fn time_part(time: Option<DateTime<FixedOffset>>) -> Option<String> {
    time.map(|time| time.timestamp_millis().to_string())
}

/// Adds the methods that lead from a message to the operations on its call.
macro_rules! call_methods {
    ($name:ident) => {
        impl $name {
            /// `call_time` in China time, `yyyy-MM-dd HH:mm:ss`: the form that operations on a call ask for.
            #[must_use]
            pub fn call_time_text(&self) -> Option<String> {
                self.call().call_time_text()
            }

            /// The request for the link to the call's recording. `None` if the pool's key, the call's id or its time is
            /// absent. A recording is ready when its [`SecretRecording`](crate::aliyun::receipt::SecretRecording)
            /// comes.
            #[must_use]
            pub fn recording_query(&self) -> Option<crate::aliyun::QueryRecordFileDownloadUrl> {
                self.call().recording_query()
            }

            /// The request for the call's transcript. `None` if the pool's key, the call's id or its time is absent.
            #[must_use]
            pub fn asr_query(&self) -> Option<crate::aliyun::GetSecretAsrDetail> {
                self.call().asr_query()
            }
        }
    };
}

pub(super) use call_methods;
