//! Requests for messages, signed by a separate signer.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request};
use serde_json::Value;

use crate::emulator::Gateways;
use crate::emulator::tests::{aliyun, signer, start_time};

/// A token as `QueryTokenForMnsQueue` gives it.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) security_token: String,
}

/// A request for the messages of a queue. It is valid unless a test changes it.
#[derive(Clone)]
pub(super) struct MnsCall {
    pub(super) method: Method,
    resource: String,
    headers: Vec<(&'static str, String)>,
    body: String,
    token: Token,
}

pub(super) struct MnsReply {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) request_id: String,
}

pub(super) fn queue(message_type: &str) -> String {
    format!("Alicom-Queue-1000000000000001-{message_type}")
}

/// A token for the queue of `SecretReport`.
pub(super) fn token(gateways: &Gateways) -> Token {
    token_for(gateways, &queue("SecretReport"))
}

pub(super) fn token_for(gateways: &Gateways, queue: &str) -> Token {
    token_at(gateways, queue, gateways.clock().now())
}

fn token_at(gateways: &Gateways, queue: &str, now: DateTime<Utc>) -> Token {
    let call = aliyun("QueryTokenForMnsQueue").with("Timestamp", now.format("%Y-%m-%dT%H:%M:%SZ"));
    let answer = call.with("MessageType", "SecretReport").with("QueueName", queue).ok(gateways);
    let text = |name: &str| answer["MessageTokenDTO"][name].as_str().unwrap().to_owned();
    Token { id: text("AccessKeyId"), secret: text("AccessKeySecret"), security_token: text("SecurityToken") }
}

/// A request for the queue of `SecretReport`.
pub(super) fn get(token: &Token, query: &str) -> MnsCall {
    MnsCall::new(Method::GET, &queue("SecretReport"), query, "", token)
}

pub(super) fn delete(token: &Token, query: &str) -> MnsCall {
    MnsCall::new(Method::DELETE, &queue("SecretReport"), query, "", token)
}

pub(super) fn delete_batch<'a>(token: &Token, handles: impl IntoIterator<Item = &'a str>) -> MnsCall {
    let handles: String =
        handles.into_iter().map(|handle| format!("<ReceiptHandle>{handle}</ReceiptHandle>")).collect();
    let body = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><ReceiptHandles xmlns="http://mns.aliyuncs.com/doc/v1/">{handles}</ReceiptHandles>"#
    );
    delete(token, "").with_body(&body)
}

pub(super) fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl MnsCall {
    pub(super) fn new(method: Method, queue: &str, query: &str, body: &str, token: &Token) -> Self {
        let separator = if query.is_empty() { "" } else { "?" };
        let headers = vec![("date", http_date(start_time())), ("x-mns-version", "2015-06-06".to_owned())];
        Self {
            method,
            resource: format!("/queues/{queue}/messages{separator}{query}"),
            headers,
            body: body.to_owned(),
            token: token.clone(),
        }
        .with("security-token", &token.security_token)
    }

    /// Sets a header before the request is signed.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self
    }

    pub(super) fn with_body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self.with("content-type", "text/xml")
    }

    pub(super) fn at(self, time: DateTime<Utc>) -> Self {
        self.with("date", &http_date(time))
    }

    fn string_to_sign(&self) -> String {
        let header =
            |name: &str| self.headers.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| value.as_str());
        let date = if header("x-mns-date").is_empty() { header("date") } else { header("x-mns-date") };
        let mut signed: Vec<_> = self.headers.iter().filter(|(name, _)| name.starts_with("x-mns-")).collect();
        signed.sort();
        let signed: String = signed.into_iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let (md5, kind) = (header("content-md5"), header("content-type"));
        format!("{}\n{md5}\n{kind}\n{date}\n{signed}{}", self.method, self.resource)
    }

    /// The request at a server. An authorization that the test has set is kept.
    pub(super) fn request(&self, server: &str) -> Request<Bytes> {
        let mut request = Request::builder().method(&self.method).uri(format!("{server}{}", self.resource));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.headers.iter().any(|(name, _)| *name == "authorization") {
            let signature = signer::mns(&self.token.secret, &self.string_to_sign());
            request = request.header("authorization", format!("MNS {}:{signature}", self.token.id));
        }
        request.body(Bytes::from(self.body.clone())).unwrap()
    }

    pub(super) fn send(&self, gateways: &Gateways) -> MnsReply {
        let response = gateways.respond(self.request(""));
        let header = response.headers().get("x-mns-request-id");
        MnsReply {
            status: response.status().as_u16(),
            request_id: header.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default(),
            text: String::from_utf8(response.body().to_vec()).unwrap(),
        }
    }

    /// The messages of an answer. It must be a success.
    pub(super) fn messages(&self, gateways: &Gateways) -> Vec<Value> {
        let reply = self.send(gateways);
        assert_eq!(reply.status, 200, "{}", reply.text);
        messages(&reply.text)
    }

    /// The HTTP status and the code of a refusal.
    pub(super) fn refusal(&self, gateways: &Gateways) -> (u16, String) {
        self.send(gateways).refusal()
    }
}

impl MnsReply {
    pub(super) fn refusal(&self) -> (u16, String) {
        let error = elements(&self.text, "Error").pop().unwrap_or_else(|| panic!("{}: {}", self.status, self.text));
        assert_eq!(error["RequestId"], *self.request_id, "{}", self.text);
        (self.status, error["Code"].as_str().unwrap().to_owned())
    }
}

/// Each message with its elements.
pub(super) fn messages(text: &str) -> Vec<Value> {
    elements(text, "Message")
}

/// The children of each element with this name, as texts by name.
pub(super) fn elements(text: &str, name: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    for part in text.split(&close) {
        // The element itself, and not one whose name is longer.
        let starts = part.match_indices(&open).map(|(at, _)| &part[at + open.len()..]);
        let Some(inside) = starts.filter(|rest| rest.starts_with(['>', ' '])).last() else { continue };
        let children = inside[inside.find('>').unwrap() + 1..].split("</").filter_map(|child| {
            let (name, value) = child.rsplit_once('<')?.1.split_once('>')?;
            Some((name.to_owned(), Value::from(value)))
        });
        found.push(Value::Object(children.collect()));
    }
    found
}
