//! One call of one operation. Only this file is compiled once per operation.

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::attempts::Attempts;
use super::exchange::RawResponse;
use super::failure::Failure;
use super::operation_info::OperationInfo;
use super::protocol::Protocol;
use super::read;
use super::sender::Sender;
use super::state::CallState;
use crate::error::Error;
use crate::operation::Operation;

impl Sender {
    /// Sends an operation that was validated and encoded. After a refused session or key, the call continues with the
    /// same `state`.
    pub(crate) async fn call<O: Operation>(
        &self,
        operation: &O,
        protocol: &dyn Protocol,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let charged = if O::CHARGED { operation.charged_units() } else { 0 };
        let mut attempts = Attempts::new(self, protocol, OperationInfo::of::<O>(), charged, state);
        loop {
            let error = match attempts.next_answer().await {
                Ok((sent, answer)) => {
                    let result = match read::output::<O>(protocol, &answer) {
                        Err(fault) if attempts.may_have_run() => read::done_before::<O>(fault),
                        result => result,
                    };
                    match result {
                        Ok(output) => {
                            attempts.succeeded(sent);
                            return Ok(output);
                        }
                        Err(fault) => attempts.failed(sent, fault).await.err(),
                    }
                }
                Err(error) => Some(error),
            };
            if let Some(error) = error {
                return Err(with_hint(error, operation));
            }
        }
    }

    /// Reads an answer that was received elsewhere, as that of a call's only attempt.
    pub(crate) fn read<O: Operation>(
        &self,
        operation: &O,
        protocol: &dyn Protocol,
        status: u16,
        body: Bytes,
    ) -> Result<O::Output, Error> {
        let answer = RawResponse { status, headers: HeaderMap::new(), body };
        read::output::<O>(protocol, &answer).map_err(|fault| {
            let call = CallState::after_one_attempt().history();
            with_hint(Failure::new(fault).into_error(OperationInfo::of::<O>(), call, self.clock.now()), operation)
        })
    }
}

/// Adds what the request tells about an error beyond its code.
fn with_hint<O: Operation>(mut error: Error, operation: &O) -> Error {
    if let Error::Service(error) = &mut error {
        error.hint = operation.hint(error);
    }
    error
}
