//! The permission to upload photos: `GetDyplsOSSInfoForUploadFile`.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::operation::Operation;
use crate::redact::{Private, Secret};
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// Gets a short-lived permission to upload the photos of a report: `GetDyplsOSSInfoForUploadFile`.
///
/// [`Client::upload_photo`](crate::aliyun::Client::upload_photo) calls it and uploads a photo.
///
/// Safe (inferred: no document states it). No limit documented. Not charged.
///
/// # Errors
/// No code is documented for this operation.
///
/// Source: help page `api-dyplsapi-2017-05-25-getdyplsossinfoforuploadfile`; the official SDK 3.5.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let client = emulator.aliyun()?;
/// use privacy_number::aliyun::GetDyplsOSSInfoForUploadFile;
///
/// let policy = client.send(&GetDyplsOSSInfoForUploadFile::builder().build()).await?.data;
/// println!("photos can be uploaded until {}", policy.expire_time);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "获取上传文件的OSS信息")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetDyplsOSSInfoForUploadFile {
    /// What the files are for; photos of reports by default.
    #[builder(into, default = UploadBizType::PhoneCard)]
    pub biz_type: UploadBizType,
}

impl Operation for GetDyplsOSSInfoForUploadFile {
    type Gateway = Dyplsapi;
    type Output = GetDyplsOSSInfoForUploadFileResponse;
    const NAME: &'static str = "GetDyplsOSSInfoForUploadFile";
    const SAFETY: Safety = Safety::Safe;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];
}

wire_enum! {
    /// What uploaded files are for.
    UploadBizType {
        /// The photos of the report of an A number.
        PhoneCard = "phone_card",
    }
}

newer_response! {
    /// The permission to upload.
    GetDyplsOSSInfoForUploadFileResponse {
        /// Where to upload, and with what permission.
        data: UploadPolicy,
    }
}

/// A permission to upload files by a form (OSS PostObject).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UploadPolicy {
    /// The address of the file store, with its scheme.
    #[serde(deserialize_with = "lenient::text")]
    pub host: String,
    /// The path that every file name begins with, without a slash at its end.
    pub start_path: Private,
    /// What may be uploaded, as the form field `policy`.
    pub policy: Secret,
    /// The form field `OSSAccessKeyId`. It is not the key of this client.
    pub access_key_id: Private,
    /// The form field `Signature`.
    pub signature: Secret,
    /// When the permission ends.
    #[serde(deserialize_with = "epoch_seconds")]
    pub expire_time: DateTime<Utc>,
}

/// Seconds since 1970, as a number or as text.
fn epoch_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let seconds: i64 = lenient::number(deserializer)?;
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| serde::de::Error::custom("not a time"))
}
