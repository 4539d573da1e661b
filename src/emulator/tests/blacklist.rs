use serde_json::json;

use super::{Call, POOL, aliyun, business_error, gateways, seeded};
use crate::emulator::{BindingKind, Gateways, NumberPool};

const FIRST: &str = "15000000000";
const SECOND: &str = "15000000001";

fn operate(operate_type: &str, number: &str) -> Call {
    let call = aliyun("OperateBlackNo").with("PoolKey", POOL).with("BlackNo", number);
    call.with("OperateType", operate_type)
}

fn number(action: &str, number: &str) -> Call {
    let call = aliyun(action).with("PoolKey", POOL).with("BlackNo", number);
    call.with("BlackType", "PARTNER_GLOBAL_NUMBER_BLACK")
}

fn pair(action: &str, pair: &str) -> Call {
    number(action, pair).with("BlackType", "POINT_TO_POINT_BLACK")
}

/// Whether the first number can call the second, and whether the second can call the first.
fn may_call(gateways: &Gateways) -> (bool, bool) {
    (gateways.may_call(POOL, FIRST, SECOND), gateways.may_call(POOL, SECOND, FIRST))
}

#[test]
fn a_number_on_the_blacklist_of_the_pool_cannot_call() {
    let gateways = gateways();
    let first = || may_call(&gateways).0;
    assert!(first());
    operate("AddBlack", FIRST).ok(&gateways);
    operate("AddBlack", FIRST).ok(&gateways);
    assert_eq!(may_call(&gateways), (false, true));
    assert_eq!(gateways.phone_number_protection()["pools"][POOL]["black_numbers"], json!([FIRST]));
    operate("DeleteBlack", FIRST).ok(&gateways);
    operate("DeleteBlack", FIRST).ok(&gateways);
    assert!(first());
    assert_eq!(operate("Clear", FIRST).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(operate("AddBlack", "150****0000").code(&gateways), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
}

#[test]
fn both_apis_use_the_same_blacklist_of_the_pool() {
    let gateways = gateways();
    number("AddSecretBlacklist", FIRST).ok(&gateways);
    assert_eq!(may_call(&gateways), (false, true));
    operate("DeleteBlack", FIRST).ok(&gateways);
    assert_eq!(may_call(&gateways), (true, true));
    operate("AddBlack", FIRST).ok(&gateways);
    number("DeleteSecretBlacklist", FIRST).ok(&gateways);
    assert_eq!(may_call(&gateways), (true, true));
}

#[test]
fn way_control_decides_which_direction_of_a_pair_is_rejected() {
    let text = format!("{FIRST}:{SECOND}");
    for (way_control, expected) in [
        ("PHONEA_REJECT", (true, false)),
        ("PHONEB_REJECT", (false, true)),
        ("DUPLEX_REJECT", (false, false)),
        ("", (false, false)),
    ] {
        let gateways = gateways();
        pair("AddSecretBlacklist", &text).with("WayControl", way_control).ok(&gateways);
        assert_eq!(may_call(&gateways), expected, "{way_control}");
        assert!(gateways.may_call(POOL, FIRST, "15000000002"));
        assert!(gateways.may_call("FC2", FIRST, SECOND));
        pair("DeleteSecretBlacklist", &text).ok(&gateways);
        assert_eq!(may_call(&gateways), (true, true));
    }
}

#[test]
fn a_pair_is_identified_as_it_was_written() {
    let gateways = gateways();
    pair("AddSecretBlacklist", &format!("{FIRST}:{SECOND}")).with("WayControl", "PHONEA_REJECT").ok(&gateways);
    pair("DeleteSecretBlacklist", &format!("{SECOND}:{FIRST}")).ok(&gateways);
    let expected = json!([{"first": FIRST, "second": SECOND, "way_control": "PHONEA_REJECT"}]);
    assert_eq!(gateways.phone_number_protection()["pools"][POOL]["black_pairs"], expected);
}

#[test]
fn entries_are_checked() {
    let code = |call: Call| call.code(&gateways());
    for action in ["AddSecretBlacklist", "DeleteSecretBlacklist"] {
        assert_eq!(code(pair(action, FIRST)), business_error("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(code(pair(action, &format!("{FIRST}:{FIRST}"))), business_error("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(code(pair(action, &format!("{FIRST}:*"))), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
        assert_eq!(code(pair(action, &format!("{FIRST}:{SECOND}:"))), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
        assert_eq!(code(number(action, "1500000000*")), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
        assert_eq!(code(number(action, FIRST).with("BlackType", "BLACK")), business_error("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(code(number(action, FIRST).with("WayControl", "NONE")), business_error("isv.ILLEGAL_ARGUMENT"));
    }
}

#[test]
fn the_older_api_is_for_axn_pools() {
    for (kind, expected) in [
        (BindingKind::Axb, "isv.FORBIDDEN_ACTION"),
        (BindingKind::Axn, "OK"),
        (BindingKind::AxnExtension, "OK"),
        (BindingKind::Axg, "isv.FORBIDDEN_ACTION"),
    ] {
        let gateways = seeded(|builder| builder.number_pool(NumberPool::new("FC2").only(kind)));
        assert_eq!(operate("AddBlack", FIRST).with("PoolKey", "FC2").code(&gateways), business_error(expected));
        number("AddSecretBlacklist", FIRST).with("PoolKey", "FC2").ok(&gateways);
    }
}
