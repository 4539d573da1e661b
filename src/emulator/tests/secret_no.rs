use std::time::Duration;

use serde_json::{Value, json};

use super::axn::bind_axn;
use super::{Call, POOL, aliyun, bad_request, business_error, gateways, seeded};
use crate::emulator::{Gateways, NumberSpec};

const X: &str = "17000000001";

fn remain(spec: &str, city: &str) -> Call {
    aliyun("QuerySecretNoRemain").with("SpecId", spec).with("City", city)
}

fn amount(call: Call, gateways: &Gateways) -> u64 {
    call.ok(gateways)["SecretRemainDTO"]["Amount"].as_u64().unwrap()
}

fn buy(spec: &str, city: &str) -> Call {
    aliyun("BuySecretNo").with("PoolKey", POOL).with("SpecId", spec).with("City", city)
}

fn bought(call: Call, gateways: &Gateways) -> String {
    call.ok(gateways)["SecretBuyInfoDTO"]["SecretNo"].as_str().unwrap().to_owned()
}

fn of_number(action: &str, number: &str) -> Call {
    aliyun(action).with("PoolKey", POOL).with("SecretNo", number)
}

fn detail(number: &str, gateways: &Gateways) -> Value {
    of_number("QuerySecretNoDetail", number).ok(gateways)["SecretNoInfoDTO"].clone()
}

#[test]
fn the_stock_is_counted_by_city_in_all_and_as_a_list() {
    let gateways = gateways();
    assert_eq!(amount(remain("1", "武汉"), &gateways), 120);
    assert_eq!(amount(remain("1", "杭州"), &gateways), 0);
    assert_eq!(amount(remain("1", "拉萨"), &gateways), 0);
    assert_eq!(amount(remain("1", "全国"), &gateways), 140);
    assert_eq!(amount(remain("3", "全国通用"), &gateways), 20);
    let list = remain("1", "全国列表").ok(&gateways)["SecretRemainDTO"].clone();
    assert_eq!(list["Amount"], 140);
    let mut cities = list["RemainDTOList"]["remainDTO"].as_array().unwrap().clone();
    cities.sort_by_key(|one| one["Amount"].as_u64());
    let expected = [json!({"Amount": 20, "City": "北京"}), json!({"Amount": 120, "City": "武汉"})];
    assert_eq!(cities, expected, "cities without stock are not listed");
    let single = remain("1", "武汉").ok(&gateways)["SecretRemainDTO"].clone();
    assert_eq!(single.get("RemainDTOList"), None);
    let text = remain("1", "全国列表").with("Format", "XML").send(&gateways).text;
    assert_eq!(text.matches("<RemainDTOList><remainDTO>").count(), 1, "{text}");
    assert_eq!(text.matches("<remainDTO>").count(), 2, "{text}");
}

#[test]
fn numbers_can_be_counted_and_bought_by_prefix() {
    let gateways = gateways();
    assert_eq!(amount(remain("1", "武汉").with("SecretNo", "170"), &gateways), 60);
    assert_eq!(amount(remain("1", "武汉").with("SecretNo", "139"), &gateways), 0);
    assert!(bought(buy("1", "武汉").with("SecretNo", "171"), &gateways).starts_with("171"));
    let none = buy("1", "武汉").with("SecretNo", "139");
    assert_eq!(none.code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    assert!(bought(buy("2", "西安"), &gateways).starts_with("139"));
    assert!(bought(buy("3", "全国通用"), &gateways).starts_with("95"));
}

#[test]
fn a_bought_number_leaves_the_stock_and_can_be_bound() {
    let gateways = seeded(|builder| builder.stock(NumberSpec::VirtualOperator, "西安", 1));
    let number = bought(buy("1", "西安"), &gateways);
    assert_eq!(amount(remain("1", "西安"), &gateways), 0);
    assert_eq!(buy("1", "西安").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    let info = detail(&number, &gateways);
    assert_eq!(info["PurchaseTime"], "2026-01-06 10:00:00");
    assert_eq!((&info["City"], &info["Province"]), (&json!("西安"), &json!("陕西省")));
    let call = bind_axn("15000000000").with("ExpectCity", "西安");
    assert_eq!(call.ok(&gateways)["SecretBindDTO"]["SecretNo"], json!(number));
}

#[test]
fn purchases_can_be_limited() {
    let gateways = seeded(|builder| builder.purchase_limit(1));
    bought(buy("1", "武汉"), &gateways);
    assert_eq!(buy("1", "武汉").code(&gateways), business_error("isv.BUY_NUM_OVER_LIMIT"));
}

#[test]
fn purchases_and_counts_are_checked() {
    for call in [buy("1", "武汉"), remain("1", "武汉")] {
        let code = |name: &str, value: &str| call.clone().with(name, value).code(&gateways());
        assert_eq!(code("SpecId", "one"), bad_request("InvalidSpecId"));
        assert_eq!(code("SpecId", "4"), business_error("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(code("SpecId", "3"), business_error("isv.ILLEGAL_ARGUMENT"), "has no city");
        assert_eq!(code("City", "全国通用"), business_error("isv.ILLEGAL_ARGUMENT"), "is for 95 numbers");
        assert_eq!(code("SecretNo", "17*"), business_error("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(code("SecretNo", "1234567890123456789"), business_error("isv.ILLEGAL_ARGUMENT"));
    }
    assert_eq!(buy("1", "武汉").with("DisplayPool", "x").code(&gateways()), bad_request("InvalidDisplayPool"));
    assert_eq!(buy("1", "全国").code(&gateways()), business_error("isv.NO_AVAILABLE_NUMBER"));
}

#[test]
fn only_an_unbound_number_can_be_released() {
    let gateways = gateways();
    let bind = || bind_axn("15000000000").with("PhoneNoX", X).with("Expiration", "2026-01-06 10:02:00");
    bind().ok(&gateways);
    let release = || of_number("ReleaseSecretNo", X).code(&gateways);
    assert_eq!(release(), business_error("isv.FORBIDDEN_ACTION"));
    gateways.clock().advance(Duration::from_secs(120));
    assert_eq!(release(), business_error("OK"));
    assert_eq!(release(), business_error("isv.NO_NOT_EXIST"));
    let later = bind().with("Expiration", "2026-02-01 00:00:00");
    assert_eq!(later.code(&gateways), business_error("isv.NO_NOT_EXIST"));
}

#[test]
fn a_locked_number_gets_no_new_bindings_until_it_is_unlocked() {
    let gateways = gateways();
    let lock = |action: &str| of_number(action, X).ok(&gateways);
    lock("LockSecretNo");
    lock("LockSecretNo");
    let wanted = || bind_axn("15000000000").with("PhoneNoX", X);
    assert_eq!(wanted().code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let picked = bind_axn("15000000000").ok(&gateways)["SecretBindDTO"]["SecretNo"].clone();
    assert_eq!(picked, "17000000002");
    lock("UnlockSecretNo");
    wanted().ok(&gateways);
}

#[test]
fn the_detail_shows_whether_a_number_is_bound_or_locked() {
    let gateways = gateways();
    let status = || detail(X, &gateways)["SecretStatus"].as_u64().unwrap();
    assert_eq!(status(), 0);
    bind_axn("15000000000").with("PhoneNoX", X).ok(&gateways);
    assert_eq!(status(), 1);
    of_number("LockSecretNo", X).ok(&gateways);
    assert_eq!(status(), 2);
    let info = &gateways.phone_number_protection()["pools"][POOL]["numbers"][0];
    assert_eq!(info, &json!({"number": X, "city": "北京", "locked": true, "bound": true}));
}

#[test]
fn a_number_must_exist_and_belong_to_the_pool() {
    let gateways = seeded(|builder| builder.pool("FC2", [("西安", "17100000000")]));
    for action in ["ReleaseSecretNo", "LockSecretNo", "UnlockSecretNo", "QuerySecretNoDetail"] {
        assert_eq!(of_number(action, "130").code(&gateways), business_error("isv.NO_NOT_EXIST"), "a beginning is none");
        assert_eq!(of_number(action, "17100000000").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    }
}
