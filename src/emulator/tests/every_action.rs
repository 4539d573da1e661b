//! Every documented action exists, returns every documented field, and names missing parameters.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::binding::bind;
use super::good_calls::{gateways, good_call};
use super::{Call, bad_request, json_fixture};

/// A list that stays empty: no action sets the numbers that ring by default.
const EMPTY_LIST: (&str, &str) = ("GetXDefaultConfig", "Data.SequenceCall");

/// The actions of both catalogues, each with the folder of its stored answers.
fn operations() -> Vec<(&'static str, Value)> {
    let operations: Vec<_> = [("aliyun.json", "aliyun"), ("aliyun-newer.json", "aliyun-newer")]
        .into_iter()
        .flat_map(|(file, folder)| {
            let operations = json_fixture(file)["operations"].as_array().unwrap().clone();
            operations.into_iter().map(move |operation| (folder, operation))
        })
        .collect();
    let documented: BTreeSet<_> = operations.iter().map(|(_, operation)| name(operation)).collect();
    assert_eq!(documented, crate::emulator::aliyun::names().collect());
    operations
}

fn name(operation: &Value) -> &str {
    operation["action"].as_str().unwrap()
}

fn fields(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["response"]["fields"].as_array().unwrap().iter()
}

fn path(field: &Value) -> &str {
    field["path"].as_str().unwrap()
}

/// The fields that the answer to a good call has.
fn answered_fields(operation: &Value) -> impl Iterator<Item = &Value> {
    let (action, list) = EMPTY_LIST;
    fields(operation).filter(move |field| name(operation) != action || !path(field).starts_with(list))
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
    for (_, operation) in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let call = good_call(action, &gateways);
        gateways.ledger().clear();
        let reply = call.send(&gateways);
        assert_eq!(gateways.ledger().executed(action), 1, "{}", reply.text);
        if let Some(codes) = operation["success"]["codes"].as_array() {
            let (code, sample) = (&reply.json["Code"], &operation["success"]["sample"]);
            // The sample of one action is the code of a failure.
            assert!(codes.contains(code) && (code == sample || !codes.contains(sample)), "{action}: {code}");
        }
        for field in answered_fields(&operation) {
            let path = path(field);
            let found = at(&reply.json, path);
            assert!(!found.is_empty(), "{action}: {path} in {}", reply.text);
            let types = field["json_types_seen"].as_array().unwrap();
            for value in found {
                assert!(types.contains(&json_type(value).into()), "{action}: {path} is {value}");
            }
        }
        let mut answered = HashSet::new();
        member_names(&reply.json, &mut answered);
        let steps = fields(&operation).flat_map(|field| path(field).split('.')).map(|step| step.replace("[]", ""));
        // The gateway adds `RequestId` to every answer. Seven entries leave it out.
        let documented: HashSet<String> = steps.chain(["RequestId".to_owned()]).collect();
        let unknown: Vec<_> = answered.difference(&documented).collect();
        assert!(unknown.is_empty(), "{action}: {unknown:?} is not documented");
    }
}

#[test]
fn every_action_answers_in_xml_under_its_root() {
    for (_, operation) in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let text = good_call(action, &gateways).with("Format", "XML").send(&gateways).text;
        let root = operation["response"]["xml_root"].as_str().unwrap();
        assert!(text.contains(&format!("?><{root}>")) && text.ends_with(&format!("</{root}>")), "{text}");
        for field in answered_fields(&operation) {
            for step in path(field).split('.') {
                let element = format!("<{}>", step.replace("[]", ""));
                assert!(text.contains(&element), "{action}: {element} in {text}");
            }
        }
    }
}

#[test]
fn the_first_list_item_of_every_fixture_has_the_same_shape() {
    for (folder, operation) in operations() {
        let action = name(&operation);
        let gateways = gateways();
        let mut answer = good_call(action, &gateways).send(&gateways).json;
        let file = if action == "QuerySecretNoRemain" { "QuerySecretNoRemain.list" } else { action };
        let mut stored = json_fixture(&format!("{folder}/{file}.json"));
        stored["RequestId"] = answer["RequestId"].clone();
        if action == EMPTY_LIST.0 {
            for tree in [&mut answer, &mut stored] {
                tree.pointer_mut("/Data/SequenceCall").unwrap().take();
            }
        }
        assert_eq!(shape(&answer), shape(&stored), "{action}");
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
    for (_, operation) in operations() {
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
    for (_, operation) in operations() {
        let action = name(&operation);
        let gateways = gateways();
        for name in ["PoolKey", "PartnerKey", "AppId", "CustomerPoolKey"] {
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
    for (_, operation) in operations() {
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
    for (_, operation) in operations() {
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
