//! Aliyun's RPC ("POP") signature, version 1.0: HMAC-SHA1 over a sorted, doubly encoded query.
//!
//! Source: Dyplsapi reference, chapter 3.3 (signature).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::encode::push_encoded;
use crate::params::{Params, join_encoded};
use crate::redact::Secret;

/// How the request is sent; it is the first word of the text to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
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
    join_encoded(params.sorted().into_iter().filter(|(name, _)| *name != "Signature"))
}

/// Stage 2: method, encoded path `/`, and the query encoded once more.
#[must_use]
pub fn string_to_sign(method: HttpMethod, canonicalized_query: &str) -> String {
    let mut text = String::with_capacity(canonicalized_query.len().saturating_mul(2));
    text.push_str(method.as_str());
    text.push_str("&%2F&");
    push_encoded(&mut text, canonicalized_query);
    text
}

/// Stage 3: HMAC-SHA1 under the access key secret and `&`, in Base64.
///
/// ```
/// use privacy_number::sign::pop::{HttpMethod, canonicalized_query, signature, string_to_sign};
/// use privacy_number::{Params, Secret};
///
/// let params: Params = [("Version", "2017-05-25"), ("Action", "SendSms")].into_iter().collect();
/// let text = string_to_sign(HttpMethod::Get, &canonicalized_query(&params));
/// assert_eq!(text, "GET&%2F&Action%3DSendSms%26Version%3D2017-05-25");
/// assert_eq!(signature(&Secret::from("testSecret"), &text), "Yq7lBOe/zNjj8HXk+bNZH1UQqV4=");
/// ```
#[must_use]
pub fn signature(access_key_secret: &Secret, string_to_sign: &str) -> String {
    // Made large enough at once: text that grows leaves its former place unwiped.
    let secret = access_key_secret.expose();
    let mut key = Zeroizing::new(String::with_capacity(secret.len().saturating_add(1)));
    key.push_str(secret);
    key.push('&');
    STANDARD.encode(super::hmac::<hmac::Hmac<Sha1>>(key.as_bytes(), string_to_sign.as_bytes()))
}
