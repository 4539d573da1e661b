//! Reads an answer: its output, or the fault that it reports.

use super::exchange::RawResponse;
use super::fault::{Cause, Fault};
use super::protocol::Protocol;
use crate::answer::{Body, Summary};
use crate::error::{RequestId, ServiceFacts};
use crate::operation::Operation;

/// The output of an answer, or the fault that it reports.
pub(super) fn output<O: Operation>(protocol: &dyn Protocol, answer: &RawResponse) -> Result<O::Output, Fault> {
    let body = Body::parse(&answer.body);
    // A body that cannot be parsed says nothing: `judge` reports that it is not one of the gateway's answers.
    let mut summary = Summary::default();
    let content =
        body.as_ref().map_or_else(|| Err(String::new()), |body| body.read(&protocol.envelope(), &mut summary));
    protocol.judge(answer, &summary)?;
    let output = content.map_err(|path| Fault::incomplete(answer, summary.outer.request_id.as_deref(), path))?;
    if let Some(refusal) = O::refusal(&output) {
        return Err(protocol.classify_refusal(ServiceFacts {
            code: refusal.code,
            sub_code: None,
            message: refusal.message,
            request_id: refusal.request_id,
            http_status: Some(answer.status),
        }));
    }
    protocol.judge_inside(answer, &summary)?;
    Ok(output)
}

/// If a retry is refused because an earlier attempt succeeded, the output to return; else the refusal.
pub(super) fn done_before<O: Operation>(fault: Fault) -> Result<O::Output, Fault> {
    let Cause::Service { facts, .. } = &fault.cause else { return Err(fault) };
    if fault.is_doubted() {
        return Err(fault);
    }
    let request_id = facts.request_id.as_ref().map(RequestId::as_str);
    O::output_if_already_done(facts.code.as_str(), request_id).ok_or(fault)
}
