//! What a gateway adds to a call.

use super::fault::Fault;
use super::http::{RawAnswer, WireRequest};
use crate::answer::{Envelope, Summary};
use crate::error::ServiceFacts;
use crate::limit::BanScope;
use crate::redact::Secret;
use crate::sign::Stamp;
use crate::sign::explain::Explanation;

/// What a gateway adds to a call: how an attempt is signed, and how its answer is judged.
pub(crate) trait Protocol: Sync {
    /// A new signed request. Called for every attempt, with a new stamp.
    fn request(&self, stamp: &Stamp) -> WireRequest<'_>;

    /// What stands around the content of an answer.
    fn envelope(&self) -> Envelope<'_>;

    /// What the gateway says went wrong, by all that the answer says beside its content. Only an answer that says
    /// success and nothing else passes.
    fn judge(&self, answer: &RawAnswer, summary: &Summary<'_>) -> Result<(), Fault>;

    /// The same for what it says inside its content, where the operation's own rule found nothing wrong.
    fn judge_inside(&self, answer: &RawAnswer, summary: &Summary<'_>) -> Result<(), Fault>;

    /// If the gateway refused the signature: what was signed under this stamp, and where the gateway's text differs.
    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation>;

    /// What a code found inside a normal answer calls for.
    fn classify_refusal(&self, facts: ServiceFacts) -> Fault;

    /// What a refusal by flow control with these codes holds back for as long as it lasts; `None` for nothing.
    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope>;

    /// The session that the call is made under, if the gateway has such.
    fn session(&self) -> Option<&Secret> {
        None
    }
}
