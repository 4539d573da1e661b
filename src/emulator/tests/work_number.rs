use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{Call, POOL, aliyun, bad_request, business_error, gateways, seeded};
use crate::emulator::{CallRecord, Gateways};

const X: &str = "16500000001";
const B: &str = "15000000002";
const A: &str = "15000000001";

fn work(action: &str, req_id: &str) -> Call {
    aliyun(action).with("CustomerPoolKey", POOL).with("ReqId", req_id)
}

fn bind_xb(req_id: &str) -> Call {
    work("BindXB", req_id).with("TelX", X).with("TelB", B)
}

fn unbind_xb(req_id: &str, auth_id: &str) -> Call {
    work("UnBindXB", req_id).with("TelX", X).with("AuthId", auth_id)
}

fn bind_call(req_id: &str, auth_id: &str) -> Call {
    work("BindAXBCall", req_id).with("AuthId", auth_id).with("TelA", A).with("Expiration", 7200)
}

fn unbind_call(req_id: &str, bind_id: &str) -> Call {
    work("UnBindAXB", req_id).with("BindId", bind_id)
}

fn of_x(action: &str, req_id: &str) -> Call {
    work(action, req_id).with("TelX", X)
}

/// `Data` of a success.
fn data(call: &Call, gateways: &Gateways) -> Value {
    let reply = call.send(gateways);
    assert_eq!((reply.status, &reply.json["Code"], &reply.json["Success"]), (200, &json!("0000"), &json!(true)));
    reply.json["Data"].clone()
}

/// The code of a refusal inside `Data`, below a success.
fn code_inside(call: &Call, gateways: &Gateways) -> String {
    let data = data(call, gateways);
    assert_eq!(data["Success"], false);
    data["Code"].as_str().unwrap().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn bound(gateways: &Gateways) -> String {
    text(&data(&bind_xb("bound"), gateways)["AuthId"])
}

fn state(gateways: &Gateways) -> Value {
    gateways.phone_number_protection()["work_numbers"].clone()
}

/// A call that succeeds, whose answer has all members.
pub(super) fn good_call(action: &str, gateways: &Gateways) -> Call {
    let config = || of_x("ConfigX", "config").with("SequenceCalls", json!([{"SequenceCalledNo": "15000000005"}]));
    match action {
        "BindXB" => bind_xb("1"),
        "UnBindXB" => unbind_xb("1", &bound(gateways)),
        "BindAXBCall" => bind_call("1", &bound(gateways)),
        "UnBindAXB" => {
            let call = data(&bind_call("bind", &bound(gateways)), gateways);
            unbind_call("1", &text(&call["BindId"]))
        }
        "ConfigX" => config(),
        "GetXConfig" => {
            data(&config(), gateways);
            of_x(action, "1")
        }
        "GetXDefaultConfig" => of_x(action, "1"),
        "ListXTelephones" => work(action, "1"),
        "QuerySoundRecord" => work(action, "1").with("CallId", "call-1"),
        "CreateSmsSign" => {
            bound(gateways);
            work(action, "1").with("CallingNo", B).with("CalledNo", A)
        }
        other => panic!("no call of {other}"),
    }
}

#[test]
fn a_work_number_has_one_employee_until_it_is_taken_back() {
    let gateways = gateways();
    assert_eq!(state(&gateways)["numbers"][0]["employee"], json!(null));
    let made = data(&bind_xb("1").with("UserData", "user-1"), &gateways);
    assert_eq!(made, json!({"AuthId": "1000000001", "TelX": X}));
    let employee = json!({"auth_id": "1000000001", "number_b": B, "user_data": "user-1"});
    assert_eq!(state(&gateways)["numbers"][0]["employee"], employee);
    assert_eq!(bind_xb("2").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(bind_xb("3").with("TelX", "16500000009").code(&gateways), business_error("isv.NO_NOT_EXIST"));
    let invalid = bind_xb("4").with("TelX", "16500000002").with("TelB", "+86");
    assert_eq!(invalid.code(&gateways), business_error("isv.MOBILE_NUMBER_ILLEGAL"));

    assert_eq!(code_inside(&unbind_xb("5", "1000000002"), &gateways), "isv.SUBS_NOT_EXIST");
    let other_x = unbind_xb("6", "1000000001").with("TelX", "16500000002");
    assert_eq!(code_inside(&other_x, &gateways), "isv.SUBS_NOT_EXIST");
    assert_eq!(data(&unbind_xb("7", "1000000001"), &gateways)["Success"], true);
    assert_eq!(state(&gateways)["numbers"][0]["employee"], json!(null));
    assert_eq!(code_inside(&unbind_xb("8", "1000000001"), &gateways), "isv.SUBS_NOT_EXIST");
    assert_eq!(data(&bind_xb("9"), &gateways)["AuthId"], "1000000002");
}

#[test]
fn a_call_binding_ends_by_time_by_request_or_with_the_employee() {
    let gateways = gateways();
    let auth_id = bound(&gateways);
    let bind = |req_id: &str| text(&data(&bind_call(req_id, &auth_id), &gateways)["BindId"]);
    let is_in_force = |id: &str| state(&gateways)["call_bindings"][id]["in_force"].clone();
    let (first, second) = (bind("1"), bind("2"));
    assert_eq!((first.as_str(), second.as_str()), ("2000000001", "2000000002"), "the same parties get another binding");
    assert_eq!(state(&gateways)["call_bindings"][&first]["number_a"], A);

    assert_eq!(data(&unbind_call("3", &first), &gateways)["Code"], "0000");
    assert_eq!(code_inside(&unbind_call("4", &first), &gateways), "isv.SUBS_NOT_EXIST");
    gateways.clock().advance(Duration::from_secs(7199));
    assert_eq!(is_in_force(&second), true);
    gateways.clock().advance(Duration::from_secs(1));
    assert_eq!(is_in_force(&second), false);
    let expired = unbind_call("5", &second).with("Timestamp", "2026-01-06T04:00:00Z");
    assert_eq!(code_inside(&expired, &gateways), "isv.SUBS_NOT_EXIST");

    let later = |call: Call| call.with("Timestamp", "2026-01-06T04:00:00Z");
    let third = text(&data(&later(bind_call("6", &auth_id)), &gateways)["BindId"]);
    data(&later(unbind_xb("7", &auth_id)), &gateways);
    assert_eq!(is_in_force(&third), json!(null));
    assert_eq!(later(bind_call("8", &auth_id)).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
}

#[test]
fn a_call_binding_needs_a_duration_and_the_ability_to_call() {
    let gateways = gateways();
    let auth_id = bound(&gateways);
    for (expiration, code) in [
        ("0", business_error("isv.ILLEGAL_ARGUMENT")),
        ("-1", business_error("isv.ILLEGAL_ARGUMENT")),
        ("2026-01-07 00:00:00", bad_request("InvalidExpiration")),
    ] {
        assert_eq!(bind_call("1", &auth_id).with("Expiration", expiration).code(&gateways), code);
    }
    data(&of_x("ConfigX", "2").with("CallAbility", "0"), &gateways);
    assert_eq!(bind_call("3", &auth_id).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn options_are_set_and_read_and_the_defaults_stay() {
    let gateways = gateways();
    let first = data(&of_x("GetXConfig", "1"), &gateways);
    assert_eq!(
        (&first["CallAbility"], &first["GNFlag"], &first["SequenceCalls"]),
        (&json!("1"), &json!("00"), &json!([]))
    );
    let calls = json!([{"SequenceCalledNo": "15000000005"}, {"SequenceCalledNo": "15000000006"}]);
    data(&of_x("ConfigX", "2").with("GNFlag", "10").with("SequenceCalls", calls), &gateways);
    data(&of_x("ConfigX", "3").with("SmsAbility", "0").with("SequenceMode", "1"), &gateways);
    let second = data(&of_x("GetXConfig", "4"), &gateways);
    assert_eq!((&second["GNFlag"], &second["SmsAbility"]), (&json!("10"), &json!("0")));
    assert_eq!(second["SequenceCalls"][1]["SequenceCalledNo"], "15000000006");
    assert_eq!(state(&gateways)["numbers"][0]["sequence_mode"], "1");
    let other = data(&of_x("GetXConfig", "5").with("TelX", "16500000002"), &gateways);
    assert_eq!(other, first, "another number keeps its options");
    let default = data(&of_x("GetXDefaultConfig", "6"), &gateways);
    assert_eq!((&default["SequenceCall"], &default["ReachJson"]), (&json!([]), &first["ReachJsons"]));

    for (name, value) in [("CallAbility", "2"), ("GNFlag", "0"), ("SmsSignMode", "00"), ("SequenceMode", "3")] {
        let refused = of_x("ConfigX", "7").with(name, value).code(&gateways);
        assert_eq!(refused, business_error("isv.ILLEGAL_ARGUMENT"), "{name}");
    }
    for calls in ["x", "{}", r#"[{"Other":"1"}]"#, r#"[{"SequenceCalledNo":1}]"#] {
        let refused = of_x("ConfigX", "8").with("SequenceCalls", calls).code(&gateways);
        assert_eq!(refused, bad_request("InvalidSequenceCalls"), "{calls}");
    }
    assert_eq!(data(&of_x("GetXConfig", "9"), &gateways), second, "a refused change changes nothing");
}

#[test]
fn the_list_has_pages_and_the_state_of_each_number() {
    let numbers: Vec<_> = (0..130).map(|number| format!("1670000{number:04}")).collect();
    let gateways = seeded(|builder| builder.work_numbers("FC2", numbers));
    let list = |page_no: &str, page_size: &str| {
        let call = aliyun("ListXTelephones").with("ReqId", "1");
        data(&call.with("PageNo", page_no).with("PageSize", page_size), &gateways)
    };
    let counts =
        |page: &Value| (page["List"].as_array().unwrap().len(), page["Total"].clone(), page["PageSize"].clone());
    let all = json!(133);
    assert_eq!(counts(&list("", "")), (10, all.clone(), json!(10)));
    assert_eq!(counts(&list("1", "1000")), (100, all.clone(), json!(100)), "a page has at most 100 numbers");
    assert_eq!(counts(&list("2", "100")), (33, all.clone(), json!(100)));
    assert_eq!(counts(&list("3", "100")), (0, all, json!(100)));
    for (name, value) in [("PageNo", "0"), ("PageSize", "0"), ("PageSize", "x")] {
        let refused = work("ListXTelephones", "2").with(name, value).code(&gateways);
        assert_eq!(refused, bad_request(&format!("Invalid{name}")));
    }

    let of_pool = || data(&work("ListXTelephones", "3"), &gateways);
    let seen = |page: &Value| {
        let first = page["List"][0].clone();
        ["Telephone", "TelephoneStatus", "BindTime", "UnbindTime"].map(|name| text(&first[name]))
    };
    let page = of_pool();
    assert_eq!((counts(&page).0, seen(&page)), (3, [X, "2", "", ""].map(String::from)));
    let auth_id = bound(&gateways);
    assert_eq!(seen(&of_pool()), [X, "4", "2026-01-06 10:00:00", ""]);
    gateways.clock().advance(Duration::from_secs(60));
    data(&unbind_xb("4", &auth_id), &gateways);
    assert_eq!(seen(&of_pool()), [X, "2", "2026-01-06 10:00:00", "2026-01-06 10:01:00"]);
    assert_eq!(of_pool()["List"][0]["BuyTime"], "2026-01-06 10:00:00");
}

#[test]
fn a_recording_can_be_downloaded_for_an_hour() {
    let gateways = seeded(|builder| builder.call_record(CallRecord::call("silent").without_recording()));
    let query = |id: &str| work("QuerySoundRecord", "1").with("CallId", id);
    let url = text(&data(&query("call-1"), &gateways)["FileUrl"]);
    let download = || gateways.respond(Request::get(&url).body(Bytes::new()).unwrap()).status().as_u16();
    assert_eq!(download(), 200);
    gateways.clock().advance(Duration::from_secs(3600));
    assert_eq!(download(), 200);
    gateways.clock().advance(Duration::from_secs(1));
    assert_eq!(download(), 403);
    for id in ["silent", "unknown", "sms-1"] {
        let refused = query(id).with("Timestamp", "2026-01-06T03:00:01Z").code(&gateways);
        assert_eq!(refused, business_error("isv.FORBIDDEN_ACTION"), "{id}");
    }
}

#[test]
fn a_tag_of_an_sms_is_another_one_each_time() {
    let gateways = gateways();
    let sign = |req_id: &str| {
        let call = work("CreateSmsSign", req_id).with("CallingNo", B).with("CalledNo", A);
        text(&data(&call, &gateways)["CalledNoSign"])
    };
    assert_eq!([sign("1"), sign("2")], ["sign0001", "sign0002"]);
    let expected = json!({"sign": "sign0002", "calling_no": B, "called_no": A});
    assert_eq!(state(&gateways)["sms_signs"][1], expected);
}

#[test]
fn a_repeated_req_id_gives_the_first_answer_of_a_write_again() {
    let gateways = gateways();
    let first = bind_xb("same");
    let auth_id = text(&data(&first, &gateways)["AuthId"]);
    assert_eq!(data(&first.clone().again(), &gateways)["AuthId"], auth_id.as_str());
    let call = bind_call("call", &auth_id);
    assert_eq!(data(&call, &gateways), data(&call.clone().again(), &gateways));
    assert_eq!(state(&gateways)["call_bindings"].as_object().unwrap().len(), 1);
    let unbind = unbind_xb("gone", &auth_id);
    assert_eq!(data(&unbind, &gateways), data(&unbind.clone().again(), &gateways));

    let other = first.clone().again().with("TelB", "15000000003");
    assert_eq!(other.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let other_action = of_x("ConfigX", "same").code(&gateways);
    assert_eq!(other_action, business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(bind_xb(&"1".repeat(21)).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn a_refused_request_and_a_read_leave_no_req_id_behind() {
    let gateways = gateways();
    let auth_id = bound(&gateways);
    assert_eq!(bind_xb("later").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let read = |page: &Value| page["List"][0]["TelephoneStatus"].clone();
    assert_eq!(read(&data(&work("ListXTelephones", "read"), &gateways)), "4");
    data(&unbind_xb("1", &auth_id), &gateways);
    assert_eq!(read(&data(&work("ListXTelephones", "read"), &gateways)), "2");
    assert_eq!(data(&bind_xb("later"), &gateways)["AuthId"], "1000000002");
}
