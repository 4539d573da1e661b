//! Aliyun's codes as data: what each means, whether the action ran, what to do.
//!
//! Source: the gateway's and the product's error pages (help documents 48054, 51132, 109196); the error tables of the
//! operations. What was executed follows from the meaning: no document states it.
//!
//! A code that only one operation's page lists is in the table for that operation alone, if its name does not say the
//! same of every operation.
//!
//! The rule for a code that no page lists: its family decides, and the family counts only inside a response of the
//! gateway's own form.
//!
//! | family | outcome |
//! | --- | --- |
//! | `Throttling.*` | not executed, with any HTTP status |
//! | `isp.*` | unknown: the platform or the carrier failed, perhaps after a part of its work |
//! | `isv.*CONFLICT*`, `isv.*DUPLICATE*`, `isv.*REPEAT*`, `isv.*ALREADY*` | unknown: it may be there already by this very request, delivered twice |
//! | other `isv.*`; `Forbidden.*`, `Missing*`, `Invalid*`, `Illegal*`, `Unsupported*`, `*NotFound` | rejected, unless the HTTP status is 500 or above: then unknown |
//! | everything else | unknown |

use std::time::Duration;

use crate::error::Outcome::{NotExecuted, Rejected, Unknown};
use crate::error::Remedy::{Backoff, CorrectClock, FixRequest, Report, Throttled, TopUp};
use crate::error::{CodeRow, Error, ServiceFacts, find, row};
use crate::limit::BanScope;
use crate::send::Fault;

/// Classifies a refusal by its code. The documents disagree on the HTTP status of single codes: a status of 500 or
/// above only overrides a guess.
pub(super) fn classify(facts: ServiceFacts, retry_after: Option<Duration>, action: &str) -> Fault {
    let server_failed = facts.http_status.is_some_and(|status| status >= 500);
    let (meaning, outcome, remedy) = match find(CODES, facts.code.as_str(), action) {
        // A server that reports its own failure overrides the guess from the code's family.
        Some(row) if server_failed && row.is_family() && row.outcome == Rejected => ("", Unknown, Backoff),
        Some(row) => (row.meaning, row.outcome, row.remedy),
        None if server_failed => ("", Unknown, Backoff),
        None => ("", Unknown, Report),
    };
    Fault::service(facts, meaning, outcome, remedy, retry_after)
}

/// What a ban by this code covers: the action, unless a document says more.
pub(super) fn ban_scope(code: &str) -> BanScope {
    if code.eq_ignore_ascii_case("Throttling.User") { BanScope::Account } else { BanScope::Operation }
}

/// This crate's own code for a call that was not sent, because the credentials provider gave no credentials. The
/// provider's error is the [`source`](std::error::Error::source).
pub const CREDENTIALS_UNAVAILABLE: &str = "credentials-unavailable";

/// The code of a report whose number was reported before: `FailType` -1 of [`CreatePhoneNoAReport`] and
/// [`CreateFixedNoAReport`]. The report may be this very one, delivered twice.
///
/// [`CreatePhoneNoAReport`]: super::CreatePhoneNoAReport
/// [`CreateFixedNoAReport`]: super::CreateFixedNoAReport
pub const REPORT_ALREADY_SUBMITTED: &str = "FailType:-1";

/// The code of a report whose number is approved already: `FailType` -2 of [`CreatePhoneNoAReport`] and
/// [`CreateFixedNoAReport`].
///
/// [`CreatePhoneNoAReport`]: super::CreatePhoneNoAReport
/// [`CreateFixedNoAReport`]: super::CreateFixedNoAReport
pub const REPORT_ALREADY_APPROVED: &str = "FailType:-2";

/// Whether the gateway refused the key itself, so that another one may do.
pub(super) fn refuses_the_key(error: &Error) -> bool {
    let is_refusal = |code: &str| code.starts_with("InvalidAccessKeyId.") || code.starts_with("InvalidSecurityToken.");
    error.code().is_some_and(is_refusal)
}

/// The fault with one of this crate's own codes, before anything was sent.
pub(super) fn own_fault(code: &'static str, action: &str) -> Fault {
    classify(ServiceFacts::own(code, None), None, action)
}

const NUMBER_STATUS: &[&str] = &["DescribePhoneNumberStatus"];
const SMS: &[&str] = &["ConfirmSendSms"];
const REPORTS: &[&str] = &["CreatePhoneNoAReport", "CreateFixedNoAReport"];
const DELETED_REPORT: &[&str] = &["DeleteSecretAPhoneNoToCust"];

#[rustfmt::skip]
const CODES: &[CodeRow] = &[
    row(CREDENTIALS_UNAVAILABLE, "the credentials provider gave none", NotExecuted, Backoff),
    // The gateway.
    row("Throttling", "flow control", NotExecuted, Throttled),
    row("Throttling.User", "flow control of the account", NotExecuted, Throttled),
    row("Throttling.Api", "flow control of the action", NotExecuted, Throttled),
    row("ServiceUnavailable", "the product is not available at the moment", Unknown, Backoff),
    row("InternalError", "unknown fault of the server", Unknown, Backoff),
    row("UnknownError", "unknown fault of the server", Unknown, Backoff),
    row("SignatureDoesNotMatch", "the signature does not match: wrong secret, or the text signed differs", Rejected, FixRequest),
    row("IncompleteSignature", "malformed signature", Rejected, FixRequest),
    row("InvalidSignatureMethod", "signature method not supported", Rejected, FixRequest),
    row("SignatureNonceUsed", "the nonce was seen before: an earlier copy of this request arrived", Unknown, Backoff),
    row("InvalidTimeStamp.Expired", "the timestamp is more than 15 minutes off", NotExecuted, CorrectClock),
    row("InvalidTimeStamp.Format", "malformed timestamp", Rejected, FixRequest),
    row("IllegalTimestamp", "the timestamp is missing or invalid", Rejected, FixRequest),
    row("InvalidAccessKeyId.NotFound", "unknown access key", Rejected, FixRequest),
    row("InvalidAccessKeyId.Inactive", "the access key is switched off", Rejected, FixRequest),
    row("InvalidSecurityToken.Expired", "the temporary key has expired", Rejected, FixRequest),
    row("Forbidden", "not authorised", Rejected, FixRequest),
    row("Forbidden.RAM", "the RAM user lacks the permission", Rejected, FixRequest),
    row("Forbidden.RiskControl", "refused by risk control", Rejected, Report),
    row("NoPermission", "not authorised", Rejected, FixRequest),
    row("MissingParameter", "a required parameter is missing", Rejected, FixRequest),
    row("InvalidParameter", "a parameter is invalid", Rejected, FixRequest),
    row("InvalidAction.NotFound", "no such action", Rejected, FixRequest),
    row("InvalidApi.NotFound", "no such API", Rejected, FixRequest),
    row("InvalidVersion", "no such version", Rejected, FixRequest),
    row("NoSuchVersion", "no such version", Rejected, FixRequest),
    row("InvalidProduct.NotFound", "wrong host", Rejected, FixRequest),
    row("InvalidProtocol.NeedSsl", "HTTPS is required", Rejected, FixRequest),
    row("UnsupportedHTTPMethod", "HTTP method not allowed", Rejected, FixRequest),
    row("InvalidJsonParam", "a parameter is not available", Rejected, FixRequest),
    // The product.
    row("isp.RAM_PERMISSION_DENY", "the RAM user lacks the permission", Rejected, FixRequest),
    row("isp.RAM_PERMISSION_DENIED", "the RAM user lacks the permission", Rejected, FixRequest),
    row("RamPermissionDenied", "the RAM user lacks the permission", Rejected, FixRequest),
    row("Ram.PermissionDeny", "the RAM user lacks the permission", Rejected, FixRequest),
    row("Permission.NotAuthorized", "not authorised", Rejected, FixRequest),
    row("Unknown.ResourceOwnerId", "the resource is another account's", Rejected, FixRequest),
    row("isv.OUT_OF_SERVICE", "the account is overdue", Rejected, TopUp),
    row("OutOfService", "the account is overdue", Rejected, TopUp),
    row("Insufficient.Balance", "the account has too little balance", Rejected, TopUp),
    row("isv.PRODUCT_UN_SUBSCRIPT", "the product is not active", Rejected, TopUp),
    row("isv.PRODUCT_UNSUBSCRIBE", "the product is not active", Rejected, TopUp),
    row("Product.Unsubscript", "the product is not active", Rejected, TopUp),
    row("Product.Unsubscribed", "the product is not active", Rejected, TopUp),
    row("ProductUnsubscribe", "the product is not active", Rejected, TopUp),
    row("ProductUnsubscribe", "the number pool does not exist", Rejected, FixRequest).only_for(SMS),
    row("isv.ACCOUNT_NOT_EXISTS", "no such account", Rejected, FixRequest),
    row("isv.ACCOUNT_ABNORMAL", "the account is overdue or not in order", Rejected, TopUp),
    row("isp.SYSTEM_ERROR", "fault of the platform", Unknown, Backoff),
    row("isp.UNKNOWN_ERR_CODE", "unknown fault of the carrier", Unknown, Backoff),
    row("isp.DAO_EXCEPTION", "fault of the platform's database", Unknown, Backoff),
    row("isp.GATEWAY_ERROR", "the platform could not reach its own service", Unknown, Backoff),
    row("isp.VENDOR_UNAVAILABLE", "the carrier is not available", Unknown, Backoff),
    row("isp.UNKNOWN", "unknown fault; not charged", NotExecuted, Backoff).only_for(NUMBER_STATUS),
    row("OperatorLimit", "the carrier refuses this number; not charged", NotExecuted, Backoff).only_for(NUMBER_STATUS),
    row("isv.PARTNER_NOT_EXIST", "unknown partner", Rejected, Report),
    row("isv.PARTNER_IS_CLOSED", "the partner is closed", Rejected, Report),
    row("isv.NO_NOT_EXIST", "the number is not this account's", Rejected, FixRequest),
    row("isv.ILLEGAL_ARGUMENT", "a parameter is illegal", Rejected, FixRequest),
    row("isv.INVALID_PARAMETERS", "a parameter is malformed", Rejected, FixRequest),
    row("isv.NO_AVAILABLE_NUMBER", "the pool has no number left for these parties: free or buy some", Rejected, TopUp),
    row("isv.FLOW_LIMIT", "flow control of the product", NotExecuted, Throttled),
    row("FlowLimited", "flow control of the product", NotExecuted, Throttled),
    row("System.LimitControl", "flow control of the product", NotExecuted, Throttled),
    row("isv.FORBIDDEN_ACTION", "not allowed: the binding has expired, X is not in this pool, or the pool is of another kind", Rejected, FixRequest),
    row("isv.NO_USED_BY_OTHERS", "the number is used by another customer", Rejected, FixRequest),
    row("isv.VENDOR_BIND_FAILED", "the carrier could not bind", Rejected, Report),
    row("isv.EXPIRE_DATE_ILLEGAL", "the expiration is malformed or less than a minute ahead", Rejected, FixRequest),
    row("isv.MOBILE_NUMBER_ILLEGAL", "a number is malformed: digits only", Rejected, FixRequest),
    row("isv.BIND_CONFLICT", "A or B is already bound to X", Rejected, FixRequest),
    row("isv.UPDATE_CONFLICT", "the change conflicts with another binding", Rejected, FixRequest),
    row("isv.SUBS_NOT_EXIST", "no such binding", Rejected, FixRequest),
    row("isv.SUBS_NOT_BELONG", "the binding is another account's", Rejected, FixRequest),
    row("isv.POOLKEY_NOT_EXISTS", "no such number pool", Rejected, FixRequest),
    row("POOLKEY_NOT_EXIST", "no such number pool", Rejected, FixRequest),
    row("PoolKeyNotFound", "no such number pool", Rejected, FixRequest),
    row("isv.BUY_NUM_OVER_LIMIT", "more numbers than the account may buy", Rejected, Report),
    row("ContentUnsupported", "the message holds content that is not supported", Rejected, FixRequest).only_for(SMS),
    row("SmartSmsContentNotWhite", "the message is not on the list of allowed ones", Rejected, FixRequest).only_for(SMS),
    row("SmsContentIllegal", "the message's content is illegal", Rejected, FixRequest).only_for(SMS),
    row("SmsSignIllegal", "the message's signature is illegal", Rejected, FixRequest).only_for(SMS),
    row("BlackKeyControlLimit", "the account is on a blacklist", Rejected, Report).only_for(SMS),
    row(REPORT_ALREADY_SUBMITTED, "a report of this number was submitted before, perhaps by an earlier copy of this request", Unknown, Report).only_for(REPORTS),
    row(REPORT_ALREADY_APPROVED, "a report of this number is approved already", Unknown, Report).only_for(REPORTS),
    row("Data:false", "nothing was deleted: there is no such report, or it is under review", Rejected, FixRequest).only_for(DELETED_REPORT),
    // Families, for members that no page lists. The first that fits decides.
    row("Throttling.*", "flow control", NotExecuted, Throttled),
    row("isp.*", "fault of the platform", Unknown, Backoff),
    row("isv.*CONFLICT*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*DUPLICATE*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*REPEAT*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*ALREADY*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*", "refused: the request or the account is not in order", Rejected, FixRequest),
    row("Forbidden.*", "not authorised", Rejected, FixRequest),
    row("Missing*", "a required parameter is missing", Rejected, FixRequest),
    row("Invalid*", "a parameter is invalid", Rejected, FixRequest),
    row("Illegal*", "a parameter is illegal", Rejected, FixRequest),
    row("Unsupported*", "not supported", Rejected, FixRequest),
    row("*NotFound", "what the request names does not exist", Rejected, FixRequest),
];
