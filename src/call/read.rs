//! An answer that came by another way than this crate's HTTP client.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio::time::Instant;

use super::{Caller, Cause, Fault, Identity, Protocol, RawAnswer, with_hint};
use crate::decode::Success;
use crate::error::{Error, RequestId, ServiceFacts};
use crate::operation::Operation;

impl Caller {
    /// Reads an answer as that of a call's only attempt.
    pub(crate) fn read<O: Operation>(
        &self,
        operation: &O,
        protocol: &dyn Protocol,
        status: u16,
        body: Bytes,
    ) -> Result<O::Output, Error> {
        let started = Instant::now();
        let answer = RawAnswer { status, headers: HeaderMap::new(), body };
        output::<O>(protocol, &answer)
            .map_err(|fault| with_hint(self.error(&Identity::of::<O>(), 1, started, false, fault), operation))
    }
}

/// What an answer holds, or what it says went wrong.
pub(super) fn output<O: Operation>(protocol: &dyn Protocol, answer: &RawAnswer) -> Result<O::Output, Fault> {
    let output = match protocol.success(answer).and_then(Success::read) {
        Some(output) => output,
        None => {
            let document = protocol.judge(answer)?;
            document.read().map_err(|path| Fault::incomplete(answer, &document, path))?
        }
    };
    match O::refusal(&output) {
        None => Ok(output),
        Some(refusal) => Err(protocol.classify_refusal(ServiceFacts {
            code: refusal.code,
            sub_code: None,
            message: refusal.message,
            request_id: refusal.request_id,
            http_status: Some(answer.status),
            meaning: "",
            throttled: false,
            explanation: None,
        })),
    }
}

/// A refusal that means that an earlier attempt, whose answer was lost, did the work.
pub(super) fn done_before<O: Operation>(fault: Fault) -> Result<O::Output, Fault> {
    let Cause::Service(facts) = &fault.cause else { return Err(fault) };
    let request_id = facts.request_id.as_ref().map(RequestId::as_str);
    O::done_before(facts.code.as_str(), request_id).ok_or(fault)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A good answer with a few places cut out, repeated or overwritten.
    pub(crate) fn mutated(answer: &'static str) -> impl Strategy<Value = String> {
        let characters: Vec<char> = answer.chars().collect();
        let places = proptest::collection::vec((0..characters.len(), 0..40_usize, 0..3_u8, any::<char>()), 0..4);
        places.prop_map(move |places| {
            let mut text = characters.clone();
            for (place, length, change, other) in places {
                let start = place.min(text.len());
                let end = place.saturating_add(length).min(text.len());
                match change {
                    0 => drop(text.drain(start..end)),
                    1 => {
                        let repeated = text[start..end].to_vec();
                        text.splice(start..start, repeated);
                    }
                    _ => text.splice(start..start, [other]).for_each(drop),
                }
            }
            text.into_iter().collect()
        })
    }

    /// What is taken at first sight is what a careful look gives, and nothing that has another beginning or no end.
    pub(crate) fn both_ways_agree<O: Operation>(protocol: &dyn Protocol, body: String) -> Result<(), TestCaseError>
    where
        O::Output: PartialEq + std::fmt::Debug,
    {
        let answer = RawAnswer { status: 200, headers: HeaderMap::new(), body: body.into() };
        let quick: Option<O::Output> = protocol.success(&answer).and_then(Success::read);
        let careful = protocol.judge(&answer).ok().and_then(|document| document.read().ok());
        if quick.is_some() {
            prop_assert_eq!(quick, careful);
        } else {
            prop_assume!(careful.is_none());
        }
        Ok(())
    }
}
