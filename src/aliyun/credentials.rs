//! The access keys that calls are signed with.

mod memory;
mod profile;
mod provider;
mod role;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

pub use profile::ProfileFile;
pub use provider::{CredentialsProvider, ProviderError};
pub(super) use provider::{CredentialsSource, ProvidedCredentials};
pub use role::RoleCredentials;

use crate::environment;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};
use crate::sign::pop::SigningKey;

/// An access key, with the token that temporary (STS) keys need.
///
/// ```
/// use privacy_number::aliyun::Credentials;
///
/// let temporary = Credentials::new("STS.id", "secret").security_token("token");
/// assert_eq!(format!("{temporary:?}"), "Credentials { .. }");
/// ```
#[doc(alias = "AccessKey")]
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(super) access_key_id: Private,
    pub(super) access_key_secret: SigningKey,
    pub(super) security_token: Option<Secret>,
    expires_at: Option<DateTime<Utc>>,
}

impl Credentials {
    /// A key of an account or a RAM user.
    pub fn new(access_key_id: impl Into<Private>, access_key_secret: impl Into<Secret>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            access_key_secret: SigningKey::new(access_key_secret.into()),
            security_token: None,
            expires_at: None,
        }
    }

    /// The token of a temporary key, sent as `SecurityToken`, or with ACS3 as the header `x-acs-security-token`.
    #[must_use]
    pub fn security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// When a temporary key expires. The [`CredentialsProvider`] is called before that time.
    #[must_use]
    pub fn expires_at(mut self, time: DateTime<Utc>) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Reads `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, if it is set,
    /// `ALIBABA_CLOUD_SECURITY_TOKEN`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing.
    pub fn from_env() -> Result<Self, Error> {
        let credentials = Self::new(
            environment::required("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
            environment::required("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
        );
        Ok(match environment::optional("ALIBABA_CLOUD_SECURITY_TOKEN") {
            Some(token) => credentials.security_token(token),
            None => credentials,
        })
    }

    fn is_valid_at(&self, now: DateTime<Utc>, reserve: TimeDelta) -> bool {
        self.expires_at.is_none_or(|end| end.signed_duration_since(now) > reserve)
    }

    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        sendable("access_key_id", self.access_key_id.expose())?;
        if self.access_key_secret.secret().is_empty() {
            return Err(InvalidRequest::new("access_key_secret", "must not be empty"));
        }
        self.security_token.iter().try_for_each(|token| sendable("security_token", token.expose()))
    }
}

/// Refuses what cannot be the value of a header, as some signatures send it.
fn sendable(field: &'static str, text: &str) -> Result<(), InvalidRequest> {
    InvalidRequest::unless_empty(field, text)?;
    let is_sendable = text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_sendable { Ok(()) } else { Err(InvalidRequest::new(field, "must be plain ASCII without spaces")) }
}

/// Reads the environment whenever credentials are needed: [`Credentials::from_env`].
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit struct is constructed by its name")]
pub struct Environment;

impl CredentialsProvider for Environment {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        Ok(Credentials::from_env()?)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
