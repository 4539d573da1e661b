//! Alibaba Cloud Phone Number Protection (号码隐私保护, Dyplsapi): bindings between real numbers and virtual ones.
//!
//! <!-- the operations: written by a test -->
//! | request | what it does | safety | charged | calls per second |
//! | --- | --- | --- | --- | --- |
//! | **Bindings** | | | | |
//! | [`BindAxb`] | binds A and B to a shared number X | once | no | 5000 |
//! | [`BindAxn`] | gives A a number X that anybody can call | once | no | 5000 ¹ |
//! | [`BindAxnExtension`] | gives A an extension of a number X | once | no | 5000 |
//! | [`BindAxg`] | binds A to a group of numbers G | once | no | 5000 |
//! | [`BindBatchAxg`] | binds many A numbers to G groups | once | no | 5000 |
//! | [`UpdateSubscription`] | changes one property of a binding | idempotent | no | 10000 |
//! | [`UnbindSubscription`] | removes a binding | idempotent | no | 5000 ¹ |
//! | [`QuerySubscriptionDetail`] | reads a binding | safe | no | 1000 ¹ |
//! | [`QuerySubsId`] | looks up the bindings of a number X | safe | no | 1000 ¹ |
//! | **700 numbers** | | | | |
//! | [`BindAxb700`] | binds A and B to a shared 700 number X | once ² | no ³ | 5000 |
//! | [`BindGxb700`] | binds a group of callers G and B to a 700 number X | once ² | no ³ | 5000 |
//! | [`UpdateSubs700`] | changes one property of a binding of a 700 number | idempotent ² | no ³ | none |
//! | [`UnbindSubs700`] | removes a binding of a 700 number | idempotent ² | no ³ | none |
//! | **G groups** | | | | |
//! | [`CreateAxgGroup`] | creates a G group | once | no | 5000 ¹ |
//! | [`OperateAxgGroup`] | adds, deletes or replaces the numbers of a G group | idempotent | no | 5000 |
//! | [`DeleteAxgGroup`] | deletes a G group | idempotent | no | 5000 |
//! | **Calls and messages** | | | | |
//! | [`QueryCallStatus`] ⁴ | queries whether a binding can be called now | once | no | none |
//! | [`ConfirmSendSms`] ⁴ | sends an intercepted message | once | yes | 1000 |
//! | [`QueryRecordFileDownloadUrl`] | gets the link to a recording | safe | no | 3000 ¹ |
//! | [`GetTotalPublicUrl`] | gets the links to a recording and its ring tones | safe | no | 1000 |
//! | [`GetSecretAsrDetail`] | reads the transcript of a call | safe | no | 100 |
//! | **Number stock** | | | | |
//! | [`QuerySecretNoRemain`] | counts the numbers on sale | safe | no | none |
//! | [`BuySecretNo`] | buys a number X | once | yes | none |
//! | [`ReleaseSecretNo`] | releases a number X | idempotent | no | none |
//! | [`LockSecretNo`] | locks a number X, so that no new binding gets it | idempotent | no | 500 |
//! | [`UnlockSecretNo`] | unlocks a number X | idempotent | no | 500 |
//! | [`QuerySecretNoDetail`] | reads the attributes of a number X | safe | no | 1000 |
//! | **Blacklists** | | | | |
//! | [`OperateBlackNo`] | adds or deletes a number of a pool's blacklist | idempotent | no | 1000 |
//! | [`AddSecretBlacklist`] | adds an entry to a blacklist, of two numbers or one | idempotent | no | 100 |
//! | [`DeleteSecretBlacklist`] | deletes an entry of a blacklist | idempotent | no | 100 |
//! | **Reports of A numbers** | | | | |
//! | [`GetDyplsOSSInfoForUploadFile`] | gets a permission to upload photos | safe ² | no ³ | none |
//! | [`CreatePhoneNoAReport`] | reports the person behind a mobile number | once ² | no ³ | 50 |
//! | [`CreateFixedNoAReport`] | reports the person behind a fixed line | once ² | no ³ | 50 ¹ |
//! | [`QuerySecretAPhoneNoToCust`] | reads the report of a number and how its review stands | safe ² | no ³ | none |
//! | [`DeleteSecretAPhoneNoToCust`] | deletes the report of a number | idempotent ² | no ³ | none |
//! | **Waybills** | | | | |
//! | [`QueryPhoneNoAByTrackNo`] | announces a waybill number and gets the real numbers bound to it | idempotent | no | 5000 |
//! | [`AddAxnTrackNo`] | attaches a waybill number to an AXN binding | idempotent | no | 5000 |
//! | [`CreatePickUpWaybillPreQuery`] | queries pick-up slots and a price | safe | no | 100 |
//! | [`CreatePickUpWaybill`] | orders a courier's pick-up | once | yes | 200 ¹ |
//! | [`CancelPickUpWaybill`] | cancels a pick-up | idempotent | no | 200 ¹ |
//! | **Fixed lines** | | | | |
//! | [`BindAxbFixedLine`] | binds A and B to a shared landline X | once ² | no ³ | none |
//! | [`BindAxnFixedLine`] | gives A a landline X that anybody can call | once ² | no ³ | none |
//! | [`BindAxnExtensionFixedLine`] | gives A an extension of a landline X | once ² | no ³ | none |
//! | [`UpdateAxbBindFixedLine`] | changes a fixed-line AXB binding | once ² | no ³ | none |
//! | [`UpdateAxnBindFixedLine`] | changes a fixed-line AXN binding | once ² | no ³ | none |
//! | [`UpdateAxnExtensionBindFixedLine`] | changes a fixed-line AXN extension binding | once ² | no ³ | none |
//! | [`DeleteAxbBindFixedLine`] | removes a fixed-line AXB binding | idempotent ² | no ³ | none |
//! | [`DeleteAxnBindFixedLine`] | removes a fixed-line AXN binding | idempotent ² | no ³ | none |
//! | [`DeleteAxnExtensionBindFixedLine`] | removes a fixed-line AXN extension binding | idempotent ² | no ³ | none |
//! | [`QueryAxbBindFixedLine`] | reads a fixed-line AXB binding | safe ² | no ³ | none |
//! | [`QueryAxnBindFixedLine`] | reads fixed-line AXN bindings | safe ² | no ³ | none |
//! | [`QueryAxnExtensionBindFixedLine`] | reads fixed-line AXN extension bindings | safe ² | no ³ | none |
//! | **Work numbers** | | | | |
//! | [`BindXB`] | gives a work number X to an employee B | once ² | no ³ | none |
//! | [`UnBindXB`] | takes a work number X back from its employee B | idempotent ² | no ³ | none |
//! | [`BindAXBCall`] | lets B call a customer A through X for a limited time | once ² | no ³ | none |
//! | [`UnBindAXB`] | removes a call binding of A, X and B | idempotent ² | no ³ | none |
//! | [`ConfigX`] | sets the options of a work number | idempotent ² | no ³ | none |
//! | [`GetXConfig`] | reads the options of a work number | safe ² | no ³ | none |
//! | [`GetXDefaultConfig`] | reads the default options of a work number | safe ² | no ³ | none |
//! | [`ListXTelephones`] | lists the work numbers of the account, page by page | safe ² | no ³ | none |
//! | [`QuerySoundRecord`] | gets the link to the recording of a work number's call | safe ² | no ³ | none |
//! | [`CreateSmsSign`] | gets the text that routes an SMS from B to A | once ² | no ³ | none |
//! | **Call receipts** | | | | |
//! | [`QueryTokenForMnsQueue`] | gets a token for reading a queue of call receipts | safe ² | no ³ | none |
//! | **Number status** | | | | |
//! | [`DescribePhoneNumberStatus`] ⁴ | queries whether a mobile number is in service | once | yes | 300 ¹ |
//!
//! ¹ From the official metadata. The pages of the API say another limit, or none.
//!
//! ² Inferred: no document says whether the operation may be repeated.
//!
//! ³ No document says what a call costs.
//!
//! ⁴ Newer official SDKs lack it. Whether the platform still has it is not known.
//!
//! 64 operations: `QueryTokenForMnsQueue` of Dybaseapi, 62 of Dyplsapi, `DescribePhoneNumberStatus` of Dytnsapi.
//! <!-- end of the operations -->
//!
//! Charged is what the call itself costs; calls over a binding, recording and speech recognition are charged by the
//! minute. Calls per second are the documented limits: "none" means that no document says one.
//!
//! All go through one [`Client`], each to the host of its product. Dytnsapi is Phone Number Service (号码百科), and
//! Dybaseapi gives the tokens for queues of call receipts.

mod account;
mod acs3;
mod asr;
mod binding;
mod blacklist;
mod call_status;
mod check;
mod client;
mod credentials;
mod download;
mod error_code;
mod fixed_line;
mod group;
mod number700;
mod number_status;
mod product;
mod product_type;
mod protocol;
mod queue_token;
pub mod receipt;
mod reconcile;
mod recording;
mod report;
mod response;
mod ring_config;
mod secret_no;
mod signature_version;
mod sms;
mod subscription;
mod tracking;
mod waybill;
mod work_number;

pub use asr::exports::*;
pub use binding::exports::*;
pub use blacklist::exports::*;
pub use call_status::exports::*;
pub use client::{Client, ClientBuilder};
pub use credentials::{Credentials, CredentialsProvider, Environment, ProfileFile, ProviderError, RoleCredentials};
pub use download::{DownloadError, DownloadProgress, DownloadRecording, Recording};
pub use error_code::{CREDENTIALS_UNAVAILABLE, REPORT_ALREADY_APPROVED, REPORT_ALREADY_SUBMITTED};
pub use fixed_line::exports::*;
pub use group::exports::*;
pub use number_status::exports::*;
pub use number700::exports::*;
pub use product::*;
pub use product_type::ProductType;
pub use queue_token::exports::*;
#[cfg(feature = "store")]
pub(crate) use reconcile::BindForm;
pub use reconcile::{Bind, BindError, Binding, BindingKind, ExposedBinding, FoundBinding, Unbound, UnknownBindingKind};
pub use recording::exports::*;
pub use report::exports::*;
pub use response::DataResult;
pub use ring_config::{AxbRingConfig, AxgRingConfig, AxnRingConfig, RingConfig};
pub use secret_no::exports::*;
pub use signature_version::SignatureVersion;
pub use sms::exports::*;
pub use subscription::exports::*;
pub use tracking::exports::*;
pub use waybill::exports::*;
pub use work_number::exports::*;

pub use crate::sign::pop::HttpMethod;

#[cfg(test)]
mod tests;
