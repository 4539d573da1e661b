//! The links to the recordings of calls.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::check::{check_not_empty, check_pool};
use super::product::Dyplsapi;
use super::product_type::ProductType;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        GetTotalPublicUrl, GetTotalPublicUrlResponse, QueryRecordFileDownloadUrl, QueryRecordFileDownloadUrlResponse,
        TotalPublicUrl,
    };
}

/// Gets the link to a call's recording: `QueryRecordFileDownloadUrl`.
///
/// Recording must be switched on in the binding. Call this after the receipt which reports that the recording is ready.
/// The link is valid for 2 hours; every call returns a new one. Recordings are kept for 14 days (the official metadata
/// says 30). Safe. Documented limit (official metadata): 3000 calls per second. The query is not charged; recording is
/// charged by the minute of the call.
///
/// # Errors
/// Refused before sending: neither pool key nor product type.
///
/// Source: Dyplsapi reference, chapter 7.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::QueryRecordFileDownloadUrl;
///
/// # let call_time = chrono::Utc::now() - chrono::TimeDelta::hours(1);
/// let query =
///     QueryRecordFileDownloadUrl::builder().pool_key(pool_key).call_id("call-1").call_time(call_time).build();
/// assert!(client.send(&query).await?.download_url.expose().starts_with("http"));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "获取录音文件的下载链接")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct QueryRecordFileDownloadUrl {
    /// The number pool's key. This or `product_type` is required.
    pub pool_key: Option<String>,
    /// The kind of binding, for former Alidayu customers.
    #[builder(into)]
    pub product_type: Option<ProductType>,
    /// The call record's id.
    #[doc(alias = "呼叫记录ID")]
    pub call_id: String,
    /// When the call started, `call_time` of the receipt. Sent as China time, to the second. The API page requires it;
    /// the official SDK marks it as optional, and what the platform does without it is not known.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub call_time: DateTime<FixedOffset>,
}

impl Operation for QueryRecordFileDownloadUrl {
    type Gateway = Dyplsapi;
    type Output = QueryRecordFileDownloadUrlResponse;
    const NAME: &'static str = "QueryRecordFileDownloadUrl";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(3000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_pool(self.pool_key.as_deref(), self.product_type.as_ref())?;
        check_not_empty("call_id", &self.call_id)
    }
}

response! {
    /// The link to the recording.
    QueryRecordFileDownloadUrlResponse {
        /// The signed link, valid for 2 hours. Use it unchanged. Anybody who has it can download the recording.
        download_url: Private,
    }
}

/// Gets the links to a call's recording and to the recording of its ring tones: `GetTotalPublicUrl`.
///
/// Safe. Documented limit: 1000 calls per second. Not charged; recording is, by the minute of the call.
///
/// # Errors
/// `FlowLimited` (flow control). Refused before sending: an empty pool key or call id.
///
/// Source: Dyplsapi reference, chapter 7.2.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::GetTotalPublicUrl;
///
/// # let call_time = chrono::Utc::now() - chrono::TimeDelta::hours(1);
/// let query =
///     GetTotalPublicUrl::builder().check_subs(false).pool_key(pool_key).call_id("call-1").call_time(call_time).build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "获取放音录音的下载链接")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct GetTotalPublicUrl {
    /// Whether the platform checks the binding's id.
    pub check_subs: bool,
    /// The number pool's key, which this operation calls `PartnerKey`.
    #[doc(alias = "PartnerKey")]
    #[serde(rename = "PartnerKey")]
    pub pool_key: String,
    /// The call record's id.
    #[doc(alias = "呼叫记录ID")]
    pub call_id: String,
    /// When the call started, `call_time` of the receipt. Sent as China time, to the second.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub call_time: DateTime<FixedOffset>,
}

impl Operation for GetTotalPublicUrl {
    type Gateway = Dyplsapi;
    type Output = GetTotalPublicUrlResponse;
    const NAME: &'static str = "GetTotalPublicUrl";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(1000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_not_empty("call_id", &self.call_id)
    }
}

response! {
    /// The links to the recordings.
    GetTotalPublicUrlResponse {
        /// The links.
        data: TotalPublicUrl,
    }
}

/// The links to the recordings of one call. Anybody who has a link can download the recording.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TotalPublicUrl {
    /// The ring tones (放音录音).
    #[serde(default, deserialize_with = "lenient::optional")]
    pub ring_public_url: Option<Private>,
    /// The call (通话录音).
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone_public_url: Option<Private>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, param, read, refused_field};

    #[test]
    fn a_link_is_read_as_it_is_and_never_shown() {
        let answer = answer_of::<QueryRecordFileDownloadUrl>();
        assert!(answer.download_url.expose().ends_with("&Signature=tK6Yq9KusU4n%2BZQWXI7lg4/WmEA%3D"));
        assert!(!format!("{answer:?}").contains("Signature"));
    }

    #[test]
    fn both_links_are_read() {
        // The access key ids of the two forms differ in length, so the responses are not equal.
        let json: GetTotalPublicUrlResponse =
            read(include_str!("../../tests/fixtures/aliyun/GetTotalPublicUrl.json")).unwrap();
        let xml: GetTotalPublicUrlResponse =
            read(include_str!("../../tests/fixtures/aliyun/GetTotalPublicUrl.xml")).unwrap();
        for links in [json.data, xml.data] {
            for link in [links.ring_public_url, links.phone_public_url] {
                let link = link.unwrap();
                assert!(link.expose().starts_with("http://secret-axb-reco"));
                assert!(link.expose().ends_with("&Signature=tK6Yq9KusU4n%2BZQWXI7lg4/WmEA%3D"));
            }
        }
    }

    #[test]
    fn the_two_links_are_not_mixed_up() {
        let answer = r#"{"Code":"OK","Data":{"RingPublicUrl":"http://host/ring","PhonePublicUrl":"http://host/call"}}"#;
        let links = read::<GetTotalPublicUrlResponse>(answer).unwrap().data;
        assert_eq!(links.ring_public_url.unwrap().expose(), "http://host/ring");
        assert_eq!(links.phone_public_url.unwrap().expose(), "http://host/call");
    }

    #[test]
    fn the_pool_key_goes_out_as_partner_key() {
        let query = GetTotalPublicUrl::builder()
            .check_subs(false)
            .pool_key("FC123456")
            .call_id("2568900")
            .call_time(at("2019-03-05 12:00:00").to_utc())
            .build();
        assert_eq!(param(&query, "PartnerKey").unwrap(), "FC123456");
        assert_eq!(param(&query, "PoolKey"), None);
        assert_eq!(param(&query, "CheckSubs").unwrap(), "false");
        assert_eq!(param(&query, "CallTime").unwrap(), "2019-03-05 12:00:00");
    }

    #[test]
    fn a_recording_needs_a_pool_key_or_a_product_type() {
        let query = |product_type: Option<ProductType>| {
            let query = QueryRecordFileDownloadUrl::builder().call_id("1").call_time(at("2019-03-05 12:00:00"));
            query.maybe_product_type(product_type).build()
        };
        assert_eq!(query(Some(ProductType::Axb170)).validate(Utc::now()), Ok(()));
        assert_eq!(refused_field(&query(None), Utc::now()), "pool_key");
    }
}
