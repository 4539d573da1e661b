//! The error codes of the gateway and its products, and the responses that carry them.

use http::StatusCode;
use serde_json::Value;

use super::action::Product;
use super::actions::action_by_name;
use crate::emulator::answer::{GatewayResponse, Members, PopFormat, members};
use crate::emulator::ledger::Decision;

/// Builds the response for an error code without a call.
pub(crate) fn refusal_response(
    code: &str,
    operation: &'static str,
    format: PopFormat,
    request_id: String,
) -> GatewayResponse {
    let status = status(code);
    let decision = Decision::refused(operation, code.to_owned()).with_request_id(&request_id);
    let (root, mut answer) = if status == StatusCode::OK {
        let answer = members([("Code", Value::from(code)), ("Message", Value::from(message(code)))]);
        (format!("{operation}Response"), answer)
    } else {
        let product = action_by_name(operation).map_or(Product::Dyplsapi, |action| action.product);
        ("Error".to_owned(), gateway_error(product, code, message(code)))
    };
    answer.insert("RequestId".to_owned(), Value::from(request_id));
    GatewayResponse { status, content_type: format.content_type(), body: format.write(&root, answer).into(), decision }
}

/// The members of an error of the gateway itself, without `RequestId`.
pub(super) fn gateway_error(product: Product, code: &str, message: &str) -> Members {
    let recommend = format!("https://error-center.aliyun.com/status/search?Keyword={code}&source=PopGw");
    members([
        ("HostId", Value::from(product.host())),
        ("Code", Value::from(code)),
        ("Message", Value::from(message)),
        ("Recommend", Value::from(recommend)),
    ])
}

/// The HTTP status of a code. A code of a product has status 200, since it is in the response of the operation.
fn status(code: &str) -> StatusCode {
    match code {
        "ServiceUnavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "InternalError" | "UnknownError" => StatusCode::INTERNAL_SERVER_ERROR,
        "POOLKEY_NOT_EXIST" | "OperatorLimit" => StatusCode::OK,
        "NoPermission" => StatusCode::FORBIDDEN,
        _ if code.starts_with("isv.") || code.starts_with("isp.") => StatusCode::OK,
        _ if code.starts_with("Forbidden") => StatusCode::FORBIDDEN,
        _ if code.ends_with(".NotFound") => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn message(code: &str) -> &'static str {
    match code {
        "Throttling.User" => "Request was denied due to user flow control.",
        "Throttling.Api" => "Request was denied due to api flow control.",
        "Throttling" | "System.LimitControl" => "Request was denied due to request throttling.",
        "SignatureNonceUsed" => "Specified signature nonce was used already.",
        "ServiceUnavailable" => "The request has failed due to a temporary failure of the server.",
        "InternalError" => "The request processing has failed due to some unknown error.",
        "isv.FLOW_LIMIT" => "业务流控",
        _ => "a fault of the emulator",
    }
}
