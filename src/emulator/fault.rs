//! Faults that a test injects.

mod from_json;
mod kind;
mod members;
mod narrowing;
mod random;
mod schedule;
mod substitute;

pub(crate) use from_json::from_json;
pub use kind::Fault;
pub(crate) use schedule::{Faults, MatchedFault};
pub use substitute::Throttle;
