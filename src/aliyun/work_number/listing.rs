//! The work numbers of an account.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use super::request::work_number_request;
use crate::aliyun::check::check_not_empty;
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::redact::Private;
use crate::wire_enum::wire_enum;

work_number_request! {
    /// Lists the work numbers of the account, one page at a time: `ListXTelephones`.
    ///
    /// [`Client::x_telephones`](crate::aliyun::Client::x_telephones) reads all pages. An entry shows whether a number
    /// is bound, and not to whom. Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty pool key, a page number or page size of 0, a
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
    /// use privacy_number::aliyun::ListXTelephones;
    ///
    /// let page = client.send(&ListXTelephones::builder().customer_pool_key(pool_key).page_size(2).build()).await?.data;
    /// assert_eq!((page.list.len(), page.total), (2, 3));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "查询工作号列表")]
    ListXTelephones -> ListXTelephonesResponse, Safe,
    {
        /// The number pool's key; left out, the numbers of all pools are listed (presumed).
        #[doc(alias = "号码池Key")]
        customer_pool_key: Option<String>,
        /// The page, from 1; 1 by default.
        page_no: Option<u32>,
        /// The numbers per page; 10 by default. No maximum is documented.
        page_size: Option<u32>,
    }
}

impl ListXTelephones {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        if let Some(key) = &self.customer_pool_key {
            check_not_empty("customer_pool_key", key)?;
        }
        for (field, number) in [("page_no", self.page_no), ("page_size", self.page_size)] {
            if number == Some(0) {
                return Err(InvalidRequest::new(field, "must be at least 1"));
            }
        }
        Ok(())
    }
}

newer_response! {
    /// A page of work numbers.
    ListXTelephonesResponse {
        /// The page.
        data: XTelephones,
    }
}

/// A page of work numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct XTelephones {
    /// The numbers of this page.
    #[serde(default, deserialize_with = "lenient::list")]
    pub list: Vec<XTelephone>,
    /// The page, from 1.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub page_no: Option<u64>,
    /// The numbers per page.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub page_size: Option<u64>,
    /// The count of numbers on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
}

/// A work number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct XTelephone {
    /// The work number X.
    pub telephone: VirtualNumber,
    /// Whether it is bound, and how its real-name check went.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub telephone_status: Option<XTelephoneStatus>,
    /// Whether it can send and receive SMS.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sms_status: Option<SmsStatus>,
    /// Why the binding failed.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub auth_msg: Option<Private>,
    /// The key of its number pool.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub customer_pool_key: Option<String>,
    /// The name of its number pool.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub customer_pool_name: Option<String>,
    /// When it was bought.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub buy_time: Option<DateTime<FixedOffset>>,
    /// When it was bound.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub bind_time: Option<DateTime<FixedOffset>>,
    /// When it was unbound.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub unbind_time: Option<DateTime<FixedOffset>>,
    /// When it was released.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub release_time: Option<DateTime<FixedOffset>>,
}

impl lenient::ListItem for XTelephone {
    const WRAPPER: &'static str = "List";
}

wire_enum! {
    /// The state of a work number.
    XTelephoneStatus {
        /// `0`: idle.
        Idle = "0",
        /// `1`: allotted, waits to be bought.
        Allotted = "1",
        /// `2`: bought, waits for the real-name check.
        Bought = "2",
        /// `3`: the real-name check runs.
        Checking = "3",
        /// `4`: the real-name check was passed.
        CheckPassed = "4",
        /// `5`: the real-name check failed.
        CheckFailed = "5",
        /// `6`: it is being unbound.
        Unbinding = "6",
        /// `7`: it could not be unbound.
        UnbindFailed = "7",
        /// `8`: released.
        Released = "8",
        /// `99`: released because of a timeout.
        ReleasedByTimeout = "99",
    }
}

wire_enum! {
    /// Whether SMS is open for a work number.
    SmsStatus {
        /// `0`: no.
        Closed = "0",
        /// `1`: yes.
        Open = "1",
    }
}
