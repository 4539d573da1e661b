//! What happens to a parcel.

use chrono::{DateTime, FixedOffset};

use super::facts::{Facts, time_part};
use super::fields::message;
use super::key::KeySource;
use super::values::LogisticsStatus;
use crate::redact::Private;

message! {
    /// A parcel reached a logistics node: `SmartLogisticsReport` (电商物流详细报告). Opened by the account manager only.
    ///
    /// Source: `SmartLogisticsReport` over HTTP and over MNS.
    SmartLogisticsReport {
        /// The logistics company's code, such as `YTO`.
        cp_code: Option<String> as text,
        /// Where the parcel is.
        logistics_status: Option<LogisticsStatus> as text,
        /// The waybill number.
        #[doc(alias = "运单号")]
        mail_no: Option<String> as text,
        /// The same in words.
        logistics_status_desc: Option<Private> as text,
        /// The last event in words, which may name the courier.
        last_logistic_detail: Option<Private> as text,
        /// When the last event was.
        logistics_gmt_modified: Option<DateTime<FixedOffset>> as time,
        /// More facts, as the text of a JSON object: the weight in grams when the parcel was collected.
        package_dyn: Option<Private> as raw_text,
        /// The price, in yuan.
        aliyunprice: Option<String> as text,
        /// The city that the parcel is in.
        city: Option<String> as text,
        /// The log's key.
        biz_key: Option<String> as text,
        /// Your own order number.
        outer_order_code: Option<String> as text,
    }
}

impl Facts for SmartLogisticsReport {
    fn key_source(&self) -> KeySource<'_> {
        KeySource::Content(vec![
            self.cp_code.clone(),
            self.mail_no.clone(),
            self.logistics_status.as_ref().map(ToString::to_string),
            time_part(self.logistics_gmt_modified),
        ])
    }
}
