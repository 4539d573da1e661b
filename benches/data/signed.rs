//! The same requests as a client signs them.

use chrono::Utc;
use futures_util::FutureExt;
use percent_encoding::percent_decode_str;
use privacy_number::sign::Stamp;
use privacy_number::sign::acs3::must_be_signed;
use privacy_number::{Params, aliyun, top};

use super::{APP_KEY, APP_SECRET, KEY, SECRET, SESSION, bind_axb, decrypt};

/// A client that sends nothing.
pub(crate) fn aliyun_client() -> aliyun::Client {
    aliyun::Client::builder().access_key(KEY, SECRET).build().unwrap()
}

/// The same with the signature in the headers.
pub(crate) fn acs3_client() -> aliyun::Client {
    let builder = aliyun::Client::builder().access_key(KEY, SECRET);
    builder.signature_version(aliyun::SignatureVersion::Acs3).build().unwrap()
}

/// The headers of a binding that ACS3 signs.
pub(crate) fn acs3_headers() -> Vec<(String, String)> {
    let prepared = acs3_client().prepare(&bind_axb(), &stamp()).now_or_never().unwrap().unwrap();
    let signed = prepared.headers.iter().filter(|(name, _)| must_be_signed(name));
    let signed = signed.map(|(name, value)| ((*name).to_owned(), value.expose().to_owned()));
    signed.chain([("host".to_owned(), "dyplsapi.aliyuncs.com".to_owned())]).collect()
}

/// The form body of a binding under ACS3.
pub(crate) fn acs3_form() -> String {
    let prepared = acs3_client().prepare(&bind_axb(), &stamp()).now_or_never().unwrap().unwrap();
    prepared.form.expose().to_owned()
}

/// A shop that sends nothing.
pub(crate) fn shop() -> top::Shop {
    top::Client::builder().app(APP_KEY, APP_SECRET).build().unwrap().shop(SESSION)
}

pub(crate) fn stamp() -> Stamp {
    Stamp::new(Utc::now(), "7c9e6679-7425-40de-944b-e07fc1f90ae7")
}

/// The signed parameters of a binding, in the order in which the client adds them.
pub(crate) fn pop_params() -> Params {
    let prepared = aliyun_client().prepare(&bind_axb(), &stamp()).now_or_never().unwrap().unwrap();
    signed(prepared.form.expose(), "Signature")
}

/// The signed parameters of a decryption.
pub(crate) fn top_params() -> Params {
    let prepared = shop().prepare(&decrypt(), &stamp()).now_or_never().unwrap().unwrap();
    signed(prepared.form.expose(), "sign")
}

fn signed(form: &str, signature: &str) -> Params {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    form.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .filter(|(name, _)| *name != signature)
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
