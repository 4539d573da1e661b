//! The refusals of the five operations that stand inside `Data`.

use privacy_number::aliyun::{
    CreateFixedNoAReport, CreatePhoneNoAReport, CustType, DeleteSecretAPhoneNoToCust, FailType,
    QuerySecretAPhoneNoToCust, REPORT_ALREADY_APPROVED, REPORT_ALREADY_SUBMITTED, ReportStatus,
};
use privacy_number::{Advice, Error, Outcome};

use super::created;
use crate::clients::{aliyun, fast_retries};
use crate::fixtures::read;
use crate::server::Server;

fn mobile() -> CreatePhoneNoAReport {
    let report = CreatePhoneNoAReport::builder().a_no_white_group_id(19).phone_no_a("15000000001");
    let report = report.cust_name("张某某").document_number("000000000000000000");
    report.id_card_alive_photo("100001/alive.jpg").build()
}

fn fixed() -> CreateFixedNoAReport {
    let report = CreateFixedNoAReport::builder().a_no_white_group_id(19).fixed_no_a("057100000001");
    let report = report.cust_type(CustType::Agent).cust_name("张某某").document_number("000000000000000000");
    report.id_card_alive_photo("100001/alive.jpg").build()
}

/// The errors of both reports for an answer. Each was sent once.
async fn refusals(answer: &str) -> [Error; 2] {
    let server = Server::always(answer).await;
    let client = aliyun(server.aliyun_endpoint(), fast_retries(3));
    let errors = [client.send(&mobile()).await.unwrap_err(), client.send(&fixed()).await.unwrap_err()];
    assert_eq!(server.received().await.len(), 2, "{answer}");
    errors
}

#[tokio::test]
async fn a_report_that_exists_is_an_error_with_a_typed_code_that_is_not_sent_again() {
    for (fail_type, code, expected) in [
        (-1, REPORT_ALREADY_SUBMITTED, FailType::AlreadySubmitted),
        (-2, REPORT_ALREADY_APPROVED, FailType::AlreadyApproved),
        (-9, "FailType:-9", FailType::Other("-9".to_owned())),
    ] {
        for error in refusals(&created(false, fail_type)).await {
            assert_eq!((error.code(), FailType::of(&error)), (Some(code), Some(expected.clone())));
            assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile));
            assert_eq!(error.request_id(), Some("r"));
        }
    }
    let stored = refusals(&read("aliyun-newer/CreatePhoneNoAReport.refused.json")).await;
    assert!(stored.iter().all(|error| FailType::of(error) == Some(FailType::AlreadySubmitted)));
}

#[tokio::test]
async fn half_a_success_is_none() {
    for answer in [
        created(true, -1),
        created(false, 1),
        r#"{"Code":"200","Data":{"CreateResult":false},"RequestId":"r"}"#.to_owned(),
        r#"{"Code":"200","RequestId":"r","Success":true}"#.to_owned(),
        r#"{"Code":"200","Data":{},"RequestId":"r"}"#.to_owned(),
        r#"{"Code":"200","Data":{"FailType":1},"RequestId":"r"}"#.to_owned(),
        created(true, 1).replace(r#""Success":true"#, r#""Success":false"#),
    ] {
        for error in refusals(&answer).await {
            assert_eq!(error.advice(), Advice::Reconcile, "{answer}: {error}");
        }
    }
}

#[tokio::test]
async fn both_forms_of_a_success_are_read() {
    for code in [r#""200""#, "200", r#""OK""#] {
        let answer = created(true, 1).replace(r#""Code":200"#, &format!(r#""Code":{code}"#));
        let server = Server::always(answer).await;
        let client = aliyun(server.aliyun_endpoint(), fast_retries(1));
        assert_eq!(client.send(&mobile()).await.unwrap().data.fail_type, Some(FailType::Accepted));
        assert!(client.send(&fixed()).await.unwrap().data.create_result);
    }
    let server = Server::always(read("aliyun-newer/QuerySecretAPhoneNoToCust.alt.json")).await;
    let query = QuerySecretAPhoneNoToCust::builder().a_no_white_group_id(19).phone_no_a("15000000001").build();
    let answer = aliyun(server.aliyun_endpoint(), fast_retries(1)).send(&query).await.unwrap();
    let record = answer.data.unwrap();
    assert_eq!((record.report_status, record.a_no_white_group_id), (ReportStatus::Fail, Some(19)));
    assert_eq!(record.report_result[0].expose(), "照片与证件不符");
}

#[tokio::test]
async fn a_deletion_that_deleted_nothing_is_rejected() {
    let server = Server::always(r#"{"Code":"200","Data":"False","Message":"m","RequestId":"r"}"#).await;
    let delete = DeleteSecretAPhoneNoToCust::builder().a_no_white_group_id(19).phone_no_a("15000000001").build();
    let error = aliyun(server.aliyun_endpoint(), fast_retries(3)).send(&delete).await.unwrap_err();
    assert_eq!((error.code(), error.outcome(), error.attempts()), (Some("Data:false"), Outcome::Rejected, 1));
    let server = Server::always(r#"{"Code":"200","RequestId":"r","Success":true}"#).await;
    let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).send(&delete).await.unwrap_err();
    assert_ne!(error.outcome(), Outcome::Rejected, "{error}");
}
