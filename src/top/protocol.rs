//! TOP's protocol: adds the system parameters and the signature to a request, and judges a response.

use std::borrow::Cow;
use std::sync::Arc;

use super::app::App;
use super::error_code::{ban_scope, classify, classify_refusal};
use super::session::CallSession;
use crate::answer::{Envelope, ResultMembers, Summary};
use crate::error::{Code, RequestId, ServiceFacts};
use crate::limit::BanScope;
use crate::params::{Params, SortedParams};
use crate::redact::{Private, Secret};
use crate::send::{Fault, Format, Protocol, RawResponse, UnsignedCall, WireRequest};
use crate::sign::Stamp;
use crate::sign::explain::{Explanation, explain_signed_top};
use crate::sign::pop::HttpMethod;
use crate::sign::top::{signed, signed_form};
use crate::time::china_text;

/// One call of one method.
pub(super) struct TopCall<'a> {
    pub(super) app: &'a App,
    pub(super) session: Option<Arc<CallSession>>,
    pub(super) method: &'static str,
    pub(super) params: &'a Params,
}

impl TopCall<'_> {
    /// The parameters that are signed: the system's and the operation's.
    fn signed_params<'a>(&'a self, timestamp: &'a str) -> SortedParams<'a> {
        let app = self.app;
        let system = [
            ("method", self.method),
            ("app_key", app.key.expose()),
            ("session", self.session().map_or("", Secret::expose)),
            ("timestamp", timestamp),
            ("format", if app.sender.format == Format::Json { "json" } else { "xml" }),
            ("v", "2.0"),
            ("sign_method", app.sign_method.as_str()),
        ];
        signed(system.into_iter().chain(self.params.iter()))
    }
}

impl UnsignedCall for TopCall<'_> {
    type Identity = CallSession;
    type Signed = Self;

    fn signed_with(&self, session: Arc<CallSession>) -> Self {
        Self { session: Some(session), ..*self }
    }
}

impl Protocol for TopCall<'_> {
    fn request(&self, stamp: &Stamp) -> WireRequest<'_> {
        let app = self.app;
        let timestamp = china_text(&stamp.time);
        let form = signed_form(app.sign_method, &self.signed_params(&timestamp), &app.secret);
        WireRequest { endpoint: &app.endpoint, method: HttpMethod::Post, form, headers: Vec::new() }
    }

    fn envelope(&self) -> Envelope<'_> {
        Envelope {
            root: Cow::Owned(response_root(self.method)),
            root_suffix: "",
            error_root: "error_response",
            has_root_in_json: true,
        }
    }

    fn judge(&self, answer: &RawResponse, summary: &Summary<'_>) -> Result<(), Fault> {
        let Summary { error, outer, inner, .. } = summary;
        if let Some(error) = error {
            let Some(code) = error.code() else {
                return Err(Fault::unreadable(answer, "the answer is not TOP's"));
            };
            let facts = facts(code, error.sub_code.as_deref(), [error, error], answer);
            let fault = classify(facts, answer.retry_after(), self.method);
            return Err(if summary.has_content { fault.doubted() } else { fault });
        }
        let code = outer.any_error_code().or(inner.any_error_code());
        // Any service's JSON may have a code; TOP's errors come with status 200.
        if !summary.has_content && (code.is_none() && !outer.failed || answer.status != 200) {
            return Err(Fault::unreadable(answer, "the answer is not TOP's"));
        }
        let (failed, succeeded) = (outer.failed || inner.failed, outer.succeeded || inner.succeeded);
        let is_unclear = outer.is_unclear || inner.is_unclear;
        if code.is_none() && !failed && !is_unclear {
            return if answer.status == 200 {
                Ok(())
            } else {
                Err(Fault::unreadable(answer, "the HTTP status is not 200"))
            };
        }
        let is_doubtful = is_unclear || succeeded || !failed && summary.has_content_members;
        // The work card's message code is an error code only if the call failed: a success has one too.
        let message_code = outer.message_code.as_ref().or(inner.message_code.as_ref()).filter(|_| failed);
        let Some(code) = code.or(message_code).map(AsRef::as_ref).or((!is_doubtful).then_some("success=false")) else {
            return Err(Fault::contradictory(answer, outer.request_id.as_deref()));
        };
        let sub_code = outer.sub_code.as_deref().filter(|sub_code| *sub_code != code);
        let facts = facts(code, sub_code, [outer, inner], answer);
        // A failure in a normal response has the service's own code.
        let fault = if failed && summary.has_content {
            classify_refusal(facts, self.method)
        } else {
            classify(facts, answer.retry_after(), self.method)
        };
        Err(if is_doubtful { fault.doubted() } else { fault })
    }

    /// `judge` has judged the inner object too.
    fn judge_inside(&self, _: &RawResponse, _: &Summary<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation> {
        (facts.code.as_str() == "25").then(|| explain_signed_top(&self.signed_params(&china_text(&stamp.time)), None))
    }

    fn classify_refusal(&self, facts: ServiceFacts) -> Fault {
        classify_refusal(facts, self.method)
    }

    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope> {
        ban_scope(facts.code.as_str(), facts.sub_code.as_ref().map(Code::as_str), self.method)
    }

    fn session(&self) -> Option<&Secret> {
        self.session.as_ref().map(|session| &session.sent)
    }
}

/// The method with `_` for `.`, without a leading `taobao_`, and `_response`. Only `taobao` is dropped.
fn response_root(method: &str) -> String {
    format!("{}_response", method.strip_prefix("taobao.").unwrap_or(method).replace('.', "_"))
}

/// The gateway's report of a failure. If both places hold a member, the first one counts.
fn facts(code: &str, sub_code: Option<&str>, members: [&ResultMembers<'_>; 2], answer: &RawResponse) -> ServiceFacts {
    let first = |text: for<'a> fn(&'a ResultMembers<'_>) -> Option<&'a str>| members.into_iter().find_map(text);
    let message = [first(|members| members.message.as_deref()), first(|members| members.sub_message.as_deref())];
    let message = message.into_iter().flatten().collect::<Vec<_>>().join("; ");
    ServiceFacts {
        code: Code::from(code.to_owned()),
        sub_code: sub_code.map(|code| Code::from(code.to_owned())),
        message: (!message.is_empty()).then(|| Private::from(message)),
        request_id: first(|members| members.request_id.as_deref()).map(|id| RequestId::from(id.to_owned())),
        http_status: Some(answer.status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_taobao_is_dropped_from_the_root() {
        assert_eq!(response_root("taobao.top.oaid.decrypt"), "top_oaid_decrypt_response");
        assert_eq!(
            response_root("tmall.servicecenter.workcard.virtualphone.bind"),
            "tmall_servicecenter_workcard_virtualphone_bind_response"
        );
    }
}
