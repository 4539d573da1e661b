use std::time::Duration;

use chrono::DateTime;
use privacy_number::top::{
    OaidDecrypt, OperateType, ReceiverQuery, SecretGroupQuery, SecretGroupUpdate, WorkcardRequestSource,
    WorkcardVirtualphoneBind,
};
use privacy_number::{Advice, Error, Outcome};
use serde_json::{Value, json};

use super::{CodeMeaning, assert_once, assert_repeatable};
use crate::clients::{fast_retries, once, shop};
use crate::fixtures::read_json;
use crate::server::Server;

fn catalogue() -> Value {
    read_json("top.json")
}

/// The errors of a method that may be retried, and of one that may not.
async fn errors(code: Value, sub_code: Option<&str>, words: &str) -> [Error; 2] {
    let error = json!({"error_response": {"code": code, "msg": "m", "sub_code": sub_code, "sub_msg": words}});
    let server = Server::always(error.to_string()).await;
    // Each has its own server, since some codes ban the whole application.
    let shop = || shop(server.top_endpoint(), once());
    let query = ReceiverQuery::builder().oaid("oaid-a").tid("2001").build();
    [
        shop().send(&OaidDecrypt::new([query])).await.unwrap_err(),
        shop().send(&WorkcardVirtualphoneBind::new(1, WorkcardRequestSource::default())).await.unwrap_err(),
    ]
}

async fn assert_meaning(code: Value, sub_code: Option<&str>, meaning: CodeMeaning) {
    let [repeatable, once] = errors(code.clone(), sub_code, "").await;
    let number = code.to_string();
    let name = sub_code.unwrap_or(&number);
    assert_eq!((repeatable.code(), repeatable.sub_code()), (Some(number.as_str()), sub_code), "codes are kept");
    assert_repeatable(&repeatable, meaning, name);
    assert_once(&once, meaning, name);
}

#[tokio::test]
async fn platform_codes_agree_with_the_catalogue() {
    let catalogue = catalogue();
    for row in catalogue["gateway"]["platform_errors"]["codes"].as_array().unwrap() {
        let meaning = match (row["executed"].as_str().unwrap(), row["retry"].as_str().unwrap()) {
            // Its action is to correct the clock, which a client can do.
            ("no", "after_fix") if row["code"] == 31 => CodeMeaning::Clock,
            // Its action is to obtain the seller's authorisation.
            ("no", "after_fix") if row["code"] == 26 => CodeMeaning::Session,
            ("no", "never" | "after_fix") => CodeMeaning::Rejected,
            ("no", "after_refresh") => CodeMeaning::Session,
            ("no", "after_delay") => CodeMeaning::Throttled,
            ("unknown", "backoff" | "by sub_code") => CodeMeaning::Unknown,
            other => panic!("{other:?} is new"),
        };
        match &row["code"] {
            Value::String(range) if range == "5xx-9xx" => {
                for old in [500, 520, 530, 550, 560, 670, 999] {
                    assert_meaning(json!(old), None, meaning).await;
                }
            }
            code => assert_meaning(code.clone(), None, meaning).await,
        }
    }
}

#[tokio::test]
async fn families_of_sub_codes_agree_with_the_catalogue_whatever_the_code() {
    let catalogue = catalogue();
    for rule in catalogue["gateway"]["platform_errors"]["sub_code_rules"].as_array().unwrap() {
        let meaning = match (rule["executed"].as_str().unwrap(), rule["retry"].as_str().unwrap()) {
            ("no", "never") => CodeMeaning::Rejected,
            ("no", "backoff" | "after_delay") => CodeMeaning::Throttled,
            ("unknown", "backoff") => CodeMeaning::Unknown,
            other => panic!("{other:?} is new"),
        };
        for pattern in rule["pattern"].as_str().unwrap().split(" | ") {
            let pattern = pattern.split(' ').next().unwrap();
            let member = pattern.replace('*', "never-seen-before");
            for code in [15, 50, 550] {
                assert_meaning(json!(code), Some(&member), meaning).await;
                assert_meaning(json!(code), Some(&format!("{member}:detail")), meaning).await;
            }
            if rule["note"].as_str().is_some_and(|note| note.contains("-tmall")) {
                assert_meaning(json!(50), Some(&format!("{member}-tmall")), meaning).await;
            }
        }
    }
}

#[tokio::test]
async fn flow_control_says_one_second_more_than_its_ban() {
    let catalogue = catalogue();
    let flow = &catalogue["gateway"]["platform_errors"]["flow_control"];
    for row in flow["sub_codes"].as_array().unwrap() {
        for seconds in flow["observed_n"].as_array().unwrap() {
            let words = format!("This ban will last for {seconds} more seconds");
            for error in errors(json!(7), row["sub_code"].as_str(), &words).await {
                let wait = Duration::from_secs(seconds.as_u64().unwrap() + 1);
                assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::WaitFor(wait)));
                assert!(error.is_throttled());
            }
        }
    }
}

#[tokio::test]
async fn the_advice_for_decryption_codes_depends_on_who_can_act() {
    let midnight = DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
    let second = Advice::WaitFor(Duration::from_secs(1));
    let catalogue = catalogue();
    let methods = catalogue["methods"].as_array().unwrap();
    let decrypt = methods.iter().find(|method| method["name"] == "taobao.top.oaid.decrypt").unwrap();
    for row in decrypt["sub_codes"].as_array().unwrap() {
        let sub_code = row["sub_code"].as_str().unwrap();
        // Read from the column `action`.
        let advice = match sub_code {
            "isv.oaid-invalid" => Advice::RefreshOaid,
            "isv.decryption-quota-exceeded" => Advice::WaitUntil(midnight),
            "isv.app-decryption-disabled-by-seller"
            | "isv.decryption-disabled-by-seller"
            | "isv.prohibit-application-user"
            | "isv.prohibit-subaccount" => Advice::AskSeller,
            "isv.prohibit-masteraccount" => Advice::RefreshSession,
            "isv.prohibit-application" => Advice::Report,
            "isv.lack-of-balance" => Advice::TopUp,
            "isv.concurrent-query" | "isp.call-limited" => second,
            "isp.sys.error" => Advice::Retry,
            _ => Advice::FixRequest,
        };
        let [error, _] = errors(json!(50), Some(sub_code), "").await;
        let outcome = match row["retry"].as_str().unwrap() {
            "never" => Outcome::Rejected,
            _ if sub_code == "isp.sys.error" => Outcome::Unknown,
            "backoff" | "backoff 1 s" => Outcome::NotExecuted,
            other => panic!("{other} is new"),
        };
        assert_eq!((error.outcome(), error.advice()), (outcome, advice), "{sub_code}");
        let Error::Service(error) = error else { panic!("{sub_code}") };
        assert_ne!(error.meaning(), "", "{sub_code} has a meaning");
    }
}

#[tokio::test]
async fn the_groups_own_codes_agree_with_the_catalogue() {
    let failure = |root: &str, code: &str| {
        json!({root: {"success": false, "errorCode": code, "errorMsg": "m", "request_id": "r"}}).to_string()
    };
    let catalogue = catalogue();
    for method in catalogue["methods"].as_array().unwrap() {
        for row in method["sub_codes"].as_array().unwrap() {
            let code = row["sub_code"].as_str().unwrap();
            let error = match method["name"].as_str().unwrap() {
                "taobao.top.secret.group.update" => {
                    let server = Server::always(failure("top_secret_group_update_response", code)).await;
                    let update = SecretGroupUpdate::builder().oaid("oaid-a").operate_type(OperateType::Add);
                    let update = update.mobile_list(["13100000000"]).build();
                    shop(server.top_endpoint(), once()).send(&update).await.unwrap_err()
                }
                "taobao.top.secret.group.query" => {
                    let server = Server::always(failure("top_secret_group_query_response", code)).await;
                    let query = SecretGroupQuery::builder().oaid("oaid-a").build();
                    shop(server.top_endpoint(), once()).send(&query).await.unwrap_err()
                }
                _ => continue,
            };
            assert_eq!(error.code(), Some(code));
            // The catalogue calls a retry of the query harmless, but the error that its text describes remains.
            assert_repeatable(&error, CodeMeaning::Rejected, code);
        }
    }
}

#[tokio::test]
async fn a_refused_group_query_is_not_retried() {
    let refused = r#"{"top_secret_group_query_response":{"success":false,"errorCode":"gxb-group-query-error"}}"#;
    let server = Server::always(refused).await;
    let shop = shop(server.top_endpoint(), fast_retries(3));
    let query = SecretGroupQuery::builder().oaid("oaid-a").build();
    for _ in 0..40 {
        let error = shop.send(&query).await.unwrap_err();
        assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::RefreshOaid));
    }
    assert_eq!(server.received().await.len(), 40);
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_its_outcome_is_unknown() {
    for (code, sub_code) in [(1234, None), (1234, Some("brand-new.code")), (50, Some("DiskFull")), (10, None)] {
        for error in errors(json!(code), sub_code, "").await {
            assert_eq!((error.code(), error.sub_code()), (Some(code.to_string().as_str()), sub_code));
            assert_eq!(error.outcome(), Outcome::Unknown, "{code} {sub_code:?}");
        }
    }
}

#[tokio::test]
async fn an_unlisted_code_is_judged_by_its_family() {
    let lost = (Outcome::Unknown, Advice::Reconcile);
    let refused = (Outcome::Rejected, Advice::FixRequest);
    for (code, sub_code, expected) in [
        // The platform refuses before the method runs.
        (99, None, (Outcome::Rejected, Advice::Report)),
        (99, Some("DiskFull"), (Outcome::Rejected, Advice::Report)),
        (99, Some("isp.brand-new"), lost),
        (1234, Some("isv.brand-new"), refused),
        (50, Some("isv.brand-new"), refused),
        // Often a malformed parameter, and its sub-code says so.
        (10, Some("isv.brand-new"), refused),
        (10, Some("isp.brand-new"), lost),
        // A similar binding exists, perhaps from an earlier copy of the same request.
        (50, Some("isv.already-bound"), lost),
        (50, Some("isv.workcard-conflict"), lost),
        (50, Some("isv.duplicate-request"), lost),
        (50, Some("isv.repeated-bind"), lost),
        // For a decryption it means that nothing was executed. Here an earlier copy of the request may be running.
        (50, Some("isv.concurrent-query"), lost),
        // A listed platform code decides, whatever the family of the sub-code.
        (27, Some("isv.brand-new"), (Outcome::Rejected, Advice::RefreshSession)),
    ] {
        let [_, once] = errors(json!(code), sub_code, "").await;
        assert_eq!((once.outcome(), once.advice()), expected, "{code} {sub_code:?}");
    }
}

#[tokio::test]
async fn a_code_inside_a_normal_response_is_the_services_own() {
    for (msg_code, expected) in [
        // Not a code of the platform: the platform has forwarded the call.
        ("27", Outcome::Unknown),
        ("99", Outcome::Unknown),
        ("7", Outcome::Unknown),
        ("brand-new", Outcome::Unknown),
        ("isp.brand-new", Outcome::Unknown),
        ("isv.brand-new", Outcome::Rejected),
    ] {
        let result = json!({"success": false, "msg_code": msg_code, "msg_info": "m"});
        let answer = json!({"tmall_servicecenter_workcard_virtualphone_bind_response": {"result": result}});
        let server = Server::always(answer.to_string()).await;
        let bind = WorkcardVirtualphoneBind::new(1, WorkcardRequestSource::default());
        let error = shop(server.top_endpoint(), fast_retries(3)).send(&bind).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(msg_code), expected));
        assert_eq!(error.advice() == Advice::Reconcile, expected == Outcome::Unknown, "{msg_code}");
        assert_eq!(server.received().await.len(), 1, "{msg_code}");
    }
}

#[tokio::test]
async fn a_meaning_that_depends_on_the_method_is_that_methods_own() {
    for (sub_code, word) in [("isv.no-permission:oaid", "seller"), ("isv.empty-parameter", "orders")] {
        let [decrypt, bind] = errors(json!(50), Some(sub_code), "").await;
        let meaning = |error: &Error| match error {
            Error::Service(error) => error.meaning(),
            other => panic!("{other}"),
        };
        assert!(meaning(&decrypt).contains(word), "{sub_code}: {}", meaning(&decrypt));
        assert!(!meaning(&bind).is_empty() && !meaning(&bind).contains(word), "{sub_code}: {}", meaning(&bind));
    }
}

#[tokio::test]
async fn the_case_of_a_sub_code_does_not_matter() {
    let [error, _] = errors(json!(50), Some("ISV.OAID-INVALID"), "").await;
    assert_eq!((error.sub_code(), error.advice()), (Some("ISV.OAID-INVALID"), Advice::RefreshOaid));
    let [error, _] = errors(json!(27), Some("Session-Expired"), "").await;
    assert_eq!(error.advice(), Advice::RefreshSession);
}
