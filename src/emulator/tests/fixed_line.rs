use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, aliyun, bad_request, business_error, seeded};
use crate::emulator::{EmulatorBuilder, Gateways};

const APP: &str = "FC0571";
const HANGZHOU: &str = "057100000001";
const BEIJING: &str = "01000000001";
const A: &str = "15000000001";
const B: &str = "15000000002";
const KINDS: [&str; 3] = ["Axb", "Axn", "AxnExtension"];

fn gateways() -> Gateways {
    seeded(with_landlines)
}

pub(super) fn with_landlines(builder: EmulatorBuilder) -> EmulatorBuilder {
    builder.pool(APP, [("杭州", HANGZHOU), ("北京", BEIJING)])
}

/// A call with the parameters of every action, each time with another `OrderId`.
fn call(action: &str) -> Call {
    let call = aliyun(action).with("AppId", APP).with("Ts", "20260106100000001");
    call.with("OrderId", super::new_nonce())
}

fn bind(kind: &str) -> Call {
    let call = call(&format!("Bind{kind}FixedLine")).with("TelA", A).with("BindType", "mode102");
    let call = call.with("Anucode", "1,2,3").with("Expiration", 7200).with("Subts", "20260106100000");
    if kind == "AxnExtension" { call } else { call.with("TelB", B) }
}

/// A binding with every term, over the number in Hangzhou.
fn full_bind(kind: &str) -> Call {
    let given = bind(kind).with("BindType", "mode101").with("TelX", HANGZHOU).with("Remark", "remark-0001");
    let given = given.with("Anucodecalled", "1,2").with("TAnucodeConnect", "1,2");
    match kind {
        "Axb" => given.with("Extra", json!({"Callrecording": "1"})),
        "Axn" => given.with("Extra", json!({"Callback": "0", "Callrecording": "1"})),
        _ => given.with("Extraaxx", json!({"Callback": "0", "Callrecording": "1"})).with("TelXext", "1001"),
    }
}

/// The `Data` of a successful answer.
fn data(call: &Call, gateways: &Gateways) -> Value {
    let reply = call.send(gateways);
    assert!(reply.status == 200 && ["0", "OK"].contains(&reply.json["Code"].as_str().unwrap()), "{}", reply.text);
    reply.json["Data"].clone()
}

fn bound(call: &Call, gateways: &Gateways) -> String {
    data(call, gateways)["Subid"].as_str().unwrap().to_owned()
}

fn of(what: &str, kind: &str, id: &str) -> Call {
    let call = call(&format!("{what}{kind}BindFixedLine")).with("SubId", id);
    match (what, kind) {
        ("Query", _) => call.with("QueryType", 0),
        ("Update", "AxnExtension") => call.with("Subts", "20260106100000").with("TelA", A),
        ("Update", _) => call.with("Subts", "20260106100000"),
        _ => call,
    }
}

/// The one binding that a query finds, if there is one.
fn found(call: &Call, gateways: &Gateways) -> Option<Value> {
    match data(call, gateways) {
        Value::Array(found) => found.into_iter().next(),
        one => Some(one).filter(|one| one.as_object().is_some_and(|members| !members.is_empty())),
    }
}

/// The code inside `Data`, of an answer that is a success outside.
fn refused_inside(call: &Call, gateways: &Gateways) -> String {
    let reply = call.send(gateways);
    assert_eq!((&reply.json["Code"], &reply.json["Success"]), (&json!("OK"), &json!(true)), "{}", reply.text);
    assert_eq!(reply.json["Data"]["Success"], false);
    reply.json["Data"]["Code"].as_str().unwrap().to_owned()
}

/// A call that succeeds, whose answer has all members.
pub(super) fn good_call(action: &str, gateways: &Gateways) -> Call {
    let kind = action.split("Bind").find(|part| part.contains("Ax")).unwrap();
    let kind = kind.trim_end_matches("FixedLine");
    let (what, kind) = ["Update", "Delete", "Query"]
        .into_iter()
        .find_map(|what| Some((what, kind.strip_prefix(what)?)))
        .unwrap_or(("Bind", kind));
    if what == "Bind" { full_bind(kind) } else { of(what, kind, &bound(&full_bind(kind), gateways)) }
}

#[test]
fn every_action_demands_the_time_of_the_request_as_digits() {
    for what in ["Bind", "Update", "Delete", "Query"] {
        for kind in KINDS {
            let action =
                if what == "Bind" { format!("Bind{kind}FixedLine") } else { format!("{what}{kind}BindFixedLine") };
            let gateways = gateways();
            let call = good_call(&action, &gateways).with("Ts", "2026-01-06 10:00:00");
            assert_eq!(call.code(&gateways), bad_request("InvalidTs"), "{action}");
        }
    }
}

#[test]
fn what_is_bound_can_be_read_changed_and_removed() {
    for kind in KINDS {
        let gateways = gateways();
        let id = bound(&full_bind(kind), &gateways);
        let read = || found(&of("Query", kind, &id), &gateways).unwrap();
        let first = read();
        let expected = json!([A, HANGZHOU, "7200", "20260106100000", "1,2,3", "0571", "remark-0001"]);
        let shown = |binding: &Value| {
            let names = ["TelA", "TelX", "Expiration", "Subts", "Anucode", "Areacode", "Remark"];
            Value::from(names.map(|name| binding[name].clone()).to_vec())
        };
        assert_eq!(shown(&first), expected, "{kind}");
        let update = of("Update", kind, &id).with("TelA", "15000000009").with("Expiration", 0);
        data(&update.with("Remark", "new").with("Anucodecalled", "3,4"), &gateways);
        let second = read();
        assert_eq!(shown(&second), json!(["15000000009", HANGZHOU, "0", "20260106100000", "1,2,3", "0571", "new"]));
        assert_eq!(second["Anucodecalled"], "3,4", "{kind}");
        assert_eq!(second["TAnucodeConnect"], first["TAnucodeConnect"], "what is left out stays");
        let state = gateways.phone_number_protection()["fixed_line_bindings"][&id].clone();
        assert_eq!((&state["number_a"], &state["in_force"]), (&json!("15000000009"), &json!(true)));
        data(&of("Delete", kind, &id), &gateways);
        assert_eq!(of("Query", kind, &id).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
        for what in ["Update", "Delete"] {
            assert_eq!(refused_inside(&of(what, kind, &id), &gateways), "isv.SUBS_NOT_EXIST", "{what} {kind}");
        }
        assert_eq!(gateways.phone_number_protection()["fixed_line_bindings"], json!({}));
    }
}

#[test]
fn a_binding_ends_by_the_emulators_clock_or_never() {
    for kind in KINDS {
        let gateways = gateways();
        let ending = bound(&bind(kind).with("Areacode", "10").with("Expiration", 60), &gateways);
        let lasting = bound(&bind(kind).with("Areacode", "0571").with("Expiration", 0), &gateways);
        gateways.clock().advance(Duration::from_secs(59));
        assert!(found(&of("Query", kind, &ending), &gateways).is_some());
        gateways.clock().advance(Duration::from_secs(1));
        assert_eq!(of("Query", kind, &ending).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
        assert_eq!(refused_inside(&of("Update", kind, &ending), &gateways), "isv.SUBS_NOT_EXIST");
        gateways.clock().advance(Duration::from_secs(600));
        assert!(found(&of("Query", kind, &lasting), &gateways).is_some());
        let state = gateways.phone_number_protection()["fixed_line_bindings"].clone();
        assert_eq!((&state[&ending]["in_force"], &state[&lasting]["in_force"]), (&json!(false), &json!(true)));
    }
}

#[test]
fn a_change_of_the_expiration_counts_from_the_change() {
    let gateways = gateways();
    let id = bound(&bind("Axb").with("Expiration", 60), &gateways);
    gateways.clock().advance(Duration::from_secs(50));
    data(&of("Update", "Axb", &id).with("Expiration", 60), &gateways);
    gateways.clock().advance(Duration::from_secs(59));
    assert!(found(&of("Query", "Axb", &id), &gateways).is_some());
    gateways.clock().advance(Duration::from_secs(1));
    assert_eq!(of("Query", "Axb", &id).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
}

#[test]
fn an_order_id_binds_or_changes_once() {
    for kind in KINDS {
        let gateways = gateways();
        let first = bind(kind).with("OrderId", "order-1");
        let id = bound(&first, &gateways);
        assert_eq!(first.clone().again().code(&gateways), business_error("isv.BIND_CONFLICT"), "{kind}");
        assert_eq!(gateways.phone_number_protection()["fixed_line_bindings"].as_object().unwrap().len(), 1);
        let update = of("Update", kind, &id).with("OrderId", "order-2").with("Expiration", 60);
        data(&update, &gateways);
        assert_eq!(refused_inside(&update.again(), &gateways), "isv.UPDATE_CONFLICT", "{kind}");
        let query = of("Query", kind, &id).with("OrderId", "order-2");
        assert!(found(&query, &gateways).is_some() && found(&query.again(), &gateways).is_some());
    }
}

#[test]
fn an_order_id_that_was_refused_can_be_used_again() {
    let gateways = gateways();
    let bind = bind("Axb").with("OrderId", "order-1");
    assert_eq!(bind.clone().with("TelA", B).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    bound(&bind.again(), &gateways);
}

#[test]
fn the_area_decides_which_number_is_picked() {
    let gateways = gateways();
    let picked = |call: Call| data(&call, &gateways)["TelX"].clone();
    assert_eq!(picked(bind("Axn").with("Areacode", "10")), BEIJING);
    assert_eq!(bind("Axn").with("Areacode", "010").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    assert_eq!(picked(bind("Axn")), HANGZHOU);
    assert_eq!(bind("Axn").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
}

#[test]
fn bindings_share_a_number_if_their_parties_or_extensions_differ() {
    let to = |call: Call| call.with("BindType", "mode101").with("TelX", HANGZHOU);
    let gateways = gateways();
    let first = bound(&to(bind("Axb")), &gateways);
    assert_eq!(to(bind("Axb").with("TelB", "15000000003")).code(&gateways), business_error("isv.BIND_CONFLICT"));
    let others = to(bind("Axb").with("TelA", "15000000003").with("TelB", "15000000004"));
    let second = bound(&others, &gateways);
    assert_eq!(refused_inside(&of("Update", "Axb", &second).with("TelB", A), &gateways), "isv.UPDATE_CONFLICT");
    assert_eq!(to(bind("Axn")).code(&gateways), business_error("isv.BIND_CONFLICT"), "of another kind");
    data(&of("Update", "Axb", &first).with("TelA", A), &gateways);
    for id in [first, second] {
        data(&of("Delete", "Axb", &id), &gateways);
    }
    let extension = |extension: &str| to(bind("AxnExtension")).with("TelXext", extension);
    assert_eq!(data(&extension("1000"), &gateways)["TelXext"], "1000");
    assert_eq!(extension("1000").code(&gateways), business_error("isv.BIND_CONFLICT"));
    assert_eq!(data(&extension("1002"), &gateways)["TelXext"], "1002");
    assert_eq!(
        data(&bind("AxnExtension"), &gateways),
        json!({"Subid": "SUB000000000005", "TelX": HANGZHOU, "TelXext": "1001"})
    );
}

#[test]
fn bindings_are_found_by_their_numbers() {
    let gateways = gateways();
    let by = |kind: &str, pairs: &[(&str, &str)]| {
        let call = call(&format!("Query{kind}BindFixedLine"));
        pairs.iter().fold(call, |call, (name, value)| call.with(name, value))
    };
    let axb = bound(&bind("Axb").with("Areacode", "571"), &gateways);
    for phone in [A, B] {
        let query = by("Axb", &[("QueryType", "1"), ("TelX", HANGZHOU), ("Phone", phone)]);
        assert_eq!(found(&query, &gateways).unwrap()["Subid"], *axb);
    }
    let none = by("Axb", &[("QueryType", "1"), ("TelX", BEIJING), ("Phone", A)]);
    assert_eq!(data(&none, &gateways), json!({}));
    data(&of("Delete", "Axb", &axb), &gateways);

    let axn: Vec<_> = (0..2).map(|_| bound(&bind("Axn"), &gateways)).collect();
    let ids = |call: Call| {
        let found = data(&call, &gateways);
        found.as_array().unwrap().iter().map(|one| one["Subid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(by("Axn", &[("QueryType", "1"), ("Phone", A)])), axn);
    assert_eq!(ids(by("Axn", &[("QueryType", "1"), ("Phone", A), ("TelX", HANGZHOU)])), axn[..1]);
    assert_eq!(ids(by("Axn", &[("QueryType", "2"), ("TelX", BEIJING)])), axn[1..]);
    assert!(ids(by("Axn", &[("QueryType", "1"), ("Phone", B)])).is_empty());
    let other = by("AxnExtension", &[("QueryType", "1"), ("TelA", A)]);
    assert!(ids(other).is_empty(), "of another kind");
    let unknown = by("AxnExtension", &[("QueryType", "2"), ("TelX", BEIJING)]);
    assert_eq!(unknown.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let text = by("Axn", &[("QueryType", "1"), ("Phone", A)]).with("Format", "XML").send(&gateways).text;
    assert_eq!(text.matches("<Data><").count(), 2, "{text}");
}

#[test]
fn values_that_are_never_valid_are_refused() {
    let gateways = gateways();
    let illegal = |call: Call| assert_eq!(call.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    for (name, value) in [
        ("BindType", "mode103"),
        ("Anucode", "1,2"),
        ("Anucode", "1,,3"),
        ("Anucodecalled", "1,2,3"),
        ("TAnucodeConnect", "1"),
        ("Expiration", "2026-01-07 10:00:00"),
        ("Expiration", "-1"),
        ("Expiration", "18446744073709551615"),
        ("Remark", &"备".repeat(101)),
        ("Extra", r#"{"Callrecording":"2"}"#),
        ("Extra", r#"{"Callback":"1"}"#),
        ("TelB", A),
    ] {
        illegal(bind("Axb").with(name, value));
    }
    illegal(bind("Axb").with("BindType", "mode101"));
    illegal(bind("AxnExtension").with("BindType", "mode101").with("TelX", HANGZHOU).with("TelXext", "100"));
    illegal(bind("Axn").without("TelB").with("Extra", r#"{"Callback":"2"}"#));
    assert_eq!(bind("Axb").with("Extra", "1").code(&gateways), bad_request("InvalidExtra"));
    for time in ["20260106", "2026010610000x", "20261306100000"] {
        assert_eq!(bind("Axb").with("Subts", time).code(&gateways), bad_request("InvalidSubts"));
    }
    let id = bound(&bind("Axb").with("Subts", "20260106100000123"), &gateways);
    let both = of("Update", "Axb", &id).with("TelA", "15000000003").with("TelB", "15000000004");
    assert_eq!(refused_inside(&both, &gateways), "isv.ILLEGAL_ARGUMENT");
    assert_eq!(gateways.phone_number_protection()["fixed_line_bindings"].as_object().unwrap().len(), 1);
}
