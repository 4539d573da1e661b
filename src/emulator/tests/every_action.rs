//! Every documented action exists, returns every documented field, and names missing parameters.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::axg::group;
use super::axn::{bind_axn, bind_axn_extension};
use super::binding::bind;
use super::{Call, POOL, aliyun, bad_request, gateways, json_fixture};
use crate::emulator::Gateways;

fn operations() -> Vec<Value> {
    let file = json_fixture("aliyun.json");
    let operations = file["operations"].as_array().unwrap().clone();
    assert_eq!(operations.len(), 32);
    operations
}

fn name(operation: &Value) -> &str {
    operation["action"].as_str().unwrap()
}

/// A successful call, whose response has all optional members.
fn good_call(action: &str, gateways: &Gateways) -> Call {
    let call = aliyun(action).with("PoolKey", POOL);
    let bound = |call: Call| call.ok(gateways)["SecretBindDTO"].clone();
    let of = |bound: &Value, name: &str| bound[name].as_str().unwrap().to_owned();
    let of_binding = |call: Call, number_x: &str, made: Call| {
        let made = bound(made);
        call.with("SubsId", of(&made, "SubsId")).with(number_x, of(&made, "SecretNo"))
    };
    let axb = || bind("15000000000", "15000000001");
    let axn = || bind_axn("15000000000");
    let axg = || {
        let group = group(gateways, "15000000002");
        axn().with("Action", "BindAxg").with("GroupId", group).with("PhoneNoB", "15000000001")
    };
    let recorded = |call: Call| call.with("CallId", "call-1").with("CallTime", "2026-01-06 09:00:00");
    let number = |call: Call| call.with("SecretNo", "17000000001");
    match action {
        "BindAxb" => axb(),
        "BindAxn" => axn(),
        "BindAxnExtension" => bind_axn_extension("15000000000"),
        "BindAxg" => axg(),
        "BindBatchAxg" => {
            let row = json!({"PhoneNoA": "15000000000", "GroupId": group(gateways, "15000000002"),
                "Expiration": "2026-02-01 00:00:00"});
            call.with("AxgBindList", json!([row]))
        }
        "CreateAxgGroup" => call,
        "OperateAxgGroup" => {
            let call = call.with("GroupId", group(gateways, "15000000002"));
            call.with("OperateType", "addNumbers").with("Numbers", "15000000003")
        }
        "DeleteAxgGroup" => call.with("GroupId", group(gateways, "15000000002")),
        "UpdateSubscription" => {
            of_binding(call, "PhoneNoX", axb()).with("OperateType", "updateNoA").with("PhoneNoA", "15000000003")
        }
        "UnbindSubscription" => of_binding(call, "SecretNo", axb()),
        "QuerySubscriptionDetail" => {
            let made = axg().with("ASRModelId", "123456").with("CallRestrict", "CONTROL_BX_DISABLE");
            of_binding(call, "PhoneNoX", made)
        }
        "QuerySubsId" => call.with("PhoneNoX", "17000000001"),
        "QueryCallStatus" => of_binding(call, "PhoneNoX", axb()).without("PhoneNoX"),
        "ConfirmSendSms" => number(call).with("CallId", "sms-1"),
        "QueryRecordFileDownloadUrl" | "GetSecretAsrDetail" => recorded(call),
        "GetTotalPublicUrl" => recorded(call).without("PoolKey").with("PartnerKey", POOL).with("CheckSubs", "false"),
        "QuerySecretNoRemain" => call.without("PoolKey").with("City", "全国列表").with("SpecId", "1"),
        "BuySecretNo" => call.with("City", "武汉").with("SpecId", "1"),
        "ReleaseSecretNo" | "LockSecretNo" | "UnlockSecretNo" | "QuerySecretNoDetail" => number(call),
        "OperateBlackNo" => call.with("BlackNo", "15000000000").with("OperateType", "AddBlack"),
        "AddSecretBlacklist" | "DeleteSecretBlacklist" => {
            call.with("BlackNo", "15000000000").with("BlackType", "PARTNER_GLOBAL_NUMBER_BLACK")
        }
        "AddAxnTrackNo" => of_binding(call, "PhoneNoX", axn()).with("trackNo", "abcde"),
        "QueryPhoneNoAByTrackNo" => {
            good_call("AddAxnTrackNo", gateways).ok(gateways);
            call.without("PoolKey").with("trackNo", "abcde")
        }
        "CreatePickUpWaybill" => super::pick_up::create(),
        "CancelPickUpWaybill" => {
            super::pick_up::create().send(gateways);
            super::pick_up::cancel()
        }
        "CreatePickUpWaybillPreQuery" => super::pick_up::pre_query().with("PreWeight", "2000"),
        "DescribePhoneNumberStatus" => super::number_status::describe("15112345678"),
        other => panic!("no call of {other}"),
    }
}

/// All values at a path such as `Data.Sentences[].Text`.
fn at<'a>(tree: &'a Value, path: &str) -> Vec<&'a Value> {
    path.split('.').fold(vec![tree], |values, step| {
        let name = step.strip_suffix("[]").unwrap_or(step);
        let members = values.into_iter().filter_map(|value| value.get(name));
        if step == name {
            return members.collect();
        }
        members.flat_map(|list| list.as_array().unwrap()).collect()
    })
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The names of all members, at all levels.
fn member_names(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                into.insert(name.clone());
                member_names(member, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| member_names(item, into)),
        _ => {}
    }
}

#[test]
fn every_action_answers_with_all_documented_fields_and_types() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let reply = good_call(action, &gateways).send(&gateways);
        assert_eq!(gateways.ledger().executed(action), 1, "{}", reply.text);
        for field in operation["response"]["fields"].as_array().unwrap() {
            let path = field["path"].as_str().unwrap();
            let found = at(&reply.json, path);
            assert!(!found.is_empty(), "{action}: {path} in {}", reply.text);
            let types = field["json_types_seen"].as_array().unwrap();
            for value in found {
                assert!(types.contains(&json_type(value).into()), "{action}: {path} is {value}");
            }
        }
        let mut answered = HashSet::new();
        member_names(&reply.json, &mut answered);
        let documented: HashSet<String> = operation["response"]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|field| field["path"].as_str().unwrap().split('.').map(|step| step.replace("[]", "")))
            .collect();
        let unknown: Vec<_> = answered.difference(&documented).collect();
        assert!(unknown.is_empty(), "{action}: {unknown:?} is not documented");
    }
}

#[test]
fn every_action_answers_in_xml_under_its_root() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let text = good_call(action, &gateways).with("Format", "XML").send(&gateways).text;
        let root = operation["response"]["xml_root"].as_str().unwrap();
        assert!(text.contains(&format!("?><{root}>")) && text.ends_with(&format!("</{root}>")), "{text}");
        for field in operation["response"]["fields"].as_array().unwrap() {
            for step in field["path"].as_str().unwrap().split('.') {
                let element = format!("<{}>", step.replace("[]", ""));
                assert!(text.contains(&element), "{action}: {element} in {text}");
            }
        }
    }
}

#[test]
fn the_first_list_item_of_every_fixture_has_the_same_shape() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let answer = good_call(action, &gateways).send(&gateways).json;
        let file = if action == "QuerySecretNoRemain" { "QuerySecretNoRemain.list" } else { action };
        let fixture = json_fixture(&format!("aliyun/{file}.json"));
        assert_eq!(shape(&answer), shape(&fixture), "{action}");
    }
}

/// The tree with types for values and one item for each list.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), shape(member))).collect(),
        Value::Array(items) => items.iter().take(1).map(shape).collect(),
        other => json_type(other).into(),
    }
}

#[test]
fn every_action_names_a_required_parameter_that_is_missing() {
    for operation in operations() {
        let action = name(&operation);
        for parameter in operation["request"].as_array().unwrap() {
            let name = parameter["wire_name"].as_str().unwrap();
            if parameter["required"] != true || name == "Action" {
                continue;
            }
            let gateways = gateways();
            let call = good_call(action, &gateways);
            let expected = bad_request(&format!("Missing{name}"));
            assert_eq!(call.clone().without(name).code(&gateways), expected, "{action}");
            assert_eq!(call.again().with(name, "").code(&gateways), expected, "{action}");
        }
    }
}

#[test]
fn every_action_refuses_an_unknown_pool() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        for name in ["PoolKey", "PartnerKey"] {
            let takes_pool = operation["request"].as_array().unwrap().iter().any(|one| one["wire_name"] == name);
            if !takes_pool {
                continue;
            }
            let answered = good_call(action, &gateways).with(name, "FC1").code(&gateways);
            let expected = match action {
                "QuerySubsId" => bad_request("POOLKEY_NOT_EXIST"),
                "ConfirmSendSms" => bad_request("PoolKeyNotFound"),
                _ => super::business_error("isv.POOLKEY_NOT_EXISTS"),
            };
            assert_eq!(answered, expected, "{action}");
        }
    }
}

#[test]
fn an_action_needs_the_version_of_its_product() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let call = good_call(action, &gateways);
        let other = if operation["version"] == "2017-05-25" { "2020-02-17" } else { "2017-05-25" };
        let reply = call.clone().with("Version", other).send(&gateways);
        assert_eq!((reply.status, &reply.json["Code"]), (404, &json!("InvalidAction.NotFound")), "{action}");
        let unknown = call.again().with("Version", "2016-01-01").code(&gateways);
        assert_eq!(unknown, bad_request("InvalidVersion"));
    }
}

#[test]
fn post_only_actions_refuse_get() {
    for operation in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let reply = good_call(action, &gateways).by_get().send(&gateways);
        if operation["http_methods"] == json!(["POST"]) {
            assert_eq!((reply.status, &reply.json["Code"]), (400, &json!("UnsupportedHTTPMethod")), "{action}");
        } else {
            assert_eq!(reply.status, 200, "{action}: {}", reply.text);
        }
    }
}

#[test]
fn an_error_has_the_host_of_its_product() {
    let gateways = gateways();
    let host = |call: Call| call.without("Timestamp").send(&gateways).json["HostId"].clone();
    assert_eq!(host(super::number_status::describe("15112345678")), "dytnsapi.aliyuncs.com");
    assert_eq!(host(bind("15000000000", "15000000001")), "dyplsapi.aliyuncs.com");
}
