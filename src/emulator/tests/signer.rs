//! Signs requests for the tests. It is written from the gateways' documents and does not use the code under test.

use std::collections::BTreeMap;

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::json_fixture;

const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub(super) fn form(parameters: &BTreeMap<String, String>) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(super) fn top(sign_method: &str, secret: &str, parameters: &BTreeMap<String, String>) -> String {
    let signed = parameters.iter().filter(|(_, value)| !value.is_empty());
    let text: String = signed.map(|(name, value)| name.clone() + value).collect();
    sign_top_text(sign_method, secret, &text)
}

/// TOP's signature of any text.
pub(super) fn sign_top_text(sign_method: &str, secret: &str, text: &str) -> String {
    let digest = match sign_method {
        "md5" => Md5::digest(format!("{secret}{text}{secret}")).to_vec(),
        "hmac" => keyed::<Hmac<Md5>>(secret, text),
        _ => keyed::<Hmac<sha2::Sha256>>(secret, text),
    };
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub(super) fn pop(http_method: &str, secret: &str, parameters: &BTreeMap<String, String>) -> String {
    sign_pop_text(&format!("{secret}&"), &pop_text(http_method, &form(parameters)))
}

/// The string to sign of any query.
pub(super) fn pop_text(http_method: &str, query: &str) -> String {
    format!("{http_method}&%2F&{}", encode(query))
}

/// The signature of any text by any key.
pub(super) fn sign_pop_text(key: &str, text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(keyed::<Hmac<sha1::Sha1>>(key, text))
}

pub(super) fn mns(secret: &str, text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(keyed::<Hmac<sha1::Sha1>>(secret, text))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

fn keyed<M: Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The signature vectors of a gateway, with sorted parameters.
pub(super) fn vectors(gateway: &str) -> Vec<(Value, BTreeMap<String, String>)> {
    let file = json_fixture(&format!("{gateway}/signature_vectors.json"));
    let vectors: Vec<_> = file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|vector| (vector.clone(), serde_json::from_value(vector["params"].clone()).unwrap()))
        .collect();
    assert!(!vectors.is_empty());
    vectors
}

#[test]
fn the_tests_signer_agrees_with_the_vectors() {
    for (vector, parameters) in vectors("top") {
        let signed = top(vector["sign_method"].as_str().unwrap(), vector["secret"].as_str().unwrap(), &parameters);
        assert_eq!(signed, vector["sign"], "{}", vector["name"]);
    }
    for (vector, parameters) in vectors("aliyun") {
        let signed = pop(vector["method"].as_str().unwrap(), vector["secret"].as_str().unwrap(), &parameters);
        assert_eq!(signed, vector["signature"], "{}", vector["name"]);
    }
}
