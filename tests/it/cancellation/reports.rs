use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{NumberReport, Photo};
use privacy_number::emulator::Emulator;

use super::{at_every_poll, drop_after};
use crate::clients::plain_http;

#[tokio::test]
async fn a_dropped_report_is_submitted_once_and_resumed_by_the_next_call() {
    let emulator = Emulator::builder().report_review_time(TimeDelta::zero()).start().await.unwrap();
    let settings = emulator.settings().http_client(plain_http());
    let client = emulator.aliyun_builder().settings(settings).build().unwrap();
    let report = || {
        let report = NumberReport::builder().a_no_white_group_id(19).phone_no_a("15000000001").cust_name("张某某");
        let photo = Photo::new(b"\xFF\xD8\xFF\xE0".as_slice()).unwrap();
        let report = report.document_number("000000000000000000").alive_photo(photo).build();
        client.ensure_reported(report).poll_every(Duration::from_millis(1)).into_future()
    };
    at_every_poll(async |polls| {
        emulator.reset();
        let ready = drop_after(polls, report()).await;
        report().await.unwrap();
        assert_eq!(emulator.ledger().executed("CreatePhoneNoAReport"), 1, "after {polls} polls");
        ready.map(Result::unwrap).is_some()
    })
    .await;
}
