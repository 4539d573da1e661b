//! Malformed bodies below the limit.

use super::{Gateway, assert_executed, assert_unreadable};

const LEVELS: usize = 100_000;

#[tokio::test]
async fn json_of_any_depth_ends_in_an_error() {
    for gateway in Gateway::BOTH {
        let (list, _) = gateway.list_and_text();
        let nested = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
        let path = format!("{list}[0]");
        assert_executed(gateway, &gateway.json(&format!(r#""{list}":{nested}"#)), "nested lists", &path).await;
        assert_unreadable(gateway, "[".repeat(LEVELS).as_bytes(), "open lists").await;
        assert_unreadable(gateway, "{\"a\":".repeat(LEVELS).as_bytes(), "open objects").await;
        let truncated = gateway.json(&format!(r#""{list}":{}"#, "{\"a\":".repeat(LEVELS)));
        assert_unreadable(gateway, &truncated, "open objects inside").await;
    }
}

#[tokio::test]
async fn json_numbers_of_any_length_end_in_an_error() {
    let digits = "9".repeat(1_000_000);
    for number in [digits.clone(), format!("-{digits}"), format!("0.{digits}e{digits}"), "1e999999".to_owned()] {
        let what = format!("{}..", &number[..8]);
        let body = format!(r#"{{"top_oaid_decrypt_response":{{"request_id":{number}}}}}"#);
        assert_executed(Gateway::Top, body.as_bytes(), &what, "request_id").await;
        let body = format!(r#"{{"Code":"OK","RequestId":{number}}}"#);
        assert_executed(Gateway::Aliyun, body.as_bytes(), &what, "RequestId").await;
        let body = format!(r#"{{"Code":{number},"RequestId":"1"}}"#);
        assert_unreadable(Gateway::Aliyun, body.as_bytes(), &what).await;
    }
}

#[tokio::test]
async fn duplicate_members_are_a_decode_error() {
    let body = br#"{"top_oaid_decrypt_response":{"a":1},"top_oaid_decrypt_response":{"a":2}}"#;
    assert_unreadable(Gateway::Top, body, "two answers").await;
    let body = br#"{"error_response":{"code":1},"error_response":{"code":2}}"#;
    assert_unreadable(Gateway::Top, body, "two errors").await;
    assert_executed(Gateway::Top, &Gateway::Top.json(r#""request_id":"1","request_id":"2""#), "two ids", "").await;
    assert_unreadable(Gateway::Aliyun, &Gateway::Aliyun.json(r#""Code":"OK""#), "two codes").await;
    let body = Gateway::Aliyun.json(r#""SubsId":"1","SubsId":"2""#);
    assert_executed(Gateway::Aliyun, &body, "two lists", "").await;
    // An element of XML that comes twice is a list.
    let body = Gateway::Aliyun.xml("", "<Code>OK</Code>");
    assert_unreadable(Gateway::Aliyun, &body, "two codes in XML").await;
}

#[tokio::test]
async fn more_elements_than_any_gateway_sends_are_an_error() {
    for gateway in Gateway::BOTH {
        let (list, _) = gateway.list_and_text();
        let element = if gateway == Gateway::Top { r#"{"tid":"1"},"# } else { r#""1","# };
        let elements = |count: usize| {
            let all = element.repeat(count);
            gateway.json(&format!(r#""{list}":[{}]"#, all.trim_end_matches(',')))
        };
        for (count, what) in [(100_001, "one too many"), (500_000, "half a million")] {
            assert_executed(gateway, &elements(count), what, list).await;
        }
        let xml = gateway.xml("", &format!("<{list}>{}</{list}>", "<a/>".repeat(1 << 20)));
        assert_unreadable(gateway, &xml, "2^20 elements").await;
        let server = crate::raw_server::RawServer::start([crate::raw_server::Reply::ok(elements(100_000))]).await;
        let read = gateway.call(&server.aliyun_endpoint(), crate::clients::once()).await.unwrap();
        assert_eq!(read, 100_000, "{gateway:?}");
    }
    let commas = Gateway::Aliyun.json(&format!(r#""SubsId":"{}""#, "1,".repeat(1 << 20)));
    assert_executed(Gateway::Aliyun, &commas, "2^20 commas", "SubsId").await;
}

#[tokio::test]
async fn xml_expands_nothing_and_fetches_nothing() {
    let laughs: String =
        (1..10).map(|level| format!(r#"<!ENTITY l{level} "{}">"#, format!("&l{};", level - 1).repeat(10))).collect();
    for (prologue, element, what) in [
        (format!(r#"<!DOCTYPE r [<!ENTITY l0 "lol">{laughs}]>"#), "&l9;".to_owned(), "a billion laughs"),
        (r#"<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>"#.to_owned(), "&f;".to_owned(), "a file"),
        (r#"<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd">"#.to_owned(), String::new(), "a document type elsewhere"),
        (
            r#"<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>"#.to_owned(),
            String::new(),
            "a parameter entity",
        ),
        (String::new(), "&nothing;".to_owned(), "an unknown entity"),
        (String::new(), "&#xFFFFFFFFFFFF;".to_owned(), "a character that there is none of"),
        (String::new(), "&".repeat(1_000_000), "a million ampersands"),
    ] {
        for gateway in Gateway::BOTH {
            assert_unreadable(gateway, &gateway.xml(&prologue, &element), what).await;
        }
    }
}

#[tokio::test]
async fn xml_of_any_depth_ends_in_an_error() {
    for gateway in Gateway::BOTH {
        let nested = format!("{}{}", "<a>".repeat(LEVELS), "</a>".repeat(LEVELS));
        assert_unreadable(gateway, &gateway.xml("", &nested), "nested elements").await;
        assert_unreadable(gateway, &gateway.xml("", &"<a>".repeat(LEVELS)), "open elements").await;
        assert_unreadable(gateway, &gateway.xml("", "<a></b>"), "crossed elements").await;
    }
}

/// 张三 in another encoding than UTF-8.
const GBK: &[u8] = &[0xD5, 0xC5, 0xC8, 0xFD];

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_a_decode_error() {
    for gateway in Gateway::BOTH {
        let (_, text) = gateway.list_and_text();
        for body in [gateway.json(r#""a":"b""#), gateway.xml("", "<a>b</a>")] {
            let text = String::from_utf8(body).unwrap();
            let little: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
            assert_unreadable(gateway, &little, "UTF-16, little end first").await;
            assert_unreadable(gateway, &big, "UTF-16, big end first").await;
        }
        let gbk = [format!("<?xml version=\"1.0\" encoding=\"GBK\"?><r><{text}>").as_bytes(), GBK, b"</r>"].concat();
        assert_unreadable(gateway, &gbk, "GBK in XML").await;
    }
    let gbk = [br#"{"top_oaid_decrypt_response":{"request_id":""#, GBK, br#""}}"#].concat();
    assert_unreadable(Gateway::Top, &gbk, "GBK in JSON").await;
    let gbk = [br#"{"Code":"OK","Message":""#, GBK, br#""}"#].concat();
    assert_unreadable(Gateway::Aliyun, &gbk, "GBK in JSON").await;
}

#[tokio::test]
async fn nul_bytes_and_truncated_characters_are_decode_errors() {
    for gateway in Gateway::BOTH {
        let (list, _) = gateway.list_and_text();
        assert_unreadable(gateway, &vec![0; 100_000], "nothing but NUL").await;
        assert_unreadable(gateway, &gateway.json("\"a\":\"b\0c\""), "NUL in JSON").await;
        let text = if gateway == Gateway::Top { r#"[{"name":"\ud800"}]"# } else { r#""\ud800""# };
        let path = if gateway == Gateway::Top { "receiver_list[0].name" } else { list };
        let body = gateway.json(&format!(r#""{list}":{text}"#));
        assert_executed(gateway, &body, "half a character", path).await;
    }
}
