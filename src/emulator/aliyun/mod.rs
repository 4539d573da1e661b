//! Alibaba Cloud's Phone Number Protection (Dyplsapi).

mod binding;
mod call;
mod checks;
mod subscription;

use std::borrow::Cow;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;

use super::answer::{Answer, Members, PopFormat, members};
use super::gateways::Surroundings;
use super::ledger::Entry;
use super::request::{Malformed, Parameters};
use call::{Call, Refusal};

const HOST: &str = "dyplsapi.aliyuncs.com";

/// An action that the gateway knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    BindAxb,
    UpdateSubscription,
    UnbindSubscription,
    QuerySubscriptionDetail,
}

/// Answers a request to the gateway's path.
pub(crate) fn answer(request: &Request<Bytes>, surroundings: &Surroundings<'_>) -> Answer {
    let parameters = Parameters::read(request);
    let format = parameters.as_ref().map_or(PopFormat::Json, checks::format_of_answer);
    let action = parameters.as_ref().ok().and_then(|parameters| parameters.get("Action")).and_then(Action::of_name);
    let outcome = match &parameters {
        Ok(parameters) => run(request.method(), parameters, surroundings),
        Err(Malformed::Encoding) => Err(unreadable("The parameters are not UTF-8.")),
        Err(Malformed::Duplicate(_)) => Err(unreadable("A parameter was sent more than once.")),
    };

    let operation = action.map_or(Entry::UNKNOWN_OPERATION, Action::name);
    let root_of_action = format!("{operation}Response");
    let (status, root, mut answer, entry) = match outcome {
        Ok(mut answer) => {
            answer.extend(members([("Code", Value::from("OK")), ("Message", Value::from("OK"))]));
            (StatusCode::OK, root_of_action.as_str(), answer, Entry::executed(operation))
        }
        Err(refusal) => {
            let entry = Entry::refused(operation, refusal.code().to_owned());
            match refusal {
                Refusal::Business { code, message } => {
                    let answer = members([("Code", Value::from(code)), ("Message", Value::from(message))]);
                    (StatusCode::OK, root_of_action.as_str(), answer, entry)
                }
                Refusal::Gateway { status, code, message } => (status, "Error", error(code, &message), entry),
            }
        }
    };
    answer.insert("RequestId".to_owned(), Value::String(surroundings.pop_request_id()));
    Answer { status, content_type: format.content_type(), body: format.write(root, answer), entry }
}

fn run(
    http_method: &http::Method,
    parameters: &Parameters,
    surroundings: &Surroundings<'_>,
) -> Result<Members, Refusal> {
    let checked = checks::request(http_method, parameters, surroundings)?;
    let mut state = surroundings.lock_state();
    checks::nonce(checked.nonce, &mut state, surroundings.now)?;
    let mut call = Call { parameters, state: &mut state, now: surroundings.now };
    match checked.action {
        Action::BindAxb => binding::bind_axb(&mut call),
        Action::UpdateSubscription => subscription::update(&mut call),
        Action::UnbindSubscription => subscription::unbind(&mut call),
        Action::QuerySubscriptionDetail => subscription::query_detail(&mut call),
    }
}

fn unreadable(message: &'static str) -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, "InvalidParameter", message)
}

fn error(code: Cow<'static, str>, message: &str) -> Members {
    let recommend = format!("https://error-center.aliyun.com/status/search?Keyword={code}&source=PopGw");
    members([
        ("HostId", Value::from(HOST)),
        ("Code", Value::from(code)),
        ("Message", Value::from(message)),
        ("Recommend", Value::from(recommend)),
    ])
}

impl Action {
    const ALL: [Action; 4] =
        [Action::BindAxb, Action::UpdateSubscription, Action::UnbindSubscription, Action::QuerySubscriptionDetail];

    fn name(self) -> &'static str {
        match self {
            Action::BindAxb => "BindAxb",
            Action::UpdateSubscription => "UpdateSubscription",
            Action::UnbindSubscription => "UnbindSubscription",
            Action::QuerySubscriptionDetail => "QuerySubscriptionDetail",
        }
    }

    /// Case counts.
    fn of_name(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.name() == name)
    }
}
