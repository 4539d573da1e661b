//! Aliyun's RPC envelope: common parameters or headers and the signature around a request; `Code`, `Message` and `RequestId` beside
//! the content of a response.

use std::borrow::Cow;
use std::sync::Arc;

use reqwest::Url;

use super::account::Account;
use super::acs3::{Attempt, Facts};
use super::credentials::Credentials;
use super::error_code::{ban_scope, classify};
use super::signature_version::SignatureVersion;
use crate::answer::{Envelope, ResultMembers, Summary};
use crate::error::{Code, RequestId, ServiceFacts};
use crate::limit::BanScope;
use crate::params::{Params, SortedParams};
use crate::redact::Private;
use crate::send::{Fault, Format, Protocol, RawResponse, UnsignedCall, WireRequest};
use crate::sign::Stamp;
use crate::sign::explain::{Explanation, explain_signed_pop};
use crate::sign::pop::{HttpMethod, signed_form};
use crate::time::utc_text;

const NO_SUCCESS_CODE: &str = "the answer has no success code";

/// One call of one action, without its key.
#[derive(Clone, Copy)]
pub(super) struct PopAction<'a> {
    pub(super) account: &'a Account,
    pub(super) endpoint: &'a Url,
    pub(super) version: &'static str,
    pub(super) name: &'static str,
    /// Empty: the answer has no code.
    pub(super) success_codes: &'static [&'static str],
    /// Empty: the object `Data` has no code of its own.
    pub(super) data_success_codes: &'static [&'static str],
    pub(super) method: HttpMethod,
    pub(super) params: &'a Params,
}

/// One call of one action.
pub(super) struct PopCall<'a> {
    action: PopAction<'a>,
    credentials: Arc<Credentials>,
}

impl<'a> UnsignedCall for PopAction<'a> {
    type Identity = Credentials;
    type Signed = PopCall<'a>;

    fn signed_with(&self, credentials: Arc<Credentials>) -> PopCall<'a> {
        PopCall { action: *self, credentials }
    }
}

impl PopCall<'_> {
    /// Whether a code is one with which this operation reports success. An operation without codes may send `OK`.
    fn is_success_code(&self, code: &str) -> bool {
        let success_codes = self.action.success_codes;
        success_codes.contains(&code) || (success_codes.is_empty() && code == "OK")
    }

    /// All parameters that are signed.
    fn signed_params<'a>(&'a self, nonce: &'a str, timestamp: &'a str) -> SortedParams<'a> {
        let Self { action, credentials } = self;
        let common = [
            ("AccessKeyId", credentials.access_key_id.expose()),
            ("Action", action.name),
            ("Format", if action.account.sender.format == Format::Json { "JSON" } else { "XML" }),
            ("RegionId", "cn-hangzhou"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", timestamp),
            ("Version", action.version),
        ];
        let token = credentials.security_token.as_ref().map(|token| ("SecurityToken", token.expose()));
        common.into_iter().chain(token).chain(action.params.iter()).collect()
    }

    /// An attempt that is signed in its headers.
    fn acs3(&self, stamp: &Stamp) -> Attempt {
        let Self { action, credentials } = self;
        let form = action.params.iter().collect::<SortedParams<'_>>().form_encoded(0).into_bytes();
        let facts = Facts {
            endpoint: action.endpoint,
            action: action.name,
            version: action.version,
            time: utc_text(stamp.time),
            nonce: &stamp.nonce,
            security_token: credentials.security_token.as_ref(),
        };
        Attempt::new(action.method, form, facts)
    }

    /// The fault that a code means. `message`, if there is one, replaces that of `members`.
    fn fault(&self, code: &str, message: Option<&str>, members: &ResultMembers<'_>, answer: &RawResponse) -> Fault {
        let message = message.or(members.message.as_deref());
        let facts = ServiceFacts {
            code: Code::from(code.to_owned()),
            sub_code: None,
            message: message.map(|message| Private::from(message.to_owned())),
            request_id: members.request_id.as_deref().map(|id| RequestId::from(id.to_owned())),
            http_status: Some(answer.status),
        };
        classify(facts, answer.retry_after(), self.action.name)
    }
}

impl Protocol for PopCall<'_> {
    fn request(&self, stamp: &Stamp) -> WireRequest<'_> {
        let PopAction { account, endpoint, method, .. } = self.action;
        let Credentials { access_key_id, access_key_secret, .. } = &*self.credentials;
        let (form, headers) = match account.signature_version {
            SignatureVersion::V1_0 => {
                let timestamp = utc_text(stamp.time);
                let params = self.signed_params(&stamp.nonce, &timestamp);
                (signed_form(method, &params, access_key_secret), Vec::new())
            }
            SignatureVersion::Acs3 => self.acs3(stamp).signed(access_key_id, access_key_secret.secret()),
        };
        WireRequest { endpoint, method, form, headers }
    }

    fn envelope(&self) -> Envelope<'_> {
        Envelope {
            root: Cow::Borrowed(self.action.name),
            root_suffix: "Response",
            error_root: "Error",
            has_root_in_json: false,
        }
    }

    fn judge(&self, answer: &RawResponse, summary: &Summary<'_>) -> Result<(), Fault> {
        let members = match &summary.error {
            Some(error) => error,
            None if summary.has_content => &summary.outer,
            None => return Err(Fault::unreadable(answer, "the answer is not Aliyun's")),
        };
        let code = members.code();
        let is_success_code = code.is_some_and(|code| self.is_success_code(code));
        // A success code of this operation may be an error code of others.
        let error_code = members.error_code.as_ref().filter(|error| !(is_success_code && Some(&***error) == code));
        let error_code = error_code.or(members.sub_code.as_ref());
        let is_good = summary.error.is_none() && (200..300).contains(&answer.status);
        let is_doubtful = members.codes_differ || members.succeeded || members.is_unclear || is_success_code;
        match (code, error_code) {
            (_, Some(error_code)) if is_doubtful => Err(self.fault(error_code, None, members, answer).doubted()),
            (_, Some(error_code)) => Err(self.fault(error_code, None, members, answer)),
            // Only the operation's own codes are a success, not those that mean no error for other operations.
            (Some(code), None) if !is_success_code => Err(self.fault(code, None, members, answer)),
            (None, None) if !self.action.success_codes.is_empty() => Err(Fault::unreadable(answer, NO_SUCCESS_CODE)),
            _ if !is_good => Err(Fault::unreadable(answer, NO_SUCCESS_CODE)),
            _ if members.failed || members.is_unclear || members.codes_differ => {
                Err(Fault::contradictory(answer, members.request_id.as_deref()))
            }
            // Half a result is no proof that a write was executed.
            _ if !self.action.data_success_codes.is_empty() && summary.inner.code().is_none() => {
                Err(Fault::contradictory(answer, members.request_id.as_deref()))
            }
            _ => Ok(()),
        }
    }

    fn judge_inside(&self, answer: &RawResponse, summary: &Summary<'_>) -> Result<(), Fault> {
        let Summary { outer, inner, .. } = summary;
        let wrong_code = || inner.code().filter(|code| !self.action.data_success_codes.contains(code));
        let wrong_code = if self.action.data_success_codes.is_empty() { None } else { wrong_code() };
        match inner.any_error_code().map(|code| &**code).or(wrong_code) {
            Some(code) => Err(self.fault(code, inner.message.as_deref(), outer, answer).doubted()),
            None if inner.failed || inner.is_unclear || inner.codes_differ => {
                Err(Fault::contradictory(answer, outer.request_id.as_deref()))
            }
            None => Ok(()),
        }
    }

    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation> {
        if facts.code.as_str() != "SignatureDoesNotMatch" {
            return None;
        }
        let message = facts.message.as_ref().map(Private::expose);
        Some(match self.action.account.signature_version {
            SignatureVersion::V1_0 => {
                let gateway_text = message.filter(|text| text.contains("string to sign"));
                let timestamp = utc_text(stamp.time);
                explain_signed_pop(self.action.method, &self.signed_params(&stamp.nonce, &timestamp), gateway_text)
            }
            SignatureVersion::Acs3 => self.acs3(stamp).explain(message),
        })
    }

    fn classify_refusal(&self, facts: ServiceFacts) -> Fault {
        classify(facts, None, self.action.name)
    }

    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope> {
        Some(ban_scope(facts.code.as_str()))
    }
}
