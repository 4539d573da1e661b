use privacy_number::aliyun::{BindAxb, QuerySubscriptionDetail};
use privacy_number::{Advice, Error, Outcome};
use serde_json::json;

use super::{Verdict, assert_once, assert_repeatable};
use crate::clients::{aliyun, instant, once};
use crate::fixtures::read_json;
use crate::server::{Server, answer};

/// The error of an action that may be repeated, and of one that may not.
async fn errors(status: u16, code: &str) -> [Error; 2] {
    let body = json!({"RequestId": "33D9749B", "HostId": "h", "Code": code, "Message": "m", "Recommend": "r"});
    let server = Server::start(move |_| answer(status, &body.to_string())).await;
    let client = aliyun(server.aliyun_endpoint(), once());
    let read = QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build();
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.expiration(instant() + chrono::TimeDelta::days(36_500)).build();
    [client.send(&read).await.unwrap_err(), client.send(&bind).await.unwrap_err()]
}

async fn assert_verdict(status: u16, code: &str, verdict: Verdict) {
    let [repeatable, once] = errors(status, code).await;
    for error in [&repeatable, &once] {
        assert_eq!((error.code(), error.request_id()), (Some(code), Some("33D9749B")), "codes are kept");
        let Error::Service(error) = error else { panic!("{code}") };
        assert_eq!(error.http_status(), Some(status));
        assert_ne!(error.meaning(), "", "{code} has a meaning");
    }
    assert_repeatable(&repeatable, verdict, code);
    assert_once(&once, verdict, code);
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
        let verdict = match (row["executed"].as_str().unwrap(), row["retry"].as_str().unwrap()) {
            ("no", "backoff, any class") => Verdict::Throttled,
            ("no", "after correcting the clock, newly signed") => Verdict::Clock,
            ("no", "after refreshing credentials") => Verdict::Rejected,
            // An overdue account and an unknown partner: `later` means after somebody has acted.
            ("no", "later, safe and idempotent only" | "official advice: later") => Verdict::Rejected,
            ("no", retry) if retry.starts_with("never") => Verdict::Rejected,
            ("unknown", "safe and idempotent only") => Verdict::Unknown,
            (executed, _) if executed.contains("an earlier copy") => Verdict::Unknown,
            other => panic!("{other:?} is new"),
        };
        for status in statuses(row["http"].as_str().unwrap()) {
            assert_verdict(status, &code, verdict).await;
        }
    }
}

#[tokio::test]
async fn codes_of_single_operations_have_a_meaning_and_an_outcome() {
    let catalogue = read_json("aliyun.json");
    for operation in catalogue["operations"].as_array().unwrap() {
        for row in operation["errors"].as_array().unwrap() {
            let code = row["code"].as_str().unwrap();
            let verdict = match code {
                "FlowLimited" | "System.LimitControl" => Verdict::Throttled,
                "InternalError" => Verdict::Unknown,
                // Not charged, and worth up to three tries.
                "OperatorLimit" | "isp.UNKNOWN" => Verdict::NotRun,
                _ => Verdict::Rejected,
            };
            let status = row["http"].as_u64().unwrap_or(200);
            assert_verdict(u16::try_from(status).unwrap(), code, verdict).await;
        }
    }
}

#[tokio::test]
async fn the_other_spellings_that_the_catalogue_names_mean_the_same() {
    for (code, verdict) in [
        ("isp.RAM_PERMISSION_DENIED", Verdict::Rejected),
        ("RamPermissionDenied", Verdict::Rejected),
        ("Ram.PermissionDeny", Verdict::Rejected),
        ("FlowLimited", Verdict::Throttled),
        ("System.LimitControl", Verdict::Throttled),
        ("Throttling.Anything", Verdict::Throttled),
        ("POOLKEY_NOT_EXIST", Verdict::Rejected),
        ("PoolKeyNotFound", Verdict::Rejected),
        ("NoPermission", Verdict::Rejected),
        ("NoSuchVersion", Verdict::Rejected),
        ("InvalidParameter.Format", Verdict::Rejected),
        ("InvalidPhoneNoA", Verdict::Rejected),
        ("Forbidden.Anything", Verdict::Rejected),
    ] {
        assert_verdict(400, code, verdict).await;
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
async fn an_exhausted_pool_and_an_unpaid_account_want_money() {
    for code in ["isv.NO_AVAILABLE_NUMBER", "isv.OUT_OF_SERVICE", "isv.PRODUCT_UN_SUBSCRIPT", "Insufficient.Balance"] {
        for error in errors(200, code).await {
            assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::TopUp), "{code}");
        }
    }
}
