//! Aliyun's RPC envelope: common parameters and signature around a request; `Code`, `Message` and `RequestId` beside
//! the content of an answer.

use std::borrow::Cow;

use reqwest::Url;

use super::client::Account;
use super::credentials::Credentials;
use super::error_code::{ban_scope, classify};
use crate::answer::{Envelope, ResultMembers, Summary};
use crate::error::{Code, RequestId, ServiceFacts};
use crate::limit::BanScope;
use crate::params::{Params, SortedParams};
use crate::redact::Private;
use crate::send::{Fault, Format, Protocol, RawAnswer, WireRequest};
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
    fn signed_params<'a>(&'a self, nonce: &'a str, timestamp: &'a str) -> SortedParams<'a> {
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

    /// What a code calls for; `message` stands nearer to the code than that of `members`.
    fn fault(&self, code: &str, message: Option<&str>, members: &ResultMembers<'_>, answer: &RawAnswer) -> Fault {
        let message = message.or(members.message.as_deref());
        let facts = ServiceFacts {
            code: Code::from(code.to_owned()),
            sub_code: None,
            message: message.map(|message| Private::from(message.to_owned())),
            request_id: members.request_id.as_deref().map(|id| RequestId::from(id.to_owned())),
            http_status: Some(answer.status),
            meaning: "",
            throttled: false,
            explanation: None,
        };
        classify(facts, answer.retry_after(), self.action)
    }
}

impl Protocol for PopCall<'_> {
    fn request(&self, stamp: &Stamp) -> WireRequest<'_> {
        let timestamp = utc_text(stamp.time);
        let params = self.signed_params(&stamp.nonce, &timestamp);
        let form = signed_form(self.method, &params, &self.credentials.access_key_secret);
        WireRequest { endpoint: self.endpoint, method: self.method, form }
    }

    fn envelope(&self) -> Envelope<'_> {
        Envelope {
            root: Cow::Borrowed(self.action),
            root_suffix: "Response",
            error_root: "Error",
            has_root_in_json: false,
        }
    }

    fn judge(&self, answer: &RawAnswer, summary: &Summary<'_>) -> Result<(), Fault> {
        let members = match &summary.error {
            Some(error) => error,
            None if summary.has_content => &summary.outer,
            None => return Err(Fault::unreadable(answer, "the answer is not Aliyun's")),
        };
        let (code, error_code) = (members.code(), members.any_error_code());
        let is_good = summary.error.is_none() && (200..300).contains(&answer.status);
        let is_doubtful = members.codes_differ || members.succeeded || members.is_unclear || code == Some("OK");
        match (code, error_code) {
            (_, Some(error_code)) if is_doubtful => Err(self.fault(error_code, None, members, answer).doubted()),
            (_, Some(error_code)) => Err(self.fault(error_code, None, members, answer)),
            // Nothing but `OK` is a success, not even what elsewhere means that there is no error.
            (Some(code), None) if code != "OK" => Err(self.fault(code, None, members, answer)),
            (None, None) if self.answers_code => Err(Fault::unreadable(answer, "the answer does not say `OK`")),
            _ if !is_good => Err(Fault::unreadable(answer, "the answer does not say `OK`")),
            _ if members.failed || members.is_unclear => {
                Err(Fault::contradictory(answer, members.request_id.as_deref()))
            }
            _ => Ok(()),
        }
    }

    fn judge_inside(&self, answer: &RawAnswer, summary: &Summary<'_>) -> Result<(), Fault> {
        let Summary { outer, inner, .. } = summary;
        match inner.any_error_code() {
            Some(code) => Err(self.fault(code, inner.message.as_deref(), outer, answer).doubted()),
            None if inner.failed || inner.is_unclear => Err(Fault::contradictory(answer, outer.request_id.as_deref())),
            None => Ok(()),
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
        classify(facts, None, self.action)
    }

    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope> {
        Some(ban_scope(facts.code.as_str()))
    }
}
