//! The whole way, against the emulator.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::Error;
use privacy_number::aliyun::{
    Client, EnsureReportedError, FixedLine, Photo, ReportProgress, ReportStatus, UploadError,
};
use privacy_number::emulator::{Clock, Emulator, Fault, ReportReview};

use super::{PORTRAIT, report};
use crate::clients::plain_http;

const QUERY: &str = "QuerySecretAPhoneNoToCust";
const CREATE: &str = "CreatePhoneNoAReport";
const NUMBER: &str = "15000000001";
const PAUSE: Duration = Duration::from_millis(1);

fn client(emulator: &Emulator) -> Client {
    emulator.aliyun_builder().settings(emulator.settings().http_client(plain_http())).build().unwrap()
}

/// An emulator that reviews at once.
async fn reviewing_at_once() -> Emulator {
    Emulator::builder().report_review_time(TimeDelta::zero()).start().await.unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test]
async fn photos_are_uploaded_the_report_is_submitted_once_and_its_review_awaited() {
    let emulator = Emulator::start().await.unwrap();
    let mut report = report();
    report.back_photo = Some(Photo::new(b"\x89PNG\r\n\x1A\nback".as_slice()).unwrap());
    report.front_photo = Some(Photo::new(b"\xFF\xD8\xFFfront".as_slice()).unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&seen);
    let run = client(&emulator).ensure_reported(report).poll_every(PAUSE);
    let run = run.on_progress(move |step| progress.lock().unwrap().push(step)).into_future();
    let run = tokio::spawn(run);
    until(|| emulator.ledger().count(QUERY) >= 4).await;
    assert!(!run.is_finished());
    assert!(emulator.gateways().review_report(19, NUMBER, ReportReview::Pass));
    let reported = run.await.unwrap().unwrap();
    assert!(reported.is_new);
    assert_eq!(reported.record.unwrap().report_status, ReportStatus::Pass);
    let ledger = emulator.ledger();
    assert_eq!((ledger.count(CREATE), ledger.executed("upload")), (1, 3));
    assert_eq!(ledger.count("GetDyplsOSSInfoForUploadFile"), 1, "one permission for all photos");
    let photos = emulator.gateways().phone_number_protection()["photos"].as_object().unwrap().clone();
    for bytes in [PORTRAIT, b"\x89PNG\r\n\x1A\nback", b"\xFF\xD8\xFFfront"] {
        assert!(photos.values().any(|found| *found == sha256(bytes)));
    }
    assert_eq!(photos.keys().filter(|path| path.ends_with(".png")).count(), 1);
    let seen = seen.lock().unwrap();
    let expected = [
        ReportProgress::Uploaded { photos: 1, of: 3 },
        ReportProgress::Uploaded { photos: 2, of: 3 },
        ReportProgress::Uploaded { photos: 3, of: 3 },
        ReportProgress::Submitted,
        ReportProgress::Reviewing { queries: 0 },
        ReportProgress::Reviewing { queries: 1 },
    ];
    assert_eq!(seen[..6], expected);
}

#[tokio::test]
async fn an_approved_number_sends_one_query() {
    let emulator = reviewing_at_once().await;
    let client = client(&emulator);
    assert!(client.ensure_reported(report()).poll_every(PAUSE).await.unwrap().is_new);
    emulator.ledger().clear();
    let reported = client.ensure_reported(report()).await.unwrap();
    assert!(!reported.is_new && reported.record.is_some());
    assert_eq!(emulator.ledger().entries().len(), 1);
    assert_eq!(emulator.ledger().count(QUERY), 1);
}

#[tokio::test]
async fn a_report_under_review_is_awaited_and_not_submitted_again() {
    let clock = Clock::stopped_at(Utc::now());
    let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
    let client = client(&emulator);
    let first = client.ensure_reported(report()).poll_every(PAUSE).wait(Duration::from_millis(300)).await.unwrap_err();
    assert!(matches!(first, EnsureReportedError::NotReviewed), "{first}");
    emulator.ledger().clear();
    let run = tokio::spawn(client.ensure_reported(report()).poll_every(PAUSE).into_future());
    until(|| emulator.ledger().count(QUERY) >= 2).await;
    clock.advance(Duration::from_secs(3600));
    assert!(!run.await.unwrap().unwrap().is_new);
    assert_eq!((emulator.ledger().count(CREATE), emulator.ledger().count("upload")), (0, 0));
}

#[tokio::test]
async fn a_rejected_report_gives_its_reasons_and_is_replaced_only_if_wanted() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let ensure = || client.ensure_reported(report()).poll_every(PAUSE);
    let run = tokio::spawn(ensure().into_future());
    until(|| emulator.ledger().count(QUERY) >= 2).await;
    let reasons = vec!["照片模糊".to_owned(), "不符".to_owned()];
    assert!(emulator.gateways().review_report(19, NUMBER, ReportReview::Fail(reasons.clone())));
    for error in [run.await.unwrap().unwrap_err(), ensure().await.unwrap_err()] {
        let EnsureReportedError::Rejected { reasons: found } = error else { panic!("{error}") };
        assert_eq!(found.iter().map(|reason| reason.expose()).collect::<Vec<_>>(), reasons);
    }
    assert_eq!(emulator.ledger().count(CREATE), 1);
    let run = tokio::spawn(ensure().replace_rejected().into_future());
    until(|| emulator.ledger().count(CREATE) == 2).await;
    until(|| emulator.gateways().review_report(19, NUMBER, ReportReview::Pass)).await;
    assert!(run.await.unwrap().unwrap().is_new);
}

#[tokio::test]
async fn a_fixed_line_is_reported_by_its_own_operation() {
    let emulator = reviewing_at_once().await;
    let mut report = report();
    report.phone_no_a = "057100000001".into();
    let line = FixedLine::builder().cust_type("1").cust_phone_no("15000000003").fixed_line_work_id("WORK0001");
    report.fixed_line = Some(line.build());
    let reported = client(&emulator).ensure_reported(report).poll_every(PAUSE).await.unwrap();
    assert_eq!(reported.record.unwrap().cust_phone_no.unwrap().expose(), "15000000003");
    assert_eq!((emulator.ledger().count("CreateFixedNoAReport"), emulator.ledger().count(CREATE)), (1, 0));
}

#[tokio::test]
async fn wrong_data_is_refused_before_anything_is_sent() {
    let emulator = Emulator::start().await.unwrap();
    let mut report = report();
    report.document_number = "0000".into();
    let error = client(&emulator).ensure_reported(report).await.unwrap_err();
    let EnsureReportedError::Call(Error::Invalid(error)) = error else { panic!("{error}") };
    assert_eq!(error.field(), "document_number");
    assert!(emulator.ledger().entries().is_empty());
}

#[tokio::test]
async fn a_broken_upload_is_sent_again_and_a_store_that_stays_broken_submits_nothing() {
    let emulator = reviewing_at_once().await;
    let client = client(&emulator);
    emulator.inject(Fault::reset_after_execution().on("upload").times(2));
    client.ensure_reported(report()).poll_every(PAUSE).await.unwrap();
    assert_eq!(emulator.ledger().count("upload"), 3);
    assert_eq!(emulator.gateways().phone_number_protection()["photos"].as_object().unwrap().len(), 1, "one name");

    emulator.reset();
    emulator.inject(Fault::reset_before_execution().on("upload"));
    let error = client.ensure_reported(report()).await.unwrap_err();
    assert!(matches!(error, EnsureReportedError::Upload(UploadError::Interrupted)), "{error}");
    assert_eq!(emulator.ledger().count(CREATE), 0);
}

#[tokio::test]
async fn the_largest_photo_arrives_whole() {
    let emulator = Emulator::start().await.unwrap();
    let mut bytes = b"\xFF\xD8\xFF".to_vec();
    bytes.extend((0..Photo::MAX_BYTES - 3).map(|index| (index % 251) as u8));
    let path = client(&emulator).upload_photo(&Photo::named("a.jpeg", bytes.clone()).unwrap()).await.unwrap();
    let state = emulator.gateways().phone_number_protection();
    assert_eq!(state["photos"][path.expose()], sha256(&bytes));
}

#[tokio::test]
async fn a_permission_that_ends_between_two_photos_is_replaced() {
    let clock = Clock::stopped_at(Utc::now());
    let emulator =
        Emulator::builder().clock(clock.clone()).report_review_time(TimeDelta::zero()).start().await.unwrap();
    let mut report = report();
    report.front_photo = Some(report.alive_photo.clone());
    let run = client(&emulator).ensure_reported(report).poll_every(PAUSE).on_progress(move |progress| {
        if matches!(progress, ReportProgress::Uploaded { photos: 1, .. }) {
            clock.advance(Duration::from_secs(301));
        }
    });
    run.await.unwrap();
    let ledger = emulator.ledger();
    assert_eq!(
        (ledger.count("GetDyplsOSSInfoForUploadFile"), ledger.count("upload"), ledger.executed("upload")),
        (2, 2, 2)
    );
}

#[tokio::test]
async fn the_gateway_is_asked_a_last_time_when_the_wait_is_over() {
    let emulator = Emulator::start().await.unwrap();
    let run = client(&emulator).ensure_reported(report()).wait(Duration::from_millis(300));
    let error = run.poll_every(Duration::from_secs(3600)).await.unwrap_err();
    assert!(matches!(error, EnsureReportedError::NotReviewed), "{error}");
    assert_eq!(emulator.ledger().count(QUERY), 2, "before the upload, and at the end");
}
