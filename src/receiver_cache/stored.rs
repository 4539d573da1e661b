//! The form of a receiver in the store: TOP's own field names, so that the answer's parser reads it.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::redact::Private;
use crate::store::StoreError;
use crate::time::china_text;
use crate::top::{Receiver, ReceiverQuery};

#[derive(Serialize)]
struct Written<'a> {
    query_oaid: &'a Private,
    receiver: Fields<'a>,
}

#[derive(Deserialize)]
struct Read {
    query_oaid: Private,
    receiver: Receiver,
}

#[derive(Serialize)]
struct Fields<'a> {
    name: Option<&'a Private>,
    mobile: Option<&'a str>,
    address_detail: Option<&'a Private>,
    phone: Option<&'a Private>,
    oaid: Option<&'a Private>,
    tid: Option<&'a str>,
    order_id: Option<&'a str>,
    town: Option<&'a Private>,
    district: Option<&'a Private>,
    city: Option<&'a Private>,
    state: Option<&'a Private>,
    country: Option<&'a Private>,
    matched: Option<bool>,
    secret_no_expire_time: Option<String>,
    privacy_protection: Option<bool>,
    desensitize_rule: Option<&'a str>,
}

pub(super) fn write(query: &ReceiverQuery, receiver: &Receiver) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    // Each field by name: a new one must not be forgotten here.
    let Receiver {
        name,
        mobile,
        address_detail,
        phone,
        oaid,
        tid,
        order_id,
        town,
        district,
        city,
        state,
        country,
        matched,
        secret_no_expire_time,
        privacy_protection,
        desensitize_rule,
    } = receiver;
    let receiver = Fields {
        name: name.as_ref(),
        mobile: mobile.as_ref().map(|mobile| mobile.expose()),
        address_detail: address_detail.as_ref(),
        phone: phone.as_ref(),
        oaid: oaid.as_ref(),
        tid: tid.as_deref(),
        order_id: order_id.as_deref(),
        town: town.as_ref(),
        district: district.as_ref(),
        city: city.as_ref(),
        state: state.as_ref(),
        country: country.as_ref(),
        matched: *matched,
        secret_no_expire_time: secret_no_expire_time.as_ref().map(china_text),
        privacy_protection: *privacy_protection,
        desensitize_rule: desensitize_rule.as_deref(),
    };
    let written = Written { query_oaid: &query.oaid, receiver };
    serde_json::to_vec(&written).map(Zeroizing::new).map_err(|_| damaged())
}

/// The receiver, and the OAID that it was asked for with.
pub(super) fn read(value: &[u8]) -> Result<(Private, Receiver), StoreError> {
    let Read { query_oaid, receiver } = serde_json::from_slice(value).map_err(|_| damaged())?;
    Ok((query_oaid, receiver))
}

fn damaged() -> StoreError {
    StoreError::Corrupt("it is not a receiver".into())
}
