use serde_json::{Value, json};

use super::{Call, gateways, seeded, top};
use crate::emulator::Gateways;

const OAID: &str = "oaid-2001";
const WRAPPED: &str = "secret_order_g_group_update_external_request";

fn update(operate_type: &str, oaid: &str, callers: &[String]) -> Call {
    let request = json!({"oaid": oaid, "operate_type": operate_type, "mobile_list": callers});
    top("taobao.top.secret.group.update").with(WRAPPED, request)
}

fn add(gateways: &Gateways, callers: &[String]) -> Value {
    update("ADD_GXB_GROUP", OAID, callers).answer(gateways)
}

fn delete(gateways: &Gateways, callers: &[String]) -> Value {
    update("DELETE_GXB_GROUP", OAID, callers).answer(gateways)
}

fn callers(gateways: &Gateways, oaid: &str) -> Vec<String> {
    let answer = top("taobao.top.secret.group.query").with("oaid", oaid).answer(gateways);
    assert_eq!(answer["success"], true, "{answer}");
    serde_json::from_value(answer["call_mobile"]["string"].clone()).unwrap()
}

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("131{number:08}")).collect()
}

fn assert_failed(answer: &Value) {
    assert_eq!(answer["success"], false, "{answer}");
    assert_eq!(answer["errorCode"], "gxb-group-update-failed");
    assert!(answer["errorMsg"].is_string());
}

/// A group with this many callers.
fn filled(count: usize) -> Gateways {
    let gateways = gateways();
    for start in (0..count).step_by(20) {
        assert_eq!(add(&gateways, &numbers(start..(start + 20).min(count)))["success"], true);
    }
    gateways
}

#[test]
fn reported_callers_are_returned() {
    let gateways = gateways();
    assert_eq!(callers(&gateways, OAID), Vec::<String>::new());
    add(&gateways, &numbers(0..2));
    assert_eq!(callers(&gateways, OAID), numbers(0..2));
}

#[test]
fn a_call_adds_or_deletes_up_to_twenty_callers() {
    let gateways = gateways();
    assert_eq!(add(&gateways, &numbers(0..20))["success"], true);
    assert_failed(&add(&gateways, &numbers(0..21)));
    assert_failed(&delete(&gateways, &numbers(0..21)));
    assert_eq!(callers(&gateways, OAID).len(), 20);
}

#[test]
fn the_limit_of_eighty_counts_the_union() {
    let gateways = filled(70);
    assert_eq!(add(&gateways, &numbers(58..78))["success"], true);
    assert_eq!(callers(&gateways, OAID).len(), 78);
}

#[test]
fn an_over_limit_report_leaves_earlier_callers_bound() {
    let gateways = filled(70);
    assert_failed(&add(&gateways, &numbers(62..82)));
    assert_eq!(callers(&gateways, OAID), numbers(0..70));
}

#[test]
fn a_number_has_up_to_eighty_callers() {
    let gateways = filled(80);
    assert_failed(&add(&gateways, &numbers(80..81)));
    assert_eq!(add(&gateways, &numbers(79..80))["success"], true);
}

#[test]
fn a_caller_sent_twice_in_one_call_is_bound_once() {
    let gateways = gateways();
    add(&gateways, &["13100000000".into(), "13100000000".into()]);
    assert_eq!(callers(&gateways, OAID).len(), 1);
}

#[test]
fn shop_callers_are_bound_to_every_order_and_count_towards_eighty() {
    let gateways = seeded(|builder| builder.shop_callers(numbers(100..150)));
    assert_eq!(callers(&gateways, OAID), numbers(100..140), "at most 40 count");
    add(&gateways, &numbers(0..20));
    add(&gateways, &numbers(20..40));
    assert_failed(&add(&gateways, &numbers(40..41)));
}

#[test]
fn deleting_a_shop_caller_takes_it_from_this_order_only() {
    let seed = |builder: crate::emulator::EmulatorBuilder| {
        builder.shop_callers(["4001234567"]).orders((0..20).map(|n| (format!("9{n}"), format!("o9{n}"))))
    };
    let gateways = seeded(seed);
    assert_eq!(delete(&gateways, &["4001234567".into()])["success"], true);
    assert!(callers(&gateways, OAID).is_empty());
    let other = (0..20)
        .map(|number| format!("o9{number}"))
        .find(|oaid| top("taobao.top.secret.group.query").with("oaid", oaid).answer(&gateways)["success"] == true);
    assert_eq!(callers(&gateways, &other.unwrap()), ["4001234567"]);
}

#[test]
fn deleting_an_unreported_caller_succeeds_and_changes_nothing() {
    let gateways = filled(3);
    assert_eq!(delete(&gateways, &numbers(7..8))["success"], true);
    assert_eq!(callers(&gateways, OAID), numbers(0..3));
}

#[test]
fn deleted_callers_are_removed() {
    let gateways = filled(3);
    delete(&gateways, &numbers(1..2));
    assert_eq!(callers(&gateways, OAID), ["13100000000", "13100000002"]);
}

#[test]
fn callers_cannot_be_reported_for_an_11_4_number() {
    let call = update("ADD_GXB_GROUP", "oaid-2002", &numbers(0..1));
    assert_failed(&call.answer(&gateways()));
    assert_failed(&update("ADD_GXB_GROUP", "oaid-2003", &numbers(0..1)).answer(&gateways()));
}

#[test]
fn landlines_and_short_callers_are_accepted() {
    let gateways = gateways();
    for caller in ["13100000000", "01012345678", "4001234567", "700101234567890", "1"] {
        assert_eq!(add(&gateways, &[caller.into()])["success"], true, "{caller}");
    }
}

#[test]
fn malformed_callers_are_refused_and_nothing_is_bound() {
    let gateways = gateways();
    for caller in ["", "0013100000000", "010-12345678", "+8613100000000", "1234567890123456", "１３１", "131 0000"] {
        assert_failed(&add(&gateways, &["13100000000".into(), caller.into()]));
    }
    assert!(callers(&gateways, OAID).is_empty());
}

#[test]
fn a_new_oaid_needs_a_new_report() {
    let gateways = filled(2);
    gateways.change_oaid("2001", "oaid-new");
    assert!(callers(&gateways, "oaid-new").is_empty());
    assert_failed(&add(&gateways, &numbers(0..1)));
    let call = update("ADD_GXB_GROUP", "oaid-new", &numbers(0..1));
    assert_eq!(call.answer(&gateways)["success"], true);
}

#[test]
fn oaids_that_are_stale_wrong_or_of_another_shop_have_no_group() {
    for oaid in ["stale-2004", "wrong-2005", "oaid-2006", "unheard of", "oaid-2002"] {
        let answer = top("taobao.top.secret.group.query").with("oaid", oaid).answer(&gateways());
        assert_eq!(answer["success"], false);
        assert_eq!(answer["errorCode"], "gxb-group-query-error");
        assert_eq!(answer["errorMsg"], "G组号池查询失败");
    }
    for oaid in ["stale-2004", "wrong-2005", "oaid-2006", "unheard of"] {
        assert_failed(&update("ADD_GXB_GROUP", oaid, &numbers(0..1)).answer(&gateways()));
    }
}

#[test]
fn flat_parameters_are_equivalent_to_the_wrapped_one() {
    let gateways = gateways();
    let flat = top("taobao.top.secret.group.update")
        .with("oaid", OAID)
        .with("operate_type", "ADD_GXB_GROUP")
        .with("mobile_list", "13100000000,01012345678");
    assert_eq!(flat.answer(&gateways)["success"], true);
    let wrapped =
        top("taobao.top.secret.group.query").with("secret_order_g_group_query_external_request", json!({"oaid": OAID}));
    let answer = wrapped.answer(&gateways);
    assert_eq!(answer["call_mobile"], json!({"string": ["13100000000", "01012345678"]}));
}

#[test]
fn flat_and_wrapped_parameters_together_are_refused() {
    let call = update("ADD_GXB_GROUP", OAID, &numbers(0..1)).with("oaid", OAID);
    assert_eq!(call.refusal(&gateways()), (41, format!("isv.invalid-parameter:{WRAPPED}")));
}

#[test]
fn missing_and_malformed_arguments_are_refused() {
    let refused = |request: Value| {
        let call = top("taobao.top.secret.group.update").with(WRAPPED, request);
        call.refusal(&gateways())
    };
    let missing = |name: &str| (40, format!("isv.missing-parameter:{name}"));
    let invalid = |name: &str| (41, format!("isv.invalid-parameter:{name}"));
    assert_eq!(top("taobao.top.secret.group.update").refusal(&gateways()), missing(WRAPPED));
    assert_eq!(refused(json!([])), invalid(WRAPPED));
    assert_eq!(refused(json!({})), missing("oaid"));
    assert_eq!(refused(json!({"oaid": OAID})), missing("operate_type"));
    let with = |list: Value| json!({"oaid": OAID, "operate_type": "ADD_GXB_GROUP", "mobile_list": list});
    assert_eq!(refused(with(Value::Null)), missing("mobile_list"));
    assert_eq!(refused(with(json!([]))), missing("mobile_list"));
    assert_eq!(refused(with(json!("1,2"))), invalid("mobile_list"));
    assert_eq!(refused(with(json!([1]))), invalid("mobile_list"));
    let call = update("REPLACE", OAID, &numbers(0..1));
    assert_eq!(call.refusal(&gateways()), invalid("operate_type"));
}
