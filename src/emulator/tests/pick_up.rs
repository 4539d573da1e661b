use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, aliyun, bad_request, gateways, start_time};
use crate::emulator::Gateways;

fn address() -> Value {
    json!({"ProvinceName": "陕西省", "CityName": "西安", "AreaName": "未央区", "AddressDetail": "XX小区XX号"})
}

fn person() -> Value {
    json!({"Name": "王XX", "Mobile": "13900000000", "AddressInfo": {"CityName": "西安"}})
}

pub(super) fn pre_query() -> Call {
    let call = aliyun("CreatePickUpWaybillPreQuery").with("SenderInfo", person()).with("ConsigneeInfo", person());
    call.with("OrderChannels", "Test")
}

pub(super) fn create() -> Call {
    aliyun("CreatePickUpWaybill")
        .with("OuterOrderCode", "143234234266")
        .with("OrderChannels", "YUN_DIAN_SHANG")
        .with("SendName", "王XX")
        .with("SendMobile", "15900000000")
        .with("SendAddress", address())
        .with("ConsigneeName", "张XX")
        .with("ConsigneePhone", "0570000")
        .with("ConsigneeAddress", address())
}

pub(super) fn cancel() -> Call {
    aliyun("CancelPickUpWaybill").with("OuterOrderCode", "143234234266").with("CancelDesc", "不想退货了")
}

fn appointment(start: &str, end: &str) -> Call {
    create().with("BizType", "1").with("AppointGotStartTime", start).with("AppointGotEndTime", end)
}

fn data(call: Call, gateways: &Gateways) -> Value {
    let reply = call.send(gateways);
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json["Data"].clone()
}

/// The error code inside the `Data` of a successful response.
fn refused(call: Call) -> String {
    let gateways = gateways();
    let reply = call.send(&gateways);
    assert_eq!((reply.status, &reply.json["HttpStatusCode"]), (200, &json!(200)), "{}", reply.text);
    assert!([json!(false), json!("false")].contains(&reply.json["Data"]["Success"]), "{}", reply.text);
    assert_eq!(gateways.ledger().entries().last().map(|entry| entry.executed), Some(false));
    reply.json["Data"]["ErrorCode"].as_str().unwrap().to_owned()
}

fn courier(call: Call, gateways: &Gateways) -> Value {
    data(call, gateways)["CpTimeSelectList"][0].clone()
}

#[test]
fn slots_depend_on_the_clock_and_one_is_sold_out() {
    let gateways = gateways();
    let days = courier(pre_query(), &gateways)["AppointTimes"].clone();
    let dates: Vec<_> = days.as_array().unwrap().iter().map(|day| day["Date"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2026-01-06", "2026-01-07", "2026-01-08"]);
    let open = |day: usize| -> Vec<&str> {
        let windows = days[day]["TimeList"].as_array().unwrap().iter();
        windows.filter(|one| one["Selectable"] == true).map(|one| one["StartTime"].as_str().unwrap()).collect()
    };
    assert_eq!(open(0), ["12:00:00", "14:00:00", "16:00:00", "18:00:00"]);
    assert_eq!(open(1), ["08:00:00", "12:00:00", "14:00:00", "16:00:00", "18:00:00"]);
    assert_eq!(open(2).len(), 6);
    let sold_out = &days[1]["TimeList"][1];
    let expected =
        json!({"StartTime": "10:00:00", "EndTime": "12:00:00", "Selectable": false, "SelectDisableTip": "约满"});
    assert_eq!(sold_out, &expected);
}

#[test]
fn a_past_day_cannot_be_selected_and_no_courier_sets_out_at_night() {
    let gateways = gateways();
    let real_time = courier(pre_query(), &gateways)["RealTime"].clone();
    assert_eq!(real_time, json!({"Name": "2小时上门", "Selectable": true, "SelectDisableTip": ""}));
    gateways.clock().advance(Duration::from_secs(10 * 3600));
    let night = (start_time() + chrono::TimeDelta::hours(10)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let now = courier(pre_query().with("Timestamp", &night), &gateways);
    assert_eq!(now["AppointTimes"][0]["DateSelectable"], false);
    assert_eq!(now["RealTime"]["Selectable"], false);
    assert_eq!(now["RealTime"]["SelectDisableTip"], "超过实时单下单时间范围");
    assert_eq!(data(create().with("Timestamp", night), &gateways)["Success"], "true");
}

#[test]
fn the_response_has_a_price_if_the_request_has_a_weight() {
    let gateways = gateways();
    assert_eq!(courier(pre_query(), &gateways).get("PrePrice"), None);
    for (grams, price) in [("1", "12.50"), ("2000", "12.50"), ("2001", "14.50"), ("3000", "14.50")] {
        assert_eq!(courier(pre_query().with("PreWeight", grams), &gateways)["PrePrice"], price);
    }
    assert_eq!(refused(pre_query().with("PreWeight", "2kg")), "isv.ILLEGAL_ARGUMENT");
}

#[test]
fn the_pre_query_refuses_an_underscore_in_the_channel() {
    assert_eq!(refused(pre_query().with("OrderChannels", "YUN_DIAN_SHANG")), "isv.ILLEGAL_ARGUMENT");
}

#[test]
fn a_courier_may_take_no_appointments() {
    let call = pre_query().with("CpCode", "NO_APPOINTMENTS");
    assert_eq!(courier(call, &gateways())["AppointTimes"], json!([]));
    let call = appointment("2026-01-06 12:00:00", "2026-01-06 14:00:00").with("CpCode", "NO_APPOINTMENTS");
    assert_eq!(refused(call), "isv.ILLEGAL_ARGUMENT");
}

#[test]
fn an_appointment_needs_an_open_slot() {
    let success = |start: &str, end: &str| data(appointment(start, end), &gateways())["Success"].clone();
    assert_eq!(success("2026-01-06 12:00:00", "2026-01-06 14:00:00"), "true");
    for (start, end) in [
        ("2026-01-07 10:00:00", "2026-01-07 12:00:00"),
        ("2026-01-06 08:00:00", "2026-01-06 10:00:00"),
        ("2026-01-06 10:00:00", "2026-01-06 12:00:00"),
        ("2026-01-06 12:00:00", "2026-01-06 16:00:00"),
        ("2026-01-09 12:00:00", "2026-01-09 14:00:00"),
        ("12:00:00", "14:00:00"),
        ("2026-01-06 12:00:00", ""),
        ("", ""),
    ] {
        assert_eq!(success(start, end), "false", "{start} {end}");
    }
}

#[test]
fn conditional_fields_are_refused_inside_the_data() {
    for call in [
        create().without("SendMobile"),
        create().without("ConsigneePhone"),
        create().with("BizType", "2"),
        create().with("BizType", "1"),
    ] {
        assert_eq!(refused(call), "isv.ILLEGAL_ARGUMENT");
    }
    for call in [
        create().without("SendMobile").with("SendPhone", "05718845"),
        create().without("ConsigneePhone").with("ConsigneeMobile", "15800000000"),
        create().with("BizType", "0").with("CpCode", "YTO").with("GoodsInfos", r#"[{"Name":"鞋子","Weight":"1000"}]"#),
    ] {
        assert_eq!(data(call, &gateways())["Success"], "true");
    }
    assert_eq!(create().with("BizType", "now").code(&gateways()), bad_request("InvalidBizType"));
}

#[test]
fn json_parameters_are_objects_with_their_required_members() {
    for (call, name, member) in [
        (create(), "SendAddress", "AreaName"),
        (create(), "ConsigneeAddress", "ProvinceName"),
        (pre_query(), "SenderInfo", "Mobile"),
        (pre_query(), "ConsigneeInfo", "Name"),
    ] {
        let code = |value: Value| call.clone().with(name, value).code(&gateways());
        let mut object = if name.ends_with("Info") { person() } else { address() };
        assert_eq!(code(json!([object])), bad_request(&format!("Invalid{name}")));
        object[member] = json!(1);
        assert_eq!(code(object.clone()), bad_request(&format!("Invalid{name}.{member}")));
        for missing in [json!(""), json!(null)] {
            object[member] = missing;
            assert_eq!(code(object.clone()), bad_request(&format!("Missing{name}.{member}")));
        }
    }
    assert_eq!(create().with("GoodsInfos", "{}").code(&gateways()), bad_request("InvalidGoodsInfos"));
    let person = json!({"Name": "王XX", "Mobile": "13900000000", "AddressInfo": "西安"});
    let code = pre_query().with("SenderInfo", person).code(&gateways());
    assert_eq!(code, bad_request("InvalidSenderInfo.AddressInfo"));
}

#[test]
fn a_repeated_order_code_orders_twice() {
    let gateways = gateways();
    let first = data(create(), &gateways);
    let second = data(create().with("CpCode", "ZTO"), &gateways);
    assert_ne!(first["MailNo"], second["MailNo"]);
    assert_eq!((&first["CpCode"], &second["CpCode"]), (&json!("YTO"), &json!("ZTO")));
    assert_eq!(gateways.phone_number_protection()["waybills"].as_array().unwrap().len(), 2);
}

#[test]
fn an_order_can_be_cancelled_once() {
    let gateways = gateways();
    data(create(), &gateways);
    data(create(), &gateways);
    let answer = cancel().ok(&gateways);
    assert_eq!((&answer["Message"], &answer["Data"]["Message"]), (&json!("请求成功"), &json!("取消成功")));
    let waybills = gateways.phone_number_protection()["waybills"].clone();
    assert!(waybills.as_array().unwrap().iter().all(|one| one["cancelled"] == true));
    let again = cancel().ok(&gateways)["Data"].clone();
    assert_eq!((&again["Success"], &again["ErrorCode"]), (&json!(false), &json!("isv.ILLEGAL_ARGUMENT")));
    assert_eq!(again["Message"], "取消失败");
    assert_eq!(gateways.ledger().executed("CancelPickUpWaybill"), 1);
}
