//! Uploads a file by a form, `multipart/form-data`: no credentials of the client, no redirects, nothing logged.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Method, Request, Url};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::endpoint;
use super::fault::Cause;
use super::http::Transport;
use crate::answer::parse_xml;
use crate::error::{Remedy, may_hold_a_number};

/// The longest code of a file server that is shown.
const MAX_CODE: usize = 64;

/// A form with one file. The body is wiped from memory when it is dropped.
pub(crate) struct UploadForm<'a> {
    /// Names without quotes, and any values. Sent before the file.
    pub(crate) fields: &'a [(&'static str, &'a str)],
    pub(crate) file_name: &'static str,
    pub(crate) file_type: &'static str,
    pub(crate) file: &'a [u8],
}

/// The answer of the file server.
pub(crate) struct Uploaded {
    pub(crate) status: u16,
    /// The code of its error, if it is a name.
    pub(crate) code: Option<String>,
}

/// Why there is no answer of the file server.
pub(crate) enum UploadFault {
    /// The address is no HTTPS address.
    BadHost,
    /// A client of the user's own followed a redirect.
    Redirected,
    /// There is no connection, it broke, or the upload took too long.
    Broken,
}

/// Posts a form to the address that a gateway named. Plain HTTP only if the gateway is reached by it too, on this
/// machine or on the gateway's own host.
pub(super) async fn upload(
    transport: &Transport,
    host: &str,
    gateway: &Url,
    form: UploadForm<'_>,
    timeout: Duration,
) -> Result<Uploaded, UploadFault> {
    let url = upload_url(host, gateway).ok_or(UploadFault::BadHost)?;
    let boundary = Uuid::new_v4().simple().to_string();
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
    let content_type = content_type.map_err(|_| UploadFault::BadHost)?;
    let mut request = Request::new(Method::POST, url);
    request.headers_mut().insert(CONTENT_TYPE, content_type);
    // This kind of body cannot be cloned, so that a client of the user's own cannot send it to another address.
    *request.body_mut() = Some(Body::wrap(Full::new(form.body(&boundary))));
    let answer = transport.exchange(request, timeout).await.map_err(|fault| match fault.cause {
        Cause::Decode(_) if fault.remedy == Remedy::FixRequest => UploadFault::Redirected,
        _ => UploadFault::Broken,
    })?;
    Ok(Uploaded { status: answer.status, code: code_of(&answer.body) })
}

fn upload_url(host: &str, gateway: &Url) -> Option<Url> {
    let host = host.trim();
    let url = Url::parse(host).ok()?;
    let is_gateways_host = url.host_str() == gateway.host_str();
    let url = endpoint::parse(host, url.path(), is_gateways_host).ok()?;
    (url.scheme() == "https" || gateway.scheme() == "http").then_some(url)
}

impl UploadForm<'_> {
    /// The fields in their order, and the file as the last one.
    fn body(&self, boundary: &str) -> Bytes {
        let mut parts: Vec<[&[u8]; 5]> = Vec::new();
        for (name, value) in self.fields {
            let head = b"\r\nContent-Disposition: form-data; name=\"";
            parts.push([boundary.as_bytes(), head, name.as_bytes(), b"\"\r\n\r\n", value.as_bytes()]);
        }
        let head = format!(
            "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            self.file_name, self.file_type
        );
        parts.push([boundary.as_bytes(), head.as_bytes(), b"", b"", self.file]);
        let delimiters = boundary.len().saturating_add(16).saturating_mul(2);
        let lengths = parts.iter().flatten().map(|piece| piece.len()).fold(delimiters, usize::saturating_add);
        // All of it at once: a vector that grows would leave copies behind.
        let capacity = lengths.saturating_add(parts.len().saturating_mul(8));
        let mut body = Zeroizing::new(Vec::with_capacity(capacity));
        for part in parts {
            body.extend_from_slice(b"--");
            part.iter().for_each(|piece| body.extend_from_slice(piece));
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Bytes::from_owner(body)
    }
}

/// `Code` of an error document. The text is another server's: only a name is kept.
fn code_of(body: &[u8]) -> Option<String> {
    let (_, tree) = parse_xml(body).ok()?;
    let code = tree.get("Code").and_then(Value::as_str)?;
    let is_name = code.len() <= MAX_CODE && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    (is_name && !may_hold_a_number(code)).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_addresses_are_posted_to_unless_the_gateway_is_on_plain_http_too() {
        let real = Url::parse("https://dyplsapi.aliyuncs.com/").unwrap();
        let emulator = Url::parse("http://127.0.0.1:8700/").unwrap();
        let service = Url::parse("http://gateway.internal:8700/").unwrap();
        let taken = |host: &str, gateway: &Url| upload_url(host, gateway).is_some();
        for host in ["https://bucket.oss-cn-zhangjiakou.aliyuncs.com", "https://h:8443/path"] {
            assert!(taken(host, &real) && taken(host, &emulator), "{host}");
        }
        for host in ["http://bucket.aliyuncs.com", "http://dyplsapi.aliyuncs.com", "http://127.0.0.1/"] {
            assert!(!taken(host, &real), "{host}");
        }
        for host in ["ftp://h/", "h", "", "https://u:p@h/", "https://h/?q=1", "https://h/#f", "https://h/ x"] {
            assert!(!taken(host, &real) && !taken(host, &emulator), "{host}");
        }
        assert!(taken("http://127.0.0.1:8700/_emulator/uploads", &emulator));
        assert!(!taken("http://bucket.aliyuncs.com", &emulator));
        assert!(taken("http://gateway.internal:8700/_emulator/uploads", &service));
        assert!(!taken("http://other.internal/", &service));
    }

    #[test]
    fn the_body_has_the_fields_in_order_and_the_file_last_and_did_not_grow() {
        let form = UploadForm {
            fields: &[("key", "100001/a.jpg"), ("policy", "cG9saWN5")],
            file_name: "photo.jpg",
            file_type: "image/jpeg",
            file: b"\xFF\xD8\xFF\r\n--",
        };
        let expected = [
            b"--b0\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n100001/a.jpg\r\n".as_slice(),
            b"--b0\r\nContent-Disposition: form-data; name=\"policy\"\r\n\r\ncG9saWN5\r\n",
            b"--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\n",
            b"Content-Type: image/jpeg\r\n\r\n\xFF\xD8\xFF\r\n--\r\n--b0--\r\n",
        ];
        assert_eq!(form.body("b0"), expected.concat());
    }

    #[test]
    fn only_a_name_is_taken_for_a_code() {
        let error = |code: &str| code_of(format!("<Error><Code>{code}</Code></Error>").as_bytes());
        assert_eq!(error("AccessDenied").as_deref(), Some("AccessDenied"));
        for other in ["", "15000000001", "no name", "张", &"x".repeat(65)] {
            assert_eq!(error(other).filter(|code| !code.is_empty()), None, "{other}");
        }
        assert_eq!(code_of(b"<html>"), None);
    }
}
