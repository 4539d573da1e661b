use std::time::Duration;

use chrono::Utc;

use super::*;
use crate::aliyun::tests::{param, read, refused_field};
use crate::operation::Operation;

fn bind_call(expiration: Duration) -> BindAXBCall {
    let bind = BindAXBCall::builder().customer_pool_key("FC123456").auth_id("1000000001").tel_a("15000000001");
    bind.expiration(expiration).build()
}

fn config(numbers: &[&str]) -> ConfigX {
    let calls = numbers.iter().map(|number| SequenceCall::builder().sequence_called_no(*number).build());
    ConfigX::builder().customer_pool_key("FC123456").tel_x("16500000000").sequence_calls(calls).build()
}

#[test]
fn an_expiration_is_sent_in_whole_seconds_over_0() {
    assert_eq!(param(&bind_call(Duration::from_secs(7200)), "Expiration").unwrap(), "7200");
    assert_eq!(bind_call(Duration::from_secs(1)).validate(Utc::now()), Ok(()));
    for wrong in [Duration::ZERO, Duration::from_millis(999), Duration::from_millis(1500), Duration::MAX] {
        assert_eq!(refused_field(&bind_call(wrong), Utc::now()), "expiration");
    }
}

#[test]
fn the_numbers_to_ring_are_one_json_text_and_each_is_checked() {
    let sent = param(&config(&["15000000005", "15000000006"]), "SequenceCalls").unwrap();
    assert_eq!(sent, r#"[{"SequenceCalledNo":"15000000005"},{"SequenceCalledNo":"15000000006"}]"#);
    assert_eq!(param(&config(&[]), "SequenceCalls"), None);
    let field = refused_field(&config(&["15000000005", "x"]), Utc::now());
    assert_eq!(field, "sequence_calls[1].sequence_called_no");
}

#[test]
fn an_ability_is_also_a_boolean() {
    let config = ConfigX::builder().customer_pool_key("FC123456").tel_x("16500000000");
    let config = config.call_ability(false).sms_ability(Ability::Enabled).build();
    assert_eq!(param(&config, "CallAbility").unwrap(), "0");
    assert_eq!(param(&config, "SmsAbility").unwrap(), "1");
    assert_eq!(param(&config, "GNFlag"), None);
}

#[test]
fn what_the_client_can_see_is_refused_before_sending() {
    let now = Utc::now();
    let bind =
        |pool_key: &str, x: &str, b: &str| BindXB::builder().customer_pool_key(pool_key).tel_x(x).tel_b(b).build();
    assert_eq!(refused_field(&bind("", "1", "15000000002"), now), "customer_pool_key");
    assert_eq!(refused_field(&bind("F", "", "15000000002"), now), "tel_x");
    assert_eq!(refused_field(&bind("F", "1", "x"), now), "tel_b");
    let unbind = UnBindXB::builder().customer_pool_key("F").auth_id("").tel_x("1").build();
    assert_eq!(refused_field(&unbind, now), "auth_id");
    let unbind = UnBindAXB::builder().customer_pool_key("F").bind_id("").build();
    assert_eq!(refused_field(&unbind, now), "bind_id");
    let query = QuerySoundRecord::builder().customer_pool_key("F").call_id("").build();
    assert_eq!(refused_field(&query, now), "call_id");
    let sign = |calling: &str, called: &str| {
        CreateSmsSign::builder().customer_pool_key("F").calling_no(calling).called_no(called).build()
    };
    assert_eq!(refused_field(&sign("x", "15000000001"), now), "calling_no");
    assert_eq!(refused_field(&sign("15000000002", ""), now), "called_no");
    assert_eq!(refused_field(&ListXTelephones::builder().page_no(0).build(), now), "page_no");
    assert_eq!(refused_field(&ListXTelephones::builder().page_size(0).build(), now), "page_size");
    assert_eq!(refused_field(&ListXTelephones::builder().customer_pool_key("").build(), now), "customer_pool_key");
    let get = GetXConfig::builder().customer_pool_key("F").tel_x("1").req_id("").build();
    assert_eq!(refused_field(&get, now), "req_id");
}

#[test]
fn both_spellings_of_the_lists_are_read_in_both_answers() {
    for (reach, calls) in [("ReachJsons", "SequenceCalls"), ("ReachJson", "SequenceCall")] {
        let text = format!(
            r#"{{"Code":"0000","Data":{{"{reach}":[{{"RuleId":"1"}}],"{calls}":[{{"SequenceCalledNo":"15000000005"}}]}}}}"#
        );
        let of_number = read::<GetXConfigResponse>(&text).unwrap().data;
        assert_eq!(of_number, read::<GetXDefaultConfigResponse>(&text).unwrap().data);
        assert_eq!(of_number.reach_jsons[0].rule_id.as_deref(), Some("1"));
        assert_eq!(of_number.sequence_calls[0].sequence_called_no.as_ref().unwrap().expose(), "15000000005");
    }
}

#[test]
fn a_recordings_link_and_the_numbers_of_the_parties_are_not_shown() {
    let text = r#"{"Code":"0000","Data":{"FileUrl":"https://host/a.mp3?sig=1"}}"#;
    let answer = read::<QuerySoundRecordResponse>(text).unwrap();
    assert_eq!(answer.data.file_url.expose(), "https://host/a.mp3?sig=1");
    assert!(!format!("{answer:?}").contains("sig"));
    let shown = format!("{:?} {:?}", bind_call(Duration::from_secs(1)), config(&["15000000005"]));
    assert!(!shown.contains("15000000001") && !shown.contains("15000000005"), "{shown}");
}

#[test]
fn the_times_of_a_work_number_are_china_time_and_may_be_absent() {
    let text = r#"{"Code":"0000","Data":{"List":{"Telephone":"16500000000","BuyTime":"2030-01-01 10:00:00",
        "BindTime":"","TelephoneStatus":"77"},"Total":"1"}}"#;
    let page = read::<ListXTelephonesResponse>(text).unwrap().data;
    let number = &page.list[0];
    assert_eq!(number.buy_time.unwrap().to_rfc3339(), "2030-01-01T10:00:00+08:00");
    assert_eq!((number.bind_time, number.release_time), (None, None));
    assert_eq!(number.telephone_status, Some(XTelephoneStatus::Other("77".to_owned())));
}
