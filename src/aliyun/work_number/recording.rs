//! Recordings of calls over a work number.

use serde::Deserialize;

use super::request::work_number_request;
use crate::aliyun::check::check_not_empty;
use crate::aliyun::response::newer_response;
use crate::invalid::InvalidRequest;
use crate::redact::Private;

work_number_request! {
    /// Gets the link to the recording of a call over a work number: `QuerySoundRecord`.
    ///
    /// The link is good for 1 hour; every call gives a new one. Safe (inferred). No limit of calls per second is
    /// documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty field, a `ReqId` over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::QuerySoundRecord;
    ///
    /// let query = QuerySoundRecord::builder().customer_pool_key(pool_key).call_id("call-1").build();
    /// assert!(client.send(&query).await?.data.file_url.expose().starts_with("http"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "查询录音")]
    QuerySoundRecord -> QuerySoundRecordResponse, Safe,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The id of the call, from its receipt.
        #[doc(alias = "呼叫记录ID")]
        call_id: String,
    }
}

impl QuerySoundRecord {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_not_empty("call_id", &self.call_id)
    }
}

newer_response! {
    /// Where the recording is.
    QuerySoundRecordResponse {
        /// The recording.
        data: SoundRecord,
    }
}

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SoundRecord {
    /// The signed link, valid for 1 hour, up to 1000 characters. Use it unchanged. Anybody who has it can download the
    /// recording.
    pub file_url: Private,
}
