//! Aliyun's RPC ("POP") signature, version 1.0: HMAC-SHA1 over a sorted, doubly encoded query.
//!
//! Source: Dyplsapi reference, chapter 3.3 (signature).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::encode::{Encoder, Once, Twice};
use crate::params::{Params, Sorted};
use crate::redact::Secret;

/// How the request is sent; it is the first word of the text to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum HttpMethod {
    /// Every parameter in the form body, so that no number, token or signature is ever in a URL.
    #[default]
    Post,
    /// Every parameter in the query.
    Get,
}

impl HttpMethod {
    fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
        }
    }
}

/// Stage 1: every parameter but `Signature`, sorted by the bytes of its name, encoded and joined. An empty value stays
/// as `Name=`.
#[must_use]
pub fn canonicalized_query(params: &Params) -> String {
    signed(params).form_encoded(0).into_text()
}

/// Stage 2: method, encoded path `/`, and the [`canonicalized_query`] encoded once more.
///
/// ```
/// use privacy_number::Params;
/// use privacy_number::sign::pop::{HttpMethod, string_to_sign};
///
/// let params: Params = [("Version", "2017-05-25"), ("Action", "SendSms")].into_iter().collect();
/// let text = string_to_sign(HttpMethod::Get, &params);
/// assert_eq!(text, "GET&%2F&Action%3DSendSms%26Version%3D2017-05-25");
/// ```
#[must_use]
pub fn string_to_sign(method: HttpMethod, params: &Params) -> String {
    text_to_sign(method, &signed(params)).into_text()
}

/// Stage 3: HMAC-SHA1 under the access key secret and `&`, in Base64.
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::sign::pop::signature;
///
/// let text = "GET&%2F&Action%3DSendSms%26Version%3D2017-05-25";
/// assert_eq!(signature(&Secret::from("testSecret"), text), "Yq7lBOe/zNjj8HXk+bNZH1UQqV4=");
/// ```
#[must_use]
pub fn signature(access_key_secret: &Secret, string_to_sign: &str) -> String {
    SigningKey::new(access_key_secret.clone()).signature(string_to_sign)
}

/// An access key secret made ready to sign with, for many signatures. Wiped from memory when dropped.
///
/// ```
/// use privacy_number::sign::pop::{HttpMethod, SigningKey, string_to_sign};
/// use privacy_number::{Params, Secret};
///
/// let key = SigningKey::new(Secret::from("testSecret"));
/// let params: Params = [("Version", "2017-05-25"), ("Action", "SendSms")].into_iter().collect();
/// assert_eq!(key.signature(&string_to_sign(HttpMethod::Get, &params)), "Yq7lBOe/zNjj8HXk+bNZH1UQqV4=");
/// ```
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret,
    keyed: Option<Hmac<Sha1>>,
}

impl SigningKey {
    /// From the access key secret as Aliyun shows it, without the `&`.
    #[must_use]
    pub fn new(access_key_secret: Secret) -> Self {
        // Made large enough at once: text that grows leaves its former place unwiped.
        let secret = access_key_secret.expose();
        let mut key = Zeroizing::new(String::with_capacity(secret.len().saturating_add(1)));
        key.push_str(secret);
        key.push('&');
        // HMAC takes a key of any length.
        let keyed = Hmac::new_from_slice(key.as_bytes()).ok();
        Self { secret: access_key_secret, keyed }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.secret.is_empty()
    }

    /// HMAC-SHA1 of the text, in Base64.
    #[must_use]
    pub fn signature(&self, string_to_sign: impl AsRef<[u8]>) -> String {
        let mac = self.keyed.clone().map(|key| key.chain_update(string_to_sign).finalize().into_bytes());
        mac.map_or_else(String::new, |mac| STANDARD.encode(mac))
    }
}

impl PartialEq for SigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl Eq for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// All stages at once: the sorted query, encoded once, with the signature at its end.
pub(crate) fn signed_form(method: HttpMethod, params: &Sorted<'_>, key: &SigningKey) -> Vec<u8> {
    /// The name, and the Base64 of 20 bytes.
    const SIGNATURE: usize = "&Signature=".len() + 28;
    let length = params.plain_length().saturating_add(SIGNATURE);
    let mut both = (Once::with_capacity(length), beginning(method, params));
    both.push_pairs(params.iter());
    let (mut form, text) = both;
    form.push_raw("&Signature=");
    form.push(&key.signature(text.as_bytes()));
    form.into_bytes()
}

pub(super) fn text_to_sign(method: HttpMethod, params: &Sorted<'_>) -> Twice {
    let mut text = beginning(method, params);
    text.push_pairs(params.iter());
    text
}

/// The method and the encoded path `/`, with room for all that follows.
fn beginning(method: HttpMethod, params: &Sorted<'_>) -> Twice {
    Twice::after([method.as_str(), "&%2F&"], params.plain_length())
}

/// What the signature covers.
pub(super) fn signed(params: &Params) -> Sorted<'_> {
    params.iter().filter(|(name, _)| *name != "Signature").collect()
}
