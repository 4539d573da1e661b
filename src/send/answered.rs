//! For fuzzing: a call whose answer is given. No HTTP, no waiting, no second attempt.

use super::attempts::{correct_clock, explanation};
use super::exchange::RawResponse;
use super::failure::Failure;
use super::operation_info::OperationInfo;
use super::protocol::Protocol;
use super::read;
use super::sender::Sender;
use super::state::CallState;
use crate::error::Error;
use crate::operation::Operation;
use crate::sign::Stamp;

impl Sender {
    pub(crate) fn answered<O: Operation>(
        &self,
        protocol: &dyn Protocol,
        answer: &RawResponse,
    ) -> Result<O::Output, Error> {
        let stamp = Stamp::new(self.clock.now(), "");
        protocol.request(&stamp);
        read::output::<O>(protocol, answer).map_err(|fault| {
            correct_clock(self, &fault, answer.date());
            let explanation = explanation(protocol, &stamp, &fault);
            let failure = Failure { explanation, ..Failure::new(fault) };
            failure.into_error(OperationInfo::of::<O>(), CallState::after_one_attempt().history(), self.clock.now())
        })
    }
}
