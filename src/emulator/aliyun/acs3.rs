//! Requests that are signed in their headers by ACS3-HMAC-SHA256 ("V3"), as the newer SDKs do.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Request, StatusCode};

use super::call::Refusal;
use super::checks::{self, Verified, refused};
use crate::emulator::context::RequestContext;
use crate::emulator::request::Parameters;
use crate::emulator::signature;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
const NONCE: &str = "x-acs-signature-nonce";

/// The headers that the signature must cover. Clients cover others too: the names in `SignedHeaders` decide.
const MUST_BE_SIGNED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", NONCE, "x-acs-version"];

/// The prefix of `Authorization` decides: requests with signature 1.0 can have `x-acs-` headers too.
pub(crate) fn is_used(headers: &HeaderMap) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"ACS3-"))
}

/// The action of a request that is signed by ACS3.
pub(super) fn action(headers: &HeaderMap) -> Option<&str> {
    let action = headers.get("x-acs-action").filter(|_| is_used(headers))?;
    action.to_str().ok()
}

/// Checks everything except the nonce, which needs the state.
pub(super) fn verify<'a>(request: &'a Request<Bytes>, context: &RequestContext<'_>) -> Result<Verified<'a>, Refusal> {
    let headers = request.headers();
    checks::http_method(request.method())?;
    let action = checks::action(required(headers, "x-acs-action")?, required(headers, "x-acs-version")?)?;
    checks::method_of_action(action, request.method())?;
    let authorization = Authorization::parse(required(headers, AUTHORIZATION.as_str())?)?;
    let key = checks::access_key(authorization.credential, context)?;
    checks::timestamp(required(headers, "x-acs-date")?, context.now)?;
    let nonce = required(headers, NONCE)?;
    checks::security_token(value(headers, "x-acs-security-token"), &key)?;
    if let Some(missing) =
        MUST_BE_SIGNED.iter().find(|name| !authorization.signed_headers().any(|signed| signed == **name))
    {
        let message = format!("The header {missing} must be in SignedHeaders.");
        return Err(Refusal::gateway(StatusCode::BAD_REQUEST, "IncompleteSignature", message));
    }
    let payload = signature::sha256_hex(request.body());
    if value(headers, "x-acs-content-sha256") != Some(&payload) {
        return Err(refused("SignatureDoesNotMatch", "x-acs-content-sha256 is not the hash of the body."));
    }
    let query = Parameters::of_query(request).map_err(|_| refused("InvalidParameter", "The query is malformed."))?;
    let query = signature::canonical_query(query.iter());
    let canonical = canonical_request(request, &query, authorization.signed_headers, &payload)?;
    let text = string_to_sign(&canonical);
    if signature::acs3(&key.secret, &text).as_deref() == Some(authorization.signature) {
        return Ok(Verified { action, nonce });
    }
    let message = format!(
        "Specified signature does not match our calculation. server StringToSign is [{text}] server CanonicalRequest is \
         [{canonical}]"
    );
    Err(Refusal::gateway(StatusCode::BAD_REQUEST, "SignatureDoesNotMatch", message))
}

/// What a request that is signed by ACS3 says about its signature, for an explanation.
pub(crate) struct Signed<'a> {
    pub(crate) credential: &'a str,
    pub(crate) signature: &'a str,
    signed_headers: &'a str,
}

impl<'a> Signed<'a> {
    /// `None` if the request is not signed by ACS3, or its `Authorization` is incomplete.
    pub(crate) fn of(request: &'a Request<Bytes>) -> Option<Self> {
        let authorization = value(request.headers(), AUTHORIZATION.as_str()).filter(|_| is_used(request.headers()))?;
        let Authorization { credential, signed_headers, signature } = Authorization::parse(authorization).ok()?;
        Some(Self { credential, signature, signed_headers })
    }

    /// The header that the signature must cover and does not.
    pub(crate) fn unsigned_header(&self) -> Option<&'static str> {
        let is_signed = |name: &str| self.signed_headers.split(';').any(|signed| signed == name);
        MUST_BE_SIGNED.into_iter().find(|name| !is_signed(name))
    }

    /// Whether `x-acs-content-sha256` is the hash of the body.
    pub(crate) fn has_hash_of_body(request: &Request<Bytes>) -> bool {
        value(request.headers(), "x-acs-content-sha256") == Some(&signature::sha256_hex(request.body()))
    }

    /// The canonical request, with this canonical query. `None` if a header is missing.
    pub(crate) fn canonical(&self, request: &Request<Bytes>, query: &str) -> Option<String> {
        let payload = signature::sha256_hex(request.body());
        canonical_request(request, query, self.signed_headers, &payload).ok()
    }
}

/// The string to sign of a canonical request.
pub(crate) fn string_to_sign(canonical: &str) -> String {
    format!("{ALGORITHM}\n{}", signature::sha256_hex(canonical.as_bytes()))
}

/// What is signed, over the headers that the client names. The path is `/` whatever the endpoint is.
fn canonical_request(
    request: &Request<Bytes>,
    query: &str,
    signed_headers: &str,
    payload: &str,
) -> Result<String, Refusal> {
    let mut names: Vec<_> = signed_headers.split(';').collect();
    names.sort_unstable();
    let mut canonical_headers = String::new();
    for name in names {
        let value = required(request.headers(), name)?;
        canonical_headers.extend([name, ":", value.trim(), "\n"]);
    }
    let method = request.method().as_str();
    Ok(format!("{method}\n/\n{query}\n{canonical_headers}\n{signed_headers}\n{payload}"))
}

/// `ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>`.
struct Authorization<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        let incomplete = || refused("IncompleteSignature", "The header Authorization is incomplete.");
        let (algorithm, members) = text.split_once(' ').ok_or_else(incomplete)?;
        if algorithm != ALGORITHM {
            return Err(refused("InvalidSignatureMethod", "Specified signature algorithm is not supported."));
        }
        let member = |name: &str| {
            let mut members = members.split(',').map(str::trim);
            members.find_map(|member| member.strip_prefix(name)?.strip_prefix('=')).ok_or_else(incomplete)
        };
        let (credential, signed_headers) = (member("Credential")?, member("SignedHeaders")?);
        Ok(Self { credential, signed_headers, signature: member("Signature")? })
    }

    fn signed_headers(&self) -> impl Iterator<Item = &'a str> {
        self.signed_headers.split(';')
    }
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn required<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Refusal> {
    value(headers, name).ok_or_else(|| {
        let shown = if name.eq_ignore_ascii_case(HOST.as_str()) { "Host" } else { name };
        let message = format!("The header {shown} is mandatory for this signature.");
        Refusal::gateway(StatusCode::BAD_REQUEST, "MissingParameter", message)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The request of a vector, with its query as a form writes it: `+` for a space.
    fn request(vector: &Value) -> Request<Bytes> {
        let text = |name: &str| vector[name].as_str().unwrap();
        let query = text("canonical_query").replace("%20", "+");
        let mut request = Request::builder().method(text("method")).uri(format!("/anywhere?{query}"));
        for (name, value) in vector["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let body = vector["body"].as_str().unwrap_or_default();
        request.header(AUTHORIZATION, text("authorization")).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn the_vectors_of_the_official_packages_are_verified() {
        let file: Value = serde_json::from_str(include_str!("../../../tests/fixtures/acs3/vectors.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 15);
        for vector in vectors {
            let request = request(vector);
            let authorization = Authorization::parse(vector["authorization"].as_str().unwrap()).ok().unwrap();
            let payload = signature::sha256_hex(request.body());
            assert_eq!(payload, vector["payload_sha256"], "{}", vector["name"]);
            let query = Parameters::of_query(&request).ok().unwrap();
            let query = signature::canonical_query(query.iter());
            let canonical = canonical_request(&request, &query, authorization.signed_headers, &payload).ok().unwrap();
            assert_eq!(canonical, vector["canonical_request"], "{}", vector["name"]);
            let text = string_to_sign(&canonical);
            assert_eq!(text, vector["string_to_sign"], "{}", vector["name"]);
            let secret = vector["access_key_secret"].as_str().unwrap();
            assert_eq!(signature::acs3(secret, &text).unwrap(), vector["signature"], "{}", vector["name"]);
            assert_eq!(authorization.credential, vector["access_key_id"], "{}", vector["name"]);
        }
    }
}
