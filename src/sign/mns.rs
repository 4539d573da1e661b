//! The signature of the Message Notification Service (MNS, today Simple Message Queue): HMAC-SHA1 over the lines of a
//! request.
//!
//! Source: MNS developer reference, "Signature" (签名).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;

use super::hmac;
use crate::redact::Secret;

/// The value of the header `x-mns-version`, which is signed.
pub const VERSION: &str = "2015-06-06";

/// A request as it is signed.
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::sign::mns::SignedLines;
///
/// let lines = SignedLines {
///     method: "GET",
///     content_md5: "",
///     content_type: "",
///     date: "Thu, 09 Jul 2015 03:01:34 GMT",
///     resource: "/MyQueue",
/// };
/// let secret = Secret::from("TestAccessSecret");
/// assert_eq!(lines.authorization("TestAccessID", &secret), "MNS TestAccessID:uwx3yeWoILzgmvesW0BQSgfM7b8=");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the signature has these lines and no others")]
pub struct SignedLines<'a> {
    /// The HTTP method in upper case.
    pub method: &'a str,
    /// The value of the header `Content-MD5`; empty if there is none. This crate sends none: it is optional, and the
    /// official clients disagree about its value.
    pub content_md5: &'a str,
    /// The value of the header `Content-Type`, exactly as it is sent; empty if there is none.
    pub content_type: &'a str,
    /// The value of the header `Date`: `Thu, 09 Jul 2015 03:01:34 GMT`.
    pub date: &'a str,
    /// The path and the query, exactly as they are sent.
    pub resource: &'a str,
}

impl SignedLines<'_> {
    /// The text that is signed.
    #[must_use]
    pub fn string_to_sign(&self) -> String {
        let Self { method, content_md5, content_type, date, resource } = self;
        format!("{method}\n{content_md5}\n{content_type}\n{date}\nx-mns-version:{VERSION}\n{resource}")
    }

    /// The value of the header `Authorization`. The secret is the whole key, without the `&` of other products.
    #[must_use]
    pub fn authorization(&self, access_key_id: &str, access_key_secret: &Secret) -> String {
        let mac = hmac::<Hmac<Sha1>>(access_key_secret.expose().as_bytes(), self.string_to_sign().as_bytes());
        format!("MNS {access_key_id}:{}", STANDARD.encode(mac))
    }
}
