//! What was seen, judged cell by cell and put into a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use privacy_number::{Error, Outcome, Safety};

use super::blow::{Blow, Strike};

pub(super) struct Seen {
    pub(super) row: usize,
    pub(super) blow: &'static str,
    pub(super) strike: Strike,
    pub(super) operation: &'static str,
    pub(super) safety: Safety,
    /// How a second run is refused because of the first.
    pub(super) gone: Option<&'static str>,
    /// How many requests the gateway saw, and how many it carried out.
    pub(super) requests: u64,
    pub(super) executed: u64,
    pub(super) result: Result<(), Error>,
    pub(super) problems: Vec<String>,
}

impl Seen {
    pub(super) fn note(&mut self, problem: impl std::fmt::Display) {
        let Self { blow, strike, operation, safety, .. } = self;
        self.problems.push(format!("{operation} ({safety:?}), {blow}, {strike:?}: {problem}"));
    }

    pub(super) fn judge(&mut self, blow: &Blow) {
        let expected = blow.expected(self.strike, self.safety);
        let is_told_gone = self.gone.is_some() && blow.is_late && self.strike == Strike::Once;
        match (&self.result, expected.error) {
            (Err(error), None) if is_told_gone => {
                if error.code() != self.gone || error.outcome() != Outcome::Unknown {
                    self.note(error.to_string());
                }
            }
            (Ok(()), None) if !is_told_gone => {}
            (Ok(()), None) => self.note("what was gone was ended once more"),
            (Ok(()), Some(error)) => self.note(format!("succeeded instead of {error:?}")),
            (Err(error), None) => self.note(format!("failed: {error}")),
            (Err(error), Some(expected)) if (error.outcome(), error.advice()) != expected => {
                let advice = error.advice();
                self.note(format!("{expected:?} was expected, and not {advice:?} with {error}"));
            }
            (Err(error), Some(_)) if error.is_timeout() != blow.is_timeout => self.note(error.to_string()),
            (Err(_), Some(_)) => {}
        }
        if !expected.attempts.contains(&self.attempts()) {
            self.note(format!("{} attempts instead of {:?}", self.attempts(), expected.attempts));
        }
        if self.safety == Safety::Once && self.executed > 1 {
            self.note(format!("executed {} times", self.executed));
        }
        // The last attempt before a deadline may not arrive; apart from that the ledger is exact.
        let attempts = u64::from(self.attempts());
        let done = match (&self.result, blow.is_late) {
            (_, true) if self.gone.is_some() => 1..=1,
            (Ok(()), true) => 2..=2,
            (Ok(()), false) => 1..=1,
            (Err(_), true) if blow.is_timeout => attempts.saturating_sub(1).max(1)..=attempts,
            (Err(_), true) => attempts..=attempts,
            (Err(_), false) => 0..=0,
        };
        if !done.contains(&self.executed) {
            self.note(format!("executed {} times instead of {done:?}", self.executed));
        }
    }

    /// As the error says; of a success, the requests that the gateway saw.
    pub(super) fn attempts(&self) -> u32 {
        match &self.result {
            Ok(()) => u32::try_from(self.requests).unwrap(),
            Err(error) => error.attempts(),
        }
    }

    fn told(&self) -> String {
        match &self.result {
            Ok(()) => "success".to_owned(),
            Err(error) => format!("{}, {:?}", error.outcome(), error.advice()),
        }
    }
}

/// One line for a fault and how often it struck, one column for each safety.
pub(super) fn table(seen: &[Seen]) -> String {
    let mut lines: BTreeMap<(usize, Strike), Vec<&Seen>> = BTreeMap::new();
    for seen in seen {
        lines.entry((seen.row, seen.strike)).or_default().push(seen);
    }
    let operations: BTreeSet<_> = seen.iter().map(|seen| seen.operation).collect();
    let mut text = format!("{} operations, {} faults, {} cells\n\n", operations.len(), lines.len() / 2, seen.len());
    text.push_str("| fault | strikes | Safe | Idempotent | Idempotent, told that it is gone | Once |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for ((_, strike), cells) in &lines {
        let strikes = if *strike == Strike::Once { "once" } else { "always" };
        write!(text, "| {} | {strikes} |", cells[0].blow).unwrap();
        let idempotent = |is_gone| (Safety::Idempotent, is_gone);
        for column in [(Safety::Safe, false), idempotent(false), idempotent(true), (Safety::Once, false)] {
            let column: Vec<_> = cells.iter().filter(|seen| (seen.safety, seen.gone.is_some()) == column).collect();
            let told: BTreeSet<_> = column.iter().map(|seen| seen.told()).collect();
            let told = told.into_iter().collect::<Vec<_>>().join(" / ");
            let attempts = range(column.iter().map(|seen| u64::from(seen.attempts())));
            let executed = range(column.iter().map(|seen| seen.executed));
            write!(text, " {told}; {attempts} sent, {executed} run |").unwrap();
        }
        text.push('\n');
    }
    text
}

fn range(counts: impl Iterator<Item = u64>) -> String {
    let counts: BTreeSet<_> = counts.collect();
    match (counts.first(), counts.last()) {
        (Some(least), Some(most)) if least < most => format!("{least}–{most}"),
        (Some(count), _) => count.to_string(),
        _ => "none".to_owned(),
    }
}
