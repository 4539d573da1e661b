use serde_json::{Value, json};

use super::{aliyun, fixture, gateways, json_fixture, top};
use crate::emulator::answer::{PopFormat, TopFormat};

fn object(value: &Value) -> crate::emulator::answer::Members {
    value.as_object().unwrap().clone()
}

#[test]
fn simplified_json_of_every_fixture_follows_from_the_plain_one() {
    for (file, root) in [
        ("oaid_decrypt.mixed_batch", "top_oaid_decrypt_response"),
        ("oaid_decrypt.empty", "top_oaid_decrypt_response"),
        ("group_query.success", "top_secret_group_query_response"),
        ("group_query.empty", "top_secret_group_query_response"),
        ("group_query.failure", "top_secret_group_query_response"),
        ("virtualphone_bind.success", "tmall_servicecenter_workcard_virtualphone_bind_response"),
    ] {
        let plain = json_fixture(&format!("top/{file}.json"));
        let simplified = json_fixture(&format!("top/{file}.simplified.json"));
        let tree = object(&plain[root]);
        let read = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        assert_eq!(read(TopFormat::Json.write(root, tree.clone())), plain, "{file}");
        assert_eq!(read(TopFormat::SimplifiedJson.write(root, tree)), simplified, "{file}");
    }
}

#[test]
fn xml_of_fixtures_follows_from_the_json() {
    for (file, root) in [
        ("oaid_decrypt.mixed_batch", "top_oaid_decrypt_response"),
        ("group_query.success", "top_secret_group_query_response"),
        ("group_query.empty", "top_secret_group_query_response"),
        ("virtualphone_bind.failure", "tmall_servicecenter_workcard_virtualphone_bind_response"),
    ] {
        let tree = object(&json_fixture(&format!("top/{file}.json"))[root]);
        let written = TopFormat::Xml.write(root, tree);
        let expected = fixture(&format!("top/{file}.xml"));
        assert!(written.ends_with("<!--top011023105124.center.na61-->"));
        assert_eq!(sorted_lines(&written), sorted_lines(&expected), "{file}");
    }
    let tree = object(&json_fixture("aliyun/BindAxb.json"));
    let written = PopFormat::Xml.write("BindAxbResponse", tree);
    let expected = fixture("aliyun/BindAxb.xml");
    assert_eq!(sorted_lines(&written), sorted_lines(&expected));
}

/// The tags and texts, trimmed and sorted, since the order of members is not defined.
fn sorted_lines(xml: &str) -> Vec<String> {
    let start = xml.find("?>").unwrap() + 2;
    let mut pieces: Vec<String> = xml[start..].split('<').map(|piece| piece.trim().to_owned()).collect();
    pieces.sort();
    pieces
}

#[test]
fn an_error_keeps_its_root_when_simplified() {
    let reply = top("taobao.top.oaid.decrypt").with("simplify", "true").send(&gateways());
    assert_eq!(reply.json["error_response"]["code"], 40);
}

#[test]
fn xml_text_is_escaped() {
    let tree = object(&json!({"text": "a<b>&\"'\u{0}\r\n"}));
    let xml = PopFormat::Xml.write("Root", tree);
    assert!(xml.ends_with("<Root><text>a&lt;b&gt;&amp;\"'\u{FFFD}&#13;\n</text></Root>"), "{xml}");
}

#[test]
fn aliyun_responses_and_errors_come_in_xml_too() {
    let bind = aliyun("BindAxb")
        .with("Format", "XML")
        .with("PoolKey", "FC100000000000001")
        .with("PhoneNoA", "15000000000")
        .with("PhoneNoB", "15000000001")
        .with("Expiration", "2026-02-01 00:00:00");
    let text = bind.send(&gateways()).text;
    assert!(text.contains("<BindAxbResponse>") && text.contains("<Code>OK</Code>"), "{text}");

    let text = bind.clone().with("PoolKey", "FC1").send(&gateways()).text;
    assert!(text.contains("<BindAxbResponse><Code>isv.POOLKEY_NOT_EXISTS</Code>"), "{text}");

    let reply = aliyun("NoSuchAction").with("Format", "XML").send(&gateways());
    assert_eq!(reply.status, 404);
    assert!(reply.text.contains("<Error><Code>InvalidAction.NotFound</Code>"), "{}", reply.text);
    assert!(reply.text.contains("&amp;source=PopGw"), "{}", reply.text);
}

#[test]
fn a_gateway_error_of_aliyun_reads_like_its_own() {
    let mut expected = json_fixture("aliyun/_error_gateway.json");
    let mut answer = aliyun("NoSuchAction").send(&gateways()).json;
    for tree in [&mut expected, &mut answer] {
        tree.as_object_mut().unwrap().remove("RequestId").unwrap();
    }
    assert_eq!(answer, expected);
}
