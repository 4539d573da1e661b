//! Rules from the questions and answers of the guide. The tests of caller groups and of decryption cover the other
//! rules.

use serde_json::{Value, json};

use super::{Call, gateways, seeded, top};
use crate::emulator::Gateways;

fn decrypt(gateways: &Gateways, tid: &str, oaid: &str) -> Value {
    let call = top("taobao.top.oaid.decrypt").with("query_list", json!([{"tid": tid, "oaid": oaid}]));
    call.answer(gateways)["receiver_list"]["receiver"][0].clone()
}

fn report(oaid: &str, caller: &str) -> Call {
    top("taobao.top.secret.group.update")
        .with("oaid", oaid)
        .with("operate_type", "ADD_GXB_GROUP")
        .with("mobile_list", caller)
}

fn callers(gateways: &Gateways, oaid: &str) -> Value {
    top("taobao.top.secret.group.query").with("oaid", oaid).answer(gateways)["call_mobile"]["string"].clone()
}

/// Further orders with 700 numbers.
fn orders_with_700_numbers(gateways: &Gateways) -> Vec<(String, String)> {
    let orders = gateways.orders().into_iter();
    orders.filter(|(tid, oaid)| decrypt(gateways, tid, oaid)["mobile"].as_str().unwrap().starts_with("700")).collect()
}

#[test]
fn one_shop_has_numbers_of_both_kinds() {
    let gateways = seeded(|builder| builder.generated_orders(30));
    let new = orders_with_700_numbers(&gateways).len();
    assert!(new > 1 && new < gateways.orders().len());
}

#[test]
fn callers_of_an_order_apply_to_its_number_only() {
    let gateways = seeded(|builder| builder.generated_orders(30));
    let orders = orders_with_700_numbers(&gateways);
    report(&orders[0].1, "13100000000").answer(&gateways);
    assert_eq!(callers(&gateways, &orders[0].1), json!(["13100000000"]));
    assert_eq!(callers(&gateways, &orders[1].1), json!([]));
}

#[test]
fn the_end_users_client_also_gets_700_numbers() {
    let answer = top("taobao.top.oaid.client.decrypt")
        .with("sec_once_token", "once-1")
        .with("query_list", json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "1005"}]))
        .answer(&gateways());
    let mobile = answer["receiver_list"]["receiver"][0]["mobile"].clone();
    assert!(mobile.as_str().unwrap().starts_with("700"), "{mobile}");
}

#[test]
fn a_changed_receiver_has_another_number() {
    let gateways = gateways();
    let before = decrypt(&gateways, "2001", "oaid-2001")["mobile"].clone();
    gateways.change_oaid("2001", "oaid-new");
    let after = decrypt(&gateways, "2001", "oaid-new")["mobile"].clone();
    assert_eq!(decrypt(&gateways, "2001", "oaid-2001").get("mobile"), None);
    assert!(before != after && after.as_str().unwrap().len() == 15);
}

#[test]
fn many_callers_belong_to_one_order() {
    let gateways = gateways();
    for caller in ["13100000000", "13100000001", "01012345678"] {
        report("oaid-2001", caller).answer(&gateways);
    }
    assert_eq!(callers(&gateways, "oaid-2001").as_array().unwrap().len(), 3);
}

#[test]
fn a_shops_callers_are_bound_when_the_order_is_placed() {
    let gateways = seeded(|builder| builder.shop_callers(["4001234567"]));
    assert_eq!(callers(&gateways, "oaid-2001"), json!(["4001234567"]));
    gateways.change_oaid("2001", "oaid-new");
    assert_eq!(callers(&gateways, "oaid-new"), json!(["4001234567"]));
}

#[test]
fn a_report_is_by_oaid_and_counts_for_all_orders_that_share_it() {
    let gateways = seeded(|builder| builder.generated_orders(30));
    let (tid, oaid) = orders_with_700_numbers(&gateways).swap_remove(1);
    assert!(gateways.change_oaid(&tid, "oaid-2001"));
    report("oaid-2001", "13100000000").answer(&gateways);
    assert_eq!(callers(&gateways, "oaid-2001"), json!(["13100000000"]));
    assert_eq!(report(&oaid, "13100000000").answer(&gateways)["success"], false);
}
