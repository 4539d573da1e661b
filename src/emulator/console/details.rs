//! One request with its explained signature, and single values that the console shows when they are asked for.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::explain;
use super::{bindings, events};
use crate::emulator::gateways::Gateways;
use crate::emulator::request::Parameters;

/// What of a request is asked for.
pub(super) enum Part<'a> {
    /// Everything, with masked values.
    Masked,
    /// The value of one parameter.
    Parameter(&'a str),
    /// The explained signature with all values.
    Signature,
    /// The body of the response.
    Response,
}

/// `None` if the request is not among the latest ones, or has no such part.
pub(super) fn request(gateways: &Gateways, number: u64, part: &Part<'_>) -> Option<Value> {
    let inspected = gateways.inspections().get(number);
    let request = inspected.as_ref().and_then(|inspected| inspected.request());
    match part {
        Part::Masked => {
            let entry = gateways.ledger().entry(number)?;
            let mut json = events::request(number, &entry);
            let members = json.as_object_mut()?;
            let Some((inspected, request)) = inspected.zip(request) else {
                members.insert("kept".to_owned(), Value::Bool(false));
                return Some(json);
            };
            let signature = explanation(gateways, &request).map(|explained| explained.to_json(false));
            members.extend([
                ("kept".to_owned(), Value::Bool(true)),
                ("method".to_owned(), Value::from(request.method().as_str())),
                ("path".to_owned(), Value::from(request.uri().path())),
                ("status".to_owned(), Value::from(inspected.status.as_u16())),
                ("signature".to_owned(), signature.unwrap_or_default()),
                ("parameters".to_owned(), parameters(&request)),
                ("response_length".to_owned(), Value::from(inspected.response.as_ref().map(Bytes::len))),
            ]);
            Some(json)
        }
        Part::Parameter(name) => {
            let (_, value) = Parameters::as_sent(&request?)?.into_iter().find(|(candidate, _)| candidate == name)?;
            Some(json!({"name": name, "value": value}))
        }
        Part::Signature => Some(explanation(gateways, &request?)?.to_json(true)),
        Part::Response => {
            let response = inspected?.response.clone()?;
            Some(json!({"text": String::from_utf8_lossy(&response)}))
        }
    }
}

/// The whole numbers of the parties of a binding.
pub(super) fn binding(gateways: &Gateways, id: &str) -> Option<Value> {
    bindings::parties(&gateways.lock_state(), id)
}

/// The oaid and the reported callers of an order.
pub(super) fn order(gateways: &Gateways, tid: &str) -> Option<Value> {
    let state = gateways.lock_state();
    let oaid = &state.orders.get(tid)?.oaid;
    Some(json!({"oaid": oaid, "callers": state.caller_groups.callers(oaid)}))
}

/// The whole numbers of a call or a message.
pub(super) fn call(gateways: &Gateways, id: &str) -> Option<Value> {
    let state = gateways.lock_state();
    let call = state.phone_calls.iter().find(|call| call.id == id)?;
    Some(json!({"caller": call.caller, "called": call.called}))
}

/// Both forms of a receipt whose time has come.
pub(super) fn receipt(gateways: &Gateways, number: u64) -> Option<Value> {
    let now = gateways.clock().now();
    let state = gateways.lock_state();
    let (_, receipt) = state.receipts.latest(now).find(|((_, found), _)| *found == number)?;
    Some(json!({"pushed": receipt.pushed, "queued": receipt.queued}))
}

fn explanation(gateways: &Gateways, request: &Request<Bytes>) -> Option<explain::Explanation> {
    let now = gateways.clock().now();
    explain::explain(request, gateways.accounts(), &gateways.lock_state(), now)
}

/// The parameters in the order of sending. A value that is masked is `null`.
fn parameters(request: &Request<Bytes>) -> Value {
    let parameters = Parameters::as_sent(request).unwrap_or_default().into_iter().map(|(name, value)| {
        let open = value.is_empty() || explain::is_open(&name, &value);
        json!({"name": name, "length": value.chars().count(), "value": open.then_some(value)})
    });
    parameters.collect()
}
