use crate::sign::acs3::ALGORITHM;

/// How the requests of a client are signed. Both signatures are accepted for every operation, says the vendor's page on
/// the older one; the page calls the older one discontinued, without an end date.
///
/// ```
/// use privacy_number::aliyun::{Client, SignatureVersion};
///
/// let builder = Client::builder().access_key("id", "secret");
/// let client = builder.signature_version(SignatureVersion::Acs3).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[doc(alias = "签名")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SignatureVersion {
    /// HMAC-SHA1 over the parameters; the signature is one of them. See [`sign::pop`](crate::sign::pop).
    #[default]
    V1_0,
    /// HMAC-SHA256 over the whole request, in the header `Authorization` ("V3"); see
    /// [`sign::acs3`](crate::sign::acs3). The newer official SDKs sign so by default. The action, its version, the
    /// time, the nonce and the token of a temporary key are headers too. Responses are in JSON, whatever the
    /// [`format`](super::ClientBuilder::format) is: no document says how to ask for XML.
    ///
    /// With POST, the default, the parameters are in the form body, so that no phone number is in a URL. **This is
    /// uncertain**: the common rules of the signature allow a form body, but the official SDKs send the parameters of
    /// these operations in the query of a POST, and nobody has tried the form body at the live service of Phone Number
    /// Protection. With [`HttpMethod::Get`](super::HttpMethod::Get) the parameters are in the query, where proxies log
    /// them; the operations on pick-up waybills keep the form body. Try one safe operation, such as [`QuerySubscriptionDetail`](super::QuerySubscriptionDetail), before you
    /// rely on it: if the gateway ignored the body, it would answer that a parameter is missing.
    Acs3,
}

impl SignatureVersion {
    /// The name: `1.0` or `ACS3-HMAC-SHA256`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::Acs3 => ALGORITHM,
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::V1_0, Self::Acs3].into_iter().find(|version| version.as_str().eq_ignore_ascii_case(name.trim()))
    }
}
