//! An answer that came by another way than this crate's HTTP client.

use bytes::Bytes;
use tokio::time::Instant;

use super::{Caller, Fault, Identity, Protocol, RawAnswer};
use crate::error::{Error, ServiceFacts};
use crate::operation::{Gateway, Operation};

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
        let answer = RawAnswer { status, date: None, retry_after: None, body };
        output::<O>(protocol, &answer).map_err(|fault| {
            let identity =
                Identity { gateway: <O::Gateway as Gateway>::NAME, operation: O::NAME, safety: O::SAFETY, qps: O::QPS };
            let mut error = self.error(&identity, 1, started, false, fault);
            if let Error::Service(error) = &mut error {
                error.hint = operation.hint(error);
            }
            error
        })
    }
}

/// What an answer holds, or what it says went wrong.
fn output<O: Operation>(protocol: &dyn Protocol, answer: &RawAnswer) -> Result<O::Output, Fault> {
    let document = protocol.judge(answer)?;
    let output = document.read().map_err(|path| Fault::incomplete(answer, &document, path))?;
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
