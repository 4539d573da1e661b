//! The codes that the documents list for an operation, in responses to that operation.

use std::time::Duration;

use chrono::DateTime;
use privacy_number::{Advice, Outcome, Safety};
use serde_json::json;

use super::Report;
use super::link::Link;
use crate::catalogue::{self, Document};
use crate::samples::{Sample, is_top};

pub(super) async fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    let link = Link::json().await;
    let request = &O::request();
    for (status, code) in &entry.codes {
        let body = if !is_top::<O>() {
            json!({"RequestId": "33D9749B", "HostId": "h", "Code": code, "Message": "m"})
        } else if code.starts_with("gxb-") {
            json!({&entry.root: {"success": false, "errorCode": code, "errorMsg": "m", "request_id": "33D9749B"}})
        } else {
            json!({"error_response": {"code": 50, "msg": "m", "sub_code": code, "request_id": "33D9749B"}})
        };
        let expected = meaning(code).map(|(outcome, advice)| match outcome {
            Outcome::Unknown if O::SAFETY == Safety::Once => (outcome, Advice::Reconcile),
            _ => (outcome, advice),
        });
        let found = match link.ask(request, *status, body.to_string()).await {
            Ok(_) => None,
            Err(error) => {
                let kept = error.sub_code().or(error.code()) == Some(code) && error.request_id() == Some("33D9749B");
                kept.then(|| (error.outcome(), error.advice()))
            }
        };
        report.check(found.is_some() && found == expected, || format!("{code}: {found:?}, not {expected:?}"));
    }
    for file in &entry.refusals {
        let answer = Document::stored(entry, file).json();
        if link.ask(request, 200, answer).await.is_ok() {
            report.problems.push(format!("{file} was taken for a success"));
        }
    }
    report
}

/// The meaning of a code by the documents; `None` for a code that is new in the catalogue.
fn meaning(code: &str) -> Option<(Outcome, Advice)> {
    use Outcome::{NotExecuted, Rejected, Unknown};
    let second = Advice::WaitFor(Duration::from_secs(1));
    let midnight = DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
    Some(match code {
        "FlowLimited" | "System.LimitControl" => (NotExecuted, second),
        // Not charged, and documented with up to three attempts.
        "OperatorLimit" | "isp.UNKNOWN" => (NotExecuted, Advice::Retry),
        "InternalError" => (Unknown, Advice::Retry),
        "Insufficient.Balance" | "OutOfService" | "Product.Unsubscript" | "Product.Unsubscribed" => {
            (Rejected, Advice::TopUp)
        }
        "BlackKeyControlLimit" => (Rejected, Advice::Report),
        "isp.RAM_PERMISSION_DENY"
        | "isp.RAM_PERMISSION_DENIED"
        | "RamPermissionDenied"
        | "Ram.PermissionDeny"
        | "Permission.NotAuthorized"
        | "Unknown.ResourceOwnerId"
        | "InvalidParameter"
        | "InvalidJsonParam"
        | "ProductUnsubscribe"
        | "PoolKeyNotFound"
        | "POOLKEY_NOT_EXIST"
        | "ContentUnsupported"
        | "SmartSmsContentNotWhite"
        | "SmsContentIllegal"
        | "SmsSignIllegal" => (Rejected, Advice::FixRequest),
        "isv.oaid-invalid" => (Rejected, Advice::RefreshOaid),
        "isv.decryption-quota-exceeded" => (Rejected, Advice::WaitUntil(midnight)),
        "isv.app-decryption-disabled-by-seller"
        | "isv.decryption-disabled-by-seller"
        | "isv.prohibit-application-user"
        | "isv.prohibit-subaccount" => (Rejected, Advice::AskSeller),
        "isv.prohibit-masteraccount" => (Rejected, Advice::RefreshSession),
        "isv.prohibit-application" => (Rejected, Advice::Report),
        "isv.lack-of-balance" => (Rejected, Advice::TopUp),
        "isv.no-permission:oaid"
        | "isv.decryption-size-exceeded"
        | "isv.tid-invalid"
        | "isv.trade-not-exist"
        | "isv.oaid-field-miss"
        | "isv.invalid-parameter"
        | "isv.tid-error"
        | "isv.empty-parameter"
        | "isv.invalid-argument"
        | "isv.decryption-scene-invalid" => (Rejected, Advice::FixRequest),
        "isv.concurrent-query" | "isp.call-limited" => (NotExecuted, second),
        "isp.sys.error" => (Unknown, Advice::Retry),
        "gxb-group-update-failed" => (Rejected, Advice::FixRequest),
        "gxb-group-query-error" => (Rejected, Advice::RefreshOaid),
        _ => return None,
    })
}
