//! Both gateways' signatures by stage, then whole, then as a client makes them.

use futures_util::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use privacy_number::Secret;
use privacy_number::sign::acs3::{self, CanonicalRequest};
use privacy_number::sign::pop::{HttpMethod, SigningKey, canonicalized_query, signature, string_to_sign};
use privacy_number::sign::top::{SignMethod, sign, sorted_text};
use sha1::Sha1;
use sha2::Sha256;
use std::hint::black_box;

use super::{Case, Routine, copy_of, routine};
use crate::data::{self, acs3_client, aliyun_client, pop_params, shop, stamp, top_params};

pub(super) fn cases() -> Vec<Case> {
    pop().into_iter().chain(acs3()).chain(top_by_stage()).chain(top_whole()).collect()
}

/// Aliyun, over the 20 parameters of a binding.
fn pop() -> Vec<Case> {
    let params = pop_params();
    assert_eq!(params.iter().count(), 20);
    let secret = Secret::from(data::SECRET);
    let query = canonicalized_query(&params);
    let text = string_to_sign(HttpMethod::Post, &params);
    let floor = || mac::<Hmac<Sha1>>(format!("{}&", data::SECRET), text.clone());
    let case = |what, ours, floor_name, floor| Case { name: format!("pop/{what}"), ours, floor_name, floor };
    vec![
        case("canonicalized_query", with(&params, canonicalized_query), "copy of the text", copy_of(query)),
        case(
            "string_to_sign",
            with(&params, |params| string_to_sign(HttpMethod::Post, params)),
            "copy of the text",
            copy_of(text.clone()),
        ),
        case(
            "signature",
            with(&(secret.clone(), text.clone()), |(secret, text)| signature(secret, text)),
            "HMAC-SHA1",
            floor(),
        ),
        case(
            "sort+encode+sign",
            with(&(SigningKey::new(secret), params), |(key, params)| {
                key.signature(string_to_sign(HttpMethod::Post, params))
            }),
            "HMAC-SHA1",
            floor(),
        ),
        case(
            "prepare",
            with(&(aliyun_client(), data::bind_axb(), stamp()), |(client, bind, stamp)| {
                client.prepare(bind, stamp).now_or_never()
            }),
            "HMAC-SHA1",
            floor(),
        ),
    ]
}

/// Aliyun's signature in the headers, over the same binding in the form body.
fn acs3() -> Vec<Case> {
    let headers = data::acs3_headers();
    let form = data::acs3_form();
    let signed = |headers: &[(String, String)], form: &str| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let payload_hash = acs3::payload_hash(form.as_bytes());
        CanonicalRequest { method: HttpMethod::Post, query: "", headers: &headers, payload_hash: &payload_hash }.text()
    };
    let canonical = signed(&headers, &form);
    let text = acs3::string_to_sign(&canonical);
    // All over finished bytes.
    let floor = || {
        let (form, canonical, text) = (form.clone(), canonical.clone(), text.clone());
        routine(move || {
            let hashes = [&form, &canonical].map(|text| Sha256::digest(black_box(text.as_bytes())));
            let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(black_box(data::SECRET.as_bytes())).unwrap();
            (hashes, mac.chain_update(black_box(text.as_bytes())).finalize())
        })
    };
    let case =
        |what, ours| Case { name: format!("acs3/{what}"), ours, floor_name: "2 × SHA-256 + HMAC", floor: floor() };
    let secret = Secret::from(data::SECRET);
    vec![
        case(
            "canonical+sign",
            with(
                &(secret, headers.clone(), form.clone()),
                move |(secret, headers, form): &(Secret, Vec<(String, String)>, String)| {
                    acs3::signature(secret, &acs3::string_to_sign(&signed(headers, form)))
                },
            ),
        ),
        case(
            "prepare",
            with(&(acs3_client(), data::bind_axb(), stamp()), |(client, bind, stamp)| {
                client.prepare(bind, stamp).now_or_never()
            }),
        ),
    ]
}

/// TOP, over the parameters of a decryption of 20.
fn top_by_stage() -> Vec<Case> {
    let params = top_params();
    let text = sorted_text(&params);
    vec![Case {
        name: "top/sorted_text".to_owned(),
        ours: with(&params, sorted_text),
        floor_name: "copy of the text",
        floor: copy_of(text),
    }]
}

fn top_whole() -> Vec<Case> {
    let params = top_params();
    let secret = Secret::from(data::APP_SECRET);
    let mut cases = Vec::new();
    for method in [SignMethod::Md5, SignMethod::HmacMd5, SignMethod::HmacSha256] {
        let (floor_name, floor) = top_floor(method, &sorted_text(&params));
        let ours =
            with(&(secret.clone(), params.clone()), move |(secret, params)| sign(method, secret, &sorted_text(params)));
        cases.push(Case { name: format!("top/sort+{}", method.as_str()), ours, floor_name, floor });
    }
    let (floor_name, floor) = top_floor(SignMethod::HmacSha256, &sorted_text(&params));
    let ours =
        with(&(shop(), data::decrypt(), stamp()), |(shop, decrypt, stamp)| shop.prepare(decrypt, stamp).now_or_never());
    cases.push(Case { name: "top/prepare".to_owned(), ours, floor_name, floor });
    cases
}

/// The digest over prepared bytes: no sorting, no joining, no hexadecimal.
fn top_floor(method: SignMethod, text: &str) -> (&'static str, Routine) {
    let secret = data::APP_SECRET;
    match method {
        SignMethod::Md5 => {
            let text = format!("{secret}{text}{secret}");
            ("MD5", routine(move || Md5::digest(black_box(text.as_bytes()))))
        }
        SignMethod::HmacMd5 => ("HMAC-MD5", mac::<Hmac<Md5>>(secret.to_owned(), text.to_owned())),
        _ => ("HMAC-SHA256", mac::<Hmac<Sha256>>(secret.to_owned(), text.to_owned())),
    }
}

/// A keyed digest over prepared bytes, with the key setup.
fn mac<M: Mac + KeyInit + 'static>(key: String, text: String) -> Routine {
    routine(move || {
        let mac = <M as KeyInit>::new_from_slice(black_box(key.as_bytes())).unwrap();
        mac.chain_update(black_box(text.as_bytes())).finalize()
    })
}

fn with<I: Clone + 'static, T>(input: &I, work: impl Fn(&I) -> T + 'static) -> Routine {
    let input = input.clone();
    routine(move || work(black_box(&input)))
}
