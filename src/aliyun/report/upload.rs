//! Uploading photos to the file store that the gateway names.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use super::photo::Photo;
use super::policy::{GetDyplsOSSInfoForUploadFile, UploadPolicy};
use crate::aliyun::client::Client;
use crate::error::Error;
use crate::redact::Private;
use crate::send::{UploadFault, UploadForm, Uploaded};

/// An upload fails after this many failures in a row.
const MAX_FAILURES: u32 = 4;
/// How long one attempt may take. A photo of 2 MB needs 0.3 Mbit/s.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60);
/// A permission that ends within this time is not used for another photo.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

impl Client {
    /// Uploads a photo for a report, and returns its path: the value of `id_card_alive_photo`, `id_card_back_photo` or
    /// `id_card_front_photo`.
    ///
    /// Asks the gateway for a permission ([`GetDyplsOSSInfoForUploadFile`]) and posts a form (OSS PostObject) to the
    /// host that it names, by HTTPS, without any credentials of this client, and without following a redirect. The path
    /// ends in a random name, so that no photo overwrites another. A broken connection and a failure of the file store
    /// are retried with the same name; for a refused or expired permission a new one is asked for. The names of the
    /// form's fields are those of OSS PostObject; no page of this product has them.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let client = emulator.aliyun()?;
    /// # let bytes = b"\xFF\xD8\xFF\xE0".to_vec();
    /// use privacy_number::aliyun::Photo;
    ///
    /// let path = client.upload_photo(&Photo::named("portrait.jpg", bytes)?).await?;
    /// assert!(path.expose().ends_with(".jpg"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`UploadError`]. The photo may be in the file store all the same, where it harms nobody.
    #[doc(alias = "上传照片")]
    pub async fn upload_photo(&self, photo: &Photo) -> Result<Private, UploadError> {
        Uploader::new(self).upload(photo).await
    }
}

/// Uploads photos with one permission, until it ends.
pub(super) struct Uploader<'a> {
    client: &'a Client,
    policy: Option<UploadPolicy>,
}

impl<'a> Uploader<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client, policy: None }
    }

    /// Uploads a photo under a name of its own. Returns its path.
    pub(super) async fn upload(&mut self, photo: &Photo) -> Result<Private, UploadError> {
        let name = format!("{}.{}", Uuid::new_v4().simple(), photo.extension());
        let client = self.client;
        let (mut failures, mut is_refused_before) = (0_u32, false);
        loop {
            let policy = self.policy().await?;
            let path = Private::from(format!("{}/{name}", policy.start_path.expose().trim_end_matches('/')));
            let error = match post(client, policy, &path, photo).await {
                Ok(Uploaded { status: 200 | 201 | 204, .. }) => return Ok(path),
                // The permission has ended by the clock of the file store.
                Ok(Uploaded { status: 403, .. }) if !is_refused_before => {
                    is_refused_before = true;
                    self.policy = None;
                    continue;
                }
                Ok(Uploaded { status, code }) => UploadError::Refused { http_status: status, code },
                Err(UploadFault::Broken) => UploadError::Interrupted,
                Err(UploadFault::BadHost) => return Err(UploadError::BadHost),
                Err(UploadFault::Redirected) => return Err(UploadError::Redirected),
            };
            failures = failures.saturating_add(1);
            if failures >= MAX_FAILURES || !error.is_transient() {
                return Err(error);
            }
            client.back_off(failures).await;
        }
    }

    /// The permission, or a new one if it ends soon.
    async fn policy(&mut self) -> Result<&UploadPolicy, UploadError> {
        let now = self.client.now();
        let until = now.checked_add_signed(MARGIN).unwrap_or(now);
        let policy = match self.policy.take().filter(|policy| policy.expire_time > until) {
            Some(policy) => policy,
            None => self.client.send(&GetDyplsOSSInfoForUploadFile::builder().build()).await?.data,
        };
        if policy.expire_time <= self.client.now() {
            return Err(UploadError::Expired);
        }
        Ok(self.policy.insert(policy))
    }
}

async fn post(client: &Client, policy: &UploadPolicy, path: &Private, photo: &Photo) -> Result<Uploaded, UploadFault> {
    let fields = [
        ("key", path.expose()),
        ("policy", policy.policy.expose()),
        ("OSSAccessKeyId", policy.access_key_id.expose()),
        ("Signature", policy.signature.expose()),
        ("success_action_status", "200"),
    ];
    let file_name = if photo.extension() == "png" { "photo.png" } else { "photo.jpg" };
    let form = UploadForm { fields: &fields, file_name, file_type: photo.media_type(), file: photo.bytes() };
    client.upload(&policy.host, form, UPLOAD_TIMEOUT).await
}

/// Why a photo was not uploaded.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The gateway gave no permission to upload.
    #[error(transparent)]
    Call(#[from] Error),
    /// The gateway gave a permission that has ended already. Is the clock of this machine right?
    #[error("the gateway gave a permission to upload that has ended already")]
    Expired,
    /// The gateway named an address that is no HTTPS address. Nothing was sent there.
    #[error("the gateway named no usable address for the upload")]
    BadHost,
    /// The HTTP client, which is your own, followed a redirect to another address.
    #[error("the HTTP client followed a redirect of the file store: build it without redirects")]
    Redirected,
    /// The file store refused the photo.
    #[error("the file store refused the photo with HTTP {http_status} {}", .code.as_deref().unwrap_or_default())]
    Refused {
        /// The HTTP status.
        http_status: u16,
        /// The file store's code, if it sent one: `AccessDenied`, `EntityTooLarge`.
        code: Option<String>,
    },
    /// The connection broke again and again.
    #[error("the upload was interrupted again and again")]
    Interrupted,
}

impl UploadError {
    /// Whether the same upload may succeed a little later.
    fn is_transient(&self) -> bool {
        matches!(self, Self::Interrupted | Self::Refused { http_status: 408 | 429 | 500..=599, .. })
    }
}
