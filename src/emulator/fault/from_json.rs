//! Faults as JSON, as the control endpoint accepts them.

use super::kind::{Fault, KINDS};
use super::members::Members;
use crate::emulator::{json_body, operations};

/// Parses a fault. The error says what is wrong with the body.
pub(crate) fn from_json(body: &[u8]) -> Result<Fault, String> {
    let members: Members = json_body::parse(body)?;
    let kind = KINDS.iter().find(|kind| kind.name == members.fault);
    let mut fault = (kind.ok_or_else(|| "fault is unknown".to_owned())?.from_json)(&members)?;
    if fault.refuses_connections().is_some() && !members.has_only_milliseconds() {
        return Err("connection_refused takes milliseconds only".to_owned());
    }
    if let Some(name) = &members.on {
        fault = fault.on(operations::known(name).ok_or_else(|| "on is not a known operation".to_owned())?);
    }
    if let Some(requests) = members.after {
        fault = fault.after(requests);
    }
    if let Some(times) = members.times {
        fault = fault.times(times);
    }
    match members.probability {
        None => {}
        Some(probability) if (0.0..=1.0).contains(&probability) => {
            fault = fault.probability(probability, members.seed.unwrap_or_default());
        }
        Some(_) => return Err("probability must be between 0 and 1".to_owned()),
    }
    Ok(if members.executed == Some(true) { fault.executed() } else { fault })
}
