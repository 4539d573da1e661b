//! What the callers were told, held against what the gateways did.

use std::collections::BTreeMap;

use privacy_number::{Advice, Error, Safety};

use crate::faults::Sign;
use crate::gateways::{Done, Requests};
use crate::mix::Ended;

#[derive(Default)]
pub(crate) struct Account {
    operations: BTreeMap<&'static str, Told>,
    /// Kind, outcome and advice of every error.
    errors: BTreeMap<(String, String, String), u64>,
    findings: Vec<String>,
}

/// What the callers of an operation were told.
struct Told {
    safety: Safety,
    calls: u64,
    successes: u64,
    errors: BTreeMap<Sign, u64>,
}

/// More of the same say no more.
const MOST_FINDINGS: usize = 20;

impl Account {
    pub(crate) fn enter(&mut self, ended: &Ended) {
        let Ended { operation, safety, result } = ended;
        let new = || Told { safety: *safety, calls: 0, successes: 0, errors: BTreeMap::new() };
        let told = self.operations.entry(operation).or_insert_with(new);
        told.calls += 1;
        let finding = match result {
            Ok(is_right) => {
                told.successes += 1;
                (!is_right).then(|| format!("{operation}: the answer is to another request"))
            }
            Err(error) => {
                *self.errors.entry(row(error)).or_default() += 1;
                let sign = Sign::of_error(error).filter(|sign| sign.is_told_by(error, *safety));
                if let Some(sign) = sign {
                    *told.errors.entry(sign).or_default() += 1;
                }
                sign.is_none().then(|| format!("{error} ({:?})", error.advice()))
            }
        };
        if self.findings.len() < MOST_FINDINGS {
            self.findings.extend(finding);
        }
    }

    /// Prints the account, and gives what does not agree.
    pub(crate) fn settle(self, done: &Done) -> Vec<String> {
        let mut findings = self.findings;
        println!("\n{:<52} {:<16} {:<14} {:>8}", "error", "outcome", "advice", "calls");
        for ((kind, outcome, advice), count) in &self.errors {
            println!("{kind:<52} {outcome:<16} {advice:<14} {count:>8}");
        }
        println!(
            "\n{:<48} {:<10} {:>8} {:>8} {:>7} | {:>8} {:>8} {:>8} {:>8}",
            "operation", "safety", "calls", "success", "errors", "requests", "faults", "executed", "lost"
        );
        for (operation, told) in &self.operations {
            let seen = Seen::of(operation, done);
            let errors: u64 = told.errors.values().sum();
            println!(
                "{operation:<48} {:<10} {:>8} {:>8} {errors:>7} | {:>8} {:>8} {:>8} {:>8}",
                format!("{:?}", told.safety).to_lowercase(),
                told.calls,
                told.successes,
                seen.requests,
                seen.struck,
                seen.executed,
                seen.executed - seen.executed_well,
            );
            findings.extend(seen.disagreements(operation, told));
        }
        findings.extend(state_disagreements(done));
        findings
    }
}

/// What the gateways saw of an operation.
#[derive(Default)]
struct Seen {
    requests: u64,
    /// Requests that met a fault, by what it looks like.
    signs: BTreeMap<Sign, u64>,
    struck: u64,
    executed: u64,
    /// Executed, and answered as they should be.
    executed_well: u64,
    /// Refused without a fault.
    refused: u64,
    unknown_faults: u64,
}

impl Seen {
    fn of(operation: &str, done: &Done) -> Self {
        let mut seen = Self::default();
        for Requests { fault, executed, count, .. } in done.requests.iter().filter(|one| one.operation == operation) {
            seen.requests += count;
            seen.executed += if *executed { *count } else { 0 };
            match (fault, executed) {
                (None, true) => seen.executed_well += count,
                (None, false) => seen.refused += count,
                (Some(fault), _) => {
                    seen.struck += count;
                    match Sign::of_fault(fault) {
                        Some(sign) => *seen.signs.entry(sign).or_default() += count,
                        None => seen.unknown_faults += count,
                    }
                }
            }
        }
        seen
    }

    fn disagreements(&self, operation: &str, told: &Told) -> Vec<String> {
        let mut findings = Vec::new();
        let mut agree = |what: &str, callers: u64, gateways: u64| {
            if callers != gateways {
                findings.push(format!("{operation}: {what}: {callers} by the callers, {gateways} by the gateways"));
            }
        };
        let count = |signs: &BTreeMap<Sign, u64>, sign| signs.get(&sign).copied().unwrap_or_default();
        // The repeat of a removal whose answer was lost is refused, and the call a success.
        let done_before = if operation == "UnbindSubscription" { self.refused } else { 0 };
        agree("successes", told.successes, self.executed_well + done_before);
        agree("refusals without a fault", 0, self.refused - done_before);
        agree("faults of no known kind", 0, self.unknown_faults);
        // Every fault that is not followed by a repeat ends a call, and the other way round.
        for sign in
            [Sign::Interrupted, Sign::TimedOut, Sign::ServerError, Sign::Unreadable, Sign::NonceUsed, Sign::Quota]
        {
            if told.safety == Safety::Once || sign == Sign::Quota {
                agree(&format!("{sign:?}"), count(&told.errors, sign), count(&self.signs, sign));
            }
        }
        findings
    }
}

/// Counts what was done a second way: by what is there.
fn state_disagreements(done: &Done) -> Vec<String> {
    let executed = |operation| Seen::of(operation, done).executed;
    let mut findings = Vec::new();
    let bindings = executed("BindAxb") - executed("UnbindSubscription");
    println!("\nheld by the gateways: {} bindings, {} work cards' numbers", done.bindings, done.work_cards);
    if done.bindings != bindings {
        findings.push(format!("{} bindings are there instead of {bindings}", done.bindings));
    }
    let work_cards = executed("tmall.servicecenter.workcard.virtualphone.bind");
    if done.work_cards != work_cards {
        findings.push(format!("{} work cards' numbers are there instead of {work_cards}", done.work_cards));
    }
    findings
}

fn row(error: &Error) -> (String, String, String) {
    let kind = match error {
        Error::Invalid(_) => "invalid".to_owned(),
        Error::Transport(error) => format!("transport: {:?}", error.kind()),
        Error::Decode(error) => format!("decode: HTTP {}", error.http_status()),
        Error::Service(error) => format!("service: {}", error.sub_code().unwrap_or(error.code())),
        _ => "other".to_owned(),
    };
    let advice = match error.advice() {
        Advice::WaitFor(_) => "WaitFor".to_owned(),
        Advice::WaitUntil(_) => "WaitUntil".to_owned(),
        advice => format!("{advice:?}"),
    };
    (kind, error.outcome().to_string(), advice)
}
