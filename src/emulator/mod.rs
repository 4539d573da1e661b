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
//! `tmall.servicecenter.workcard.virtualphone.bind`. Alibaba Cloud's Dyplsapi at `/`: `BindAxb`,
//! `UpdateSubscription`, `UnbindSubscription` and `QuerySubscriptionDetail`.
//!
//! # What it knows from the start
//!
//! | what | value |
//! | --- | --- |
//! | app key and secret | `12345678`, `emulator-app-secret` |
//! | the first shop's session | `emulator-session` |
//! | another shop's session | `other-shop-session` |
//! | one-time client tokens | `once-1`, `once-2`, `once-3` |
//! | access key id and secret | `emulator-access-key-id`, `emulator-access-key-secret` |
//! | pool | `FC100000000000001`, two X numbers each in 北京, 上海 and 杭州 |
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
//! The emulator takes what is harder on a client: receivers come in reverse order, a work card that is bound again
//! gets a second number, a client token is used up even by a query that fails, and duplicates count towards the limit
//! of callers per call. A parameter that comes twice is refused. An order that is decrypted twice counts twice towards
//! the day's quota; a call that would exceed it is refused whole and counts nothing. Decryption that is switched off
//! and a used-up quota hold for the end user's client too, and use its token up. Faults come before every check.
#![doc = include_str!("testing.md")]

mod accounts;
mod admission;
mod aliyun;
mod answer;
mod china_time;
mod clients;
mod clock;
mod connection;
mod control;
mod delivery;
mod door;
mod fault;
mod gateways;
mod ledger;
mod operation;
mod paced;
mod request;
mod request_kind;
mod seed;
mod server;
mod signature;
mod store;
#[cfg(test)]
mod tests;
mod top;

pub use clock::Clock;
pub use delivery::{Delivery, Reply};
pub use fault::{Fault, Throttle};
pub use gateways::Gateways;
pub use ledger::{Entry, Ledger};
pub use seed::EmulatorBuilder;
pub use server::Emulator;
pub use store::decryption::Decryption;
