use chrono::TimeDelta;

use super::{Call, POOL, aliyun, bad_request, business_error, gateways, seeded, start_time};
use crate::emulator::CallRecord;

fn confirm(id: &str) -> Call {
    aliyun("ConfirmSendSms").with("PoolKey", POOL).with("SecretNo", "17000000001").with("CallId", id)
}

#[test]
fn each_confirmation_sends_the_message() {
    let gateways = gateways();
    for _ in 0..2 {
        assert_eq!(confirm("sms-1").ok(&gateways)["Data"], "true");
    }
    assert_eq!(gateways.ledger().executed("ConfirmSendSms"), 2);
}

#[test]
fn a_message_can_be_confirmed_for_a_day() {
    let gateways = gateways();
    let now = start_time();
    gateways.add_call_record(CallRecord::message("fresh").at(now - TimeDelta::days(1)));
    gateways.add_call_record(CallRecord::message("old").at(now - TimeDelta::days(1) - TimeDelta::seconds(1)));
    confirm("fresh").ok(&gateways);
    assert_eq!(confirm("old").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(confirm("call-1").code(&gateways), business_error("isv.FORBIDDEN_ACTION"), "a call");
    assert_eq!(confirm("abcdef1234").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn a_call_id_that_is_a_code_is_refused_with_it() {
    for code in [
        "ContentUnsupported",
        "InvalidJsonParam",
        "SmartSmsContentNotWhite",
        "SmsContentIllegal",
        "SmsSignIllegal",
        "BlackKeyControlLimit",
    ] {
        assert_eq!(confirm(code).code(&gateways()), bad_request(code));
    }
}

#[test]
fn the_x_number_and_the_message_must_belong_to_the_pool() {
    let gateways = seeded(|builder| {
        let message = CallRecord::message("sms-2").in_pool("FC2");
        builder.pool("FC2", [("西安", "17100000000")]).call_record(message)
    });
    assert_eq!(confirm("sms-2").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let elsewhere = || confirm("sms-2").with("PoolKey", "FC2");
    assert_eq!(elsewhere().code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(elsewhere().with("SecretNo", "1").code(&gateways), business_error("isv.NO_NOT_EXIST"));
    elsewhere().with("SecretNo", "17100000000").ok(&gateways);
}
