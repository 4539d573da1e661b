//! An answer that came by another way than this crate's HTTP client.

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::{CallState, Cause, Fault, Identity, Protocol, RawAnswer, Sender, with_hint};
use crate::answer::{Body, Summary};
use crate::error::{Error, RequestId, ServiceFacts};
use crate::operation::Operation;

impl Sender {
    /// Reads an answer as that of a call's only attempt.
    pub(crate) fn read<O: Operation>(
        &self,
        operation: &O,
        protocol: &dyn Protocol,
        status: u16,
        body: Bytes,
    ) -> Result<O::Output, Error> {
        let answer = RawAnswer { status, headers: HeaderMap::new(), body };
        output::<O>(protocol, &answer).map_err(|fault| {
            with_hint(self.error(&Identity::of::<O>(), &CallState::after_one_attempt(), fault), operation)
        })
    }
}

/// What an answer holds, or what it says went wrong.
pub(super) fn output<O: Operation>(protocol: &dyn Protocol, answer: &RawAnswer) -> Result<O::Output, Fault> {
    let body = Body::parse(&answer.body);
    // Of a text that nobody can read the gateway says that it is none of its answers.
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
            meaning: "",
            throttled: false,
            explanation: None,
        }));
    }
    protocol.judge_inside(answer, &summary)?;
    Ok(output)
}

/// A refusal that means that an earlier attempt, whose answer was lost, did the work.
pub(super) fn done_before<O: Operation>(fault: Fault) -> Result<O::Output, Fault> {
    let Cause::Service(facts) = &fault.cause else { return Err(fault) };
    if fault.is_doubted() {
        return Err(fault);
    }
    let request_id = facts.request_id.as_ref().map(RequestId::as_str);
    O::output_if_already_done(facts.code.as_str(), request_id).ok_or(fault)
}
