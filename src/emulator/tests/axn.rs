use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use super::binding::bind;
use super::{Call, POOL, aliyun, business_error, gateways, seeded};
use crate::emulator::{BindingKind, Gateways, NumberPool};

const X: &str = "17000000001";

pub(super) fn bind_axn(number_a: &str) -> Call {
    let call = aliyun("BindAxn").with("PoolKey", POOL).with("PhoneNoA", number_a);
    call.with("Expiration", "2026-02-01 00:00:00")
}

pub(super) fn bind_axn_extension(number_a: &str) -> Call {
    bind_axn(number_a).with("Action", "BindAxnExtension")
}

fn bound(call: &Call, gateways: &Gateways) -> Value {
    call.ok(gateways)["SecretBindDTO"].clone()
}

fn detail(gateways: &Gateways, bound: &Value) -> Value {
    let text = |name: &str| bound[name].as_str().unwrap();
    let call = aliyun("QuerySubscriptionDetail").with("PoolKey", POOL);
    let call = call.with("SubsId", text("SubsId")).with("PhoneNoX", text("SecretNo"));
    call.ok(gateways)["SecretBindDetailDTO"].clone()
}

#[test]
fn an_axn_binding_has_its_x_number_to_itself() {
    let gateways = gateways();
    let to_x = |number_a: &str| bind_axn(number_a).with("PhoneNoX", X);
    to_x("15000000000").ok(&gateways);
    assert_eq!(to_x("15000000005").code(&gateways), business_error("isv.BIND_CONFLICT"));
    let picked: HashSet<_> =
        (0..5).map(|_| bound(&bind_axn("15000000000"), &gateways)["SecretNo"].to_string()).collect();
    assert_eq!(picked.len(), 5, "each binding has another number");
    assert_eq!(bind_axn("15000000000").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
}

#[test]
fn an_x_number_serves_one_kind_of_bindings_at_a_time() {
    let gateways = gateways();
    let axb = |number_a: &str, number_b: &str| bind(number_a, number_b).with("PhoneNoX", X);
    axb("15000000000", "15000000001").with("Expiration", "2026-01-06 10:02:00").ok(&gateways);
    let axn = bind_axn("15000000002").with("PhoneNoX", X);
    let extension = bind_axn_extension("15000000003").with("PhoneNoX", X);
    assert_eq!(axn.code(&gateways), business_error("isv.BIND_CONFLICT"));
    assert_eq!(extension.code(&gateways), business_error("isv.BIND_CONFLICT"));
    gateways.clock().advance(Duration::from_secs(120));
    axn.again().ok(&gateways);
    assert_eq!(axb("15000000004", "15000000005").code(&gateways), business_error("isv.BIND_CONFLICT"));
}

#[test]
fn the_callback_number_is_optional_and_can_be_set_later() {
    let gateways = gateways();
    let made = bound(&bind_axn("15000000000"), &gateways);
    assert_eq!(detail(&gateways, &made).get("PhoneNoB"), None);
    let update = aliyun("UpdateSubscription").with("PoolKey", POOL).with("OperateType", "updateNoB");
    let update = update.with("SubsId", made["SubsId"].as_str().unwrap()).with("PhoneNoB", "15000000001");
    let update = update.with("PhoneNoX", made["SecretNo"].as_str().unwrap());
    update.ok(&gateways);
    assert_eq!(detail(&gateways, &made)["PhoneNoB"], 15_000_000_001_u64);
    let same = update.again().with("PhoneNoB", "15000000000");
    assert_eq!(same.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let made = bound(&bind_axn("15000000000").with("PhoneNoB", "05718899"), &gateways);
    assert_eq!(detail(&gateways, &made)["PhoneNoB"], "05718899");
}

#[test]
fn bindings_with_extensions_share_an_x_number() {
    let gateways = gateways();
    let made: Vec<_> = (0..3).map(|_| bound(&bind_axn_extension("15000000000"), &gateways)).collect();
    assert!(made.iter().all(|one| one["SecretNo"] == made[0]["SecretNo"]));
    let extensions: HashSet<_> = made.iter().map(|one| one["Extension"].as_str().unwrap()).collect();
    assert_eq!(extensions, HashSet::from(["100", "101", "102"]));
    assert_eq!(detail(&gateways, &made[2])["Extension"], 102);
}

#[test]
fn an_extension_is_taken_once_per_x_number_and_free_when_its_binding_ends() {
    let gateways = gateways();
    let call = |number_x: &str| bind_axn_extension("15000000000").with("PhoneNoX", number_x).with("Extension", "007");
    let made = bound(&call(X), &gateways);
    assert_eq!(made["Extension"], "007");
    assert_eq!(detail(&gateways, &made)["Extension"], "007", "a JSON number would lose the zeros");
    assert_eq!(call(X).code(&gateways), business_error("isv.BIND_CONFLICT"));
    call("17000000002").ok(&gateways);
    let unbind = aliyun("UnbindSubscription").with("PoolKey", POOL).with("SecretNo", X);
    unbind.with("SubsId", made["SubsId"].as_str().unwrap()).ok(&gateways);
    call(X).ok(&gateways);
}

#[test]
fn an_extension_is_up_to_three_digits_and_goes_with_an_x_number() {
    let call = bind_axn_extension("15000000000").with("PhoneNoX", X);
    for extension in ["1234", "12a", "-1"] {
        let code = call.clone().with("Extension", extension).code(&gateways());
        assert_eq!(code, business_error("isv.ILLEGAL_ARGUMENT"), "{extension}");
    }
    let alone = bind_axn_extension("15000000000").with("Extension", "130");
    assert_eq!(alone.code(&gateways()), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn a_full_x_number_is_followed_by_the_next() {
    let gateways = gateways();
    for _ in 0..900 {
        bind_axn_extension("15000000000").ok(&gateways);
    }
    let made = bound(&bind_axn_extension("15000000000"), &gateways);
    assert_eq!((made["SecretNo"].as_str(), made["Extension"].as_str()), (Some("17000000002"), Some("100")));
}

#[test]
fn a_product_type_finds_bindings_of_its_kind_only() {
    let gateways = seeded(|builder| builder.pool("FC95", [("全国通用", "9510000000")]));
    let axb = bound(&bind("15000000000", "15000000001"), &gateways);
    let axn = bound(&bind_axn("15000000002"), &gateways);
    let axn_95 = bound(&bind_axn("15000000003").with("PoolKey", "FC95"), &gateways);
    let extension = bound(&bind_axn_extension("15000000004"), &gateways);
    for (index, product_type) in ["AXB_170", "AXN_170", "AXN_95", "AXN_EXTENSION_REUSE"].into_iter().enumerate() {
        for (other, made) in [&axb, &axn, &axn_95, &extension].into_iter().enumerate() {
            let call = aliyun("QuerySubscriptionDetail").with("ProductType", product_type);
            let call = call.with("SubsId", made["SubsId"].as_str().unwrap());
            let code = call.with("PhoneNoX", made["SecretNo"].as_str().unwrap()).code(&gateways).1;
            assert_eq!(code, if index == other { "OK" } else { "isv.SUBS_NOT_EXIST" }, "{product_type}");
        }
    }
}

#[test]
fn a_pool_of_one_kind_refuses_the_others() {
    let pool = |kind| NumberPool::new("FC2").numbers([("西安", "17100000000")]).only(kind);
    let axb = || bind("15000000000", "15000000001").with("PoolKey", "FC2");
    let axn = || bind_axn("15000000000").with("PoolKey", "FC2");
    let with_axb = seeded(|builder| builder.number_pool(pool(BindingKind::Axb)));
    axb().ok(&with_axb);
    assert_eq!(axn().code(&with_axb), business_error("isv.FORBIDDEN_ACTION"));
    let with_axn = seeded(|builder| builder.number_pool(pool(BindingKind::Axn)));
    axn().ok(&with_axn);
    assert_eq!(axb().code(&with_axn), business_error("isv.FORBIDDEN_ACTION"));
    let group = aliyun("CreateAxgGroup").with("PoolKey", "FC2");
    assert_eq!(group.code(&with_axn), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn a_strict_pool_refuses_another_city_than_the_expected_one() {
    let pool = NumberPool::new("FC2").numbers([("西安", "17100000000"), ("武汉", "17100000001")]).strict_city();
    let gateways = seeded(|builder| builder.number_pool(pool));
    let call = |city: &str| bind_axn("15000000000").with("PoolKey", "FC2").with("ExpectCity", city);
    assert_eq!(call("拉萨").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    assert_eq!(bound(&call("武汉"), &gateways)["SecretNo"], "17100000001");
    assert_eq!(call("武汉").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    bind_axn("15000000000").with("PoolKey", "FC2").ok(&gateways);
}

#[test]
fn the_ids_of_an_x_number_are_those_in_force_joined_by_commas() {
    let gateways = gateways();
    let query = || aliyun("QuerySubsId").with("PoolKey", POOL).with("PhoneNoX", X).ok(&gateways)["SubsId"].clone();
    assert_eq!(query(), "");
    let axb = |number_a: &str, number_b: &str| bind(number_a, number_b).with("PhoneNoX", X);
    let short = axb("15000000000", "15000000001").with("Expiration", "2026-01-06 10:02:00");
    let first = bound(&short, &gateways)["SubsId"].as_str().unwrap().to_owned();
    assert_eq!(query(), first);
    let second = bound(&axb("15000000002", "15000000003"), &gateways)["SubsId"].as_str().unwrap().to_owned();
    assert_eq!(query(), format!("{first},{second}"));
    gateways.clock().advance(Duration::from_secs(120));
    assert_eq!(query(), second);
}
