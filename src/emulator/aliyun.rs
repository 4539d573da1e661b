//! Alibaba Cloud's gateway: Phone Number Protection (Dyplsapi), and one action of Phone Number Service (Dytnsapi).

pub(crate) mod acs3;
mod action;
mod actions;
mod batch;
mod binding;
mod blacklist;
mod call;
mod call_status;
mod checks;
mod fixed_line;
mod form_data;
mod group;
mod json_parameter;
mod number700;
mod number_status;
pub(crate) mod photo_upload;
mod pick_up_time;
mod queue_token;
mod recording;
pub(crate) mod recording_file;
mod refusal;
mod report;
mod secret_no;
pub(crate) mod seed;
mod sms;
pub(crate) mod state;
mod subscription;
mod system_parameter;
mod tracking;
mod waybill;
mod work_number;
mod x_number;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, StatusCode};
use serde_json::Value;

use super::answer::{GatewayResponse, Members, PopFormat, members};
use super::context::RequestContext;
use super::ledger::Decision;
use super::request::{Malformed, Parameters, Received};
use action::{Action, Product};
pub(crate) use actions::names;
use call::{Call, RecordingHost, Refusal};
pub(crate) use checks::response_format;
pub(crate) use refusal::refusal_response;
pub(crate) use system_parameter::is_system_parameter;

/// The path of the gateway.
pub(crate) const PATH: &str = "/";

/// Answers a request to the gateway's path.
pub(crate) fn respond(received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
    let parameters = &received.parameters;
    let parameter = |name| parameters.as_ref().ok().and_then(|parameters| parameters.get(name));
    let format = parameters.as_ref().map_or(PopFormat::Json, response_format);
    let action = action_name(received).and_then(actions::action_by_name);
    let product = action.map(|action| action.product);
    let product = product.or_else(|| parameter("Version").and_then(Product::from_version)).unwrap_or(Product::Dyplsapi);
    let outcome = match parameters {
        Ok(parameters) => run(received.request, parameters, context),
        Err(Malformed::Encoding) => Err(invalid_parameter("The parameters are not UTF-8.")),
        Err(Malformed::Duplicate(_)) => Err(invalid_parameter("A parameter was sent more than once.")),
    };

    let operation = action.map_or(Decision::UNKNOWN_OPERATION, |action| action.name);
    let action_root = format!("{operation}Response");
    let (status, root, mut answer, decision) = match outcome {
        Ok(answer) => {
            (StatusCode::OK, &*action_root, with_common_members(action, answer), Decision::executed(operation))
        }
        Err(refusal) => {
            let decision = Decision::refused(operation, refusal.code().to_owned());
            match refusal {
                Refusal::Business { code, message } => {
                    let mut answer = members([("Code", Value::from(code)), ("Message", Value::from(message))]);
                    if action.is_some_and(|action| action.has_success) {
                        answer.insert("Success".to_owned(), Value::Bool(false));
                    }
                    (StatusCode::OK, &*action_root, answer, decision)
                }
                Refusal::InData { data, .. } => {
                    let answer = members([("Data", data)]);
                    (StatusCode::OK, &*action_root, with_common_members(action, answer), decision)
                }
                Refusal::Gateway { status, code, message } => {
                    (status, "Error", refusal::gateway_error(product, &code, &message), decision)
                }
            }
        }
    };
    let request_id = context.pop_request_id();
    let decision = decision.with_request_id(&request_id);
    answer.insert("RequestId".to_owned(), Value::String(request_id));
    GatewayResponse { status, content_type: format.content_type(), body: format.write(root, answer).into(), decision }
}

/// The action that a request names, in a parameter or in the header of ACS3.
pub(crate) fn action_name<'a>(received: &'a Received<'_>) -> Option<&'a str> {
    let parameter = received.parameters().and_then(|parameters| parameters.get("Action"));
    parameter.or_else(|| acs3::action(received.request.headers()))
}

fn run(request: &Request<Bytes>, parameters: &Parameters, context: &RequestContext<'_>) -> Result<Members, Refusal> {
    let verified = if acs3::is_used(request.headers()) {
        acs3::verify(request, context)?
    } else {
        checks::verify(request.method(), parameters, context)?
    };
    let mut state = context.lock_state();
    checks::nonce(verified.nonce, &mut state, context.now)?;
    let recording_host = RecordingHost { host: host(request), access_key: &context.accounts.access_key };
    let mut call = Call { parameters, state: &mut state, now: context.now, recording_host };
    (verified.action.run)(&mut call)
}

/// The host name by which the client addresses this server.
fn host(request: &Request<Bytes>) -> &str {
    let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or("localhost")
}

/// Adds the members that every response of a product has.
fn with_common_members(action: Option<&Action>, mut answer: Members) -> Members {
    answer.entry("Message").or_insert_with(|| Value::from("OK"));
    match action.map_or(Some("OK"), |action| action.success_code) {
        Some(code) => answer.insert("Code".to_owned(), Value::from(code)),
        None => answer.insert("HttpStatusCode".to_owned(), Value::from(StatusCode::OK.as_u16())),
    };
    if action.is_some_and(|action| action.has_success) {
        answer.entry("Success").or_insert(Value::Bool(true));
        answer.insert("AccessDeniedDetail".to_owned(), Value::from("0"));
    }
    answer
}

fn invalid_parameter(message: &'static str) -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, "InvalidParameter", message)
}
