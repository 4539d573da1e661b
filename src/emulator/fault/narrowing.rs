//! The methods that limit a fault to some requests, and the names of faults.

use super::kind::{Fault, KINDS};
use super::random::Sampling;

impl Fault {
    /// Applies only to requests for this operation: the method of TOP, the action of Alibaba Cloud, the operation on a
    /// queue of receipts (`mns` for all of them), or `recording` for the download of a recording. A fault without a
    /// name does not apply to queues and recordings.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Skips the first `requests` requests that it could apply to.
    pub fn after(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// Applies to this many requests. Then the fault is removed.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies to each request with this probability. The same seed selects the same requests.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.sampling = Some(Sampling { probability, seed });
        self
    }

    /// The operation is executed although the response says otherwise. Only for faults that replace the response.
    pub fn executed(mut self) -> Self {
        self.executed = true;
        self
    }

    /// The name of the fault in the ledger and at the control endpoints.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The names of all faults.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|kind| kind.name)
    }
}
