//! The one-time token for decryption on the end user's client.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Top;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::redact::{Private, Secret};
use crate::safety::Safety;

/// The public types of this file.
pub(super) mod exports {
    pub use super::{OnceTokenGet, OnceTokenGetResponse};
}

/// Exchanges a client's security token for the one-time token of
/// [`OaidClientDecrypt`](super::OaidClientDecrypt): `taobao.top.once.token.get`.
///
/// The `sec_token` comes from the platform's security SDK in the seller's browser or desktop program, not from a
/// server. Its lifetime is not documented.
///
/// Once: it is not documented whether one `sec_token` can be exchanged twice. After a lost response ask the client for
/// a new one. Needs a session.
///
/// # Errors
/// A response without a token is an error with the code `result_code`; its values are not documented, so the outcome is
/// unknown. Refused before sending: an empty `sec_token`.
///
/// Source: the metadata of TOP's API 55747. Its table of errors is not known: codes are classified by their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{ClientReceiverQuery, OaidClientDecrypt, OnceTokenGet, Scene};
///
/// let token = emulator.shop()?.send(&OnceTokenGet::new("sec-token-from-client")).await?.token;
/// let query = ClientReceiverQuery::builder().oaid("oaid-2001").tid("2001").scene(Scene::AfterSales).build();
/// let decrypt = OaidClientDecrypt::new(token.ok_or("no token")?, query);
/// assert_eq!(emulator.top()?.send(&decrypt).await?.receivers.len(), 1);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "一次性令牌")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OnceTokenGet {
    /// The token of the security SDK.
    pub sec_token: Secret,
}

impl OnceTokenGet {
    /// A call with a client's security token.
    pub fn new(sec_token: impl Into<Secret>) -> Self {
        Self { sec_token: sec_token.into() }
    }
}

impl Operation for OnceTokenGet {
    type Gateway = Top;
    type Output = OnceTokenGetResponse;
    const NAME: &'static str = "taobao.top.once.token.get";
    const SAFETY: Safety = Safety::Once;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty("sec_token", self.sec_token.expose())
    }

    /// The code of a success is not documented: only the token tells it.
    fn refusal(answer: &OnceTokenGetResponse) -> Option<Refusal> {
        if answer.token.is_some() {
            return None;
        }
        let code = answer.result_code.as_deref().unwrap_or("no-token");
        Some(Refusal::new(code).message(answer.result_msg.clone()).request_id(answer.request_id.clone()))
    }
}

/// The one-time token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OnceTokenGetResponse {
    /// The token; always present, since a response without it is an error.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub token: Option<Secret>,
    /// A code. Its values are not documented, not even that of a success.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub result_code: Option<String>,
    /// The text of the code.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub result_msg: Option<Private>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}
