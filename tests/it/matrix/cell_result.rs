//! The result of one operation under one fault, and whether it is as expected.

use privacy_number::{Advice, Error, Outcome, Safety};

use super::fault_case::{FaultCase, Frequency};

pub(super) struct CellResult {
    pub(super) row: usize,
    pub(super) fault: &'static str,
    pub(super) frequency: Frequency,
    pub(super) operation: &'static str,
    pub(super) safety: Safety,
    /// How a second run is refused because of the first.
    pub(super) refused_when_gone: Option<&'static str>,
    /// Whether that is a success after a lost response.
    pub(super) gone_is_success: bool,
    /// How many requests the gateway received, and how many it executed.
    pub(super) requests: u64,
    pub(super) executed: u64,
    pub(super) result: Result<(), Error>,
    pub(super) problems: Vec<String>,
    /// How many requests may have been sent and executed, if the deadline decides the number.
    pub(super) by_deadline: Option<String>,
}

impl CellResult {
    pub(super) fn add_problem(&mut self, problem: impl std::fmt::Display) {
        let Self { fault, frequency, operation, safety, .. } = self;
        self.problems.push(format!("{operation} ({safety:?}), {fault}, {frequency:?}: {problem}"));
    }

    pub(super) fn judge(&mut self, fault: &FaultCase) {
        let expected = fault.expected(self.frequency, self.safety);
        let is_gone = self.refused_when_gone.is_some() && fault.is_executed_first && self.frequency == Frequency::Once;
        let reports_gone = is_gone && !self.gone_is_success;
        match (&self.result, expected.error) {
            (Err(error), None) if reports_gone => {
                if error.code() != self.refused_when_gone || error.outcome() != Outcome::Unknown {
                    self.add_problem(error.to_string());
                }
            }
            (Ok(()), None) if !reports_gone => {}
            (Ok(()), None) => self.add_problem("what was gone was ended once more"),
            (Ok(()), Some(error)) => self.add_problem(format!("succeeded instead of {error:?}")),
            (Err(error), None) => self.add_problem(format!("failed: {error}")),
            (Err(error), Some(expected)) if (error.outcome(), error.advice()) != expected => {
                let advice = error.advice();
                self.add_problem(format!("{expected:?} was expected, and not {advice:?} with {error}"));
            }
            (Err(error), Some(_)) if error.is_timeout() != fault.is_timeout => self.add_problem(error.to_string()),
            (Err(_), Some(_)) => {}
        }
        if !expected.attempts.contains(&self.attempts()) {
            self.add_problem(format!("{} attempts instead of {:?}", self.attempts(), expected.attempts));
        }
        if self.safety == Safety::Once && self.executed > 1 {
            self.add_problem(format!("executed {} times", self.executed));
        }
        // The last attempt before a deadline may not arrive; apart from that the ledger is exact.
        let attempts = u64::from(self.attempts());
        let done = match (&self.result, fault.is_executed_first) {
            (_, true) if self.refused_when_gone.is_some() => 1..=1,
            (Ok(()), true) => 2..=2,
            (Ok(()), false) => 1..=1,
            (Err(_), true) if fault.is_timeout => attempts.saturating_sub(1).max(1)..=attempts,
            (Err(_), true) => attempts..=attempts,
            (Err(_), false) => 0..=0,
        };
        if !done.contains(&self.executed) {
            self.add_problem(format!("executed {} times instead of {done:?}", self.executed));
        }
        let (least, most) = expected.attempts.into_inner();
        if fault.is_timeout && least < most {
            let executed = match (fault.is_executed_first, self.refused_when_gone) {
                (true, None) => format!("1–{most}"),
                (is_executed_first, _) => u8::from(is_executed_first).to_string(),
            };
            self.by_deadline = Some(format!("{least}–{most}/{executed}"));
        }
    }

    /// The attempts of the error; for a success, the requests that the gateway received.
    pub(super) fn attempts(&self) -> u32 {
        match &self.result {
            Ok(()) => u32::try_from(self.requests).unwrap(),
            Err(error) => error.attempts(),
        }
    }

    /// The result of the call, how many requests were sent, and how many of them were executed: `success 2/1`.
    pub(super) fn summary(&self) -> String {
        let result = match &self.result {
            Ok(()) => "success".to_owned(),
            Err(error) => format!("{}, {}", error.outcome(), advice(error.advice())),
        };
        match &self.by_deadline {
            Some(counts) => format!("{result} {counts}"),
            None => format!("{result} {}/{}", self.attempts(), self.executed),
        }
    }
}

fn advice(advice: Advice) -> String {
    match advice {
        Advice::WaitUntil(_) => "WaitUntil(midnight)".to_owned(),
        advice => format!("{advice:?}"),
    }
}
