use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName};

use super::signer::vectors;
use super::{json_fixture, signer};
use crate::emulator::signature;

fn pairs(parameters: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

#[test]
fn top_signatures_agree_with_the_vectors() {
    for (vector, parameters) in vectors("top").into_iter().chain(vectors("top-oaid")) {
        let sign_method = vector["sign_method"].as_str().unwrap();
        let signed = signature::top(sign_method, vector["secret"].as_str().unwrap(), pairs(&parameters));
        assert_eq!(signed.as_deref(), vector["sign"].as_str(), "{}", vector["name"]);
    }
}

#[test]
fn pop_signatures_agree_with_the_vectors_stage_by_stage() {
    for (vector, parameters) in vectors("aliyun") {
        let text = signature::pop_string_to_sign(vector["method"].as_str().unwrap(), pairs(&parameters));
        assert_eq!(text, vector["string_to_sign"], "{}", vector["name"]);
        let signed = signature::pop(vector["secret"].as_str().unwrap(), &text);
        assert_eq!(signed.as_deref(), vector["signature"].as_str(), "{}", vector["name"]);
    }
}

#[test]
fn mns_signatures_agree_with_the_vectors_stage_by_stage() {
    let file = json_fixture("receipts/mns_signature_vectors.json");
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 6);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in vector["mns_headers"].as_object().unwrap() {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.as_str().unwrap().parse().unwrap());
        }
        for (header, name) in [("content-md5", "content_md5"), ("content-type", "content_type"), ("date", "date")] {
            if !text(name).is_empty() {
                headers.insert(header, text(name).parse().unwrap());
            }
        }
        let string_to_sign = signature::mns_string_to_sign(text("method"), &headers, text("resource"));
        assert_eq!(string_to_sign, text("string_to_sign"), "{}", vector["name"]);
        let signed = signature::mns(text("access_key_secret"), &string_to_sign);
        assert_eq!(signed.as_deref(), Some(text("signature")), "{}", vector["name"]);
        assert_eq!(signer::mns(text("access_key_secret"), text("string_to_sign")), text("signature"));
    }
}

#[test]
fn an_unknown_sign_method_has_no_signature() {
    assert_eq!(signature::top("sha1", "secret", std::iter::empty()), None);
}

#[test]
fn a_signature_does_not_cover_itself() {
    let with = [("a", "1"), ("sign", "X")];
    let without = [("a", "1")];
    assert_eq!(signature::top("md5", "secret", with.into_iter()), signature::top("md5", "secret", without.into_iter()));
    let with = [("A", "1"), ("Signature", "X")];
    let without = [("A", "1")];
    assert_eq!(
        signature::pop_string_to_sign("GET", with.into_iter()),
        signature::pop_string_to_sign("GET", without.into_iter())
    );
}
