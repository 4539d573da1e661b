//! TOP's signature: a digest of the sorted names and values, concatenated without encoding.
//!
//! Source: TOP document 101617 (API calling protocol), chapter on the signature.

use hmac::Hmac;
use md5::{Digest, Md5};
use sha2::Sha256;

use crate::params::encode::hexadecimal;
use crate::params::{Params, SortedParams};
use crate::redact::Secret;

/// The digest, TOP's `sign_method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SignMethod {
    /// `md5`: MD5 over secret, text, secret. The default of the official SDKs.
    Md5,
    /// `hmac`: HMAC-MD5 under the secret. The name on the wire does not show the digest.
    HmacMd5,
    /// `hmac-sha256`: HMAC-SHA256 under the secret; the strongest documented digest.
    #[default]
    HmacSha256,
}

impl SignMethod {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::HmacMd5 => "hmac",
            Self::HmacSha256 => "hmac-sha256",
        }
    }
}

/// Stage 1: the names and values of all parameters, sorted by the bytes of their names and concatenated without
/// encoding.
/// `sign` and parameters with an empty name or value are left out.
#[must_use]
pub fn sorted_text(params: &Params) -> String {
    concatenated(&signed(params.iter()))
}

/// Stage 2: the digest of the text in upper-case hexadecimal.
///
/// ```
/// use privacy_number::sign::top::{SignMethod, sign, sorted_text};
/// use privacy_number::{Params, Secret};
///
/// let params: Params = [("foo", "1"), ("bar", "2"), ("foo_bar", "3"), ("foobar", "4")].into_iter().collect();
/// assert_eq!(sorted_text(&params), "bar2foo1foo_bar3foobar4");
/// assert_eq!(
///     sign(SignMethod::Md5, &Secret::from("helloworld"), &sorted_text(&params)),
///     "5AAF1C690262A24768F5478B084C2C8A"
/// );
/// ```
#[must_use]
pub fn sign(method: SignMethod, secret: &Secret, sorted_text: &str) -> String {
    let secret = secret.expose().as_bytes();
    let text = sorted_text.as_bytes();
    let digest = match method {
        SignMethod::Md5 => Md5::new().chain_update(secret).chain_update(text).chain_update(secret).finalize().to_vec(),
        SignMethod::HmacMd5 => super::hmac::<Hmac<Md5>>(secret, text),
        SignMethod::HmacSha256 => super::hmac::<Hmac<Sha256>>(secret, text),
    };
    digest.iter().flat_map(|byte| hexadecimal(*byte)).map(char::from).collect()
}

/// All stages in one: a form body of the sorted parameters, with the signature at its end.
pub(crate) fn signed_form(method: SignMethod, params: &SortedParams<'_>, secret: &Secret) -> Vec<u8> {
    const NAME: &str = "&sign=";
    let sign = sign(method, secret, &concatenated(params));
    let mut form = params.form_encoded(NAME.len().saturating_add(sign.len()));
    form.push_raw(NAME);
    form.push_raw(&sign);
    form.into_bytes()
}

/// The parameters to sign and send. The official SDKs disagree on empty values, so none is sent.
pub(crate) fn signed<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> SortedParams<'a> {
    params.filter(|(name, value)| !name.is_empty() && !value.is_empty() && *name != "sign").collect()
}

pub(super) fn concatenated(params: &SortedParams<'_>) -> String {
    let mut text = String::with_capacity(params.plain_length());
    for (name, value) in params.iter() {
        text.push_str(name);
        text.push_str(value);
    }
    text
}
