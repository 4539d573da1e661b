//! Alibaba Cloud's Phone Number Protection (Dyplsapi), and one action of its Phone Number Service (Dytnsapi).

pub(crate) mod acs3;
mod action;
mod batch;
mod binding;
mod blacklist;
mod call;
mod call_status;
mod checks;
mod group;
mod json_parameter;
mod number_status;
mod pick_up_slot;
mod recording;
pub(crate) mod recording_file;
mod secret_no;
pub(crate) mod seed;
mod sms;
pub(crate) mod state;
mod subscription;
mod tracking;
mod waybill;
mod x_number;

use std::borrow::Cow;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, StatusCode};
use serde_json::Value;

use super::answer::{Answer, Members, PopFormat, members};
use super::context::RequestContext;
use super::ledger::Decision;
use super::request::{Malformed, Parameters, Received};
use action::{Action, Product};
use call::{Call, Refusal, Site};

/// Every action, family by family. No two have the same name.
static FAMILIES: [&[Action]; 13] = [
    binding::ACTIONS,
    batch::ACTIONS,
    group::ACTIONS,
    subscription::ACTIONS,
    call_status::ACTIONS,
    sms::ACTIONS,
    recording::ACTIONS,
    secret_no::ACTIONS,
    blacklist::ACTIONS,
    tracking::ACTIONS,
    waybill::ACTIONS,
    pick_up_slot::ACTIONS,
    number_status::ACTIONS,
];

/// Answers a request to the gateway's path.
pub(crate) fn answer(received: &Received<'_>, context: &RequestContext<'_>) -> Answer {
    let parameters = &received.parameters;
    let parameter = |name| parameters.as_ref().ok().and_then(|parameters| parameters.get(name));
    let format = parameters.as_ref().map_or(PopFormat::Json, checks::format_of_answer);
    let headers = received.request.headers();
    let action = parameter("Action").or_else(|| acs3::action(headers)).and_then(action_named);
    let product = parameter("Version").and_then(Product::of_version).unwrap_or(Product::Dyplsapi);
    let outcome = match parameters {
        _ if acs3::is_used(headers) => Err(acs3::refusal()),
        Ok(parameters) => run(received.request, parameters, context),
        Err(Malformed::Encoding) => Err(unreadable("The parameters are not UTF-8.")),
        Err(Malformed::Duplicate(_)) => Err(unreadable("A parameter was sent more than once.")),
    };

    let operation = action.map_or(Decision::UNKNOWN_OPERATION, |action| action.name);
    let root_of_action = format!("{operation}Response");
    let (status, root, mut answer, decision) = match outcome {
        Ok(answer) => (StatusCode::OK, root_of_action.as_str(), taken(action, answer), Decision::executed(operation)),
        Err(refusal) => {
            let decision = Decision::refused(operation, refusal.code().to_owned());
            match refusal {
                Refusal::Business { code, message } => {
                    let answer = members([("Code", Value::from(code)), ("Message", Value::from(message))]);
                    (StatusCode::OK, root_of_action.as_str(), answer, decision)
                }
                Refusal::InData { data, .. } => {
                    let answer = members([("Data", Value::Object(data))]);
                    (StatusCode::OK, root_of_action.as_str(), taken(action, answer), decision)
                }
                Refusal::Gateway { status, code, message } => {
                    (status, "Error", error(product, code, &message), decision)
                }
            }
        }
    };
    let request_id = context.pop_request_id();
    let decision = decision.with_request_id(&request_id);
    answer.insert("RequestId".to_owned(), Value::String(request_id));
    Answer { status, content_type: format.content_type(), body: format.write(root, answer).into(), decision }
}

fn run(request: &Request<Bytes>, parameters: &Parameters, context: &RequestContext<'_>) -> Result<Members, Refusal> {
    let checked = checks::request(request.method(), parameters, context)?;
    let mut state = context.lock_state();
    checks::nonce(checked.nonce, &mut state, context.now)?;
    let site = Site { host: host(request), access_key: &context.accounts.access_key };
    let mut call = Call { parameters, state: &mut state, now: context.now, site };
    (checked.action.run)(&mut call)
}

/// Case counts.
fn action_named(name: &str) -> Option<&'static Action> {
    FAMILIES.into_iter().flatten().find(|action| action.name == name)
}

/// Under which name the caller knows this server.
fn host(request: &Request<Bytes>) -> &str {
    let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or("localhost")
}

/// The answer of a request that the product took, with what all such answers have.
fn taken(action: Option<&Action>, mut answer: Members) -> Members {
    answer.entry("Message").or_insert_with(|| Value::from("OK"));
    if action.is_none_or(|action| action.has_code) {
        answer.insert("Code".to_owned(), Value::from("OK"));
    } else {
        answer.insert("HttpStatusCode".to_owned(), Value::from(StatusCode::OK.as_u16()));
    }
    answer
}

fn unreadable(message: &'static str) -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, "InvalidParameter", message)
}

fn error(product: Product, code: Cow<'static, str>, message: &str) -> Members {
    let recommend = format!("https://error-center.aliyun.com/status/search?Keyword={code}&source=PopGw");
    members([
        ("HostId", Value::from(product.host())),
        ("Code", Value::from(code)),
        ("Message", Value::from(message)),
        ("Recommend", Value::from(recommend)),
    ])
}
