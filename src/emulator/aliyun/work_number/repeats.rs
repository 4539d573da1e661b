//! Repeated requests, recognized by their `ReqId`.

use super::checks::req_id;
use crate::emulator::aliyun::action::Run;
use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::aliyun::system_parameter::is_system_parameter;
use crate::emulator::answer::Members;
use crate::emulator::store::req_id::FirstRequest;

/// Executes a request once: a repeat with the same `ReqId` and the same parameters gets the first answer again. A
/// refused request leaves no trace.
pub(super) fn once(call: &mut Call<'_>, run: Run) -> Result<Members, Refusal> {
    let req_id = req_id(call)?;
    let parameters = call.parameters.iter().filter(|(name, _)| !is_system_parameter(name));
    let parameters: Vec<_> = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    match call.state.req_ids.first(req_id) {
        Some(first) if first.parameters == parameters => return Ok(first.answer.clone()),
        Some(_) => return Err(Refusal::illegal_argument("the ReqId belongs to another request")),
        None => {}
    }
    let answer = run(call)?;
    call.state.req_ids.remember(req_id, FirstRequest { parameters, answer: answer.clone() });
    Ok(answer)
}
