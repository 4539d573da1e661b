//! What differs between the gateways in sending a call.

use super::exchange::{RawResponse, WireRequest};
use super::fault::Fault;
use crate::answer::{Envelope, Summary};
use crate::error::ServiceFacts;
use crate::limit::BanScope;
use crate::redact::Secret;
use crate::sign::Stamp;
use crate::sign::explain::Explanation;

/// One call as its gateway defines it: how each attempt is signed, and how its answer is judged.
pub(crate) trait Protocol: Sync {
    /// Makes a signed request. Called for every attempt, with a new stamp.
    fn request(&self, stamp: &Stamp) -> WireRequest<'_>;

    /// The envelope around the content of an answer.
    fn envelope(&self) -> Envelope<'_>;

    /// Judges an answer by what it says outside its content. `Ok` only if it says success and nothing else.
    fn judge(&self, answer: &RawResponse, summary: &Summary<'_>) -> Result<(), Fault>;

    /// Judges an answer by what it says inside its content, after the operation's own rule found no error.
    fn judge_inside(&self, answer: &RawResponse, summary: &Summary<'_>) -> Result<(), Fault>;

    /// If the gateway refused the signature: what was signed under this stamp, and where the gateway's text differs.
    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation>;

    /// The fault of an error that the operation's own rule found inside a normal answer.
    fn classify_refusal(&self, facts: ServiceFacts) -> Fault;

    /// What a ban with these codes holds back; `None` for nothing.
    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope>;

    /// The session of the call, if the gateway has sessions.
    fn session(&self) -> Option<&Secret> {
        None
    }
}
