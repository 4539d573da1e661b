//! The tag of SMS that go over a work number.

use serde::Deserialize;

use super::request::work_number_request;
use crate::aliyun::check::{check_not_empty, check_phone};
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;

work_number_request! {
    /// Gets the text that routes an SMS from an employee B to a customer A: `CreateSmsSign`.
    ///
    /// Once (inferred): no document says whether the same pair gets the same text again. No limit of calls per second
    /// is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty pool key, a number that is no [`PhoneNumber`], a
    /// `ReqId` that is empty or over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::CreateSmsSign;
    ///
    /// let sign = CreateSmsSign::builder()
    ///     .customer_pool_key(pool_key)
    ///     .calling_no("15000000002")
    ///     .called_no("15000000001")
    ///     .build();
    /// assert!(!client.send(&sign).await?.data.called_no_sign.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "创建短信标识")]
    CreateSmsSign -> CreateSmsSignResponse, Once,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The number of the sender B.
        calling_no: PhoneNumber,
        /// The number of the receiver A.
        called_no: PhoneNumber,
    }
}

impl CreateSmsSign {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_phone("calling_no", &self.calling_no)?;
        check_phone("called_no", &self.called_no)
    }
}

newer_response! {
    /// The text of the tag.
    CreateSmsSignResponse {
        /// The tag.
        data: SmsSign,
    }
}

/// The tag of an SMS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SmsSign {
    /// The text to append to the SMS.
    #[serde(deserialize_with = "lenient::text")]
    pub called_no_sign: String,
}
