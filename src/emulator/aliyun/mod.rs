//! Alibaba Cloud's Phone Number Protection (Dyplsapi), and one action of its Phone Number Service (Dytnsapi).

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
mod state;
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
use super::gateways::Surroundings;
use super::ledger::Entry;
use super::request::{Malformed, Parameters};
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
pub(crate) fn answer(request: &Request<Bytes>, surroundings: &Surroundings<'_>) -> Answer {
    let parameters = Parameters::read(request);
    let parameter = |name| parameters.as_ref().ok().and_then(|parameters| parameters.get(name));
    let format = parameters.as_ref().map_or(PopFormat::Json, checks::format_of_answer);
    let action = parameter("Action").and_then(action_named);
    let product = parameter("Version").and_then(Product::of_version).unwrap_or(Product::Dyplsapi);
    let outcome = match &parameters {
        Ok(parameters) => run(request, parameters, surroundings),
        Err(Malformed::Encoding) => Err(unreadable("The parameters are not UTF-8.")),
        Err(Malformed::Duplicate(_)) => Err(unreadable("A parameter was sent more than once.")),
    };

    let operation = action.map_or(Entry::UNKNOWN_OPERATION, |action| action.name);
    let root_of_action = format!("{operation}Response");
    let (status, root, mut answer, entry) = match outcome {
        Ok(answer) => (StatusCode::OK, root_of_action.as_str(), taken(action, answer), Entry::executed(operation)),
        Err(refusal) => {
            let entry = Entry::refused(operation, refusal.code().to_owned());
            match refusal {
                Refusal::Business { code, message } => {
                    let answer = members([("Code", Value::from(code)), ("Message", Value::from(message))]);
                    (StatusCode::OK, root_of_action.as_str(), answer, entry)
                }
                Refusal::InData { data, .. } => {
                    let answer = members([("Data", Value::Object(data))]);
                    (StatusCode::OK, root_of_action.as_str(), taken(action, answer), entry)
                }
                Refusal::Gateway { status, code, message } => (status, "Error", error(product, code, &message), entry),
            }
        }
    };
    answer.insert("RequestId".to_owned(), Value::String(surroundings.pop_request_id()));
    Answer { status, content_type: format.content_type(), body: format.write(root, answer).into(), entry }
}

fn run(request: &Request<Bytes>, parameters: &Parameters, surroundings: &Surroundings<'_>) -> Result<Members, Refusal> {
    let checked = checks::request(request.method(), parameters, surroundings)?;
    let mut state = surroundings.lock_state();
    checks::nonce(checked.nonce, &mut state, surroundings.now)?;
    let site = Site { host: host(request), access_key: &surroundings.accounts.access_key };
    let mut call = Call { parameters, state: &mut state, now: surroundings.now, site };
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
