//! The exact form of every operation, signed with a fixed key, time and nonce: a change on the wire is a change here.

use std::collections::BTreeSet;

use privacy_number::sign::Stamp;
use privacy_number::{PreparedRequest, aliyun, top};

use crate::clients::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, APP_KEY, APP_SECRET, SESSION, instant};
use crate::samples::{self, Clients, Sample, Values, each_operation};

fn clients() -> Clients {
    let top = top::Client::builder().app(APP_KEY, APP_SECRET).build().unwrap();
    let aliyun = aliyun::Client::builder().access_key(ACCESS_KEY_ID, ACCESS_KEY_SECRET).build().unwrap();
    Clients { aliyun, shop: top.shop(SESSION), top }
}

fn stamp() -> Stamp {
    Stamp::new(instant(), "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf")
}

/// Method, address and form of each request of a sample, one paragraph per request.
async fn wire<O: Sample>() -> String {
    let (clients, stamp) = (clients(), stamp());
    let mut requests = Vec::new();
    for request in O::requests(&Values::documented()) {
        let prepared = clients.prepare(&request, &stamp).await.unwrap();
        requests.push(format!("{} {}\n{}", method_name(&prepared), prepared.url, prepared.form.expose()));
    }
    requests.join("\n\n")
}

fn method_name(prepared: &PreparedRequest) -> String {
    format!("{:?}", prepared.method).to_uppercase()
}

async fn snapshot<O: Sample>() {
    let wire = wire::<O>().await;
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(O::NAME, wire);
    });
}

#[tokio::test]
async fn every_operation_is_sent_as_it_was() {
    each_operation!(async snapshot);
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots")).unwrap();
    let files: BTreeSet<_> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let expected = samples::names().into_iter().map(|name| format!("{name}.snap"));
    assert_eq!(files, expected.collect(), "one snapshot of each operation, and no others");
}

/// The signatures of two of the forms by OpenSSL:
/// `printf %s "POST&%2F&$encoded" | openssl dgst -sha1 -hmac 'testSecret&' -binary | openssl base64` and
/// `printf %s "$names_and_values" | openssl dgst -sha256 -hmac app-secret`.
#[tokio::test]
async fn the_signatures_are_those_that_openssl_computes() {
    let [bind, decrypt] = [wire::<aliyun::BindAxb>().await, wire::<top::OaidDecrypt>().await];
    assert!(bind.ends_with("&Signature=vWf3LWh2EzxI%2FRe95TXlyEDlLlc%3D"));
    assert!(decrypt.ends_with("&sign=0E415B93E5F01725BC2DD6305231EBA7ACF78448C19DFD1145C779DB92BBAF66"));
}
