//! The names of the messages.

use std::convert::Infallible;
use std::str::FromStr;

use crate::wire_enum::wire_enum;

wire_enum! {
    /// The type of a message, by its name in the console. No body names its type: the queue or the path of a push does.
    ///
    /// The names that demos mention without documenting a body (`SecretRingRecording`, `SecretBillingCallReport`,
    /// `SecretBillingSmsReport`) are `Other`.
    ///
    /// ```
    /// use privacy_number::aliyun::receipt::ReceiptType;
    ///
    /// assert_eq!("SecretReport".parse(), Ok(ReceiptType::SecretReport));
    /// assert_eq!(ReceiptType::SecretReport.as_str(), "SecretReport");
    /// assert_eq!(ReceiptType::from("NewReport"), ReceiptType::Other("NewReport".to_owned()));
    /// ```
    #[doc(alias = "回执消息")]
    ReceiptType {
        /// A call was initiated.
        SecretStartReport = "SecretStartReport",
        /// The callee's phone rings.
        SecretRingReport = "SecretRingReport",
        /// The callee answered.
        SecretPickUpReport = "SecretPickUpReport",
        /// A call ended.
        SecretReport = "SecretReport",
        /// A recording can be downloaded.
        SecretRecording = "SecretRecording",
        /// A transcript is ready.
        SecretAsrReport = "SecretAsrReport",
        /// A number X is out of order, or in order again.
        SecretExceptionPhoneReport = "SecretExceptionPhoneReport",
        /// A parcel reached a logistics node.
        SmartLogisticsReport = "SmartLogisticsReport",
        /// A number X was created or deleted.
        NumberManagementReport = "NumberManagementReport",
        /// A reported number A failed the review.
        SecretANumberAuditFailedReport = "SecretANumberAuditFailedReport",
        /// An SMS was intercepted. No longer in the list of types.
        SecretSmsIntercept = "SecretSmsIntercept",
    }
}

impl ReceiptType {
    /// The types that this crate has a struct for.
    pub const KNOWN: &[Self] = &[
        Self::SecretStartReport,
        Self::SecretRingReport,
        Self::SecretPickUpReport,
        Self::SecretReport,
        Self::SecretRecording,
        Self::SecretAsrReport,
        Self::SecretExceptionPhoneReport,
        Self::SmartLogisticsReport,
        Self::NumberManagementReport,
        Self::SecretANumberAuditFailedReport,
        Self::SecretSmsIntercept,
    ];
}

impl FromStr for ReceiptType {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}
