use privacy_number::aliyun::{BindAxb, DescribePhoneNumberStatus, QuerySubscriptionDetail};
use privacy_number::{Advice, Error, Outcome};
use serde_json::json;

use super::{CodeMeaning, assert_once, assert_repeatable};
use crate::clients::{aliyun, aliyun_builder, fast_retries, instant, once};
use crate::fixtures::read_json;
use crate::server::{Server, response};

/// The errors of an action that may be retried, and of one that may not.
async fn errors(status: u16, code: &str) -> [Error; 2] {
    let body = json!({"RequestId": "33D9749B", "HostId": "h", "Code": code, "Message": "m", "Recommend": "r"});
    let server = Server::start(move |_| response(status, &body.to_string())).await;
    let client = aliyun(server.aliyun_endpoint(), once());
    let read = QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build();
    [client.send(&read).await.unwrap_err(), client.send(&bind()).await.unwrap_err()]
}

fn bind() -> BindAxb {
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
    bind.expiration(instant() + chrono::TimeDelta::days(36_500)).build()
}

async fn assert_meaning(status: u16, code: &str, meaning: CodeMeaning) {
    let [repeatable, once] = errors(status, code).await;
    for error in [&repeatable, &once] {
        assert_eq!((error.code(), error.request_id()), (Some(code), Some("33D9749B")), "codes are kept");
        let Error::Service(error) = error else { panic!("{code}") };
        assert_eq!(error.http_status(), Some(status));
        assert_ne!(error.meaning(), "", "{code} has a meaning");
    }
    assert_repeatable(&repeatable, meaning, code);
    assert_once(&once, meaning, code);
}

/// The statuses that the documents give: `404 (400 in some documents)`, `200 or 400`.
fn statuses(text: &str) -> Vec<u16> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

#[tokio::test]
async fn codes_of_gateway_and_product_agree_with_the_catalogue_whatever_the_status() {
    let catalogue = read_json("aliyun.json");
    let errors = &catalogue["product"]["errors"];
    let rows = errors["gateway"].as_array().unwrap().iter().chain(errors["business"].as_array().unwrap());
    for row in rows {
        // `MissingPhoneNoA` for `Missing{ParameterName}`.
        let code = row["code"].as_str().unwrap().replace("{ParameterName}", "PhoneNoA");
        let meaning = match (row["executed"].as_str().unwrap(), row["retry"].as_str().unwrap()) {
            ("no", "backoff, any class") => CodeMeaning::Throttled,
            ("no", "after correcting the clock, newly signed") => CodeMeaning::Clock,
            ("no", "after refreshing credentials") => CodeMeaning::Rejected,
            // An overdue account and an unknown partner: `later` means after the user has acted.
            ("no", "later, safe and idempotent only" | "official advice: later") => CodeMeaning::Rejected,
            ("no", retry) if retry.starts_with("never") => CodeMeaning::Rejected,
            ("unknown", "safe and idempotent only") => CodeMeaning::Unknown,
            (executed, _) if executed.contains("an earlier copy") => CodeMeaning::Unknown,
            other => panic!("{other:?} is new"),
        };
        for status in statuses(row["http"].as_str().unwrap()) {
            assert_meaning(status, &code, meaning).await;
        }
    }
}

/// Codes that only one page lists and that mean different things for other operations.
const OF_ONE_OPERATION: [&str; 8] = [
    "OperatorLimit",
    "isp.UNKNOWN",
    "ContentUnsupported",
    "SmartSmsContentNotWhite",
    "SmsContentIllegal",
    "SmsSignIllegal",
    "BlackKeyControlLimit",
    "ProductUnsubscribe",
];

#[tokio::test]
async fn codes_with_one_meaning_for_every_operation_have_a_meaning_and_an_outcome() {
    let catalogue = read_json("aliyun.json");
    for operation in catalogue["operations"].as_array().unwrap() {
        for row in operation["errors"].as_array().unwrap() {
            let code = row["code"].as_str().unwrap();
            if OF_ONE_OPERATION.contains(&code) {
                continue;
            }
            let meaning = match code {
                "FlowLimited" | "System.LimitControl" => CodeMeaning::Throttled,
                "InternalError" => CodeMeaning::Unknown,
                _ => CodeMeaning::Rejected,
            };
            let status = row["http"].as_u64().unwrap_or(200);
            assert_meaning(u16::try_from(status).unwrap(), code, meaning).await;
        }
    }
}

#[tokio::test]
async fn a_code_listed_for_one_operation_is_unknown_at_another() {
    for code in OF_ONE_OPERATION {
        let status = if matches!(code, "OperatorLimit" | "isp.UNKNOWN") { 200 } else { 400 };
        if code == "ProductUnsubscribe" {
            // The general meaning of its name differs from the meaning on the page of one operation.
            for error in errors(status, code).await {
                assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::TopUp), "{code}");
            }
            continue;
        }
        let [repeatable, once] = errors(status, code).await;
        assert_eq!(repeatable.outcome(), Outcome::Unknown, "{code}");
        assert_eq!((once.outcome(), once.advice()), (Outcome::Unknown, Advice::Reconcile), "{code}");
    }
}

#[tokio::test]
async fn a_code_not_charged_at_one_operation_is_retried_there_and_nowhere_else() {
    for code in ["OperatorLimit", "isp.UNKNOWN"] {
        let body = json!({"RequestId": "33D9749B", "Code": code, "Message": "m"}).to_string();
        let server = Server::always(body).await;
        let client = aliyun_builder(server.aliyun_endpoint());
        let client = client.settings(fast_retries(3)).build().unwrap();
        let error = client.send(&bind()).await.unwrap_err();
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile), "{code}");
        assert_eq!(server.received().await.len(), 1, "{code}: a BindAxb that may have bound is sent once");
        let status = DescribePhoneNumberStatus::builder().phone_number("15000001234").build();
        let error = client.send(&status).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotExecuted, 3), "{code}");
    }
}

#[tokio::test]
async fn an_unlisted_code_is_judged_by_its_family() {
    let refused = (Outcome::Rejected, Advice::FixRequest);
    let lost = (Outcome::Unknown, Advice::Reconcile);
    for (status, code, expected) in [
        (200, "isv.BRAND_NEW", refused),
        (400, "isv.BRAND_NEW", refused),
        // A status of failure makes the refusal uncertain.
        (500, "isv.BRAND_NEW", lost),
        (503, "InvalidBrandNew", lost),
        (400, "InvalidBrandNew", refused),
        (400, "MissingBrandNew", refused),
        (403, "Forbidden.BrandNew", refused),
        (400, "IllegalBrandNew", refused),
        (400, "UnsupportedBrandNew", refused),
        (404, "BrandNew.NotFound", refused),
        // A similar binding exists, perhaps from an earlier copy of the same request.
        (200, "isv.BIND_DUPLICATE", lost),
        (200, "isv.REPEATED_REQUEST", lost),
        (200, "isv.ALREADY_BOUND", lost),
        (200, "isv.GROUP_CONFLICT", lost),
        (200, "isp.BRAND_NEW", lost),
        (404, "isp.BrandNew.NotFound", lost),
        (400, "BrandNew", lost),
        // Listed codes decide whatever the status.
        (500, "isv.BIND_CONFLICT", refused),
    ] {
        let [_, once] = errors(status, code).await;
        assert_eq!((once.outcome(), once.advice()), expected, "{code}, HTTP {status}");
    }
    let [_, throttled] = errors(503, "Throttling.BrandNew").await;
    assert_eq!((throttled.outcome(), throttled.is_throttled()), (Outcome::NotExecuted, true));
}

#[tokio::test]
async fn the_other_spellings_that_the_catalogue_names_mean_the_same() {
    for (code, meaning) in [
        ("isp.RAM_PERMISSION_DENIED", CodeMeaning::Rejected),
        ("RamPermissionDenied", CodeMeaning::Rejected),
        ("Ram.PermissionDeny", CodeMeaning::Rejected),
        ("FlowLimited", CodeMeaning::Throttled),
        ("System.LimitControl", CodeMeaning::Throttled),
        ("Throttling.Anything", CodeMeaning::Throttled),
        ("POOLKEY_NOT_EXIST", CodeMeaning::Rejected),
        ("PoolKeyNotFound", CodeMeaning::Rejected),
        ("NoPermission", CodeMeaning::Rejected),
        ("NoSuchVersion", CodeMeaning::Rejected),
        ("InvalidParameter.Format", CodeMeaning::Rejected),
        ("InvalidPhoneNoA", CodeMeaning::Rejected),
        ("Forbidden.Anything", CodeMeaning::Rejected),
    ] {
        assert_meaning(400, code, meaning).await;
    }
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_its_outcome_is_unknown() {
    for (status, advice) in [(200, Advice::Report), (400, Advice::Report), (500, Advice::Retry), (503, Advice::Retry)] {
        let [repeatable, once] = errors(status, "Brand.New").await;
        assert_eq!((repeatable.code(), repeatable.outcome()), (Some("Brand.New"), Outcome::Unknown));
        assert_eq!(repeatable.advice(), advice, "{status}");
        assert_eq!((once.outcome(), once.advice()), (Outcome::Unknown, Advice::Reconcile), "{status}");
    }
}

#[tokio::test]
async fn an_exhausted_pool_and_an_overdue_account_need_a_payment() {
    for code in ["isv.NO_AVAILABLE_NUMBER", "isv.OUT_OF_SERVICE", "isv.PRODUCT_UN_SUBSCRIPT", "Insufficient.Balance"] {
        for error in errors(200, code).await {
            assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::TopUp), "{code}");
        }
    }
}
