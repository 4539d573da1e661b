use std::collections::BTreeMap;

use super::signer::vectors;
use crate::emulator::signature;

fn pairs(parameters: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

#[test]
fn top_signatures_agree_with_the_vectors() {
    for (vector, parameters) in vectors("top") {
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
