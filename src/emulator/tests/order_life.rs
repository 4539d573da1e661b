//! The operations around an oaid's life, on the wire.

use serde_json::{Value, json};

use super::{Call, gateways, top};

const FIVE: &str = "receiver_name,receiver_address,created,receiver_mobile,receiver_phone";

fn full_info(fields: &str) -> Call {
    top("taobao.trade.fullinfo.get").with("tid", "2001").with("fields", fields)
}

#[test]
fn an_oaid_needs_all_its_five_ingredients() {
    let gateways = gateways();
    let with_five = full_info(&format!("tid,oaid,{FIVE}")).answer(&gateways);
    assert_eq!(with_five["trade"]["oaid"], "oaid-2001");
    assert_eq!(with_five["trade"]["tid"], 2001);
    let without = FIVE.replace(",receiver_phone", "");
    let trade = full_info(&format!("oaid,{without}")).answer(&gateways)["trade"].clone();
    assert_eq!((trade.get("oaid"), trade.get("tid")), (None, None), "only what was asked for is returned");
    let strict = full_info(&without).with("include_oaid", "true").refusal(&gateways);
    assert_eq!(strict, (50, "isv.oaid-field-miss".into()));
    let of_another_shop = full_info(FIVE).with("tid", "2006").refusal(&gateways);
    assert_eq!(of_another_shop, (50, "isv.trade-not-exist".into()));
}

pub(super) fn extend(request: Value) -> Call {
    top("taobao.top.secret.extend").with("extend_request", request)
}

#[test]
fn only_what_the_documents_allow_is_extended() {
    let gateways = gateways();
    let request = |tid: i64, oaid: &str, scene: &str, days: i64| {
        extend(json!({"oaid": oaid, "order_id": tid, "scene": scene, "extend_days": days}))
    };
    let good = request(2001, "oaid-2001", "1005", 7).answer(&gateways);
    assert_eq!(good["result"]["expire_time"], "2026-01-13 10:00:00");
    assert_eq!(request(2001, "oaid-2001", "2001", 8).answer(&gateways)["result"]["expire_time"], "2026-01-21 10:00:00");
    let invalid = (41, "isv.invalid-parameter".to_owned());
    assert_eq!(request(2001, "oaid-2001", "1005", 8).refusal(&gateways), invalid);
    assert_eq!(request(2001, "oaid-2001", "1008", 7).refusal(&gateways), invalid);
    assert_eq!(request(2003, "oaid-2003", "1005", 7).refusal(&gateways), invalid, "it has no virtual number");
    assert_eq!(request(2004, "stale-2004", "1005", 7).refusal(&gateways), (50, "isv.oaid-invalid".into()));
    assert_eq!(request(2006, "oaid-2006", "1005", 7).refusal(&gateways), (50, "isv.no-permission:oaid".into()));
    assert_eq!(request(2001, "balance-1", "1005", 7).refusal(&gateways), (50, "isv.lack-of-balance".into()));
    let as_text = json!({"oaid": "oaid-2001", "order_id": "2001", "scene": "1005", "extend_days": 7});
    assert_eq!(extend(as_text).refusal(&gateways), (41, "isv.invalid-parameter:order_id".into()));
}

#[test]
fn a_bill_without_its_parameter_is_refused() {
    let gateways = gateways();
    assert_eq!(top("taobao.top.secret.bill.detail").refusal(&gateways).0, 40);
    let page = |size: u32| json!({"biz_date": "2026-01-06 00:00:00", "page_no": 1, "page_size": size});
    let bill = |size| {
        top("taobao.top.secret.appkey.bill.detail").without("session").with("app_bill_query_request", page(size))
    };
    assert_eq!(bill(1000).answer(&gateways)["total_num"], 0);
    assert_eq!(bill(1001).refusal(&gateways), (41, "isv.invalid-parameter".into()));
}

#[test]
fn lists_of_a_batch_must_have_one_length() {
    let gateways = gateways();
    let batch = |tids: &str, signs: &str| {
        let call = top("taobao.jst.sms.message.direct.batchsend").with("sms_template_code", "SMS_1");
        call.with("oaids", r#"["oaid-2001","oaid-2002"]"#).with("order_ids", tids).with("sign_name", signs)
    };
    let both = r#"["2001","2002"]"#;
    assert!(batch(both, r#"["a","b"]"#).answer(&gateways)["module"].is_string());
    let invalid = (41, "isv.invalid-parameter".to_owned());
    assert_eq!(batch(both, r#"["a"]"#).refusal(&gateways), invalid);
    assert_eq!(batch(r#"["2001"]"#, r#"["a","b"]"#).refusal(&gateways), invalid);
    let contents = batch(both, r#"["a","b"]"#).with("sms_content", r#"[{"a":"b"}]"#);
    assert_eq!(contents.refusal(&gateways), invalid);
    assert_eq!(gateways.text_messages().as_array().unwrap().len(), 2);
}

#[test]
fn a_message_that_nobody_confirms_is_kept_for_a_day() {
    let gateways = gateways();
    top("taobao.tmc.user.permit").answer(&gateways);
    assert!(gateways.publish_message("first-shop", "any_topic", "{}").unwrap());
    assert!(!gateways.publish_message("other-shop", "any_topic", "{}").unwrap(), "it has no permit");
    let count = || gateways.messages().as_array().unwrap().len();
    assert_eq!(count(), 1);
    gateways.clock().advance(std::time::Duration::from_secs(24 * 3600 - 1));
    let time = "2026-01-07 09:59:59";
    let consume = || top("taobao.tmc.messages.consume").without("session");
    assert_eq!(consume().with("timestamp", time).answer(&gateways)["messages"]["tmc_message"][0]["topic"], "any_topic");
    gateways.clock().advance(std::time::Duration::from_secs(600));
    consume().with("timestamp", "2026-01-07 10:09:59").answer(&gateways);
    assert_eq!(count(), 0);
}

#[test]
fn named_groups_and_wrong_quantities_are_refused() {
    let consume = || top("taobao.tmc.messages.consume");
    assert_eq!(consume().with("group_name", "vip_user").refusal(&gateways()), (41, "isv.invalid-parameter".into()));
    assert_eq!(consume().with("quantity", 9).refusal(&gateways()), (41, "isv.invalid-parameter:quantity".into()));
    let confirm = |ids: &str| top("taobao.tmc.messages.confirm").with("s_message_ids", ids).refusal(&gateways());
    let ids = vec!["1"; 201].join(",");
    assert_eq!(confirm(&ids), (41, "isv.invalid-parameter:s_message_ids".into()));
    assert_eq!(confirm("1,x"), (41, "isv.invalid-parameter:s_message_ids".into()));
}
