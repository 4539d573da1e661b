use super::*;
use crate::aliyun::tests::{answer_of, at, param, read, refused_field};

#[test]
fn the_documented_responses_are_read() {
    assert_eq!(answer_of::<UpdateSubscription>().code, "OK");
    assert_eq!(answer_of::<UnbindSubscription>().charge_id.as_deref(), Some("true"));
    assert_eq!(answer_of::<QuerySubsId>().subs_ids, ["117809"]);
    let detail = answer_of::<QuerySubscriptionDetail>().secret_bind_detail;
    assert_eq!(detail.status, BindingStatus::InForce);
    assert_eq!(detail.phone_no_a.unwrap().expose(), "13900001111");
    assert_eq!(detail.group_id.as_deref(), Some("2000000130001"));
    assert_eq!(detail.call_restrict, Some(CallRestrict::B));
    assert_eq!(detail.expire_date, Some(at("2019-09-05 12:00:00")));
}

#[test]
fn an_x_may_have_many_bindings_or_none() {
    let ids = |subs_id: &str| {
        read::<QuerySubsIdResponse>(&format!(r#"{{"Code":"OK","SubsId":{subs_id}}}"#)).unwrap().subs_ids
    };
    assert_eq!(ids(r#""11111111,22222222""#), ["11111111", "22222222"]);
    assert_eq!(ids("117809"), ["117809"]);
    assert!(ids(r#""""#).is_empty());
    assert!(ids("null").is_empty());
}

#[test]
fn a_query_needs_its_x() {
    let query = QuerySubsId::builder().phone_no_x("").pool_key("FC123456").build();
    assert_eq!(refused_field(&query, at("2026-01-06 10:00:00")), "phone_no_x");
}

#[test]
fn a_change_that_the_crate_does_not_know_can_be_sent() {
    let change = SubscriptionUpdate::Other {
        operate_type: "updateSomething".to_owned(),
        parameter: "Something".to_owned(),
        value: "13100000000".into(),
    };
    assert!(!format!("{change:?}").contains("131"));
    let update = UpdateSubscription::builder().subs_id("1").phone_no_x("17000000000").update(change).build();
    assert_eq!(param(&update, "OperateType").as_deref(), Some("updateSomething"));
    assert_eq!(param(&update, "Something").as_deref(), Some("13100000000"));
}
