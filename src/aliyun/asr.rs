//! Speech recognition: the transcript of a call.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::check::check_not_empty;
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{AsrSentence, GetSecretAsrDetail, GetSecretAsrDetailResponse, SecretAsrDetail};
}

/// Reads the transcript of a call: `GetSecretAsrDetail`.
///
/// The response has two codes: the result of the request, and the result of the recognition
/// ([`SecretAsrDetail::is_recognised`]). Safe. Documented limit: 100 calls per second. The query is not charged; the
/// recognition is charged by the minute of the call.
///
/// # Errors
/// `isp.RAM_PERMISSION_DENY` (the RAM user lacks the permission). Refused before sending: an empty pool key or call id.
///
/// Source: Dyplsapi reference, chapter 7.3.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::GetSecretAsrDetail;
///
/// # let call_time = chrono::Utc::now() - chrono::TimeDelta::hours(1);
/// let query = GetSecretAsrDetail::builder().pool_key(pool_key).call_id("call-1").call_time(call_time).build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "获取ASR识别结果详情")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct GetSecretAsrDetail {
    /// The call record's id.
    #[doc(alias = "呼叫记录ID")]
    pub call_id: String,
    /// When the call started, `call_time` of the receipt. Sent as China time, to the second.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub call_time: DateTime<FixedOffset>,
    /// The number pool's key.
    pub pool_key: String,
}

impl Operation for GetSecretAsrDetail {
    type Gateway = Dyplsapi;
    type Output = GetSecretAsrDetailResponse;
    const NAME: &'static str = "GetSecretAsrDetail";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(100);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_not_empty("call_id", &self.call_id)
    }
}

response! {
    /// The transcript.
    GetSecretAsrDetailResponse {
        /// The recognition.
        data: SecretAsrDetail,
    }
}

/// The recognition of one call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretAsrDetail {
    /// The recognition's own id, not that of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
    /// The business process's id.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub business_id: Option<String>,
    /// The business process's keyword.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub business_key: Option<String>,
    /// The result code of the recognition: `21050000` if it succeeded.
    #[serde(deserialize_with = "lenient::text")]
    pub code: String,
    /// The result text: `SUCCESS` if it succeeded.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub msg: Option<Private>,
    /// The length of the recording, in milliseconds.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub biz_duration: Option<i64>,
    /// The kind of result, `asrResult`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub r#type: Option<String>,
    /// The transcript, sentence by sentence.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sentences: Vec<AsrSentence>,
}

impl SecretAsrDetail {
    /// Whether the speech was recognised, by this response's inner code.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        self.code == "21050000"
    }
}

/// One sentence of a call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AsrSentence {
    /// When it starts, in milliseconds from the start of the recording.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub begin_time: Option<i64>,
    /// When it ends, in milliseconds from the start of the recording.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub end_time: Option<i64>,
    /// The silence before it, in seconds.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub silence_duration: Option<i64>,
    /// The transcript.
    pub text: Private,
    /// The audio channel. Each party has its own.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub channel_id: Option<i32>,
    /// The speed of speech, in characters per minute.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub speech_rate: Option<i32>,
    /// How excited the speaker is, from 1 to 10.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub emotion_value: Option<f64>,
}

impl lenient::ListItem for AsrSentence {
    const WRAPPER: &'static str = "SecretAsrSentenceDTO";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, read, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        let answer = answer_of::<GetSecretAsrDetail>();
        assert_eq!(answer.request_id.as_deref(), Some("F655A8D5-B967-440B-8683-DAD6FF8DE990"));
        let detail = answer.data;
        assert!(detail.is_recognised());
        assert_eq!(detail.request_id.as_deref(), Some("8d2329d407a83447a83be441681f4872ac74nE"));
        assert_eq!(detail.business_id.as_deref(), Some("435ee78c7a019650@!FC100000074672458@!2020061522****"));
        assert_eq!((detail.biz_duration, detail.r#type.as_deref()), (Some(10944), Some("asrResult")));
        let sentence = &detail.sentences[0];
        assert_eq!((sentence.begin_time, sentence.end_time), (Some(1020), Some(1770)));
        assert_eq!((sentence.silence_duration, sentence.speech_rate), (Some(0), Some(80)));
        assert_eq!((sentence.channel_id, sentence.emotion_value), (Some(0), Some(5.7)));
        assert_eq!(sentence.text.expose(), "您好");
    }

    #[test]
    fn an_answered_call_may_not_be_recognised() {
        let answer: GetSecretAsrDetailResponse = read(r#"{"Code":"OK","Data":{"Code":21050002}}"#).unwrap();
        assert!(!answer.data.is_recognised());
        assert!(answer.data.sentences.is_empty());
    }

    #[test]
    fn the_call_is_required() {
        let query = GetSecretAsrDetail::builder().call_id("").call_time(Utc::now()).pool_key("FC123456").build();
        assert_eq!(refused_field(&query, Utc::now()), "call_id");
    }
}
