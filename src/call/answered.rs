//! A call whose answer is there already, for input that no server sends: no HTTP, no waiting, no second attempt.

use tokio::time::Instant;

use super::{Caller, Fault, Identity, Protocol, RawAnswer, read};
use crate::error::Error;
use crate::operation::Operation;
use crate::sign::Stamp;

impl Caller {
    /// Panics if a quick look at the answer gives anything but what a careful one does.
    #[allow(clippy::panic, clippy::unwrap_used)] // here that is the finding
    pub(crate) fn answered<O: Operation>(&self, protocol: &dyn Protocol, answer: &RawAnswer) -> Result<O::Output, Error>
    where
        O::Output: PartialEq,
    {
        let stamp = Stamp::new(self.clock.now(), "");
        protocol.request(&stamp);
        let mut output = Err(Fault::deadline_over());
        let mut read = |answer: &RawAnswer| {
            output = Ok(read::output::<O>(protocol, answer)?);
            Ok(())
        };
        let understood = self.understand(protocol, &mut read, &stamp, answer);
        if let Ok(output) = &output {
            let careful = protocol.judge(answer).ok().and_then(|document| document.read().ok());
            assert!(careful.as_ref() == Some(output), "two ways to read an answer disagree");
        }
        understood.and(output).map_err(|fault| self.error(&Identity::of::<O>(), 1, Instant::now(), false, fault))
    }
}
