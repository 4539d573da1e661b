//! Requests to a queue, signed in their headers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Request, Url};
use serde_json::Value;

use super::error::QueueError;
use super::message::{self, WireMessage};
use super::token::{Token, Tokens};
use crate::aliyun::client::Client;
use crate::answer::parse_xml;
use crate::redact::Secret;
use crate::send::RawResponse;
use crate::sign::mns::{SignedLines, VERSION};

const XML: &str = "text/xml";

/// How much longer than the long poll a response may take.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// One queue of the service.
#[derive(Debug)]
pub(super) struct MnsQueue {
    pub(super) client: Client,
    pub(super) endpoint: Url,
    pub(super) queue_name: String,
    pub(super) tokens: Tokens,
}

impl MnsQueue {
    /// Receives messages; none if the queue stays empty for the long poll.
    pub(super) async fn receive(&self, messages: usize, wait: Duration) -> Result<Vec<WireMessage>, QueueError> {
        let query = format!("numOfMessages={messages}&waitseconds={}", wait.as_secs());
        let timeout = wait.saturating_add(RESPONSE_TIMEOUT);
        let response = match self.send(Method::GET, Some(&query), Bytes::new(), timeout).await {
            Err(QueueError::Refused { code: Some(code), .. }) if code == "MessageNotExist" => return Ok(Vec::new()),
            response => response?,
        };
        message::read(&response.body).ok_or(QueueError::Unreadable { http_status: response.status })
    }

    /// Deletes messages by their handles, at most 16. Returns how many were deleted. The visibility timeout of the
    /// others is over: they come again.
    pub(super) async fn delete(&self, handles: &[Secret]) -> Result<usize, QueueError> {
        if handles.is_empty() {
            return Ok(0);
        }
        let handle =
            |handle: &Secret| format!("<ReceiptHandle>{}</ReceiptHandle>", quick_xml::escape::escape(handle.expose()));
        let handles_in_xml: String = handles.iter().map(handle).collect();
        let body = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><ReceiptHandles xmlns="http://mns.aliyuncs.com/doc/v1/">{handles_in_xml}</ReceiptHandles>"#
        );
        let response = self.send(Method::DELETE, None, Bytes::from(body), RESPONSE_TIMEOUT).await?;
        Ok(handles.len().saturating_sub(undeleted(&response.body)))
    }

    /// Sends a request; once more with a new token if the token is refused.
    async fn send(
        &self,
        method: Method,
        query: Option<&str>,
        body: Bytes,
        timeout: Duration,
    ) -> Result<RawResponse, QueueError> {
        let token = self.tokens.current().await.map_err(QueueError::Token)?;
        match self.send_once(&token, method.clone(), query, body.clone(), timeout).await {
            Err(error) if error.refuses_the_token() => {
                self.tokens.refused(&token);
                let token = self.tokens.current().await.map_err(QueueError::Token)?;
                self.send_once(&token, method, query, body, timeout).await
            }
            result => result,
        }
    }

    async fn send_once(
        &self,
        token: &Arc<Token>,
        method: Method,
        query: Option<&str>,
        body: Bytes,
        timeout: Duration,
    ) -> Result<RawResponse, QueueError> {
        let mut url = self.endpoint.clone();
        url.set_path(&format!("/queues/{}/messages", self.queue_name));
        url.set_query(query);
        let mut request = Request::new(method, url);
        self.sign(&mut request, token, !body.is_empty());
        if !body.is_empty() {
            *request.body_mut() = Some(Body::from(body));
        }
        let response = self.client.exchange(request, timeout).await.map_err(QueueError::Transport)?;
        match response.status {
            200..300 => Ok(response),
            404 if undeleted(&response.body) > 0 => Ok(response),
            _ => Err(refusal(&response)),
        }
    }

    fn sign(&self, request: &mut Request, token: &Token, has_body: bool) {
        let content_type = if has_body { XML } else { "" };
        let date = self.client.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let url = request.url();
        let resource = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let method = request.method().as_str();
        let lines = SignedLines { method, content_md5: "", content_type, date: &date, resource: &resource };
        let credentials = &token.credentials;
        let authorization = lines.authorization(credentials.access_key_id.expose(), &credentials.access_key_secret);
        let headers = request.headers_mut();
        insert(headers, AUTHORIZATION, &authorization, true);
        insert(headers, DATE, &date, false);
        insert(headers, HeaderName::from_static("x-mns-version"), VERSION, false);
        insert(headers, HeaderName::from_static("security-token"), credentials.security_token.expose(), true);
        if has_body {
            insert(headers, CONTENT_TYPE, XML, false);
        }
    }
}

/// A text that no header can hold is left out: the service refuses the request then.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str, is_secret: bool) {
    if let Ok(mut value) = HeaderValue::from_str(text) {
        value.set_sensitive(is_secret);
        headers.insert(name, value);
    }
}

/// How many handles a response lists as not deleted: `Errors` with an `Error` for each.
pub(super) fn undeleted(body: &[u8]) -> usize {
    match parse_xml(body) {
        Ok((root, Value::Object(errors))) if root == "Errors" => {
            errors.get("Error").map_or(0, |error| error.as_array().map_or(1, Vec::len))
        }
        _ => 0,
    }
}

/// Reads a refusal: `Error` with a code.
fn refusal(response: &RawResponse) -> QueueError {
    let http_status = response.status;
    match parse_xml(&response.body) {
        Ok((root, Value::Object(error))) if root == "Error" => {
            let text = |name: &str| error.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            QueueError::Refused { http_status, code: text("Code"), request_id: text("RequestId") }
        }
        _ => QueueError::Unreadable { http_status },
    }
}
