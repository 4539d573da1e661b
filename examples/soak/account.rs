//! Compares the results of the calls with what the gateways executed.

use std::collections::BTreeMap;

use privacy_number::{Advice, Error, Safety};

use crate::faults::Symptom;
use crate::gateways::{Done, Requests};
use crate::mix::Ended;

#[derive(Default)]
pub(crate) struct Account {
    operations: BTreeMap<&'static str, Results>,
    /// Kind, outcome and advice of every error.
    errors: BTreeMap<(String, String, String), u64>,
    findings: Vec<String>,
}

/// The results of the calls of an operation.
struct Results {
    safety: Safety,
    calls: u64,
    successes: u64,
    errors: BTreeMap<Symptom, u64>,
}

/// Further findings are not printed.
const MOST_FINDINGS: usize = 20;

impl Account {
    pub(crate) fn enter(&mut self, ended: &Ended) {
        let Ended { operation, safety, result } = ended;
        let new = || Results { safety: *safety, calls: 0, successes: 0, errors: BTreeMap::new() };
        let results = self.operations.entry(operation).or_insert_with(new);
        results.calls += 1;
        let finding = match result {
            Ok(is_right) => {
                results.successes += 1;
                (!is_right).then(|| format!("{operation}: the answer is to another request"))
            }
            Err(error) => {
                *self.errors.entry(row(error)).or_default() += 1;
                let symptom = Symptom::of_error(error).filter(|symptom| symptom.agrees_with(error, *safety));
                if let Some(symptom) = symptom {
                    *results.errors.entry(symptom).or_default() += 1;
                }
                symptom.is_none().then(|| format!("{error} ({:?})", error.advice()))
            }
        };
        if self.findings.len() < MOST_FINDINGS {
            self.findings.extend(finding);
        }
    }

    /// Prints the account, and returns what does not agree.
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
        for (operation, results) in &self.operations {
            let seen = Seen::of(operation, done);
            let errors: u64 = results.errors.values().sum();
            println!(
                "{operation:<48} {:<10} {:>8} {:>8} {errors:>7} | {:>8} {:>8} {:>8} {:>8}",
                format!("{:?}", results.safety).to_lowercase(),
                results.calls,
                results.successes,
                seen.requests,
                seen.faulty,
                seen.executed,
                seen.executed - seen.executed_well,
            );
            findings.extend(seen.disagreements(operation, results));
        }
        findings.extend(state_disagreements(done));
        findings
    }
}

/// What the gateways received and executed of an operation.
#[derive(Default)]
struct Seen {
    requests: u64,
    /// Requests with a fault, by the symptom of the fault.
    symptoms: BTreeMap<Symptom, u64>,
    faulty: u64,
    executed: u64,
    /// Executed, and answered without a fault.
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
                    seen.faulty += count;
                    match Symptom::of_fault(fault) {
                        Some(symptom) => *seen.symptoms.entry(symptom).or_default() += count,
                        None => seen.unknown_faults += count,
                    }
                }
            }
        }
        seen
    }

    fn disagreements(&self, operation: &str, results: &Results) -> Vec<String> {
        let mut findings = Vec::new();
        let mut agree = |what: &str, results: u64, gateways: u64| {
            if results != gateways {
                findings.push(format!("{operation}: {what}: {results} by the results, {gateways} by the gateways"));
            }
        };
        let count = |symptoms: &BTreeMap<Symptom, u64>, symptom| symptoms.get(&symptom).copied().unwrap_or_default();
        // If the response to an unbind is lost, the gateway refuses the retry, and the call is a success.
        let done_before = if operation == "UnbindSubscription" { self.refused } else { 0 };
        agree("successes", results.successes, self.executed_well + done_before);
        agree("refusals without a fault", 0, self.refused - done_before);
        agree("faults of no known kind", 0, self.unknown_faults);
        // Every fault without a retry ends a call, and every error is from such a fault.
        for symptom in [
            Symptom::Interrupted,
            Symptom::TimedOut,
            Symptom::ServerError,
            Symptom::Unreadable,
            Symptom::NonceUsed,
            Symptom::Quota,
        ] {
            if results.safety == Safety::Once || symptom == Symptom::Quota {
                agree(&format!("{symptom:?}"), count(&results.errors, symptom), count(&self.symptoms, symptom));
            }
        }
        findings
    }
}

/// Checks the same by the state of the gateways.
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
