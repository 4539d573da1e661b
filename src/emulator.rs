//! Both gateways in process, for tests without accounts, phone numbers or charges.
//!
//! The emulator verifies signatures, keeps state, and refuses requests with the gateways' own error codes. Its core,
//! [`Gateways`], turns a request into a response without I/O. [`Emulator`] serves it over HTTP on a port of 127.0.0.1,
//! so that clients in any language can use it; the command `privacy-number-emulator` (feature `emulator-server`) starts
//! it without a program of your own. Tests can set its [`Clock`] and read its [`Ledger`] of all requests.
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
//! # Operations
//!
//! The emulator has all operations of this crate: those of [`top`](crate::top) at `/router/rest`, and those of
//! [`aliyun`](crate::aliyun) at `/`. The products of Alibaba Cloud are Phone Number Protection (Dyplsapi, version
//! `2017-05-25`) and Phone Number Service (Dytnsapi, version `2020-02-17`). [`Gateways::operations`] lists the names.
//!
//! The URL of a recording points to the emulator, which serves a tone as a WAV file until the URL expires. The name of
//! such a download in the ledger is `recording`.
//!
//! Photos of reports are uploaded to the emulator too. It checks the form, its policy and its signature, and keeps only
//! the SHA-256 of a photo. The name of an upload in the ledger is `upload`.
//! The queues of receipts (MNS) are at `/queues/<name>/messages`, one for each type of receipt. Their operations are
//! `ReceiveMessage`, `BatchReceiveMessage`, `PeekMessage`, `BatchPeekMessage`, `DeleteMessage` and
//! `BatchDeleteMessage`.
//! [`Emulator::place_call`] makes a phone ring, and the receipts of the call follow by the emulator's clock.
//!
//! # Initial state
//!
//! | what | value |
//! | --- | --- |
//! | app key and secret | `12345678`, `emulator-app-secret` |
//! | the first shop, `first-shop`, and its session | `emulator-session` |
//! | another shop, `other-shop`, and its session | `other-shop-session` |
//! | one-time client tokens of the first shop | `once-1`, `once-2`, `once-3` |
//! | authorisation codes of the first shop | `auth-code-1`, `auth-code-2`, `auth-code-3` |
//! | access key id and secret | `emulator-access-key-id`, `emulator-access-key-secret` |
//! | the default pool, for all kinds of bindings | `FC100000000000001`, two X numbers each in 北京, 上海 and 杭州 |
//! | work numbers of the default pool | `16500000001`, `16500000002`, `16500000003` |
//! | the default pool, for all kinds of bindings | `FC100000000000001`, two X numbers each in 北京, 上海 and 杭州, and the 700 numbers `700000000000001` and `700000000000002` |
//! | numbers of virtual operators on sale (`SpecId` 1) | 120 in 武汉, 20 in 北京, none in 杭州 |
//! | numbers of carriers on sale (`SpecId` 2) | 20 in 武汉, 20 in 西安 |
//! | 95 numbers on sale (`SpecId` 3) | 20; their city is always 全国通用 |
//! | recorded call of 10 seconds | `call-1`, with every `CallTime` |
//! | intercepted message | `sms-1` |
//! | white list of A numbers, and the time of a review | 19; an hour, then a report is approved |
//! | the queue of a type of receipt, such as `SecretReport` | `Alicom-Queue-1000000000000001-SecretReport`, empty |
//!
//! | tid | oaid | order |
//! | --- | --- | --- |
//! | `2001` | `oaid-2001` | has a 700 number |
//! | `2002` | `oaid-2002` | has an 11+4 number |
//! | `2003` | `oaid-2003` | is not protected: has the receiver's own number |
//! | `2004` | `stale-2004` | its oaid is out of date |
//! | `2005` | `wrong-2005` | its oaid is wrong |
//! | `2006` | `oaid-2006` | belongs to the other shop |
//!
//! # Magic values
//!
//! | value | response |
//! | --- | --- |
//! | an oaid with the prefix `stale-` | `matched: false`: not the current oaid of its order |
//! | an oaid with the prefix `wrong-` | `isv.oaid-invalid` |
//! | the oaid of an order with the prefix `closed-` | masked data in the end user's client, with `desensitize_rule` |
//! | a `workcard_id` of 0 or less | `success: false` |
//! | a `PhoneNumber` that ends with `0001` to `0007` | `SHUTDOWN`, `NOT_EXIST`, `POWER_OFF`, `SUSPECTED_POWER_OFF`, `FUNCTIONAL_SHUTDOWN`, `BUSY`, `UNKNOWN`; other numbers are `NORMAL` |
//! | a `PhoneNumber` that ends with `0008` or `0009` | `OperatorLimit`, `isp.UNKNOWN` |
//! | a `CallId` of `ConfirmSendSms` that equals a documented error code, such as `SmsContentIllegal` | that code |
//! | a `CpCode` of `NO_APPOINTMENTS` | a courier without appointments |
//! | the pick-up slot of tomorrow from 10:00 to 12:00 | sold out |
//!
//! An oaid with one of the following prefixes always has the same refusal. Neither the oaid nor the order must exist.
//!
//! | prefix | refusal of the decryption |
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
//! Where the documents do not specify the behaviour, the emulator chooses what is more difficult for a client. At TOP,
//! receivers are in reverse order, a work card that is bound again gets a second number, a client token is consumed
//! even by a query that fails, and duplicates count towards the maximum number of callers per call. A repeated
//! parameter is refused. A session that was replaced by a new one is refused as expired.
//!
//! At Alibaba Cloud, `isv.FORBIDDEN_ACTION` is the response if the state does not allow the call: releasing a bound
//! number, binding a locked number or a number of another pool, deleting a bound group, binding an empty group,
//! creating the 2,001st group of a pool, overwriting a group of more than 200 numbers, and a recording that does not
//! exist, is not ready (until a minute after the call), or is deleted (after 14 days). `isv.ILLEGAL_ARGUMENT` is the
//! response for values that are never valid, unknown groups, and missing parameters that another parameter requires.
//!
//! - AXN and AXG bindings do not share their X number. An X number in force in one kind of binding cannot be used in
//!   another kind. The same parties get another X number or extension if they are bound again.
//! - No document lists codes for bindings of 700 numbers: they have those of the older operations. An order that is
//!   bound already, and a pair of which one party is bound to X, is `isv.BIND_CONFLICT`; a binding that is gone or has
//!   expired is `isv.SUBS_NOT_EXIST` for `UnbindSubs700`. A GXB binding has its X number alone, and takes the groups of
//!   `CreateAxgGroup`. An update or an unbinding without `OrderId` and `IndustrialId`, or with that of another order,
//!   is `isv.ILLEGAL_ARGUMENT`. No other operation knows these bindings, `QuerySubsId` and `QuerySubscriptionDetail`
//!   neither.
//! - `QueryCallStatus` treats a binding as broken while its X number is locked. Every such query binds another X number
//!   for the remaining time of the first binding.
//! - `OperateBlackNo` and the pool entries of `AddSecretBlacklist` use the same list. A pair is deleted exactly as it
//!   was written, for every `WayControl`. Adding an entry twice and deleting a missing entry succeed.
//! - An X number that is locked rings nobody. If A calls X, only the B of the binding is rung, not the last caller.
//! - A failed row of `BindBatchAxg` has no `SubsId`, `SecretNo` and `Extension`.
//! - A repeated order code orders a second courier. Cancelling the code cancels both orders, and cancelling it again
//!   fails. Outside 8:00 to 20:00 the pre-query answers that no courier sets out at once, but the order is accepted.
//! - Refusals of the pick-up operations are inside `Data`, except for parameters that are missing or not JSON.
//! - The fixed-line platform takes the key of a pool as `AppId`, and has bindings of its own beside those of the other
//!   operations. A repeated `OrderId` of a bind or an update that was executed is refused. Updates and deletions are
//!   refused inside `Data` while the outer result is a success. A query by numbers that finds nothing is a success
//!   without content. An expired binding does not exist. `Expiration` counts from the call, not from `Subts`.
//! - A report needs photos that were uploaded. A rejected report is replaced by a new one. The query for a number
//!   without a report has empty `Data`. Deleting such a report, or one under review, has `Data` false.
//! - Both signatures of Alibaba Cloud are verified: RPC signature 1.0, and ACS3-HMAC-SHA256 over the headers that
//!   `SignedHeaders` names, by which newer SDKs sign. No document lists the codes for a missing `x-acs-` header
//!   (`MissingParameter` here) and for a hash that is not that of the body (`SignatureDoesNotMatch`).
//!
//! At the queues of receipts:
//!
//! - A token is valid for an hour, and for its queue only. An expired token is refused with `InvalidAccessKeyId`, a
//!   token of another queue with `AccessDenied`. The names of parameters are case-sensitive, and unknown ones are
//!   refused.
//! - The answer of `PeekMessage` has a `FirstDequeueTime` of 0 if the message was never received.
//! - A wait (`waitseconds`) is measured by the system clock, so that it also ends if the emulator's clock is stopped.
//!   Messages become visible again, and tokens expire, by the emulator's clock; a request that waits sees at once that
//!   the clock was changed. A request is verified before it waits. [`Gateways`] without a server never wait.
//!
//! An order has a state ([`OrderStatus`]), a receiver, and a virtual number that is rented: for 15 days, or as long as a
//! decryption asks for. An extension adds its days to the present end. Each day of rent costs 0.03 and each minute of a
//! call to the number 0.10, and is in the bills at once; the real prices are not documented.
//! [`Gateways::change_address`], [`Gateways::set_order_status`] and an order that is added publish a message, if the
//! shop has permitted its topic. A message that was taken and not confirmed comes again after 5 minutes, and is kept for
//! 24 hours. Text messages are accepted and recorded ([`Gateways::text_messages`]); no delivery is reported. A new
//! session of `taobao.top.auth.token.create` or `.refresh` ends the former session of the shop.
//!
//! An order that is decrypted twice counts twice towards the daily quota. A call that would exceed the quota is refused
//! and counts nothing. The quota and the switch that turns decryption off also apply to the end user's client, and the
//! token is consumed. Faults are applied before all checks.
#![doc = include_str!("emulator/testing.md")]

mod accounts;
mod aliyun;
mod answer;
mod builder;
mod calls;
mod calls_and_receipts;
mod china_time;
mod clients;
mod clock;
mod connection;
mod console;
mod context;
mod control;
mod delivery;
mod fault;
mod gateways;
mod generated;
mod inspections;
mod json_body;
mod ledger;
mod long_poll;
mod mns;
mod operations;
mod order_life;
mod pending_request;
mod push;
mod refusable_listener;
mod request;
mod request_facts;
mod request_kind;
mod response_body;
mod seed;
mod server;
mod shops;
mod signature;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;
mod top;

pub use aliyun::seed::NumberPool;
pub use builder::EmulatorBuilder;
pub use calls::{CallRefusal, DialledCall, PlacedCall, Rung, SentMessage, Side, SmsMessage};
pub use clock::Clock;
pub use delivery::{Delivery, Reply};
pub use fault::{Fault, Throttle};
pub use gateways::Gateways;
pub use ledger::{Entry, Ledger};
pub use seed::ShopSeed;
pub use server::Emulator;
pub use snapshot::{Snapshot, SnapshotError};
pub use store::binding::BindingKind;
pub use store::call_record::CallRecord;
pub use store::decryption::Decryption;
pub use store::number_report::ReportReview;
pub use store::number_stock::NumberSpec;
pub use store::order::OrderStatus;
pub use store::push_settings::PushSettings;
pub use store::shop::ShopError;
