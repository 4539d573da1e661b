use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::lenient::{self, ListItem};
use super::*;

#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::optional_boolean")]
    ok: Option<bool>,
}

impl ListItem for Row {
    const WRAPPER: &'static str = "row";
}

#[derive(Debug, PartialEq, Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient::list")]
    rows: Vec<Row>,
    #[serde(default, deserialize_with = "lenient::text_list")]
    texts: Vec<String>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    note: Option<String>,
}

fn json(text: &str) -> Answer {
    content(text).unwrap()
}

fn xml(text: &str) -> Answer {
    content(text).unwrap()
}

fn row(id: &str) -> Row {
    Row { id: id.to_owned(), ok: None }
}

#[test]
fn a_list_may_come_in_every_shape() {
    for text in [r#"{"rows": [{"id": "1"}, {"id": 2}]}"#, r#"{"rows": {"row": [{"id": 1}, {"id": "2"}]}}"#] {
        assert_eq!(json(text).rows, [row("1"), row("2")], "{text}");
    }
    for text in [r#"{"rows": {"row": {"id": 1}}}"#, r#"{"rows": {"id": 1}}"#, r#"{"rows": [{"id": 1}]}"#] {
        assert_eq!(json(text).rows, [row("1")], "{text}");
    }
    for text in
        [r#"{"rows": []}"#, r#"{"rows": {}}"#, r#"{"rows": null}"#, r#"{"rows": ""}"#, r#"{"rows": {"row": []}}"#]
    {
        assert_eq!(json(text).rows, [], "{text}");
    }
    assert_eq!(xml("<r><rows><row><id>1</id></row><row><id>2</id></row></rows></r>").rows, [row("1"), row("2")]);
    assert_eq!(xml("<r><rows><id>1</id></rows><count>3</count><rows><id>2</id></rows></r>").rows, [row("1"), row("2")]);
    assert_eq!(xml("<r><rows><row><id>1</id></row></rows></r>").rows, [row("1")]);
    assert_eq!(xml("<r><rows/></r>").rows, []);
}

#[test]
fn a_list_of_texts_may_be_one_text_with_commas() {
    for text in [r#"{"texts": "a, b,"}"#, r#"{"texts": ["a", "b"]}"#, r#"{"texts": {"string": ["a", "b"]}}"#] {
        assert_eq!(json(text).texts, ["a", "b"], "{text}");
    }
    assert_eq!(json(r#"{"texts": [13100000000]}"#).texts, ["13100000000"]);
    assert_eq!(xml("<r><texts><string>a</string><string>b</string></texts></r>").texts, ["a", "b"]);
}

#[test]
fn an_identifier_keeps_every_digit() {
    for (number, text) in [
        ("18446744073709551615", "18446744073709551615"),
        ("1000000768798832001", "1000000768798832001"),
        ("1.3e10", "13000000000"),
        ("-7", "-7"),
        ("true", "true"),
    ] {
        assert_eq!(json(&format!(r#"{{"rows": [{{"id": {number}}}]}}"#)).rows, [row(text)]);
    }
    let too_long = r#"{"rows": [{"id": 123456789012345678901234}]}"#;
    assert_eq!(content::<Answer>(too_long).unwrap_err(), "rows[0].id");
}

#[test]
fn scalars_are_read_from_text_and_nothing() {
    let loose = json(r#"{"count": " 12 ", "note": "", "rows": [{"id": "1", "ok": "True"}]}"#);
    assert_eq!(loose.count, Some(12));
    assert_eq!(loose.note, None);
    assert_eq!(loose.rows[0].ok, Some(true));
    assert_eq!(json(r#"{"count": null, "note": null}"#).count, None);
    assert_eq!(xml("<r><count>12</count><note></note></r>").count, Some(12));
}

#[test]
fn a_failure_names_the_field_and_not_its_value() {
    for (text, path) in [
        (r#"{"rows": [{"id": "1"}, {}]}"#, "rows[1].id"),
        (r#"{"count": "13100000000x"}"#, "count"),
        (r#"{"rows": [{"id": {"13100000000": 1}}]}"#, "rows[0].id"),
        (r#"{"rows": 1.5}"#, "rows"),
    ] {
        assert_eq!(content::<Answer>(text).unwrap_err(), path, "{text}");
    }
    assert_eq!(content::<Answer>("<r><count>x</count></r>").unwrap_err(), "count");
}

#[test]
fn xml_with_references_and_sections_is_text() {
    let (root, tree) =
        parse_xml("<?xml version=\"1.0\"?>\n<r a=\"1\">a&amp;b &lt;&#20013;<![CDATA[<&]]></r><!--host-->".as_bytes())
            .unwrap();
    assert_eq!((root.as_str(), tree), ("r", json!("a&b <中<&")));
}

#[test]
fn xml_that_is_hostile_or_broken_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    for text in [
        "",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "text",
        "<a/>text",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a>&unknown;</a>",
        "<a>&#xFFFFFFFF;</a>",
        &deep,
    ] {
        assert!(parse_xml(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse_xml(b"<a>\xFF</a>").is_err());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_xml(&body);
        let _ = content::<Answer>(&String::from_utf8_lossy(&body));
    }

    #[test]
    fn text_in_xml_comes_back_as_it_was(text in "[^\u{0}-\u{1F}\u{7F}-\u{9F}\u{FFFE}\u{FFFF}\u{2028}]*") {
        let escaped = quick_xml::escape::escape(text.as_str()).into_owned();
        let (_, tree) = parse_xml(format!("<a>{escaped}</a>").as_bytes()).unwrap();
        prop_assert_eq!(tree, json!(text));
    }
}
