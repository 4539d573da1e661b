//! Taobao Open Platform: the life of an OAID from payment to bill, the callers of a 700 number, the virtual number of a
//! work card.
//!
//! Make one [`Client`] for an application. [`Client::shop`] returns a cheap [`Shop`] for each seller's session.
//!
//! <!-- the operations: written by a test -->
//! | request | what it does | safety | charged | calls per second |
//! | --- | --- | --- | --- | --- |
//! | **OAIDs** | | | | |
//! | [`OaidDecrypt`] (`taobao.top.oaid.decrypt`) | decrypts up to 20 orders into receivers with virtual numbers | idempotent | yes | none |
//! | [`OaidClientDecrypt`] (`taobao.top.oaid.client.decrypt`) | decrypts one order on the end user's client | once | yes | none |
//! | [`OnceTokenGet`] (`taobao.top.once.token.get`) | exchanges a client's token for the one-time token of such a decryption | once | no | none |
//! | **Orders** | | | | |
//! | [`TradeFullinfoGet`] (`taobao.trade.fullinfo.get`) | reads one order with its current OAID | safe | no | none |
//! | [`TradesSoldGet`] (`taobao.trades.sold.get`) | lists orders by the time of their creation | safe | no | none |
//! | [`TradesSoldIncrementGet`] (`taobao.trades.sold.increment.get`) | lists orders by the time of their last change | safe | no | none |
//! | [`OaidMerge`] (`taobao.top.oaid.merge`) | tells which of up to 100 orders go to the same receiver | safe | no | none |
//! | **Virtual numbers** | | | | |
//! | [`SecretExtend`] (`taobao.top.secret.extend`) | extends the time for which a virtual number is bound | once | yes | none |
//! | [`SecretBillDetail`] (`taobao.top.secret.bill.detail`) | reads a page of a shop's bill of one day | safe | no | none |
//! | [`SecretAppkeyBillDetail`] (`taobao.top.secret.appkey.bill.detail`) | reads a page of the application's bill of one day | safe | no | none |
//! | **Text messages** | | | | |
//! | [`SmsOaidMessageSend`] (`taobao.jst.sms.oaid.message.send`) | sends a text message to the receiver of an order | once | yes | none |
//! | [`SmsMessageDirectBatchsend`] (`taobao.jst.sms.message.direct.batchsend`) | sends text messages to the receivers of up to 50 orders | once | yes | none |
//! | **Message service** | | | | |
//! | [`TmcUserPermit`] (`taobao.tmc.user.permit`) | sets the topics of a shop's messages | idempotent | no | none |
//! | [`TmcMessagesConsume`] (`taobao.tmc.messages.consume`) | takes messages of all shops | idempotent | no | none |
//! | [`TmcMessagesConfirm`] (`taobao.tmc.messages.confirm`) | confirms messages, so that they are not delivered again | idempotent | no | none |
//! | **Authorisation** | | | | |
//! | [`AuthTokenCreate`] (`taobao.top.auth.token.create`) | exchanges an authorisation code for a session | once | no | none |
//! | [`AuthTokenRefresh`] (`taobao.top.auth.token.refresh`) | exchanges a refresh token for a new session | once | no | none |
//! | **Callers of 700 numbers** | | | | |
//! | [`SecretGroupUpdate`] (`taobao.top.secret.group.update`) | reports or removes callers of a 700 number | idempotent | no | none |
//! | [`SecretGroupQuery`] (`taobao.top.secret.group.query`) | lists the reported callers | safe | no | none |
//! | **Work cards** | | | | |
//! | [`WorkcardVirtualphoneBind`] (`tmall.servicecenter.workcard.virtualphone.bind`) | binds a work card's virtual number | once | no | none |
//! <!-- end of the operations -->
//!
//! *Charged* says whether the gateway charges for a successful call. No limit of calls per second is documented.
//!
//! These calls send as many of the requests as their job needs:
//!
//! | call | what it does |
//! | --- | --- |
//! | [`Shop::decrypt_all`], [`Shop::decrypt_stream`] | decrypts any number of orders; a bad one fails alone |
//! | [`Shop::decrypt_fresh`] | the same, and reads the current OAID of those whose OAID is out of date |
//! | [`Shop::ensure_callers`], [`Shop::remove_callers`] | changes who can call a 700 number |
//! | [`Client::messages`] | takes messages, and confirms each after it was handled |
//! | [`Shop::refresh_order`] | after a changed address: reads, decrypts and reports callers again |
//! | [`Shop::merge`] | puts any number of orders into parcels |
//! | [`Shop::extend`], [`Shop::compare_end`] | extends a number, and compares its end after a lost response |
//! | [`Shop::send_sms`], [`Shop::send_sms_batches`] | sends text messages, with one result for each batch |
//! | [`Shop::bills`], [`Shop::app_bills`] | reads all rows of a day's bill |

mod app;
mod auth;
mod billing;
mod bills;
mod callers;
mod client;
mod decimal;
mod decrypt_all;
mod decrypt_fresh;
mod endpoint;
pub(crate) mod error_code;
mod extend;
mod extension;
mod merge;
mod merge_all;
mod messages;
mod oaid;
mod once_token;
mod order;
mod order_id;
mod protocol;
mod read_order;
mod refresh;
mod refreshed_sessions;
mod secret_group;
mod send_sms;
mod session;
mod shop;
mod sms;
mod tmc;
mod workcard;

pub use auth::exports::*;
pub use billing::exports::*;
pub use bills::exports::*;
pub use callers::*;
pub use client::{Client, ClientBuilder};
pub use decimal::{Decimal, InvalidDecimal};
pub use decrypt_all::{DecryptAll, Decrypted, Progress};
pub use decrypt_fresh::{DecryptFresh, FreshlyDecrypted};
pub use endpoint::Endpoint;
pub use error_code::{OAID_NOT_MATCHED, RECEIVER_MISSING, SESSION_UNAVAILABLE};
pub use extend::exports::*;
pub use extension::ComparedEnd;
pub use merge::exports::*;
pub use merge_all::{FailedMerge, MergeAll, MergeCandidate, MergedOrders};
pub use messages::{MessageProgress, Messages, RunMessages};
pub use oaid::exports::*;
pub use once_token::exports::*;
pub use order::exports::*;
pub use order_id::OrderId;
pub use refresh::exports::*;
pub use refreshed_sessions::{RefreshedSessions, SessionTokens, TokenStore};
pub use secret_group::exports::*;
pub use send_sms::SentSmsBatch;
pub use session::{NoSession, ProviderError, SessionProvider};
pub use shop::{Shop, Shops};
pub use sms::exports::*;
pub use tmc::exports::*;
pub use workcard::exports::*;

pub use crate::sign::top::SignMethod;

use crate::operation::{Gateway, sealed};

/// Marks the operations of the Taobao Open Platform.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Top {}

impl sealed::Sealed for Top {}

impl Gateway for Top {
    const NAME: &'static str = "TOP";
}
