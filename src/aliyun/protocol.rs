//! Aliyun's RPC envelope: common parameters and signature around a request; `Code`, `Message` and `RequestId` beside
//! the content of an answer.

use reqwest::Url;
use serde::Deserialize;

use super::client::Account;
use super::credentials::Credentials;
use super::error_code::{ban_scope, classify};
use crate::call::{BanScope, Fault, Format, Protocol, RawAnswer, WireRequest};
use crate::decode::{Document, Success, Syntax, lenient, parse_xml, says, syntax, without_byte_order_mark};
use crate::error::{Code, RequestId, ServiceFacts};
use crate::params::{Params, Sorted};
use crate::redact::Private;
use crate::sign::Stamp;
use crate::sign::explain::{Explanation, explain_signed_pop};
use crate::sign::pop::{HttpMethod, signed_form};
use crate::time::utc_text;

/// One call of one action.
pub(super) struct PopCall<'a> {
    pub(super) account: &'a Account,
    pub(super) credentials: &'a Credentials,
    pub(super) endpoint: &'a Url,
    pub(super) version: &'static str,
    pub(super) action: &'static str,
    pub(super) answers_code: bool,
    pub(super) method: HttpMethod,
    pub(super) params: &'a Params,
}

impl PopCall<'_> {
    /// Everything that is signed.
    fn signed_params<'a>(&'a self, nonce: &'a str, timestamp: &'a str) -> Sorted<'a> {
        let credentials = self.credentials;
        let common = [
            ("AccessKeyId", credentials.access_key_id.expose()),
            ("Action", self.action),
            ("Format", if self.account.format == Format::Json { "JSON" } else { "XML" }),
            ("RegionId", "cn-hangzhou"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", timestamp),
            ("Version", self.version),
        ];
        let token = credentials.security_token.as_ref().map(|token| ("SecurityToken", token.expose()));
        common.into_iter().chain(token).chain(self.params.iter()).collect()
    }
}

impl Protocol for PopCall<'_> {
    fn request(&self, stamp: &Stamp) -> WireRequest<'_> {
        let timestamp = utc_text(stamp.time);
        let params = self.signed_params(&stamp.nonce, &timestamp);
        let form = signed_form(self.method, &params, &self.credentials.access_key_secret);
        WireRequest { endpoint: self.endpoint, method: self.method, form }
    }

    fn success<'a>(&self, answer: &'a RawAnswer) -> Option<Success<'a>> {
        const CODE: &str = "Code";
        let json = std::str::from_utf8(&answer.body).ok()?;
        ((200..300).contains(&answer.status) && says(json, CODE, "OK")).then_some(Success::Whole(CODE, json))
    }

    fn judge(&self, answer: &RawAnswer) -> Result<Document, Fault> {
        let Some((envelope, document)) = read(answer, self.action) else {
            return Err(Fault::unreadable(answer, "the answer is not Aliyun's"));
        };
        match envelope.code() {
            Some("OK") if (200..300).contains(&answer.status) => Ok(document),
            None if !self.answers_code && (200..300).contains(&answer.status) => Ok(document),
            Some(code) if code != "OK" => {
                let code = code.to_owned();
                Err(classify(envelope.into_facts(code, answer.status), answer.retry_after()))
            }
            _ => Err(Fault::unreadable(answer, "the answer does not say `OK`")),
        }
    }

    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation> {
        let is_refused_signature = facts.code.as_str() == "SignatureDoesNotMatch";
        let gateway_text = facts.message.as_ref().map(Private::expose).filter(|text| text.contains("string to sign"));
        is_refused_signature.then(|| {
            let timestamp = utc_text(stamp.time);
            explain_signed_pop(self.method, &self.signed_params(&stamp.nonce, &timestamp), gateway_text)
        })
    }

    fn classify_refusal(&self, facts: ServiceFacts) -> Fault {
        classify(facts, None)
    }

    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope> {
        Some(ban_scope(facts.code.as_str()))
    }
}

/// What stands beside the content. The gateway's own errors may come with lower-case keys.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default, rename = "Code", deserialize_with = "lenient::optional")]
    code: Option<String>,
    #[serde(default, rename = "Message", deserialize_with = "lenient::optional")]
    message: Option<Private>,
    #[serde(default, rename = "RequestId", deserialize_with = "lenient::optional")]
    request_id: Option<String>,
    #[serde(default, rename = "code", deserialize_with = "lenient::optional")]
    lower_code: Option<String>,
    #[serde(default, rename = "message", deserialize_with = "lenient::optional")]
    lower_message: Option<Private>,
    #[serde(default, rename = "requestId", deserialize_with = "lenient::optional")]
    lower_request_id: Option<String>,
}

impl Envelope {
    fn code(&self) -> Option<&str> {
        self.code.as_deref().or(self.lower_code.as_deref())
    }

    fn into_facts(self, code: String, http_status: u16) -> ServiceFacts {
        ServiceFacts {
            code: Code::from(code),
            sub_code: None,
            message: self.message.or(self.lower_message),
            request_id: self.request_id.or(self.lower_request_id).map(RequestId::from),
            http_status: Some(http_status),
            meaning: "",
            throttled: false,
            explanation: None,
        }
    }
}

fn read(answer: &RawAnswer, action: &str) -> Option<(Envelope, Document)> {
    let body = without_byte_order_mark(&answer.body);
    match syntax(&body) {
        Syntax::Json => {
            let envelope = serde_json::from_slice(&body).ok()?;
            Some((envelope, Document::Json(body)))
        }
        Syntax::Xml => {
            let (root, tree) = parse_xml(&body).ok()?;
            let expected = root == "Error" || root.strip_suffix("Response") == Some(action);
            let envelope = expected.then(|| Envelope::deserialize(&tree).ok()).flatten()?;
            Some((envelope, Document::Tree(tree)))
        }
        Syntax::Other => None,
    }
}
