//! One attempt that is signed in its headers, by ACS3.

use reqwest::Url;

use crate::redact::{Private, Secret};
use crate::sign::acs3::{CanonicalRequest, authorization, must_be_signed, payload_hash, signature};
use crate::sign::explain::{Explanation, explain_acs3};
use crate::sign::pop::HttpMethod;

/// As the official SDKs write it.
const FORM: &str = "application/x-www-form-urlencoded";

/// One attempt before it is signed.
pub(super) struct Attempt {
    method: HttpMethod,
    /// The parameters of the action: the query of a GET, the body of a POST.
    form: Vec<u8>,
    payload_hash: String,
    /// All headers of the request, `host` among them.
    headers: Vec<(&'static str, Private)>,
}

/// What the headers of an attempt say.
pub(super) struct Facts<'a> {
    pub(super) endpoint: &'a Url,
    pub(super) action: &'a str,
    pub(super) version: &'a str,
    pub(super) time: String,
    pub(super) nonce: &'a str,
    pub(super) security_token: Option<&'a Secret>,
}

impl Attempt {
    pub(super) fn new(method: HttpMethod, form: Vec<u8>, facts: Facts<'_>) -> Self {
        let has_body = method != HttpMethod::Get;
        let payload_hash = payload_hash(if has_body { &form } else { b"" });
        let headers = [
            ("accept", "application/json".into()),
            ("host", host(facts.endpoint).into()),
            ("x-acs-action", facts.action.into()),
            ("x-acs-content-sha256", payload_hash.as_str().into()),
            ("x-acs-date", facts.time.into()),
            ("x-acs-signature-nonce", facts.nonce.into()),
            ("x-acs-version", facts.version.into()),
        ];
        let content_type = has_body.then(|| ("content-type", FORM.into()));
        let token = facts.security_token.map(|token| ("x-acs-security-token", token.expose().into()));
        let headers = headers.into_iter().chain(content_type).chain(token).collect();
        Self { method, form, payload_hash, headers }
    }

    /// The form, and the headers with the signature.
    pub(super) fn signed(mut self, key_id: &Private, secret: &Secret) -> (Vec<u8>, Vec<(&'static str, Private)>) {
        let authorization = self.with_canonical(|request| {
            let signature = signature(secret, &request.string_to_sign());
            authorization(key_id.expose(), request.headers, &signature)
        });
        // The HTTP client writes this one, from the URL.
        self.headers.retain(|(name, _)| *name != "host");
        self.headers.push(("authorization", authorization.into()));
        (self.form, self.headers)
    }

    pub(super) fn explain(&self, gateway_text: Option<&str>) -> Explanation {
        self.with_canonical(|request| explain_acs3(request, gateway_text))
    }

    fn with_canonical<T>(&self, read: impl FnOnce(&CanonicalRequest<'_>) -> T) -> T {
        let headers = self.headers.iter().filter(|(name, _)| must_be_signed(name));
        let headers: Vec<_> = headers.map(|(name, value)| (*name, value.expose())).collect();
        let Self { method, payload_hash, .. } = self;
        let query = if *method == HttpMethod::Get { &*self.form } else { b"" };
        // Percent-encoded text is ASCII.
        let query = std::str::from_utf8(query).unwrap_or_default();
        read(&CanonicalRequest { method: *method, query, headers: &headers, payload_hash })
    }
}

/// The header `Host` that the HTTP client sends for this URL: the port only if it is not the default one.
fn host(endpoint: &Url) -> String {
    let host = endpoint.host_str().unwrap_or_default();
    endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
