//! Taobao Open Platform: OAID decryption, the callers of a 700 number, the virtual number of a work card.
//!
//! [`Client`] is made once for an application; [`Client::shop`] gives a cheap [`Shop`] for each seller's session.
//!
//! | request | TOP method | what it does | safety |
//! | --- | --- | --- | --- |
//! | [`OaidDecrypt`] | `taobao.top.oaid.decrypt` | receivers of up to 20 orders, with virtual numbers | idempotent, metered |
//! | [`OaidClientDecrypt`] | `taobao.top.oaid.client.decrypt` | the same for one order, on the end user's client | once |
//! | [`SecretGroupUpdate`] | `taobao.top.secret.group.update` | reports or removes callers of a 700 number | idempotent |
//! | [`SecretGroupQuery`] | `taobao.top.secret.group.query` | lists the reported callers | safe |
//! | [`WorkcardVirtualphoneBind`] | `tmall.servicecenter.workcard.virtualphone.bind` | binds a work card's virtual number | once |

mod callers;
mod client;
mod decrypt_all;
pub(crate) mod error_code;
mod oaid;
mod protocol;
mod secret_group;
mod session;
mod workcard;

pub use callers::{CallerReport, ChangeCallers, RefusedCaller};
pub use client::{Client, ClientBuilder, Endpoint, Shop, Shops};
pub use decrypt_all::{DecryptAll, Decrypted, Progress};
pub use error_code::{OAID_NOT_MATCHED, RECEIVER_MISSING, SESSION_UNAVAILABLE};
pub use oaid::{
    ClientReceiverQuery, OaidClientDecrypt, OaidClientDecryptResponse, OaidDecrypt, OaidDecryptResponse, Receiver,
    ReceiverQuery, Scene,
};
pub use secret_group::{
    OperateType, SecretGroupQuery, SecretGroupQueryResponse, SecretGroupUpdate, SecretGroupUpdateResponse, WireShape,
};
pub use session::{NoSession, ProviderError, SessionProvider};
pub use workcard::{
    FulfilplatformResult, WorkcardRequestSource, WorkcardVirtualphoneBind, WorkcardVirtualphoneBindResponse,
};

pub use crate::sign::top::SignMethod;

use crate::operation::{Gateway, sealed};

/// Marks the operations of the Taobao Open Platform.
#[derive(Debug, Clone, Copy)]
pub enum Top {}

impl sealed::Sealed for Top {}

impl Gateway for Top {
    const NAME: &'static str = "TOP";
}
