//! Aliyun's RPC ("POP") signature, version 1.0: HMAC-SHA1 over a sorted query that is percent-encoded twice.
//!
//! Source: Dyplsapi reference, chapter 3.3 (signature).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::params::encode::{DoubleEncoded, Encoded, Encoder};
use crate::params::{Params, SortedParams};
use crate::redact::Secret;

/// The HTTP method of a request. It is the first part of the string to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum HttpMethod {
    /// All parameters are in the form body, so that no number, token or signature is in a URL.
    #[default]
    Post,
    /// All parameters are in the query.
    Get,
}

impl HttpMethod {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
        }
    }
}

/// Stage 1: all parameters except `Signature`, sorted by the bytes of their names, percent-encoded and joined. An empty
/// value stays as `Name=`.
#[must_use]
pub fn canonicalized_query(params: &Params) -> String {
    signed(params).form_encoded(0).into_text()
}

/// Stage 2: the method, the encoded path `/`, and the [`canonicalized_query`] encoded a second time.
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

/// An access key secret, prepared for many signatures. Wiped from memory when dropped.
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
    /// Prepares the access key secret as Aliyun shows it, without the `&`.
    #[must_use]
    pub fn new(access_key_secret: Secret) -> Self {
        // Reserves the full length first: a buffer that grows leaves its old memory unwiped.
        let secret = access_key_secret.expose();
        let mut key = Zeroizing::new(String::with_capacity(secret.len().saturating_add(1)));
        key.push_str(secret);
        key.push('&');
        // HMAC takes a key of any length.
        let keyed = Hmac::new_from_slice(key.as_bytes()).ok();
        Self { secret: access_key_secret, keyed }
    }

    /// The access key secret, for the signatures of other kinds.
    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
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

/// All stages in one: the sorted parameters, encoded once, with the signature at the end.
pub(crate) fn signed_form(method: HttpMethod, params: &SortedParams<'_>, key: &SigningKey) -> Vec<u8> {
    /// The length of the name and of 20 bytes in Base64.
    const SIGNATURE: usize = "&Signature=".len() + 28;
    let length = params.plain_length().saturating_add(SIGNATURE);
    let mut both = (Encoded::with_capacity(length), text_prefix(method, params));
    both.push_pairs(params.iter());
    let (mut form, text) = both;
    form.push_raw("&Signature=");
    form.push(&key.signature(text.as_bytes()));
    form.into_bytes()
}

pub(super) fn text_to_sign(method: HttpMethod, params: &SortedParams<'_>) -> DoubleEncoded {
    let mut text = text_prefix(method, params);
    text.push_pairs(params.iter());
    text
}

/// The method and the encoded path `/`, with room for the parameters.
fn text_prefix(method: HttpMethod, params: &SortedParams<'_>) -> DoubleEncoded {
    DoubleEncoded::starting_with([method.as_str(), "&%2F&"], params.plain_length())
}

/// The parameters that are signed: all except `Signature`.
pub(super) fn signed(params: &Params) -> SortedParams<'_> {
    params.iter().filter(|(name, _)| *name != "Signature").collect()
}
