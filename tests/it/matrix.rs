//! Every operation under every fault of the emulator: its result, how often the request was sent, and how often the
//! gateway executed it. The tables of `docs/RELIABILITY.md` are generated from the results.

mod cell_result;
mod fault_case;
mod table;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{self, StreamExt};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Error, Limits, RetryPolicy, Settings};

use crate::clients::plain_http;
use crate::generated_text::GeneratedText;
use crate::samples::{self, Clients, Sample, each_operation, is_top};
use cell_result::CellResult;
use fault_case::{ATTEMPT_TIMEOUT, FaultCase, Frequency, MOST_ATTEMPTS, PAUSE, fault_cases};

/// For an attempt and a call where the fault takes time; no more attempts fit into the call than are allowed.
const TIGHT: (Duration, Duration) = (ATTEMPT_TIMEOUT, Duration::from_millis(1200));
/// For faults that are answered at once, so that a busy machine adds none of its own.
const LOOSE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(10));
/// What a busy machine adds to a call.
const GRACE: Duration = Duration::from_millis(600);
const CELLS_AT_ONCE: usize = 24;

/// A gateway of its own for each cell, and clients whose budget and bans are their own.
struct Setup {
    emulator: Emulator,
    clients: Clients,
}

impl Setup {
    async fn new(fault: Option<(&FaultCase, Frequency)>) -> Self {
        let emulator = samples::emulator().start().await.unwrap();
        let format = fault.map(|(fault, _)| fault.format).unwrap_or_default();
        let settings = settings(&emulator, fault);
        let top = emulator.top_builder().format(format).settings(settings.clone()).build().unwrap();
        let shop = top.shop(emulator.session());
        let aliyun = emulator.aliyun_builder().format(format).settings(settings).build().unwrap();
        Self { emulator, clients: Clients { aliyun, top, shop } }
    }
}

fn settings(emulator: &Emulator, fault: Option<(&FaultCase, Frequency)>) -> Settings {
    let policy = match fault {
        // It is not known after how many attempts a port is open again.
        Some((fault, Frequency::Once)) if fault.is_refusal => {
            let pause = Duration::from_millis(20);
            RetryPolicy::new().max_attempts(1000).first_backoff(pause).max_backoff(pause)
        }
        _ => RetryPolicy::new()
            .max_attempts(MOST_ATTEMPTS)
            .first_backoff(PAUSE)
            .first_throttled_backoff(PAUSE)
            .max_backoff(PAUSE),
    };
    let (attempt_timeout, call_timeout) = timeouts(fault);
    emulator
        .settings()
        .http_client(plain_http())
        .attempt_timeout(attempt_timeout)
        .call_timeout(call_timeout)
        .max_body(64 * 1024)
        .limits(Limits::none())
        .retry(policy.budget(1000))
}

#[test]
fn every_fault_of_the_emulator_is_in_the_matrix() {
    // The meaning of `error` depends on its code. The tests of error codes cover it.
    let expected: BTreeSet<_> = Fault::names().filter(|name| *name != "error").collect();
    let cases = fault_cases(false).into_iter().chain(fault_cases(true));
    assert_eq!(cases.map(|case| case.always.name()).collect::<BTreeSet<_>>(), expected);
}

fn timeouts(fault: Option<(&FaultCase, Frequency)>) -> (Duration, Duration) {
    if fault.is_some_and(|(fault, _)| fault.is_timeout) { TIGHT } else { LOOSE }
}

struct Cell {
    is_slow: bool,
    run: LocalBoxFuture<'static, CellResult>,
}

/// The cells of one operation.
fn cells<O: Sample>() -> Vec<Cell> {
    let fault_cases = fault_cases(is_top::<O>()).into_iter().enumerate();
    let planned = fault_cases.flat_map(|fault| Frequency::ALL.map(|frequency| (fault.clone(), frequency)));
    let cell = |((row, fault), frequency): ((usize, FaultCase), Frequency)| Cell {
        is_slow: fault.is_timeout,
        run: cell::<O>(row, fault, frequency).boxed_local(),
    };
    planned.map(cell).collect()
}

async fn cell<O: Sample>(row: usize, fault: FaultCase, frequency: Frequency) -> CellResult {
    let setup = Setup::new(Some((&fault, frequency))).await;
    let request = O::ready(&setup.clients).await;
    setup.emulator.ledger().clear();
    setup.emulator.inject(match frequency {
        Frequency::Once => fault.once.clone(),
        Frequency::Always => fault.always.clone(),
    });
    let started = Instant::now();
    let result = setup.clients.send(&request).await.map(drop);
    let took = started.elapsed();
    if fault.is_undone_by_hanging_up {
        tokio::time::sleep(fault_case::DELAY).await;
    }
    let ledger = setup.emulator.ledger();
    let mut cell_result = CellResult {
        row,
        fault: fault.name,
        frequency,
        operation: O::NAME,
        safety: O::SAFETY,
        refused_when_gone: O::REFUSED_WHEN_GONE,
        gone_is_success: O::GONE_IS_SUCCESS,
        requests: ledger.count(O::NAME),
        executed: ledger.executed(O::NAME),
        result,
        problems: Vec::new(),
        by_deadline: None,
    };
    if took > timeouts(Some((&fault, frequency))).1 + GRACE {
        cell_result.add_problem(format!("took {took:?}"));
    }
    cell_result.judge(&fault);
    if fault.is_skew && frequency == Frequency::Once {
        // The clock is correct again, and the client has corrected its own.
        setup.emulator.clear_faults();
        if let Err(error) = setup.clients.send(&request).await {
            cell_result.add_problem(format!("the next call: {error}"));
        }
    }
    cell_result
}

async fn without_fault<O: Sample>() -> Result<(), Error> {
    let setup = Setup::new(None).await;
    let request = O::ready(&setup.clients).await;
    setup.clients.send(&request).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_an_operation_run_twice_that_must_not_or_fail_that_may_be_repeated() {
    let well = each_operation!(async without_fault);
    let failed: Vec<_> = well.iter().filter_map(|result| result.as_ref().err()).map(ToString::to_string).collect();
    assert!(failed.is_empty(), "without a fault:\n{}", failed.join("\n"));

    // Cells with a slow fault run separately: other cells would delay their timers.
    let cells = each_operation!(cells).into_iter().flatten();
    let (slow, quick): (Vec<_>, Vec<_>) = cells.partition(|cell| cell.is_slow);
    let mut results = Vec::new();
    for cells in [quick, slow] {
        results
            .extend(stream::iter(cells).map(|cell| cell.run).buffer_unordered(CELLS_AT_ONCE).collect::<Vec<_>>().await);
    }
    let problems: Vec<_> = results.iter().flat_map(|result| &result.problems).map(String::as_str).collect();
    assert!(problems.is_empty(), "{} of {} cells:\n{}", problems.len(), results.len(), problems.join("\n"));
    let document = GeneratedText { file: "docs/RELIABILITY.md", name: "the fault matrix", prefix: "" };
    document.hold(&table::tables(&results));
}
