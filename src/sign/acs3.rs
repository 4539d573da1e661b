//! Aliyun's signature ACS3-HMAC-SHA256 ("V3"): HMAC-SHA256 over a canonical form of the whole request, sent in the
//! header `Authorization`.
//!
//! Source: Alibaba Cloud, "Request structure and signature of V3" (V3版本请求体&签名机制), and the official SDKs that
//! sign with it.

use std::borrow::Cow;
use std::fmt;

use hmac::Hmac;
use sha2::{Digest, Sha256};

use super::hmac;
use super::pop::HttpMethod;
use crate::params::encode::hexadecimal;
use crate::params::{Params, SortedParams};
use crate::redact::Secret;

/// The name of the algorithm: the first line of the string to sign, and the first word of `Authorization`.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Whether a header must be signed: `host`, `content-type` and all whose names begin with `x-acs-`. Others may be.
///
/// ```
/// use privacy_number::sign::acs3::must_be_signed;
///
/// assert!(must_be_signed("Host") && must_be_signed("x-acs-date"));
/// assert!(!must_be_signed("accept") && !must_be_signed("authorization"));
/// ```
#[must_use]
pub fn must_be_signed(header: &str) -> bool {
    let name = lower_case(header);
    name.starts_with("x-acs-") || name == "host" || name == "content-type"
}

/// Stage 1: the parameters of the query, sorted by the bytes of their names, percent-encoded and joined. An empty value
/// stays as `Name=`. Parameters in the body are not part of it.
#[must_use]
pub fn canonical_query(params: &Params) -> String {
    params.iter().collect::<SortedParams<'_>>().form_encoded(0).into_text()
}

/// Stage 2: one line `name:value` for each header, sorted by name, with the names in lower case and the values trimmed.
/// Each line ends with a line feed.
#[must_use]
pub fn canonical_headers(headers: &[(&str, &str)]) -> String {
    let mut lines = String::with_capacity(headers.len().saturating_mul(64));
    for (name, value) in sorted(headers) {
        [&*name, ":", value, "\n"].into_iter().for_each(|part| lines.push_str(part));
    }
    lines
}

/// Stage 3: the names of the headers of stage 2 in the same order, joined by `;`.
#[must_use]
pub fn signed_headers(headers: &[(&str, &str)]) -> String {
    let mut names = String::with_capacity(headers.len().saturating_mul(24));
    for (index, (name, _)) in sorted(headers).into_iter().enumerate() {
        if index > 0 {
            names.push(';');
        }
        names.push_str(&name);
    }
    names
}

/// Stage 4: SHA-256 of the body, exactly as it is sent, in lower-case hexadecimal. It is also the header
/// `x-acs-content-sha256`.
///
/// ```
/// use privacy_number::sign::acs3::payload_hash;
///
/// assert_eq!(payload_hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
#[must_use]
pub fn payload_hash(body: &[u8]) -> String {
    lower_case_hexadecimal(&Sha256::digest(body))
}

/// Stage 5: what is signed of a request. `Debug` shows only the method and the names of the headers.
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::sign::acs3::{CanonicalRequest, authorization, payload_hash, signature};
/// use privacy_number::sign::pop::HttpMethod;
///
/// // The example of the vendor's page.
/// let headers = [
///     ("host", "ecs.cn-shanghai.aliyuncs.com"),
///     ("x-acs-action", "RunInstances"),
///     ("x-acs-content-sha256", &payload_hash(b"")),
///     ("x-acs-date", "2023-10-26T10:22:32Z"),
///     ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
///     ("x-acs-version", "2014-05-26"),
/// ];
/// let request = CanonicalRequest {
///     method: HttpMethod::Post,
///     query: "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
///     headers: &headers,
///     payload_hash: &payload_hash(b""),
/// };
/// let signature = signature(&Secret::from("YourAccessKeySecret"), &request.string_to_sign());
/// assert_eq!(signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
/// assert!(authorization("YourAccessKeyId", &headers, &signature).ends_with(&signature));
/// ```
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the signature covers these and nothing else")]
pub struct CanonicalRequest<'a> {
    /// The HTTP method. The path is `/` for every action, whatever the endpoint is.
    pub method: HttpMethod,
    /// The [`canonical_query`]; empty if there are no parameters in the query.
    pub query: &'a str,
    /// The headers that are signed: at least those that [`must_be_signed`].
    pub headers: &'a [(&'a str, &'a str)],
    /// The [`payload_hash`].
    pub payload_hash: &'a str,
}

impl CanonicalRequest<'_> {
    /// The canonical request: the method, the path, the query, the headers, their names and the hash of the body, one
    /// after the other.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { method, query, headers, payload_hash } = self;
        let (method, lines, names) = (method.as_str(), canonical_headers(headers), signed_headers(headers));
        format!("{method}\n/\n{query}\n{lines}\n{names}\n{payload_hash}")
    }

    /// Stage 6: the name of the algorithm and the hash of the canonical request.
    #[must_use]
    pub fn string_to_sign(&self) -> String {
        string_to_sign(&self.text())
    }
}

impl fmt::Debug for CanonicalRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = signed_headers(self.headers);
        f.debug_struct("CanonicalRequest")
            .field("method", &self.method)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// Stage 6 for a canonical request that is a text already.
#[must_use]
pub fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", payload_hash(canonical_request.as_bytes()))
}

/// Stage 7: HMAC-SHA256 under the access key secret, in lower-case hexadecimal. The secret is the whole key, without
/// the `&` of signature 1.0.
#[must_use]
pub fn signature(access_key_secret: &Secret, string_to_sign: &str) -> String {
    let mac = hmac::<Hmac<Sha256>>(access_key_secret.expose().as_bytes(), string_to_sign.as_bytes());
    lower_case_hexadecimal(&mac)
}

/// Stage 8: the value of the header `Authorization`. `headers` are those of the [`CanonicalRequest`].
#[must_use]
pub fn authorization(access_key_id: &str, headers: &[(&str, &str)], signature: &str) -> String {
    let names = signed_headers(headers);
    format!("{ALGORITHM} Credential={access_key_id},SignedHeaders={names},Signature={signature}")
}

/// The headers with names in lower case and trimmed values, sorted by name.
pub(super) fn sorted<'a>(headers: &[(&'a str, &'a str)]) -> Vec<(Cow<'a, str>, &'a str)> {
    let mut sorted: Vec<_> = headers.iter().map(|(name, value)| (lower_case(name), value.trim())).collect();
    sorted.sort_by(|(name, _), (other, _)| name.cmp(other));
    sorted
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

fn lower_case_hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| hexadecimal(*byte)).map(|digit| char::from(digit.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests;
