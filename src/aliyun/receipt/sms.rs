//! Intercepted SMS.

use chrono::{DateTime, FixedOffset};

use super::facts::{CallReference, Facts, time_part};
use super::fields::message;
use super::key::{KeySource, digest};
use super::values::{SmsDeliveryCode, SmsInterceptType, SmsStatus, SmsType};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

message! {
    /// An SMS was intercepted: `SecretSmsIntercept` (短信内容报告).
    ///
    /// The type is no longer in the list of types, but its page can still be reached. No sample of it was seen.
    /// [`ConfirmSendSms`](crate::aliyun::ConfirmSendSms) lets an intercepted SMS go out.
    ///
    /// Source: `SecretSmsIntercept` over HTTP; documents of 2019.
    SecretSmsIntercept {
        /// The record's id.
        id: Option<String> as text,
        /// The pool's key, as the partner knows it.
        partner_key: Option<String> as text,
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
        /// The binding's id.
        sub_id: Option<String> as text,
        /// Why the SMS is reported.
        sms_type: Option<SmsType> as text,
        /// The sender's number.
        send_no: Option<PhoneNumber> as trimmed,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The receiver's number.
        receive_no: Option<PhoneNumber> as trimmed,
        /// The SMS.
        sms_content: Option<Private> as text,
        /// The signature of the SMS.
        sms_sign: Option<Private> as text,
        /// What became of the SMS.
        status: Option<SmsStatus> as text,
        /// Why it was intercepted.
        sms_intercept_type: Option<SmsInterceptType> as text,
        /// The id that [`ConfirmSendSms`](crate::aliyun::ConfirmSendSms) asks for.
        call_id: Option<String> as text,
        /// The carrier's report.
        code: Option<SmsDeliveryCode> as text,
        /// When the SMS was sent.
        start_time: Option<DateTime<FixedOffset>> as time,
    }
}

impl Facts for SecretSmsIntercept {
    fn call(&self) -> CallReference<'_> {
        let pool_key = self.pool_key.as_deref().or(self.partner_key.as_deref());
        CallReference { pool_key, call_id: self.call_id.as_deref(), call_time: None }
    }

    fn key_source(&self) -> KeySource<'_> {
        let mut content = vec![
            self.sms_type.as_ref().map(ToString::to_string),
            self.status.as_ref().map(ToString::to_string),
            self.code.as_ref().map(ToString::to_string),
        ];
        let detail = Some(digest(&content));
        content.extend([
            self.send_no.as_ref().map(|number| number.expose().to_owned()),
            self.receive_no.as_ref().map(|number| number.expose().to_owned()),
            self.sms_content.as_ref().map(|text| text.expose().to_owned()),
            time_part(self.start_time),
        ]);
        KeySource::Call { call_id: self.call_id.as_deref(), detail, id: self.id.as_deref(), otherwise: content }
    }
}
