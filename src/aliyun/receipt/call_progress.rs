//! A call in progress: started, ringing, answered.

use chrono::{DateTime, FixedOffset};

use super::facts::{CallReference, Facts, call_methods, time_part};
use super::fields::message;
use super::key::KeySource;
use super::values::{CallType, ControlMessage, ControlType, UnconnectedCause};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

message! {
    /// A call was initiated: `SecretStartReport` (呼叫发起时话单报告).
    ///
    /// A call without a binding may lack `sub_id`; no document says what else it lacks. The HTTP page lists `id`,
    /// `partner_key`, `city`, `unconnected_cause` and `control_type`, the MNS page does not; `control_msg` is the other
    /// way round.
    ///
    /// Source: `SecretStartReport` over HTTP (the end of the page was not seen) and over MNS.
    SecretStartReport {
        /// The record's id.
        id: Option<String> as text,
        /// The pool's key, as the partner knows it. In the samples the same as `pool_key`.
        partner_key: Option<String> as text,
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// The city that X belongs to.
        city: Option<String> as text,
        /// The binding's id.
        sub_id: Option<String> as text,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
        /// The call's id, at most 100 characters.
        call_id: Option<String> as text,
        /// A's real number.
        phone_no: Option<PhoneNumber> as trimmed,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The other side's number: B, N, or one of the group G.
        peer_no: Option<PhoneNumber> as trimmed,
        /// The number that the callee sees.
        called_display_no: Option<VirtualNumber> as trimmed,
        /// Who called whom.
        call_type: Option<CallType> as text,
        /// When the caller dialled.
        call_time: Option<DateTime<FixedOffset>> as time,
        /// Why the platform did not connect the call.
        unconnected_cause: Option<UnconnectedCause> as text,
        /// What the platform did with the call.
        control_type: Option<ControlType> as text,
        /// The result of the platform's routing.
        control_msg: Option<ControlMessage> as text,
    }
}

message! {
    /// The callee's phone rings: `SecretRingReport` (呼叫响铃时报告).
    ///
    /// Numbers of some carriers only: do not wait for it.
    ///
    /// Source: `SecretRingReport` over HTTP and over MNS.
    SecretRingReport {
        /// A's real number.
        phone_no: Option<PhoneNumber> as trimmed,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The other side's number: B, N, or one of the group G.
        peer_no: Option<PhoneNumber> as trimmed,
        /// Who called whom.
        call_type: Option<CallType> as text,
        /// The call's id.
        call_id: Option<String> as text,
        /// When the caller dialled.
        call_time: Option<DateTime<FixedOffset>> as time,
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// When it began to ring.
        ring_time: Option<DateTime<FixedOffset>> as time,
        /// The binding's id.
        sub_id: Option<String> as text,
        /// The city that X belongs to.
        city: Option<String> as text,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
        /// The extension of X.
        extension: Option<Private> as text,
    }
}

message! {
    /// The callee answered: `SecretPickUpReport` (呼叫接听时报告).
    ///
    /// Numbers of some carriers only: do not wait for it.
    ///
    /// Source: `SecretPickUpReport` over HTTP and over MNS, whose page writes `ring_Time`.
    SecretPickUpReport {
        /// A's real number.
        phone_no: Option<PhoneNumber> as trimmed,
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The other side's number: B, N, or one of the group G.
        peer_no: Option<PhoneNumber> as trimmed,
        /// Who called whom.
        call_type: Option<CallType> as text,
        /// The call's id.
        call_id: Option<String> as text,
        /// When the caller dialled.
        call_time: Option<DateTime<FixedOffset>> as time,
        /// The number pool's key.
        pool_key: Option<String> as text,
        /// When it began to ring.
        ring_time: Option<DateTime<FixedOffset>> as time,
        /// When the callee answered.
        start_time: Option<DateTime<FixedOffset>> as time,
        /// The binding's id.
        sub_id: Option<String> as text,
        /// The city that X belongs to.
        city: Option<String> as text,
        /// Your own id of the binding.
        out_id: Option<Private> as text,
        /// The extension of X.
        extension: Option<Private> as text,
    }
}

call_methods!(SecretStartReport);
call_methods!(SecretRingReport);
call_methods!(SecretPickUpReport);

impl Facts for SecretStartReport {
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
                self.call_time,
            ),
        }
    }
}

macro_rules! facts_of_an_event {
    ($name:ident, $event_time:ident) => {
        impl Facts for $name {
            fn call(&self) -> CallReference<'_> {
                CallReference {
                    pool_key: self.pool_key.as_deref(),
                    call_id: self.call_id.as_deref(),
                    call_time: self.call_time,
                }
            }

            fn key_source(&self) -> KeySource<'_> {
                KeySource::Call {
                    call_id: self.call_id.as_deref(),
                    detail: time_part(self.$event_time),
                    id: None,
                    otherwise: numbers_and_time(
                        self.phone_no.as_ref(),
                        self.secret_no.as_ref(),
                        self.peer_no.as_ref(),
                        self.$event_time.or(self.call_time),
                    ),
                }
            }
        }
    };
}

facts_of_an_event!(SecretRingReport, ring_time);
facts_of_an_event!(SecretPickUpReport, start_time);

/// What tells an event of a call apart if it has no id.
pub(super) fn numbers_and_time(
    phone_no: Option<&PhoneNumber>,
    secret_no: Option<&VirtualNumber>,
    peer_no: Option<&PhoneNumber>,
    time: Option<DateTime<FixedOffset>>,
) -> Vec<Option<String>> {
    let phone = |number: Option<&PhoneNumber>| number.map(|number| number.expose().to_owned());
    let secret_no = secret_no.map(|number| number.expose().to_owned());
    vec![phone(phone_no), secret_no, phone(peer_no), time_part(time)]
}
