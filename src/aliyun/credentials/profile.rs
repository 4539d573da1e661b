//! Credentials from the configuration file of Alibaba Cloud's command line tool.

use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Credentials, CredentialsProvider, ProviderError};
use crate::environment;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};

const FILE: &str = ".aliyun/config.json";

/// Reads a profile of `~/.aliyun/config.json`, which `aliyun configure` writes: the modes `AK` and `StsToken`.
///
/// ```
/// use privacy_number::aliyun::{Client, ProfileFile};
///
/// let client = Client::builder().credentials_provider(ProfileFile::new().profile("production")).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ProfileFile {
    path: Option<PathBuf>,
    profile: Option<String>,
}

impl ProfileFile {
    /// The file in the user's home, with the profile that `ALIBABA_CLOUD_PROFILE` names. If that variable is not set,
    /// the file names the profile.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another file.
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Another profile.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    fn read(&self) -> Result<Credentials, ProviderError> {
        let path = match &self.path {
            Some(path) => path.clone(),
            None => std::env::home_dir().ok_or_else(|| wrong("path", "there is no home directory"))?.join(FILE),
        };
        let text = Zeroizing::new(std::fs::read(path).map_err(unreadable)?);
        let file: File = serde_json::from_slice(&text).map_err(|_| wrong("path", "the file is no configuration"))?;
        let name =
            self.profile.clone().or_else(|| environment::optional("ALIBABA_CLOUD_PROFILE")).unwrap_or(file.current);
        let profile = file.profiles.into_iter().find(|profile| profile.name == name);
        let profile = profile.ok_or_else(|| wrong("profile", "there is no such profile"))?;
        let credentials = Credentials::new(profile.access_key_id, profile.access_key_secret);
        match profile.mode.as_str() {
            "AK" => Ok(credentials),
            "StsToken" => Ok(credentials.security_token(profile.sts_token)),
            _ => Err(wrong("profile", "the profile is of a mode that is not supported").into()),
        }
    }
}

impl CredentialsProvider for ProfileFile {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        self.read()
    }
}

/// Only a person can correct the file, so a retry does not help.
fn wrong(field: &'static str, reason: &'static str) -> Error {
    InvalidRequest::new(field, reason).into()
}

/// A disk may come back; a file that is not there does not come by itself.
fn unreadable(error: std::io::Error) -> ProviderError {
    match error.kind() {
        std::io::ErrorKind::NotFound => wrong("path", "there is no such file").into(),
        _ => error.into(),
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default = "default_profile")]
    current: String,
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
    mode: String,
    #[serde(default)]
    access_key_id: Private,
    #[serde(default = "no_secret")]
    access_key_secret: Secret,
    #[serde(default = "no_secret")]
    sts_token: Secret,
}

fn default_profile() -> String {
    "default".to_owned()
}

fn no_secret() -> Secret {
    Secret::from("")
}
