//! From the bytes of a response to the struct, with the checks of a call.

use std::hint::black_box;

use bytes::Bytes;

use super::{Case, routine};
use crate::data::{
    self, PlainBind, PlainDecryption, PlainDecryptionXml, bind_json, bind_xml, decrypt_json, decrypt_xml,
};

pub(super) fn cases() -> Vec<Case> {
    let plain = |json: String| routine(move || serde_json::from_slice::<PlainDecryption>(black_box(json.as_bytes())));
    let plain_xml = |xml: String| routine(move || quick_xml::de::from_str::<PlainDecryptionXml>(black_box(&xml)));
    let plain_bind = |json: String| routine(move || serde_json::from_slice::<PlainBind>(black_box(json.as_bytes())));
    let plain_bind_xml = |xml: String| routine(move || quick_xml::de::from_str::<PlainBind>(black_box(&xml)));
    vec![
        case("BindAxb JSON", bind(bind_json()), "serde_json", plain_bind(bind_json())),
        case("20 receivers JSON", decrypt(decrypt_json()), "serde_json", plain(decrypt_json())),
        case("BindAxb XML", bind(bind_xml()), "quick_xml::de", plain_bind_xml(bind_xml())),
        case("20 receivers XML", decrypt(decrypt_xml()), "quick_xml::de", plain_xml(decrypt_xml())),
    ]
}

fn case(what: &str, ours: super::Routine, floor_name: &'static str, floor: super::Routine) -> Case {
    Case { name: format!("decode/{what}"), ours, floor_name, floor }
}

fn bind(body: String) -> super::Routine {
    let client = data::aliyun_client();
    let (request, body) = (data::bind_axb(), Bytes::from(body));
    let bound = client.read(&request, 200, body.clone()).unwrap().secret_bind;
    assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("1000000768312345", "17000000000"));
    routine(move || client.read(&request, 200, black_box(&body).clone()))
}

fn decrypt(body: String) -> super::Routine {
    let client = data::shop();
    let (request, body) = (data::decrypt(), Bytes::from(body));
    let receivers = client.read(&request, 200, body.clone()).unwrap().receivers;
    assert_eq!(receivers.len(), 20);
    assert!(receivers.iter().all(|receiver| receiver.matched == Some(true) && receiver.mobile.is_some()));
    routine(move || client.read(&request, 200, black_box(&body).clone()))
}
