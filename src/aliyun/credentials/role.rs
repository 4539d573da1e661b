//! Temporary credentials of a RAM role, from Alibaba Cloud's Security Token Service.

use std::time::Duration;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Credentials, CredentialsProvider, ProviderError};
use crate::aliyun::client::Client;
use crate::aliyun::product::Sts;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::{Private, Secret};
use crate::safety::Safety;

/// Assumes a RAM role and returns its temporary credentials.
///
/// ```
/// use privacy_number::aliyun::{Client, RoleCredentials};
///
/// let user = Client::builder().access_key("id", "secret").build()?;
/// let role = RoleCredentials::new(user, "acs:ram::123456789012:role/privacy-number", "erp");
/// let client = Client::builder().credentials_provider(role).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RoleCredentials {
    client: Client,
    request: AssumeRole,
}

impl RoleCredentials {
    /// `client` is the client of a RAM user: an account itself cannot assume roles. `role_arn` is
    /// `acs:ram::<account>:role/<name>`. `role_session_name` appears in the audit log; it has 2 to 32 letters, digits
    /// or `.@-_`.
    pub fn new(client: Client, role_arn: impl Into<String>, role_session_name: impl Into<String>) -> Self {
        Self { client, request: AssumeRole::builder().role_arn(role_arn).role_session_name(role_session_name).build() }
    }

    /// How long the credentials are valid: 15 minutes to the maximum of the role. 1 hour by default.
    #[must_use]
    pub fn duration(mut self, duration: Duration) -> Self {
        self.request.duration_seconds = Some(duration.as_secs());
        self
    }
}

impl CredentialsProvider for RoleCredentials {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        let given = Box::pin(self.client.send(&self.request)).await?.credentials;
        Ok(Credentials::new(given.access_key_id, given.access_key_secret)
            .security_token(given.security_token)
            .expires_at(given.expiration))
    }
}

/// `AssumeRole` of the Security Token Service. Idempotent: a second token does no harm.
///
/// Source: RAM developer reference, AssumeRole (help document 28763).
#[derive(Debug, Clone, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
struct AssumeRole {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<u64>,
}

impl Operation for AssumeRole {
    type Gateway = Sts;
    type Output = AssumeRoleResponse;
    const NAME: &'static str = "AssumeRole";
    const SAFETY: Safety = Safety::Idempotent;
    const SUCCESS_CODES: &'static [&'static str] = &[];

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let name = &self.role_session_name;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
        if !(2..=32).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(InvalidRequest::new("role_session_name", "must be 2 to 32 letters, digits or `.@-_`"));
        }
        if self.duration_seconds.is_some_and(|seconds| seconds < 900) {
            return Err(InvalidRequest::new("duration", "must be at least 15 minutes"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssumeRoleResponse {
    credentials: TemporaryCredentials,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TemporaryCredentials {
    access_key_id: Private,
    access_key_secret: Secret,
    security_token: Secret,
    #[serde(deserialize_with = "utc")]
    expiration: DateTime<Utc>,
}

fn utc<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc()).map_err(serde::de::Error::custom)
}
