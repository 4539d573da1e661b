use super::{Call, aliyun, bad_request, business_error, gateways};

pub(super) fn describe(number: &str) -> Call {
    aliyun("DescribePhoneNumberStatus").with("Version", "2020-02-17").with("PhoneNumber", number)
}

#[test]
fn the_last_digits_of_a_number_decide_its_status() {
    for (number, status) in [
        ("15112345678", "NORMAL"),
        ("15100000000", "NORMAL"),
        ("15100000001", "SHUTDOWN"),
        ("15100000002", "NOT_EXIST"),
        ("15100000003", "POWER_OFF"),
        ("15100000004", "SUSPECTED_POWER_OFF"),
        ("15100000005", "FUNCTIONAL_SHUTDOWN"),
        ("15100000006", "BUSY"),
        ("15100000007", "UNKNOWN"),
    ] {
        assert_eq!(describe(number).ok(&gateways())["PhoneStatus"]["Status"], status);
    }
}

#[test]
fn the_last_digits_of_a_number_can_cause_an_error() {
    let gateways = gateways();
    assert_eq!(describe("15100000008").code(&gateways), business_error("OperatorLimit"));
    assert_eq!(describe("15100000009").code(&gateways), business_error("isp.UNKNOWN"));
    assert_eq!(gateways.ledger().executed("DescribePhoneNumberStatus"), 0);
}

#[test]
fn the_prefix_of_a_number_decides_its_carrier() {
    for (number, carrier) in [("15112345678", "中国移动"), ("13000000000", "中国联通"), ("13300000000", "中国电信")]
    {
        assert_eq!(describe(number).ok(&gateways())["PhoneStatus"]["Carrier"], carrier);
    }
}

#[test]
fn only_mobile_numbers_of_the_mainland_have_a_status() {
    for number in ["1511234567", "151123456789", "25112345678", "1511234567a", "+8615112345"] {
        assert_eq!(describe(number).code(&gateways()), bad_request("InvalidParameter"), "{number}");
    }
}
