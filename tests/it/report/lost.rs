//! Lost answers, reports that exist, failures while waiting, and futures that are dropped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{Client, EnsureReportedError};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Advice, RetryPolicy};

use super::{REFUSED_QUERY, actions, created, gateway, report, reviewed, uploads};
use crate::clients::{aliyun, fast_retries, plain_http};
use crate::server::response;

const QUERY: &str = "QuerySecretAPhoneNoToCust";
const CREATE: &str = "CreatePhoneNoAReport";
const POLICY: &str = "GetDyplsOSSInfoForUploadFile";
const PAUSE: Duration = Duration::from_millis(1);

async fn emulator() -> Emulator {
    Emulator::builder().report_review_time(TimeDelta::zero()).start().await.unwrap()
}

fn client(emulator: &Emulator) -> Client {
    let retry = RetryPolicy::new().max_attempts(1).first_backoff(PAUSE).max_backoff(PAUSE);
    let settings = emulator.settings().http_client(plain_http()).retry(retry);
    emulator.aliyun_builder().settings(settings).build().unwrap()
}

#[tokio::test]
async fn a_report_whose_answer_was_lost_is_found_and_not_sent_again() {
    for fault in [Fault::reset_after_execution(), Fault::torn_json(), Fault::torn_body(), Fault::garbled()] {
        let emulator = emulator().await;
        emulator.inject(fault.on(CREATE).times(1));
        let reported = client(&emulator).ensure_reported(report()).poll_every(PAUSE).await.unwrap();
        assert!(reported.is_new);
        assert_eq!((emulator.ledger().count(CREATE), emulator.ledger().executed(CREATE)), (1, 1));
    }
}

#[tokio::test]
async fn a_report_that_did_not_arrive_is_sent_again_after_the_query() {
    let emulator = emulator().await;
    emulator.inject(Fault::reset_before_execution().on(CREATE).times(2));
    let reported = client(&emulator).ensure_reported(report()).poll_every(PAUSE).await.unwrap();
    assert!(reported.is_new);
    assert_eq!((emulator.ledger().count(CREATE), emulator.ledger().executed(CREATE)), (3, 1));
    let operations: Vec<_> = emulator.ledger().entries().iter().map(|entry| entry.operation).collect();
    assert_eq!(operations, [QUERY, POLICY, "upload", CREATE, QUERY, CREATE, QUERY, CREATE, QUERY]);
}

#[tokio::test]
async fn a_report_is_sent_three_times_at_most_and_the_error_says_to_look_for_it() {
    let emulator = emulator().await;
    emulator.inject(Fault::reset_before_execution().on(CREATE));
    let error = client(&emulator).ensure_reported(report()).poll_every(PAUSE).await.unwrap_err();
    let EnsureReportedError::Call(error) = error else { panic!("{error}") };
    assert_eq!((error.operation(), error.advice()), (Some(CREATE), Advice::Reconcile));
    assert_eq!(emulator.ledger().count(CREATE), 3);
}

#[tokio::test]
async fn without_an_answer_to_the_query_a_lost_report_is_not_sent_again() {
    let emulator = emulator().await;
    emulator.inject(Fault::reset_after_execution().on(CREATE).times(1));
    emulator.inject(Fault::unavailable().on(QUERY).after(1));
    let error = client(&emulator).ensure_reported(report()).poll_every(PAUSE).await.unwrap_err();
    let EnsureReportedError::Call(error) = error else { panic!("{error}") };
    assert_eq!((error.operation(), error.advice()), (Some(CREATE), Advice::Reconcile));
    assert_eq!(emulator.ledger().count(CREATE), 1);
    emulator.clear_faults();
    let reported = client(&emulator).ensure_reported(report()).await.unwrap();
    assert!(!reported.is_new, "calling again finds it");
    assert_eq!(emulator.ledger().count(CREATE), 1);
}

#[tokio::test]
async fn failures_while_waiting_do_not_end_the_wait() {
    let emulator = emulator().await;
    // The first query is before the upload.
    emulator.inject(Fault::unavailable().on(QUERY).after(1).times(4));
    let reported = client(&emulator).ensure_reported(report()).poll_every(PAUSE).await.unwrap();
    assert!(reported.is_new);
    assert_eq!((emulator.ledger().count(QUERY), emulator.ledger().count(CREATE)), (6, 1));
}

/// A gateway whose queries are answered by their number, and whose report by this answer.
async fn ensure(
    create: String,
    query: impl Fn(usize) -> String + Send + Sync + 'static,
) -> (Result<bool, EnsureReportedError>, Vec<String>) {
    let asked = AtomicUsize::new(0);
    let answers = move |action: &str| match action {
        POLICY => String::new(),
        QUERY => query(asked.fetch_add(1, Ordering::SeqCst)),
        _ => create.clone(),
    };
    let server = gateway(answers, |_| response(200, "")).await;
    let run = aliyun(server.aliyun_endpoint(), fast_retries(1)).ensure_reported(report()).poll_every(PAUSE);
    let result = run.await.map(|reported| reported.is_new);
    assert!(uploads(&server).await.len() <= 1);
    (result, actions(&server).await)
}

#[tokio::test]
async fn already_submitted_and_already_approved_are_a_success() {
    let none = || REFUSED_QUERY.to_owned();
    let later = move |number: usize| if number < 2 { none() } else { reviewed("PASS") };
    let (result, sent) = ensure(created(false, -1), later).await;
    assert!(!result.unwrap());
    assert_eq!(sent, [QUERY, POLICY, CREATE, QUERY, QUERY]);

    let (result, sent) = ensure(created(false, -2), move |_| none()).await;
    assert!(!result.unwrap(), "the gateway says that it is approved");
    assert_eq!(sent, [QUERY, POLICY, CREATE, QUERY]);
}

#[tokio::test]
async fn every_form_of_no_report_leads_to_a_report() {
    for none in [REFUSED_QUERY, r#"{"Code":"200"}"#, r#"{"Code":200,"Data":{}}"#, r#"{"Code":"OK","Data":null}"#] {
        let query = |number: usize| if number == 0 { none.to_owned() } else { reviewed("PASS") };
        let (result, sent) = ensure(created(true, 1), query).await;
        assert!(result.unwrap(), "{none}");
        assert_eq!(sent, [QUERY, POLICY, CREATE, QUERY], "{none}");
    }
}

#[tokio::test]
async fn an_unknown_status_is_waited_out() {
    let statuses = ["APPEALING", "REVIEWING", "PASS"];
    let (result, sent) = ensure(created(true, 1), move |number| reviewed(statuses[number])).await;
    assert!(!result.unwrap());
    assert_eq!(sent, [QUERY, QUERY, QUERY]);
}

#[tokio::test]
async fn a_report_that_the_gateway_forgets_ends_the_wait() {
    let (result, sent) = ensure(created(true, 1), |_| r#"{"Code":"200","Data":{}}"#.to_owned()).await;
    assert!(matches!(result, Err(EnsureReportedError::NotFound)));
    assert_eq!(sent, [QUERY, POLICY, CREATE, QUERY, QUERY, QUERY]);
    let (result, _) = ensure(created(true, 1), |_| REFUSED_QUERY.to_owned()).await;
    let Err(EnsureReportedError::Call(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.code(), Some("isv.ILLEGAL_ARGUMENT"), "the refusal that may have meant it");
}

#[tokio::test]
async fn a_refusal_for_another_reason_is_the_error() {
    for code in ["isp.RAM_PERMISSION_DENY", "isv.PARTNER_IS_CLOSED", "isv.FLOW_LIMIT", "Forbidden"] {
        let denied = move |_| format!(r#"{{"Code":"{code}","RequestId":"r"}}"#);
        let (result, sent) = ensure(created(true, 1), denied).await;
        let Err(EnsureReportedError::Call(error)) = result else { panic!("{result:?}") };
        assert_eq!((error.code(), sent), (Some(code), vec![QUERY.to_owned()]));
    }
    let (result, sent) = ensure(REFUSED_QUERY.to_owned(), |_| REFUSED_QUERY.to_owned()).await;
    let Err(EnsureReportedError::Call(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.operation(), Some(CREATE), "a report that is rejected was not executed");
    assert_eq!(sent, [QUERY, POLICY, CREATE]);
}
