//! Call receipts (话单, 回执消息): what happened on the phone, as Alibaba Cloud reports it.
//!
//! | message | when it comes | over | source |
//! | --- | --- | --- | --- |
//! | [`SecretStartReport`] | a call was initiated (呼叫发起) | HTTP, MNS | [page](https://help.aliyun.com/document_detail/305595.htm), [MNS](https://help.aliyun.com/document_detail/109200.htm) |
//! | [`SecretRingReport`] | the callee's phone rings (呼叫响铃); some carriers only | HTTP, MNS | [page](https://help.aliyun.com/document_detail/400455.html) |
//! | [`SecretPickUpReport`] | the callee answered (呼叫接听); some carriers only | HTTP, MNS | [MNS](https://help.aliyun.com/document_detail/400454.html) |
//! | [`SecretReport`] | a call ended (呼叫结束): the record to bill by | HTTP, MNS | [page](https://help.aliyun.com/document_detail/305596.htm), [MNS](https://help.aliyun.com/document_detail/109201.html) |
//! | [`SecretRecording`] | a recording can be downloaded (录音状态) | HTTP, MNS | [page](https://help.aliyun.com/document_detail/305597.html) |
//! | [`SecretAsrReport`] | a transcript is ready (录音ASR状态) | HTTP, MNS | [page](https://help.aliyun.com/document_detail/305598.htm) |
//! | [`SecretExceptionPhoneReport`] | a number X is out of order or in order again (异常号码状态) | MNS | [MNS](https://help.aliyun.com/document_detail/354287.htm) |
//! | [`SmartLogisticsReport`] | a parcel reached a logistics node (电商物流) | HTTP, MNS | [page](https://help.aliyun.com/document_detail/375331.html) |
//! | [`NumberManagementReport`] | a number X was created or deleted (号码管理) | HTTP, MNS | [page](https://help.aliyun.com/document_detail/421098.html) |
//! | [`SecretANumberAuditFailedReport`] | a reported number A failed the review (A号码报备) | MNS | [MNS](https://help.aliyun.com/zh/pnp/developer-reference/secretanumberauditfailedreport) |
//! | [`SecretSmsIntercept`] | an SMS was intercepted (短信内容); no longer listed | HTTP | [page](https://help.aliyun.com/document_detail/305609.htm) |
//!
//! [`parse`] reads a body. Nothing in a body names its type: give each type a queue or a path of its own, because a
//! body that is read as another type keeps only the members that both types have.
//!
//! ```
//! use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType};
//!
//! let body = br#"[{"pool_key":"FC100000000000001","call_id":"43612633712c0001","call_time":1629893489000}]"#;
//! for receipt in receipt::parse(&ReceiptType::SecretRecording, body)? {
//!     assert_eq!(receipt.key().as_str(), "SecretRecording:43612633712c0001");
//!     if let Receipt::SecretRecording(recording) = receipt {
//!         assert_eq!(recording.call_time_text().as_deref(), Some("2021-08-25 20:11:29"));
//!         // `client.send(&query).await?.download_url` is the link to the recording.
//!         let query = recording.recording_query().expect("the receipt has the pool, the id and the time");
//!         assert_eq!(query.call_id, "43612633712c0001");
//!     }
//! }
//! # Ok::<(), receipt::ParseReceiptError>(())
//! ```
//!
//! # How messages are read
//! - Every field may be absent: the documents do not say for all fields whether they always come. `null` and empty text
//!   are absent too. Unknown members are ignored.
//! - Both spellings of a member are read, in snake and in camel case. Numbers may be text, and ids may be numbers.
//! - Times are China time or milliseconds since 1970. A time or number in another format is absent.
//! - A phone number of any form is kept as it came: [`PhoneNumber::check`](crate::PhoneNumber::check) and
//!   [`VirtualNumber::kind`](crate::VirtualNumber::kind) tell what it is.
//! - A message that cannot be read as its type is [`Receipt::Other`] with its text, so that no message is lost.
//! - `Debug` shows no number, text, link or id of your own. No message implements `Serialize`.
//!
//! # What is not known
//! Whether a call has more than one message of a type; in which order messages come; how many come in one push; which
//! fields always come, for much of `SecretStartReport` and `SecretReport` over HTTP; codes of recognition other than
//! success; causes above 39. The platform says that messages may come twice: [`Receipt::key`] recognises them.

mod call_progress;
mod facts;
mod fields;
mod key;
mod logistics;
mod number_events;
mod parse;
#[cfg(feature = "receipt-http")]
mod push;
mod queue;
mod receipt_type;
mod recorded;
mod release_cause;
mod secret_report;
mod sms;
mod values;

use chrono::{DateTime, FixedOffset};
use serde_json::value::RawValue;

pub use call_progress::{SecretPickUpReport, SecretRingReport, SecretStartReport};
pub use key::ReceiptKey;
pub use logistics::SmartLogisticsReport;
pub use number_events::{NumberManagementReport, SecretANumberAuditFailedReport, SecretExceptionPhoneReport};
pub use parse::{ACKNOWLEDGEMENT, ParseReceiptError, parse};
#[cfg(feature = "receipt-http")]
pub use push::{PushBody, PushService, PushServiceBuilder, PushedMessages, ReceiptSink, SinkError};
#[cfg(any(test, fuzzing))]
pub(crate) use queue::read_queue_response;
pub use queue::*;
pub use receipt_type::ReceiptType;
pub use recorded::{ReportedSentence, SecretAsrReport, SecretRecording};
pub use release_cause::ReleaseCause;
pub use secret_report::SecretReport;
pub use sms::SecretSmsIntercept;
pub use values::*;

use super::asr::GetSecretAsrDetail;
use super::recording::QueryRecordFileDownloadUrl;
use crate::redact::Private;
use facts::{CallReference, Facts};
use fields::{Unreadable, read_message};
use key::KeySource;

/// Defines `Receipt` over the messages.
macro_rules! receipts {
    ($($(#[$meta:meta])* $name:ident,)+) => {
        /// A message of any type. The messages are boxed, so that a receipt is cheap to move.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Receipt {
            $($(#[$meta])* $name(Box<$name>),)+
            /// A message of a type that this crate has no struct for, or that cannot be read as its type.
            Other(Box<OtherReceipt>),
        }

        impl Receipt {
            /// The type of the message.
            #[must_use]
            pub fn receipt_type(&self) -> ReceiptType {
                match self {
                    $(Self::$name(_) => ReceiptType::$name,)+
                    Self::Other(other) => other.receipt_type.clone(),
                }
            }

            fn facts(&self) -> &dyn Facts {
                match self {
                    $(Self::$name(message) => &**message,)+
                    Self::Other(other) => &**other,
                }
            }

            /// Reads one message.
            fn read(receipt_type: &ReceiptType, text: &RawValue) -> Self {
                let read = match receipt_type {
                    $(ReceiptType::$name => read_message::<$name>(text).map(Self::from),)+
                    ReceiptType::Other(_) => return OtherReceipt::keep(receipt_type, OtherReason::UnknownType, text),
                };
                read.unwrap_or_else(|unreadable| {
                    let reason = match unreadable {
                        Unreadable::NotThisType => OtherReason::NotThisType,
                        Unreadable::Field(field) => OtherReason::Field(field),
                    };
                    OtherReceipt::keep(receipt_type, reason, text)
                })
            }
        }

        $(impl From<$name> for Receipt {
            fn from(message: $name) -> Self {
                Self::$name(Box::new(message))
            }
        })+
    };
}

receipts! {
    /// A call was initiated.
    SecretStartReport,
    /// The callee's phone rings.
    SecretRingReport,
    /// The callee answered.
    SecretPickUpReport,
    /// A call ended.
    SecretReport,
    /// A recording can be downloaded.
    SecretRecording,
    /// A transcript is ready.
    SecretAsrReport,
    /// A number X is out of order, or in order again.
    SecretExceptionPhoneReport,
    /// A parcel reached a logistics node.
    SmartLogisticsReport,
    /// A number X was created or deleted.
    NumberManagementReport,
    /// A reported number A failed the review.
    SecretANumberAuditFailedReport,
    /// An SMS was intercepted.
    SecretSmsIntercept,
}

impl Receipt {
    /// The key that is the same each time this receipt is delivered.
    #[must_use]
    pub fn key(&self) -> ReceiptKey {
        ReceiptKey::new(&self.receipt_type(), self.facts().key_source())
    }

    /// The id of the call or SMS, if the receipt is about one.
    #[doc(alias = "呼叫记录ID")]
    #[must_use]
    pub fn call_id(&self) -> Option<&str> {
        self.facts().call().call_id
    }

    /// When the caller dialled, if the receipt tells. The messages about transcripts, SMS, numbers and parcels do not.
    #[must_use]
    pub fn call_time(&self) -> Option<DateTime<FixedOffset>> {
        self.facts().call().call_time
    }

    /// [`call_time`](Self::call_time) in China time, `yyyy-MM-dd HH:mm:ss`: the form that operations on a call ask for.
    #[must_use]
    pub fn call_time_text(&self) -> Option<String> {
        self.facts().call().call_time_text()
    }

    /// The key of the number pool, `pool_key` or `partner_key`.
    #[must_use]
    pub fn pool_key(&self) -> Option<&str> {
        self.facts().pool_key()
    }

    /// The request for the link to the call's recording. `None` if the receipt lacks the pool's key, the call's id or
    /// its time.
    #[must_use]
    pub fn recording_query(&self) -> Option<QueryRecordFileDownloadUrl> {
        self.facts().call().recording_query()
    }

    /// The request for the call's transcript. `None` if the receipt lacks the pool's key, the call's id or its time, as
    /// every [`SecretAsrReport`] does: [`SecretAsrReport::asr_query`] takes the time.
    #[must_use]
    pub fn asr_query(&self) -> Option<GetSecretAsrDetail> {
        self.facts().call().asr_query()
    }
}

/// A message that this crate could not read: of an unknown type, or in an unexpected form.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherReceipt {
    /// The type of the queue or path that it came by.
    pub receipt_type: ReceiptType,
    /// Why it could not be read.
    pub reason: OtherReason,
    /// Its JSON text, byte by byte as it came.
    pub raw: Private,
}

/// Why a message is [`Receipt::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherReason {
    /// This crate has no struct for the type.
    UnknownType,
    /// It is not an object, or no member of the type has a value.
    NotThisType,
    /// This field has a value of another kind, such as an object, or comes twice with different values.
    Field(&'static str),
}

impl OtherReceipt {
    fn keep(receipt_type: &ReceiptType, reason: OtherReason, text: &RawValue) -> Receipt {
        Receipt::Other(Box::new(Self { receipt_type: receipt_type.clone(), reason, raw: text.get().into() }))
    }
}

impl Facts for OtherReceipt {
    fn call(&self) -> CallReference<'_> {
        CallReference::default()
    }

    fn key_source(&self) -> KeySource<'_> {
        KeySource::Content(vec![Some(self.raw.expose().to_owned())])
    }
}
