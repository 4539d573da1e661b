//! The Taobao Open Platform.

mod call;
mod checks;
mod oaid;
mod refusals;
mod secret_group;
mod workcard;

use std::borrow::Cow;

use http::StatusCode;
use serde_json::Value;

use super::answer::{Answer, Members, TOP_ERROR, TopFormat, members};
use super::context::RequestContext;
use super::ledger::Decision;
use super::request::{Malformed, Parameters, Received};
use call::{Call, Refusal, Success};
pub(crate) use checks::format_of_answer;
pub(crate) use refusals::{is_magic_oaid, refusal};

/// The path of the gateway.
pub(crate) const PATH: &str = "/router/rest";

/// A method that the gateway knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    OaidDecrypt,
    OaidClientDecrypt,
    SecretGroupUpdate,
    SecretGroupQuery,
    WorkcardVirtualphoneBind,
}

/// Answers a request to the gateway's path.
pub(crate) fn answer(received: &Received<'_>, context: &RequestContext<'_>) -> Answer {
    let parameters = &received.parameters;
    let format = parameters.as_ref().map_or(TopFormat::Xml, checks::format_of_answer);
    let method = parameters.as_ref().ok().and_then(|parameters| parameters.get("method")).and_then(Method::of_name);
    let outcome = if matches!(*received.request.method(), http::Method::GET | http::Method::POST) {
        match parameters {
            Ok(parameters) => run(parameters, context),
            Err(Malformed::Encoding) => Err(Refusal::new(47, "Invalid encoding")),
            Err(Malformed::Duplicate(name)) => {
                let refusal = Refusal::new(41, format!("Invalid arguments:{name}"));
                Err(refusal.sub_code("isv.invalid-parameter"))
            }
        }
    } else {
        Err(Refusal::new(9, "Http action not allowed"))
    };

    let operation = method.map_or(Decision::UNKNOWN_OPERATION, Method::name);
    let (root, mut answer, decision) = match outcome {
        Ok(success) => {
            let decision = match success.failure {
                None => Decision::executed(operation),
                Some(code) => Decision::refused(operation, code),
            };
            let root = method.map(Method::root).unwrap_or_default();
            (root, success.members, decision)
        }
        Err(refusal) => {
            let members = refusal.members();
            (TOP_ERROR.to_owned(), members, Decision::refused(operation, refusal.verdict()))
        }
    };
    let request_id = context.top_request_id();
    let decision = decision.with_request_id(&request_id);
    answer.insert("request_id".to_owned(), Value::String(request_id));
    Answer {
        // Refusals too: the gateway tells them apart by the body alone.
        status: StatusCode::OK,
        content_type: format.content_type(),
        body: format.write(&root, answer).into(),
        decision,
    }
}

fn run(parameters: &Parameters, context: &RequestContext<'_>) -> Result<Success, Refusal> {
    let method = checks::request(parameters, context)?;
    let mut state = context.lock_state();
    let shop = checks::session(method, parameters, &state)?;
    let mut call = Call { parameters, state: &mut state, shop, now: context.now };
    match method {
        Method::OaidDecrypt => oaid::decrypt(&mut call),
        Method::OaidClientDecrypt => oaid::client_decrypt(&mut call),
        Method::SecretGroupUpdate => secret_group::update(&mut call),
        Method::SecretGroupQuery => secret_group::query(&mut call),
        Method::WorkcardVirtualphoneBind => workcard::bind(&mut call),
    }
}

fn root_of(name: &str) -> String {
    let name = name.strip_prefix("taobao.").unwrap_or(name);
    format!("{}_response", name.replace('.', "_"))
}

impl Method {
    const ALL: [Self; 5] = [
        Self::OaidDecrypt,
        Self::OaidClientDecrypt,
        Self::SecretGroupUpdate,
        Self::SecretGroupQuery,
        Self::WorkcardVirtualphoneBind,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::OaidDecrypt => "taobao.top.oaid.decrypt",
            Self::OaidClientDecrypt => "taobao.top.oaid.client.decrypt",
            Self::SecretGroupUpdate => "taobao.top.secret.group.update",
            Self::SecretGroupQuery => "taobao.top.secret.group.query",
            Self::WorkcardVirtualphoneBind => "tmall.servicecenter.workcard.virtualphone.bind",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The answer's root: of all namespaces only `taobao` is left out.
    fn root(self) -> String {
        root_of(self.name())
    }

    /// The token of the client's decryption stands for a session.
    fn needs_session(self) -> bool {
        self != Self::OaidClientDecrypt
    }
}

impl Refusal {
    fn members(&self) -> Members {
        let mut answer = members([("code", Value::from(self.code)), ("msg", Value::from(self.message.as_ref()))]);
        if let Some(sub_code) = &self.sub_code {
            answer.insert("sub_code".to_owned(), Value::from(sub_code.as_ref()));
        }
        if let Some(text) = &self.sub_message {
            answer.insert("sub_msg".to_owned(), Value::from(text.as_ref()));
        }
        answer
    }

    fn verdict(self) -> Cow<'static, str> {
        self.sub_code.unwrap_or_else(|| Cow::Owned(self.code.to_string()))
    }
}
