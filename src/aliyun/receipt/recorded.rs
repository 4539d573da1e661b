//! What remains of a call: its recording and its transcript.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};

use super::super::asr::GetSecretAsrDetail;
use super::facts::{CallReference, Facts, call_methods, time_part};
use super::fields::message;
use super::key::{KeySource, digest};
use crate::number::VirtualNumber;
use crate::redact::Private;

message! {
    /// A recording can be downloaded: `SecretRecording` (录音状态报告).
    ///
    /// It has no link: [`recording_query`](Self::recording_query) asks for one, and
    /// [`Client::download_recording`](crate::aliyun::Client::download_recording) downloads the file. Its `call_time` is
    /// in milliseconds on the wire, where other messages have a date; both are read.
    ///
    /// Source: `SecretRecording` over HTTP (`sub_id`; `subs_id` in an older copy) and over MNS (`subs_id`).
    SecretRecording {
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// The binding's id, `subs_id` over MNS.
        sub_id: Option<String> as text,
        /// The call's id, at most 100 characters.
        call_id: Option<String> as text,
        /// When the caller dialled.
        call_time: Option<DateTime<FixedOffset>> as time,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
    }
}

call_methods!(SecretRecording);

impl Facts for SecretRecording {
    fn call(&self) -> CallReference<'_> {
        CallReference {
            pool_key: self.pool_key.as_deref(),
            call_id: self.call_id.as_deref(),
            call_time: self.call_time,
        }
    }

    fn key_source(&self) -> KeySource<'_> {
        let otherwise = vec![self.pool_key.clone(), self.sub_id.clone(), time_part(self.call_time)];
        KeySource::Call { call_id: self.call_id.as_deref(), detail: None, id: None, otherwise }
    }
}

message! {
    /// A transcript is ready: `SecretAsrReport` (录音ASR状态报告).
    ///
    /// The page calls it the result in real time, its title the status of a recording's recognition: whether one call
    /// gets several reports is not known. It has no `call_time`, which [`asr_query`](Self::asr_query) needs: keep that
    /// of the
    /// [`SecretReport`](super::SecretReport) of the same call.
    ///
    /// Source: `SecretAsrReport` over HTTP and over MNS.
    SecretAsrReport {
        /// The call's id, at most 100 characters.
        call_id: Option<String> as text,
        /// The length of the audio, in milliseconds.
        biz_duration: Option<u64> as number,
        /// The pool's key.
        partner_key: Option<String> as text,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// `21050000` if the speech was recognised. No other code is documented.
        status_code: Option<String> as text,
        /// The transcript, sentence by sentence.
        sentences: Vec<ReportedSentence> as messages,
    }
}

message! {
    /// One sentence of a [`SecretAsrReport`].
    ReportedSentence {
        /// When it begins, in milliseconds from the start of the audio.
        begin_time: Option<i64> as number,
        /// When it ends, in milliseconds from the start of the audio.
        end_time: Option<i64> as number,
        /// The sound track, one for each side.
        channel_id: Option<i64> as number,
        /// What was said.
        text: Option<Private> as text,
        /// The silence before it, in seconds.
        silence_duration: Option<f64> as decimal,
        /// How fast, in words per minute.
        speech_rate: Option<f64> as decimal,
        /// How excited, 1 to 10.
        emotion_value: Option<f64> as decimal,
    }
}

impl SecretAsrReport {
    /// Whether the speech was recognised, by the status code.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        self.status_code.as_deref().is_some_and(|code| code.trim() == "21050000")
    }

    /// The length of the audio.
    #[must_use]
    pub fn audio_duration(&self) -> Option<Duration> {
        self.biz_duration.map(Duration::from_millis)
    }

    /// The request for the transcript's details, with the call's time from another receipt of the same call. `None` if
    /// the pool's key or the call's id is absent.
    #[must_use]
    pub fn asr_query(&self, call_time: impl Into<DateTime<FixedOffset>>) -> Option<GetSecretAsrDetail> {
        CallReference { call_time: Some(call_time.into()), ..self.call() }.asr_query()
    }
}

impl Facts for SecretAsrReport {
    fn call(&self) -> CallReference<'_> {
        CallReference { pool_key: self.partner_key.as_deref(), call_id: self.call_id.as_deref(), call_time: None }
    }

    fn key_source(&self) -> KeySource<'_> {
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        let mut content = vec![self.status_code.clone(), self.biz_duration.map(|length| length.to_string())];
        for sentence in &self.sentences {
            content.extend([number(sentence.channel_id), number(sentence.begin_time), number(sentence.end_time)]);
            content.push(sentence.text.as_ref().map(|text| text.expose().to_owned()));
        }
        let detail = Some(digest(&content));
        content.push(self.secret_no.as_ref().map(|number| number.expose().to_owned()));
        KeySource::Call { call_id: self.call_id.as_deref(), detail, id: None, otherwise: content }
    }
}
