use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::Value;

use crate::params::Params;
use crate::redact::Secret;
use crate::sign::acs3::{CanonicalRequest, canonical_query};
use crate::sign::explain::{explain_acs3, explain_pop};
use crate::sign::pop::{HttpMethod, signature, string_to_sign};
use crate::sign::top::{SignMethod, sign, sorted_text};

/// Encodes and signs any names and values. A URL parser must read the form back, and the order must not change a
/// signature.
pub fn params(pairs: &[(String, String)]) {
    let params: Params = pairs.iter().cloned().collect();
    let form = params.form_encoded();
    assert!(form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%&=".contains(&byte)), "{form}");
    assert_eq!(decoded(&form), pairs);
    let names: Vec<_> = pairs.iter().map(|(name, _)| name).collect();
    assert_eq!(format!("{params:?}"), format!("{names:?}"), "values are not shown");

    let by_name: BTreeMap<String, String> = pairs.iter().cloned().collect();
    assert_order_never_matters(&by_name);
    assert_eq!(Params::from_struct(&by_name).unwrap().form_encoded(), by_name.iter().collect_params().form_encoded());
    assert_json_goes_out_as_one_text(&by_name);
}

/// The pairs of a form, decoded by another crate.
fn decoded(form: &str) -> Vec<(String, String)> {
    let mut url = Url::parse("http://127.0.0.1/").unwrap();
    url.set_query(Some(form));
    url.query_pairs().into_owned().collect()
}

fn assert_order_never_matters(by_name: &BTreeMap<String, String>) {
    let secret = Secret::from("secret");
    let forwards = by_name.iter().collect_params();
    let backwards = by_name.iter().rev().collect_params();
    for method in [SignMethod::Md5, SignMethod::HmacMd5, SignMethod::HmacSha256] {
        let signed = |params| sign(method, &secret, &sorted_text(params));
        assert_eq!(signed(&forwards), signed(&backwards));
        assert!(signed(&forwards).bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    let text = |params| string_to_sign(HttpMethod::Post, params);
    let signed = text(&forwards);
    assert_eq!(signed, text(&backwards));
    assert_eq!(canonical_query(&forwards), canonical_query(&backwards));
    assert_acs3_explains_itself(by_name, &forwards);
    assert_eq!(signature(&secret, &signed).len(), 28, "the Base64 of 20 bytes");
    // Decoded twice, the text holds every parameter but the signature itself.
    let query = percent_encoding::percent_decode_str(signed.strip_prefix("POST&%2F&").unwrap());
    let expected: Vec<_> = by_name.iter().filter(|(name, _)| *name != "Signature").collect();
    let pairs = decoded(&query.decode_utf8().unwrap());
    assert_eq!(pairs.iter().map(|(name, value)| (name, value)).collect::<Vec<_>>(), expected);
    assert!(explain_pop(HttpMethod::Post, &forwards, Some(&signed)).difference().unwrap().position().is_none());
}

/// Any names and values, as a query and as headers: the text that is signed is found in a message that quotes it.
fn assert_acs3_explains_itself(by_name: &BTreeMap<String, String>, params: &Params) {
    let headers: Vec<_> = by_name.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let query = canonical_query(params);
    let request = CanonicalRequest { method: HttpMethod::Get, query: &query, headers: &headers, payload_hash: "" };
    let message = format!("server StringToSign is [{}]", request.string_to_sign());
    assert!(explain_acs3(&request, Some(&message)).difference().unwrap().position().is_none());
    for text in by_name.values() {
        let _ = explain_acs3(&request, Some(text));
        let quoted = format!("server CanonicalRequest is [{text}]");
        assert!(explain_acs3(&request, Some(&quoted)).difference().unwrap().position().is_some());
    }
}

/// Any nested value can be read back from its parameter.
fn assert_json_goes_out_as_one_text(by_name: &BTreeMap<String, String>) {
    let params = Params::from_struct(&BTreeMap::from([("Nested", by_name)])).unwrap();
    let [(_, text)] = params.iter().collect::<Vec<_>>()[..] else { panic!("one parameter") };
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), serde_json::to_value(by_name).unwrap());
}

trait CollectParams {
    fn collect_params(self) -> Params;
}

impl<'a, I: Iterator<Item = (&'a String, &'a String)>> CollectParams for I {
    fn collect_params(self) -> Params {
        self.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
