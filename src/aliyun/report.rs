//! Reporting of A numbers (报备): who the person behind a number is. Photos are uploaded first; then the report is
//! submitted; then it is reviewed, in human time.

mod create;
mod ensure;
mod ensure_error;
mod number_report;
mod photo;
mod policy;
mod record;
mod upload;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::create::{
        CreateFixedNoAReport, CreateFixedNoAReportResponse, CreatePhoneNoAReport, CreatePhoneNoAReportResponse,
        CreateReportResult, CustType, DocumentType, FailType,
    };
    pub use super::ensure::{EnsureReported, ReportProgress, Reported};
    pub use super::ensure_error::EnsureReportedError;
    pub use super::number_report::{FixedLine, NumberReport};
    pub use super::photo::{InvalidPhoto, Photo};
    pub use super::policy::{
        GetDyplsOSSInfoForUploadFile, GetDyplsOSSInfoForUploadFileResponse, UploadBizType, UploadPolicy,
    };
    pub use super::record::{
        DeleteSecretAPhoneNoToCust, DeleteSecretAPhoneNoToCustResponse, QuerySecretAPhoneNoToCust,
        QuerySecretAPhoneNoToCustResponse, ReportRecord, ReportStatus, ReportedNoType,
    };
    pub use super::upload::UploadError;
}
