use super::*;
use crate::aliyun::tests::{answer_in, answer_of, at, param, read, refused_field};

#[test]
fn a_count_comes_alone_or_with_a_list_of_cities() {
    let alone = answer_of::<QuerySecretNoRemain>().secret_remain;
    assert_eq!((alone.amount, alone.city.as_deref(), alone.remain_list.len()), (Some(0), Some("杭州"), 0));
    let list = answer_in::<QuerySecretNoRemain>("QuerySecretNoRemain.list").secret_remain.remain_list;
    assert_eq!((list[0].amount, list[0].city.as_str()), (120, "武汉"));
}

#[test]
fn a_list_of_cities_may_come_bare_or_with_text_for_numbers() {
    let cities = |list: &str| {
        let answer = format!(r#"{{"Code":"OK","SecretRemainDTO":{{"RemainDTOList":{list}}}}}"#);
        read::<QuerySecretNoRemainResponse>(&answer).unwrap().secret_remain.remain_list.len()
    };
    assert_eq!(cities(r#"[{"Amount":"120","City":"武汉"},{"Amount":3,"City":"杭州"}]"#), 2);
    assert_eq!(cities(r#"{"remainDTO":{"Amount":"120","City":"武汉"}}"#), 1);
    for none in ["null", "[]", "{}", r#""""#] {
        assert_eq!(cities(none), 0, "{none}");
    }
}

#[test]
fn the_documented_responses_are_read() {
    assert_eq!(answer_of::<BuySecretNo>().secret_buy_info.secret_no.expose(), "17100000000");
    assert_eq!(answer_of::<ReleaseSecretNo>().code, "OK");
    assert_eq!(answer_of::<LockSecretNo>().code, "OK");
    assert_eq!(answer_of::<UnlockSecretNo>().code, "OK");
    let info = answer_of::<QuerySecretNoDetail>().secret_no_info;
    assert_eq!(info.purchase_time, Some(at("2021-12-03 15:19:27")));
    assert_eq!((info.vendor, info.secret_status), (Some(Vendor::ChinaMobile), SecretStatus::Unbound));
    assert_eq!(info.certify_status, Some(CertifyStatus::NotCertified));
    assert_eq!((info.province.as_deref(), info.city.as_deref()), (Some("陕西省"), Some("西安")));
}

#[test]
fn a_95_number_belongs_to_no_city() {
    let buy = |city: &str| BuySecretNo::builder().city(city).pool_key("FC123456").spec_id(SpecId::Range95).build();
    assert_eq!(buy("全国通用").validate(Utc::now()), Ok(()));
    assert_eq!(param(&buy("全国通用"), "SpecId").unwrap(), "3");
    assert_eq!(refused_field(&buy("杭州"), Utc::now()), "city");
}

#[test]
fn a_prefix_has_at_most_18_digits() {
    let query = |length| {
        QuerySecretNoRemain::builder().city("杭州").spec_id(SpecId::Carrier).secret_no("1".repeat(length)).build()
    };
    assert_eq!(query(18).validate(Utc::now()), Ok(()));
    assert_eq!(refused_field(&query(19), Utc::now()), "secret_no");
}
