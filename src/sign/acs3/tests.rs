//! The vectors that the official packages signed, stage by stage. The first is the example of the vendor's page.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    access_key_id: String,
    access_key_secret: String,
    query: Option<BTreeMap<String, String>>,
    body: Option<String>,
    headers: BTreeMap<String, String>,
    payload_sha256: String,
    canonical_query: String,
    canonical_headers: String,
    signed_headers: String,
    canonical_request: String,
    canonical_request_sha256: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

fn vectors() -> Vec<Vector> {
    let file = include_str!("../../../tests/fixtures/acs3/vectors.json");
    serde_json::from_str::<Vectors>(file).unwrap().vectors
}

impl Vector {
    fn method(&self) -> HttpMethod {
        match self.method.as_str() {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            other => panic!("{other}"),
        }
    }

    /// The headers that this vector signs, in an order and a form that must not matter.
    fn signed(&self) -> Vec<(String, String)> {
        let signed: Vec<_> = self.signed_headers.split(';').collect();
        let given = self.headers.iter().rev().filter(|(name, _)| signed.contains(&name.to_lowercase().as_str()));
        given.map(|(name, value)| (name.to_uppercase(), format!(" {value}\t"))).collect()
    }
}

#[test]
fn every_vector_agrees_at_every_stage() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 15);
    assert_eq!(vectors[0].name, "official_page_run_instances");
    for vector in vectors {
        let name = &vector.name;
        let query = canonical_query(&vector.query.clone().unwrap_or_default().into_iter().collect());
        assert_eq!(query, vector.canonical_query, "{name}");
        let signed = vector.signed();
        let headers: Vec<_> = signed.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(canonical_headers(&headers), vector.canonical_headers, "{name}");
        assert_eq!(signed_headers(&headers), vector.signed_headers, "{name}");
        let payload_hash = payload_hash(vector.body.as_deref().unwrap_or_default().as_bytes());
        assert_eq!(payload_hash, vector.payload_sha256, "{name}");
        let request =
            CanonicalRequest { method: vector.method(), query: &query, headers: &headers, payload_hash: &payload_hash };
        assert_eq!(request.text(), vector.canonical_request, "{name}");
        let text = request.string_to_sign();
        assert_eq!(text, vector.string_to_sign, "{name}");
        assert_eq!(text, format!("{ALGORITHM}\n{}", vector.canonical_request_sha256), "{name}");
        assert_eq!(string_to_sign(&vector.canonical_request), text, "{name}");
        let signature = signature(&Secret::from(&*vector.access_key_secret), &text);
        assert_eq!(signature, vector.signature, "{name}");
        assert_eq!(authorization(&vector.access_key_id, &headers, &signature), vector.authorization, "{name}");
    }
}

#[test]
fn the_headers_that_must_be_signed_are_those_that_the_official_packages_sign() {
    for vector in vectors() {
        let must = vector.headers.keys().filter(|name| must_be_signed(name));
        let must: BTreeMap<_, _> = must.map(|name| (name.to_lowercase(), ())).collect();
        let signed: BTreeMap<_, _> = vector.signed_headers.split(';').map(|name| (name.to_owned(), ())).collect();
        if vector.name == "all_headers_signed_python_style" {
            assert!(must.keys().all(|name| signed.contains_key(name)), "{}", vector.name);
        } else {
            assert_eq!(must, signed, "{}", vector.name);
        }
    }
}

#[test]
fn debug_shows_no_value() {
    let headers = [("x-acs-security-token", "sentinel-token")];
    let request = CanonicalRequest {
        method: HttpMethod::Get,
        query: "PhoneNoA=15000000000",
        headers: &headers,
        payload_hash: "",
    };
    let shown = format!("{request:?} {request:#?}");
    assert!(
        shown.contains("x-acs-security-token") && !shown.contains("sentinel") && !shown.contains("1500"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn the_order_of_parameters_and_headers_never_changes_the_canonical_request(
        params in proptest::collection::btree_map("[A-Za-z_]{1,6}", any::<String>(), 0..8),
        headers in proptest::collection::btree_map("[a-z-]{1,9}", "[ -~]{0,20}", 0..8),
    ) {
        let text = |query: &Params, headers: &[(&str, &str)]| {
            let query = canonical_query(query);
            CanonicalRequest { method: HttpMethod::Get, query: &query, headers, payload_hash: "" }.text()
        };
        let pairs: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let backwards: Vec<_> = pairs.iter().rev().copied().collect();
        let forward = text(&params.clone().into_iter().collect(), &pairs);
        prop_assert_eq!(forward, text(&params.into_iter().rev().collect(), &backwards));
    }
}
