//! The gateway of the Taobao Open Platform.

mod auth;
mod billing;
mod call;
mod checks;
mod extend;
mod magic_oaid;
mod merge;
mod method;
mod methods;
mod oaid;
mod once_token;
mod order_of;
mod refusal;
mod secret_group;
mod sms;
mod tmc;
mod trade;
mod workcard;

use http::StatusCode;
use serde_json::Value;

use super::answer::{GatewayResponse, Members, TOP_ERROR, TopFormat, members};
use super::context::RequestContext;
use super::ledger::Decision;
use super::request::{Malformed, Parameters, Received};
use call::{Call, Success};
pub(crate) use checks::{is_system_parameter, response_format};
pub(crate) use magic_oaid::is_magic_oaid;
pub(crate) use methods::names;
use refusal::Refusal;

/// The path of the gateway.
pub(crate) const PATH: &str = "/router/rest";

/// Answers a request to the gateway's path.
pub(crate) fn respond(received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
    let parameters = &received.parameters;
    let format = parameters.as_ref().map_or(TopFormat::Xml, response_format);
    let operation = parameters
        .as_ref()
        .ok()
        .and_then(|parameters| parameters.get("method"))
        .and_then(methods::method_by_name)
        .map_or(Decision::UNKNOWN_OPERATION, |method| method.name);
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
    finish(outcome, operation, format, context.top_request_id())
}

/// Builds the response for an error code without a call. `ban` is in seconds.
pub(crate) fn refusal_response(
    code: &str,
    ban: Option<u64>,
    operation: &'static str,
    format: TopFormat,
    request_id: String,
) -> GatewayResponse {
    if !code.starts_with("gxb-") {
        return finish(Err(Refusal::from_code(code, ban)), operation, format, request_id);
    }
    let message = if code == "gxb-group-query-error" { "G组号池查询失败" } else { "G组号池更新失败" };
    let members = members([
        ("success", Value::from(false)),
        ("errorCode", Value::from(code)),
        ("errorMsg", Value::from(message)),
    ]);
    let decision = Decision::refused(operation, code.to_owned());
    write(&response_root(operation), members, decision, format, request_id)
}

fn run(parameters: &Parameters, context: &RequestContext<'_>) -> Result<Success, Refusal> {
    let method = checks::verify(parameters, context)?;
    let mut state = context.lock_state();
    let shop = checks::session(method, parameters, &state)?;
    (method.run)(&mut Call { parameters, state: &mut state, shop, now: context.now })
}

fn finish(
    outcome: Result<Success, Refusal>,
    operation: &'static str,
    format: TopFormat,
    request_id: String,
) -> GatewayResponse {
    match outcome {
        Ok(Success { members, failure }) => {
            let decision = match failure {
                None => Decision::executed(operation),
                Some(code) => Decision::refused(operation, code),
            };
            write(&response_root(operation), members, decision, format, request_id)
        }
        Err(refusal) => {
            let members = refusal.members();
            write(TOP_ERROR, members, Decision::refused(operation, refusal.code()), format, request_id)
        }
    }
}

fn write(
    root: &str,
    mut members: Members,
    decision: Decision,
    format: TopFormat,
    request_id: String,
) -> GatewayResponse {
    let decision = decision.with_request_id(&request_id);
    members.insert("request_id".to_owned(), Value::String(request_id));
    GatewayResponse {
        // Refusals have this status too: only the body distinguishes them.
        status: StatusCode::OK,
        content_type: format.content_type(),
        body: format.write(root, members).into(),
        decision,
    }
}

/// The root of a method's response. It omits the namespace `taobao`, and no other namespace.
fn response_root(method: &str) -> String {
    let name = method.strip_prefix("taobao.").unwrap_or(method);
    format!("{}_response", name.replace('.', "_"))
}
