//! Which mistake of a client explains its signature.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use md5::{Digest, Md5};
use serde_json::Value;

use super::super::signer::{self, pop_text, sign_pop_text, sign_top_text};
use super::super::{aliyun, gateways, json_fixture, seeded, top};
use super::get;
use crate::emulator::Gateways;

const SECRET: &str = "emulator-access-key-secret";
const APP_SECRET: &str = "emulator-app-secret";

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The explained signature of the latest request, with all values.
fn signature(gateways: &Gateways) -> Value {
    let number = gateways.ledger().entries().len();
    get(gateways, &format!("requests?number={number}&part=signature"))
}

fn post(gateways: &Gateways, path: &str, form: &str) -> Value {
    let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let _ = gateways.respond(request.body(Bytes::copy_from_slice(form.as_bytes())).unwrap());
    signature(gateways)
}

/// The form of these parameters and a signature, in this order.
fn form(parameters: &[(&str, &str)], name: &str, signature: &str) -> String {
    let pairs = parameters.iter().map(|(name, value)| signer::form(&pairs(&[(*name, *value)])));
    let pairs: Vec<_> = pairs.chain([signer::form(&self::pairs(&[(name, signature)]))]).collect();
    pairs.join("&")
}

const POP: [(&str, &str); 8] = [
    ("Version", "2017-05-25"),
    ("AccessKeyId", "emulator-access-key-id"),
    ("Action", "QuerySubsId"),
    ("Empty", ""),
    ("PhoneNoX", "170 *~+张"),
    ("SignatureMethod", "HMAC-SHA1"),
    ("SignatureNonce", "1"),
    ("aLower", "x"),
];

fn explained_pop(text: &str, key: &str) -> Value {
    post(&gateways(), "/", &form(&POP, "Signature", &sign_pop_text(key, text)))
}

#[test]
fn mistakes_at_alibaba_cloud_are_found() {
    let key = format!("{SECRET}&");
    let sorted = signer::form(&pairs(&POP));
    let right = pop_text("POST", &sorted);
    let explained = explained_pop(&right, &key);
    assert_eq!((&explained["verdict"], &explained["scheme"]), (&"matches".into(), &"HMAC-SHA1".into()));
    assert_eq!(explained["text"], right.as_str());
    assert_eq!(explained["client_text"], Value::Null);

    let in_order = form(&POP, "", "").trim_end_matches("&=").to_owned();
    let without_empty = sorted.replace("Empty=&", "");
    let as_forms = sorted.replace("%20", "+").replace("%2A", "*").replace('~', "%7E");
    let mut folded: Vec<_> = sorted.split('&').collect();
    folded.sort_by_key(|pair| pair.to_ascii_lowercase());
    for (mistake, text) in [
        ("other_http_method", pop_text("GET", &sorted)),
        ("form_encoding", pop_text("POST", &as_forms)),
        ("encoded_once", format!("POST&%2F&{sorted}")),
        ("empty_parameters", pop_text("POST", &without_empty)),
        ("unsorted", pop_text("POST", &in_order)),
        ("case_insensitive_order", pop_text("POST", &folded.join("&"))),
        ("query_only", pop_text("POST", "")),
    ] {
        let explained = explained_pop(&text, &key);
        assert_eq!((&explained["verdict"], &explained["mistake"]), (&"differs".into(), &mistake.into()), "{explained}");
        assert_eq!(explained["client_text"], text, "{mistake}");
        assert_eq!(explained["text"], right.as_str(), "{mistake}");
        let affected = match mistake {
            "form_encoding" => vec!["PhoneNoX"],
            "empty_parameters" => vec!["Empty"],
            "case_insensitive_order" => vec!["aLower"],
            _ => vec![],
        };
        assert_eq!(explained["affected"], Value::from(affected), "{mistake}");
    }
    for (mistake, key) in [("no_ampersand", SECRET.to_owned()), ("other_secret", format!("{APP_SECRET}&"))] {
        let explained = explained_pop(&right, &key);
        assert_eq!((&explained["mistake"], &explained["client_text"]), (&mistake.into(), &Value::Null));
    }
    let explained = explained_pop(&right, "unknown&");
    assert_eq!((&explained["verdict"], &explained["mistake"]), (&"differs".into(), &Value::Null));
    assert_eq!(explained["sent"], sign_pop_text("unknown&", &right));
    assert_eq!(explained["expected"], sign_pop_text(&key, &right));
}

const TOP: [(&str, &str); 6] = [
    ("method", "taobao.top.oaid.decrypt"),
    ("app_key", "12345678"),
    ("Zeta", "1"),
    ("empty", ""),
    ("sign_method", "md5"),
    ("name", "张 三"),
];

fn explained_top(signature: &str) -> Value {
    post(&gateways(), "/router/rest", &form(&TOP, "sign", signature))
}

#[test]
fn mistakes_at_top_are_found() {
    let concatenated = |pairs: &mut dyn Iterator<Item = (&str, &str)>| -> String {
        pairs.filter(|(_, value)| !value.is_empty()).flat_map(|(name, value)| [name, value]).collect()
    };
    let mut sorted = TOP;
    sorted.sort_unstable();
    let right = concatenated(&mut sorted.into_iter());
    let explained = explained_top(&sign_top_text("md5", APP_SECRET, &right));
    assert_eq!((&explained["verdict"], &explained["scheme"]), (&"matches".into(), &"MD5".into()), "{explained}");
    assert_eq!(explained["text"], right);

    let mut folded = TOP;
    folded.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    for (mistake, text) in [
        ("empty_parameters", sorted.into_iter().flat_map(|(name, value)| [name, value]).collect()),
        ("unsorted", concatenated(&mut TOP.into_iter())),
        ("case_insensitive_order", concatenated(&mut folded.into_iter())),
        ("encoded_values", right.replace("张 三", "%E5%BC%A0%20%E4%B8%89")),
        ("query_only", String::new()),
    ] {
        let explained = explained_top(&sign_top_text("md5", APP_SECRET, &text));
        assert_eq!((&explained["mistake"], &explained["client_text"]), (&mistake.into(), &text.into()), "{explained}");
    }
    let once: String = Md5::digest(format!("{APP_SECRET}{right}")).iter().map(|byte| format!("{byte:02X}")).collect();
    for (mistake, signature) in [
        ("lower_case", sign_top_text("md5", APP_SECRET, &right).to_ascii_lowercase()),
        ("other_algorithm", sign_top_text("hmac-sha256", APP_SECRET, &right)),
        ("other_secret", sign_top_text("md5", SECRET, &right)),
        ("secret_once", once),
    ] {
        let explained = explained_top(&signature);
        assert_eq!((&explained["mistake"], &explained["sent"]), (&mistake.into(), &signature.into()), "{explained}");
    }
}

#[test]
fn each_method_of_top_is_named() {
    for (sign_method, scheme) in [("md5", "MD5"), ("hmac", "HMAC-MD5"), ("hmac-sha256", "HMAC-SHA256")] {
        let gateways = gateways();
        top("taobao.top.secret.group.query").with("sign_method", sign_method).with("oaid", "oaid-2001").send(&gateways);
        let explained = signature(&gateways);
        assert_eq!((&explained["verdict"], &explained["scheme"]), (&"matches".into(), &scheme.into()));
    }
    let gateways = gateways();
    top("taobao.top.secret.group.query").with("sign_method", "sha1").with("sign", "1").send(&gateways);
    assert_eq!(signature(&gateways)["verdict"], "unknown_method");
}

#[test]
fn a_missing_signature_and_an_unknown_key_are_told_apart() {
    let gateways = gateways();
    aliyun("QuerySubsId").with("Signature", "").send(&gateways);
    assert_eq!(signature(&gateways)["verdict"], "missing");
    aliyun("QuerySubsId").with("AccessKeyId", "unknown").send(&gateways);
    let explained = signature(&gateways);
    assert_eq!((&explained["verdict"], &explained["expected"]), (&"unknown_key".into(), &Value::Null));
    top("taobao.top.secret.group.query").with("app_key", "1").send(&gateways);
    assert_eq!(signature(&gateways)["verdict"], "unknown_key");
}

/// The request of an official SDK, changed.
fn explained_acs3(secret: Option<&str>, body: Option<&str>, without: Option<&str>) -> (Value, Value) {
    let file = json_fixture("acs3/vectors.json");
    let with_form = |vector: &&Value| vector["body"].as_str().is_some_and(|body| body.contains('='));
    let vector = file["vectors"].as_array().unwrap().iter().find(with_form).unwrap().clone();
    let text = |name: &str| vector[name].as_str().unwrap();
    let gateways = seeded(|builder| {
        builder.access_key(text("access_key_id"), secret.unwrap_or_else(|| text("access_key_secret")))
    });
    let uri = format!("/?{}", text("canonical_query").replace("%20", "+"));
    let mut request = Request::builder().method(text("method")).uri(uri);
    for (name, value) in vector["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let mut authorization = text("authorization").to_owned();
    if let Some(header) = without {
        authorization = authorization.replace(&format!("{header};"), "");
    }
    let body = body.unwrap_or_else(|| text("body"));
    let request = request.header(AUTHORIZATION, authorization).body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    let _ = gateways.respond(request);
    (signature(&gateways), vector)
}

#[test]
fn acs3_is_explained() {
    let (explained, vector) = explained_acs3(None, None, None);
    assert_eq!((&explained["verdict"], &explained["scheme"]), (&"matches".into(), &"ACS3-HMAC-SHA256".into()));
    assert_eq!(explained["sent"], vector["signature"]);
    assert_eq!(explained["text"], vector["canonical_request"]);

    let (explained, _) = explained_acs3(Some("another-secret"), None, None);
    assert_eq!((&explained["verdict"], &explained["mistake"]), (&"differs".into(), &Value::Null));
    let (explained, _) = explained_acs3(None, Some("changed=1"), None);
    assert_eq!(explained["mistake"], "hash_of_body");
    let (explained, _) = explained_acs3(None, None, Some("x-acs-date"));
    assert_eq!((&explained["mistake"], &explained["affected"][0]), (&"unsigned_header".into(), &"x-acs-date".into()));
}
