use super::{Call, Reply, fixture, gateways, json_fixture, post, top};
use bytes::Bytes;
use chrono::TimeDelta;
use http::Request;

const GROUP_QUERY: &str = "taobao.top.secret.group.query";

fn valid_call() -> Call {
    top(GROUP_QUERY).with("oaid", "oaid-2001")
}

fn refused(call: Call) -> (u64, String) {
    call.refusal(&gateways())
}

fn plain(code: u64) -> (u64, String) {
    (code, String::new())
}

#[test]
fn a_valid_call_is_accepted_with_every_sign_method() {
    for sign_method in ["md5", "hmac", "hmac-sha256"] {
        let answer = valid_call().with("sign_method", sign_method).answer(&gateways());
        assert_eq!(answer["success"], true);
    }
}

#[test]
fn a_valid_call_is_accepted_by_get_and_split_over_query_and_body() {
    assert_eq!(valid_call().by_get().answer(&gateways())["success"], true);

    let form = valid_call().signed_form();
    let (query, body) = form.split_once('&').unwrap();
    let reply = Reply::from(gateways().respond(post(&format!("/router/rest?{query}"), body.to_owned())));
    assert_eq!(reply.json["top_secret_group_query_response"]["success"], true, "{}", reply.text);
}

#[test]
fn a_plus_is_a_space_in_a_form() {
    let form = valid_call().signed_form().replace("%20", "+");
    assert!(form.contains("10%3A00%3A00") && form.contains('+'));
    let reply = Reply::from(gateways().respond(post("/router/rest", form)));
    assert_eq!(reply.json["top_secret_group_query_response"]["success"], true, "{}", reply.text);
}

#[test]
fn missing_and_invalid_system_parameters_are_refused_with_their_codes() {
    assert_eq!(refused(valid_call().without("method")), plain(21));
    assert_eq!(refused(valid_call().with("method", "taobao.no.such.method")), plain(22));
    assert_eq!(refused(valid_call().without("app_key")), plain(28));
    assert_eq!(refused(valid_call().with("app_key", "1")), (29, "isv.appkey-not-exists".into()));
    assert_eq!(refused(valid_call().without("timestamp")), plain(30));
    assert_eq!(refused(valid_call().without("v")), plain(32));
    assert_eq!(refused(valid_call().with("v", "two")), plain(33));
    assert_eq!(refused(valid_call().with("v", "3.0")), plain(34));
    assert_eq!(refused(valid_call().without("session")), plain(26));
    assert_eq!(refused(valid_call().with("session", "")), plain(26));
    assert_eq!(refused(valid_call().with("session", "x")), (27, "invalid-sessionkey".into()));
    assert_eq!(refused(valid_call().without("oaid").with("x", "y")).0, 40);
}

#[test]
fn an_invalid_format_is_refused_in_xml() {
    let reply = valid_call().with("format", "yaml").send(&gateways());
    assert!(reply.text.contains("<error_response><code>23</code>"), "{}", reply.text);
}

#[test]
fn xml_is_the_default_format() {
    let reply = valid_call().without("format").send(&gateways());
    assert!(reply.text.contains("<top_secret_group_query_response>"), "{}", reply.text);
}

#[test]
fn a_timestamp_can_differ_by_ten_minutes_at_most() {
    for (seconds, passes) in [(-600, true), (600, true), (-601, false), (601, false)] {
        let time = super::start_time() + TimeDelta::seconds(seconds);
        let china = (time + TimeDelta::hours(8)).format("%Y-%m-%d %H:%M:%S").to_string();
        for text in [china, time.timestamp_millis().to_string()] {
            let reply = valid_call().with("timestamp", &text).send(&gateways());
            if passes {
                assert!(reply.json.get("error_response").is_none(), "{}", reply.text);
            } else {
                assert_eq!(reply.refusal(), plain(31));
            }
        }
    }
}

#[test]
fn a_timestamp_in_another_form_or_zone_is_refused() {
    for text in ["2026-1-6 10:00:00", "2026-01-06T10:00:00", "2026-01-06 02:00:00", "99999999999999999999"] {
        assert_eq!(refused(valid_call().with("timestamp", text)), plain(31), "{text}");
    }
}

#[test]
fn a_missing_or_wrong_signature_is_refused() {
    assert_eq!(refused(valid_call().with("sign", "")), plain(24));
    assert_eq!(refused(valid_call().with("sign", "0123456789ABCDEF")), plain(25));
    assert_eq!(refused(valid_call().secret("another")), plain(25));
    let reply = gateways().respond(post("/router/rest", valid_call().signed_form().replace("oaid-2001", "oaid-2002")));
    assert_eq!(Reply::from(reply).refusal(), plain(25));
    assert_eq!(refused(valid_call().with("sign_method", "sha1")), plain(25));
}

#[test]
fn empty_parameters_are_not_signed() {
    assert_eq!(valid_call().with("partner_id", "").answer(&gateways())["success"], true);
}

#[test]
fn a_repeated_parameter_is_refused() {
    let form = valid_call().signed_form() + "&oaid=oaid-2001";
    let reply = Reply::from(gateways().respond(post("/router/rest", form)));
    assert!(reply.text.contains("<code>41</code>"), "{}", reply.text);
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    for broken in ["x=%FF", "x=%C3", "x=%4", "x=%zz", "x=%+1"] {
        let form = format!("{}&{broken}", valid_call().signed_form());
        let reply = Reply::from(gateways().respond(post("/router/rest", form)));
        assert!(reply.text.contains("<code>47</code>"), "{broken}: {}", reply.text);
    }
}

#[test]
fn only_get_and_post_are_accepted() {
    let request = Request::put("/router/rest").body(Bytes::new()).unwrap();
    let reply = Reply::from(gateways().respond(request));
    assert!(reply.text.contains("<code>9</code>"), "{}", reply.text);
}

#[test]
fn every_response_has_the_date_of_the_clock() {
    assert_eq!(valid_call().send(&gateways()).date, "Tue, 06 Jan 2026 02:00:00 GMT");
}

#[test]
fn refusals_are_equal_to_the_gateways_own() {
    let cases = [
        ("missing_method", valid_call().without("method")),
        ("invalid_app_key", valid_call().with("app_key", "1")),
        ("invalid_signature", valid_call().secret("another")),
        ("missing_session", valid_call().without("session")),
        ("session_invalid_key", valid_call().with("session", "x")),
        ("missing_required_arguments", top("taobao.top.oaid.decrypt")),
        (
            "invalid_arguments",
            top("tmall.servicecenter.workcard.virtualphone.bind")
                .with("workcard_request", r#"{"request_source":{},"workcard_id":"1"}"#),
        ),
    ];
    for (name, call) in cases {
        let mut expected = json_fixture(&format!("top/error.{name}.json"));
        let mut answer = call.send(&gateways()).json;
        for tree in [&mut expected, &mut answer] {
            tree["error_response"].as_object_mut().unwrap().remove("request_id").unwrap();
        }
        assert_eq!(answer, expected, "{name}");

        let call = if name == "missing_method" { call.with("format", "xml") } else { call.without("format") };
        let xml = call.send(&gateways()).text;
        let expected = fixture(&format!("top/error.{name}.xml"));
        assert_eq!(elements(&xml), elements(&expected), "{name}");
    }
}

/// The names and texts of all elements except the request id, sorted, since the order of members is not defined.
fn elements(xml: &str) -> Vec<String> {
    let mut elements: Vec<String> =
        xml.split('<').map(|piece| piece.trim().to_owned()).filter(|piece| !piece.contains("request_id")).collect();
    elements.sort();
    elements
}

#[test]
fn another_path_is_not_found() {
    let reply = Reply::from(gateways().respond(post("/elsewhere", "")));
    assert_eq!(reply.status, 404);
}
