//! Both gateways in process, for tests without accounts, numbers or charges.
//!
//! The emulator verifies signatures, keeps state and refuses as the gateways refuse. Its core, [`Gateways`], turns a
//! request into an answer without I/O; [`Emulator`] serves it over HTTP on a port of 127.0.0.1, so that a client in any
//! language can use it. It judges time by a [`Clock`] that tests can set, and writes a [`Ledger`] of all requests.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use privacy_number::emulator::Emulator;
//!
//! let emulator = Emulator::builder().orders([("3001", "oaid-3001")]).start().await?;
//! assert!(emulator.top_endpoint().ends_with("/router/rest"));
//! assert_eq!(emulator.ledger().count("taobao.top.oaid.decrypt"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # What is there
//!
//! TOP at `/router/rest`: `taobao.top.oaid.decrypt`, `taobao.top.oaid.client.decrypt`,
//! `taobao.top.secret.group.update`, `taobao.top.secret.group.query` and
//! `tmall.servicecenter.workcard.virtualphone.bind`. Alibaba Cloud's Phone Number Protection (Dyplsapi, version
//! `2017-05-25`) and Phone Number Service (Dytnsapi, version `2020-02-17`) at `/`:
//!
//! | what | actions |
//! | --- | --- |
//! | bindings | `BindAxb`, `BindAxn`, `BindAxnExtension`, `BindAxg`, `BindBatchAxg`, `UpdateSubscription`, `UnbindSubscription`, `QuerySubscriptionDetail`, `QuerySubsId`, `QueryCallStatus` |
//! | G groups | `CreateAxgGroup`, `OperateAxgGroup`, `DeleteAxgGroup` |
//! | X numbers | `QuerySecretNoRemain`, `BuySecretNo`, `ReleaseSecretNo`, `LockSecretNo`, `UnlockSecretNo`, `QuerySecretNoDetail` |
//! | blacklists | `OperateBlackNo`, `AddSecretBlacklist`, `DeleteSecretBlacklist` |
//! | calls and messages | `QueryRecordFileDownloadUrl`, `GetTotalPublicUrl`, `GetSecretAsrDetail`, `ConfirmSendSms` |
//! | waybills | `AddAxnTrackNo`, `QueryPhoneNoAByTrackNo`, `CreatePickUpWaybillPreQuery`, `CreatePickUpWaybill`, `CancelPickUpWaybill` |
//! | number status | `DescribePhoneNumberStatus` |
//!
//! A recording's URL leads back to the emulator, which serves a tone as a WAV file until the URL expires. The ledger
//! calls such a download `recording`.
//!
//! # What it knows from the start
//!
//! | what | value |
//! | --- | --- |
//! | app key and secret | `12345678`, `emulator-app-secret` |
//! | the first shop, `first-shop`, and its session | `emulator-session` |
//! | another shop, `other-shop`, and its session | `other-shop-session` |
//! | one-time client tokens | `once-1`, `once-2`, `once-3` |
//! | access key id and secret | `emulator-access-key-id`, `emulator-access-key-secret` |
//! | pool, for bindings of all kinds | `FC100000000000001`, two X numbers each in 北京, 上海 and 杭州 |
//! | numbers of virtual operators on sale (`SpecId` 1) | 120 in 武汉, 20 in 北京, none in 杭州 |
//! | numbers of carriers on sale (`SpecId` 2) | 20 in 武汉, 20 in 西安 |
//! | 95 numbers on sale (`SpecId` 3) | 20, in the one city 全国通用 |
//! | recorded call of ten seconds | `call-1`, at whatever `CallTime` a request names |
//! | intercepted message | `sms-1` |
//!
//! | tid | oaid | order |
//! | --- | --- | --- |
//! | `2001` | `oaid-2001` | a 700 number |
//! | `2002` | `oaid-2002` | an 11+4 number |
//! | `2003` | `oaid-2003` | not protected: the receiver's own number |
//! | `2004` | `stale-2004` | its oaid is out of date |
//! | `2005` | `wrong-2005` | its oaid is wrong |
//! | `2006` | `oaid-2006` | another shop's |
//!
//! # Magic values
//!
//! | value | answer |
//! | --- | --- |
//! | an oaid that begins with `stale-` | `matched: false`: not its order's current one |
//! | an oaid that begins with `wrong-` | `isv.oaid-invalid` |
//! | an order whose oaid begins with `closed-` | masked in the end user's client, with its `desensitize_rule` |
//! | a `workcard_id` of 0 or less | `success: false` |
//! | a `PhoneNumber` that ends with `0001` to `0007` | `SHUTDOWN`, `NOT_EXIST`, `POWER_OFF`, `SUSPECTED_POWER_OFF`, `FUNCTIONAL_SHUTDOWN`, `BUSY`, `UNKNOWN`; others are `NORMAL` |
//! | a `PhoneNumber` that ends with `0008` or `0009` | `OperatorLimit`, `isp.UNKNOWN` |
//! | a `CallId` of `ConfirmSendSms` that is a code of its documentation, such as `SmsContentIllegal` | that code |
//! | a `CpCode` of `NO_APPOINTMENTS` | a courier who takes no appointments |
//! | tomorrow's 10:00 to 12:00 | sold out |
//!
//! An oaid with one of these beginnings always has the same refusal, whatever the order; neither needs to exist.
//!
//! | beginning | refusal of the decryption |
//! | --- | --- |
//! | `quota-` | `isv.decryption-quota-exceeded` |
//! | `disabled-`, `app-disabled-` | `isv.decryption-disabled-by-seller`, `isv.app-decryption-disabled-by-seller` |
//! | `no-permission-` | `isv.no-permission:oaid` |
//! | `tid-invalid-`, `tid-error-` | `isv.tid-invalid`, `isv.tid-error` |
//! | `empty-`, `argument-`, `scene-` | `isv.empty-parameter`, `isv.invalid-argument`, `isv.decryption-scene-invalid` |
//! | `size-` | `isv.decryption-size-exceeded` |
//! | `prohibit-app-`, `prohibit-app-user-` | `isv.prohibit-application`, `isv.prohibit-application-user` |
//! | `prohibit-main-`, `prohibit-sub-` | `isv.prohibit-masteraccount`, `isv.prohibit-subaccount` |
//! | `concurrent-`, `balance-` | `isv.concurrent-query`, `isv.lack-of-balance` |
//! | `sys-error-`, `call-limited-` | `isp.sys.error`, `isp.call-limited` |
//! | `timeout-` | code 15, `isp.top-remote-connection-timeout` |
//! | `remote-unavailable-` | `isp.top-remote-service-unavailable` |
//! | `api-limited-` | code 7, `accesscontrol.limited-by-api-access-count`, for 1 second |
//! | `app-api-limited-` | code 7, `accesscontrol.limited-by-app-api-access-count`, for 41 seconds |
//! | `app-limited-` | code 7, `accesscontrol.limited-by-app-access-count`, for 31062 seconds |
//! | `unavailable-` | code 10, Service Currently Unavailable |
//! | `package-`, `ip-whitelist-` | code 11, `isv.permission-api-package-limit`, `isv.permission-ip-whitelist-limit` |
//! | `session-expired-` | code 27, `session-expired` |
//! | `token-`, `session-level-` | code 44, code 53 |
//!
//! # Where the documents are silent
//!
//! The emulator takes what is harder on a client. At TOP, receivers come in reverse order, a work card that is bound
//! again gets a second number, a client token is used up even by a query that fails, and duplicates count towards the
//! limit of callers per call. A parameter that comes twice is refused. A session that a new one has replaced is
//! refused as one that has expired.
//!
//! At Alibaba Cloud, `isv.FORBIDDEN_ACTION` answers what the state does not allow: releasing a bound number, binding a
//! locked one or one of another pool, deleting a bound group, binding an empty one, the 2,001st group of a pool,
//! overwriting a group of more than 200 numbers, and recordings that are not there, not yet (until a minute after the
//! call) or no more (after 14 days). `isv.ILLEGAL_ARGUMENT` answers values that can never be right, unknown groups and
//! missing parameters that only another parameter calls for.
//!
//! - AXN and AXG bindings have their X number to themselves. An X number in force in one kind of binding cannot be
//!   used in another. The same parties bound once more get another X number or extension.
//! - A binding is broken, as `QueryCallStatus` has it, while its X number is locked. Every such query binds another X
//!   number for as long as the first binding lasts.
//! - `OperateBlackNo` and the pool's entries of `AddSecretBlacklist` are one list. A pair is deleted as it was
//!   written, whatever `WayControl` says. Adding twice and deleting what is not there succeed.
//! - A failed row of `BindBatchAxg` has no `SubsId`, `SecretNo` and `Extension`.
//! - An order code that comes twice orders a second courier; cancelling it cancels both, and a second time fails.
//!   Outside 8:00 to 20:00 the query says that couriers do not set out at once, and the order is taken all the same.
//! - Refusals of the waybill operations are told inside `Data`, but for parameters that are missing or no JSON.
//! - A request signed by ACS3, as the newer SDKs sign unless `signature_algorithm` is `v2`, is refused with
//!   `UnsupportedSignatureAlgorithm`: a code of the emulator's own, since the gateway takes such requests.
//!
//! An order that is decrypted twice counts twice towards the day's quota; a call that would exceed it is refused whole
//! and counts nothing. Decryption that is switched off and a used-up quota hold for the end user's client too, and use
//! its token up. Faults come before every check.
#![doc = include_str!("emulator/testing.md")]

mod accounts;
mod aliyun;
mod answer;
mod builder;
mod china_time;
mod clients;
mod clock;
mod connection;
mod context;
mod control;
mod delivery;
mod fault;
mod gateways;
mod generated;
mod json_body;
mod ledger;
mod operations;
mod pending_request;
mod refusable_listener;
mod request;
mod request_facts;
mod request_kind;
mod response_body;
mod seed;
mod server;
mod signature;
mod store;
#[cfg(test)]
mod tests;
mod top;

pub use aliyun::seed::NumberPool;
pub use builder::EmulatorBuilder;
pub use clock::Clock;
pub use delivery::{Delivery, Reply};
pub use fault::{Fault, Throttle};
pub use gateways::Gateways;
pub use ledger::{Entry, Ledger};
pub use seed::ShopSeed;
pub use server::Emulator;
pub use store::binding::BindingKind;
pub use store::call_record::CallRecord;
pub use store::decryption::Decryption;
pub use store::number_stock::NumberSpec;
pub use store::shop::ShopError;
