//! A call that ended: the call record.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};

use super::call_progress::numbers_and_time;
use super::facts::{CallReference, Facts, call_methods};
use super::fields::message;
use super::key::KeySource;
use super::release_cause::ReleaseCause;
use super::values::{CallType, ControlMessage, ControlType, ReleaseDirection, UnconnectedCause};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

message! {
    /// A call ended: `SecretReport` (呼叫结束后话单报告), the record that calls are billed by.
    ///
    /// In documents up to 2019 it also reports SMS ([`CallType::is_sms`]). The times of a call that was not answered
    /// repeat one another: use [`duration`](Self::duration), [`is_answered`](Self::is_answered) and
    /// [`has_rung`](Self::has_rung).
    ///
    /// Source: `SecretReport` over HTTP (the field table was only partly seen) and over MNS (the end of the page was
    /// not seen; `extension` is from a third party's copy of it); documents of 2019 for `origin_no` and SMS.
    #[doc(alias = "话单")]
    SecretReport {
        /// The record's id. Over HTTP only.
        id: Option<String> as text,
        /// The pool's key, as the partner knows it. In the samples the same as `pool_key`.
        partner_key: Option<String> as text,
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// The binding's id; absent if the call had no binding.
        sub_id: Option<String> as text,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
        /// The city that X belongs to.
        city: Option<String> as text,
        /// The call's id, at most 100 characters.
        call_id: Option<String> as text,
        /// A's real number.
        phone_no: Option<PhoneNumber> as trimmed,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The other side's number: B, N, or one of the group G.
        peer_no: Option<PhoneNumber> as trimmed,
        /// The number that the callee saw.
        called_display_no: Option<VirtualNumber> as trimmed,
        /// The extension of X.
        extension: Option<Private> as text,
        /// In pages up to 2019 only, over HTTP; what it means is not known.
        origin_no: Option<PhoneNumber> as trimmed,
        /// Who called whom, or that the record is about an SMS.
        call_type: Option<CallType> as text,
        /// When the caller dialled.
        call_time: Option<DateTime<FixedOffset>> as time,
        /// When the platform called the callee; equals `call_time` if it never did. For an SMS, when it was received.
        call_out_time: Option<DateTime<FixedOffset>> as time,
        /// When it began to ring; equals `call_out_time` if it did not.
        ring_time: Option<DateTime<FixedOffset>> as time,
        /// When the callee's phone really rang; equals `call_out_time` if it did not, and `ring_time` if this is not
        /// known.
        free_ring_time: Option<DateTime<FixedOffset>> as time,
        /// When the callee answered; equals `release_time` if nobody did.
        start_time: Option<DateTime<FixedOffset>> as time,
        /// When the call ended.
        release_time: Option<DateTime<FixedOffset>> as time,
        /// The link to the recording, if the platform adds it. The file is there some 15 to 20 minutes after the call,
        /// for 30 days by the HTTP page or 7 days by the MNS page. Who has the link has the recording.
        record_url: Option<Private> as text,
        /// The link to the recording of what was heard before the answer.
        ring_record_url: Option<Private> as text,
        /// Who ended the call.
        release_dir: Option<ReleaseDirection> as text,
        /// Why the call ended.
        release_cause: Option<ReleaseCause> as number,
        /// Why the platform did not connect the call.
        unconnected_cause: Option<UnconnectedCause> as text,
        /// What the platform did with the call.
        control_type: Option<ControlType> as text,
        /// The result of the platform's routing.
        control_msg: Option<ControlMessage> as text,
        /// The length of the SMS, for an SMS.
        sms_number: Option<i64> as number,
    }
}

call_methods!(SecretReport);

impl SecretReport {
    /// How long the call lasted: from the answer to the end. Zero if it was not answered; `None` if a time is absent or
    /// the end is before the answer.
    ///
    /// ```
    /// use std::time::Duration;
    /// use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType};
    ///
    /// let body = br#"{"call_id":"c1","start_time":"2021-08-25 20:11:38","release_time":"2021-08-25 20:11:41"}"#;
    /// let receipts = receipt::parse(&ReceiptType::SecretReport, body)?;
    /// let Some(Receipt::SecretReport(report)) = receipts.first() else { panic!("another type") };
    /// assert_eq!(report.duration(), Some(Duration::from_secs(3)));
    /// # Ok::<(), receipt::ParseReceiptError>(())
    /// ```
    #[doc(alias = "通话时长")]
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.release_time?.signed_duration_since(self.start_time?).to_std().ok()
    }

    /// Whether the call was answered: whether its duration is more than zero.
    #[doc(alias = "接通")]
    #[must_use]
    pub fn is_answered(&self) -> Option<bool> {
        self.duration().map(|duration| !duration.is_zero())
    }

    /// Whether the callee's phone really rang: `free_ring_time` is after `call_out_time`. `None` if either is absent.
    #[doc(alias = "振铃")]
    #[must_use]
    pub fn has_rung(&self) -> Option<bool> {
        Some(self.free_ring_time? > self.call_out_time?)
    }
}

impl Facts for SecretReport {
    fn call(&self) -> CallReference<'_> {
        let pool_key = self.pool_key.as_deref().or(self.partner_key.as_deref());
        CallReference { pool_key, call_id: self.call_id.as_deref(), call_time: self.call_time }
    }

    fn key_source(&self) -> KeySource<'_> {
        KeySource::Call {
            call_id: self.call_id.as_deref(),
            detail: None,
            id: self.id.as_deref(),
            otherwise: numbers_and_time(
                self.phone_no.as_ref(),
                self.secret_no.as_ref(),
                self.peer_no.as_ref(),
                self.call_time.or(self.release_time),
            ),
        }
    }
}
