use super::exchange::WireRequest;
use crate::redact::Private;
use crate::sign::pop::HttpMethod;

/// A signed request that was not sent, made by [`top::Client::prepare`](crate::top::Client::prepare) and its like: to
/// compare with another client's request, or to send by other means. It is valid once, for some minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreparedRequest {
    /// The HTTP method: the parameters belong in the body (POST) or in the query (GET).
    pub method: HttpMethod,
    /// The URL, without the parameters.
    pub url: String,
    /// `name=value&name=value`, percent-encoded: all parameters and, unless it is in the headers, the signature.
    pub form: Private,
    /// The headers to send, apart from `Host`, which is that of the URL. Empty unless the signature is in them
    /// ([`SignatureVersion::Acs3`](crate::aliyun::SignatureVersion::Acs3)); the form of a POST then needs the
    /// `Content-Type` `application/x-www-form-urlencoded`.
    pub headers: Vec<(&'static str, Private)>,
}

impl From<WireRequest<'_>> for PreparedRequest {
    fn from(request: WireRequest<'_>) -> Self {
        let WireRequest { endpoint, method, form, headers } = request;
        // Percent-encoded text is ASCII.
        let form = String::from_utf8(form).unwrap_or_default();
        Self { method, url: endpoint.as_str().to_owned(), form: form.into(), headers }
    }
}
