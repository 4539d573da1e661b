//! A seller's session: created from an authorisation code, refreshed with a refresh token.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use super::Top;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::redact::{Private, Secret};
use crate::safety::Safety;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{AuthToken, AuthTokenCreate, AuthTokenCreateResponse, AuthTokenRefresh, AuthTokenRefreshResponse};
}

/// Exchanges the code of a seller's authorisation for a session: `taobao.top.auth.token.create`.
///
/// The platform redirects the seller's browser to the application with the code. No session is sent. HTTPS only.
///
/// Once: a code works a single time. After a lost response the seller must authorise again.
///
/// Source: the types of official SDKs (Java, PHP, Python) and TOP's document on authorisation. The page of the API was
/// not found; its table of errors is not known: codes are classified by their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{AuthTokenCreate, AuthTokenRefresh};
///
/// let code = emulator.gateways().authorise("first-shop")?; // the redirect has the code
/// let top = emulator.top()?;
/// let first = top.send(&AuthTokenCreate::new(code)).await?.token_result;
/// let refresh_token = first.refresh_token.ok_or("the application cannot refresh sessions")?;
///
/// // Store the new refresh token before the old one is forgotten.
/// let next = top.send(&AuthTokenRefresh::new(refresh_token)).await?.token_result;
/// let shop = top.shop(next.access_token);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "授权")]
#[doc(alias = "换取Access Token")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[non_exhaustive]
pub struct AuthTokenCreate {
    /// The authorisation code.
    #[builder(into)]
    pub code: Secret,
    /// The identifier that belongs to the code, if the code was made with one.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
}

impl AuthTokenCreate {
    /// A call with an authorisation code.
    pub fn new(code: impl Into<Secret>) -> Self {
        Self::builder().code(code).build()
    }
}

impl Operation for AuthTokenCreate {
    type Gateway = Top;
    type Output = AuthTokenCreateResponse;
    const NAME: &'static str = "taobao.top.auth.token.create";
    const SAFETY: Safety = Safety::Once;
    const SESSION: SessionUse = SessionUse::Never;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty("code", self.code.expose())
    }
}

/// Exchanges a refresh token for a new session: `taobao.top.auth.token.refresh`.
///
/// Only applications that sellers order in the service market can refresh sessions; those of others end at a fixed time,
/// and the seller must authorise again. No session is sent. HTTPS only.
///
/// Once: the answer has a new refresh token, and the old one does not work any more (inferred from reports of
/// developers). Store the new one before the old one is forgotten. After a lost response try the old one again in a call
/// of its own; if it is refused, the seller must authorise again.
///
/// Source: the types of official SDKs (Java, PHP, Go). The page of the API was not found; its table of errors is not
/// known: codes are classified by their prefix.
#[doc(alias = "刷新Access Token")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuthTokenRefresh {
    /// The refresh token of the latest [`AuthToken`].
    pub refresh_token: Secret,
}

impl AuthTokenRefresh {
    /// A call with a refresh token.
    pub fn new(refresh_token: impl Into<Secret>) -> Self {
        Self { refresh_token: refresh_token.into() }
    }
}

impl Operation for AuthTokenRefresh {
    type Gateway = Top;
    type Output = AuthTokenRefreshResponse;
    const NAME: &'static str = "taobao.top.auth.token.refresh";
    const SAFETY: Safety = Safety::Once;
    const SESSION: SessionUse = SessionUse::Never;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty("refresh_token", self.refresh_token.expose())
    }
}

macro_rules! token_response {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            /// The session and its refresh token. TOP writes it as a JSON text; an object is read too.
            #[serde(deserialize_with = "token_result")]
            pub token_result: AuthToken,
            /// The gateway's id of the request.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub request_id: Option<String>,
        }
    };
}

token_response! {
    /// A seller's session.
    AuthTokenCreateResponse
}
token_response! {
    /// A seller's new session.
    AuthTokenRefreshResponse
}

/// A seller's session and its refresh token.
///
/// Source: TOP's document on authorisation, and a public sample of a response (2026-01) for the times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AuthToken {
    /// The session, for [`Client::shop`](super::Client::shop).
    #[serde(deserialize_with = "lenient::required")]
    pub access_token: Secret,
    /// The token for [`AuthTokenRefresh`]; absent or useless if the application cannot refresh sessions.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub refresh_token: Option<Secret>,
    /// The type of the session, `Bearer`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub token_type: Option<String>,
    /// For how many seconds the session is valid.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub expires_in: Option<u64>,
    /// For how many seconds the refresh token is valid; 0 if the application cannot refresh sessions.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub re_expires_in: Option<u64>,
    /// For how many seconds methods of the level R1 can be called.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub r1_expires_in: Option<u64>,
    /// For how many seconds methods of the level R2 can be called.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub r2_expires_in: Option<u64>,
    /// For how many seconds methods of the level W1 can be called.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub w1_expires_in: Option<u64>,
    /// For how many seconds methods of the level W2 can be called.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub w2_expires_in: Option<u64>,
    /// When the session ends, in milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub expire_time: Option<u64>,
    /// Until when the refresh token is valid, in milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub refresh_token_valid_time: Option<u64>,
    /// The seller's id.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub taobao_user_id: Option<String>,
    /// The seller's account, percent-encoded UTF-8 as TOP sends it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub taobao_user_nick: Option<Private>,
    /// The seller's id for this application.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub taobao_open_uid: Option<Private>,
    /// The id of the seller's sub-account that authorised.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sub_taobao_user_id: Option<String>,
    /// The seller's sub-account that authorised, percent-encoded.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sub_taobao_user_nick: Option<Private>,
}

/// A JSON text with the token, or the token itself.
fn token_result<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AuthToken, D::Error> {
    lenient::json_object(deserializer)?.ok_or_else(|| de::Error::custom("no token"))
}
