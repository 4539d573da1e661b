//! A call whose answer is there already, for input that no server sends: no HTTP, no waiting, no second attempt.

use super::{CallState, Fault, Identity, Protocol, RawAnswer, Sender, read};
use crate::error::Error;
use crate::operation::Operation;
use crate::sign::Stamp;

impl Sender {
    pub(crate) fn answered<O: Operation>(
        &self,
        protocol: &dyn Protocol,
        answer: &RawAnswer,
    ) -> Result<O::Output, Error> {
        let stamp = Stamp::new(self.clock.now(), "");
        protocol.request(&stamp);
        let mut output = Err(Fault::deadline_over());
        let mut read = |answer: &RawAnswer| {
            output = Ok(read::output::<O>(protocol, answer)?);
            Ok(())
        };
        let understood = self.understand(protocol, &mut read, &stamp, answer);
        understood.and(output).map_err(|fault| self.error(&Identity::of::<O>(), &CallState::after_one_attempt(), fault))
    }
}
