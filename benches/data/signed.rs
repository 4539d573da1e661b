//! The same requests as a client signs them.

use chrono::Utc;
use futures_util::FutureExt;
use percent_encoding::percent_decode_str;
use privacy_number::sign::Stamp;
use privacy_number::{Params, aliyun, top};

use super::{APP_KEY, APP_SECRET, KEY, SECRET, SESSION, bind_axb, decrypt};

/// A client that sends nothing.
pub(crate) fn aliyun_client() -> aliyun::Client {
    aliyun::Client::builder().access_key(KEY, SECRET).build().unwrap()
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
