//! Nothing of a report is shown: not in logs of any crate, not by `Debug`, not in errors.

use std::error::Error;
use std::fmt::Write;

use privacy_number::aliyun::{EnsureReportedError, FixedLine, NumberReport};
use wiremock::ResponseTemplate;

use super::{created, gateway, portrait, report, reviewed, uploads};
use crate::capture::logs_of;
use crate::clients::{aliyun, fast_retries};
use crate::server::response;

const HIDDEN: [&str; 11] = [
    "15000000001",
    "15000000003",
    "057100000001",
    "张某某",
    "000000000000000000",
    "cG9saWN5LW9mLXRoZS1zdG9yZQ",
    "c2lnbmF0dXJlLW9mLXRoZS1zdG9yZQ",
    "store-key-id",
    "100001/",
    "portrait",
    "reason-of-zhang",
];

const REJECTED: &str = r#"{"Code":"200","RequestId":"r","Data":{"ReportStatus":"FAIL","PhoneNoA":"15000000001",
    "CustPhoneNo":"15000000003","ReportResult":["reason-of-zhang"]}}"#;

fn of_fixed_line() -> NumberReport {
    let line = FixedLine::builder().cust_type("2").cust_phone_no("15000000003").build();
    let mut report = report();
    (report.phone_no_a, report.fixed_line) = ("057100000001".into(), Some(line));
    report
}

fn shown(error: &dyn Error) -> String {
    let (mut text, mut source) = (String::new(), Some(error));
    while let Some(error) = source {
        write!(text, "\n{error} {error:?}").unwrap();
        source = error.source();
    }
    text
}

#[tokio::test]
async fn nothing_of_a_report_is_shown_whatever_becomes_of_it() {
    let echo = "15000000001 张某某 cG9saWN5LW9mLXRoZS1zdG9yZQ store-key-id 100001/ portrait";
    let refused = format!(r#"{{"Code":"isv.15000000001","Message":"{echo}","RequestId":"15000000001"}}"#);
    let stores: [fn() -> ResponseTemplate; 3] = [
        || response(200, ""),
        || response(400, "<Error><Code>15000000001</Code><Message>100001/ store-key-id</Message></Error>"),
        || response(503, "张某某 portrait"),
    ];
    for store in stores {
        for (create, query) in [
            (created(true, 1), REJECTED.to_owned()),
            (created(false, -1), "{}".to_owned()),
            (created(true, 1), reviewed("PASS")),
            (refused.clone(), refused.clone()),
            ("<html>张某某".to_owned(), reviewed("张某某")),
        ] {
            let answers = move |action: &str| match action {
                "GetDyplsOSSInfoForUploadFile" => String::new(),
                "QuerySecretAPhoneNoToCust" => query.clone(),
                _ => create.clone(),
            };
            for report in [report(), of_fixed_line()] {
                let server = gateway(answers.clone(), move |_| store()).await;
                let client = aliyun(server.aliyun_endpoint(), fast_retries(1));
                let run = client.ensure_reported(report).replace_rejected();
                let run = run.wait(std::time::Duration::ZERO).poll_every(std::time::Duration::ZERO);
                let mut text = format!("{run:?}");
                let (result, logs) = logs_of(run.into_future()).await;
                text.push_str(&logs);
                match result {
                    Ok(reported) => write!(text, "{reported:?}").unwrap(),
                    Err(error) => text.push_str(&shown(&error)),
                }
                let (uploaded, logs) = logs_of(client.upload_photo(&portrait())).await;
                text.push_str(&logs);
                match uploaded {
                    Ok(path) => write!(text, "{path:?}").unwrap(),
                    Err(error) => text.push_str(&shown(&error)),
                }
                for hidden in HIDDEN {
                    assert!(!text.contains(hidden), "{hidden}: {text}");
                }
                assert!(!uploads(&server).await.is_empty());
            }
        }
    }
}

#[tokio::test]
async fn the_reasons_of_a_rejection_are_given_and_not_shown() {
    let server = gateway(|_| REJECTED.to_owned(), |_| response(200, "")).await;
    let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).ensure_reported(report()).await.unwrap_err();
    let EnsureReportedError::Rejected { reasons } = &error else { panic!("{error}") };
    assert_eq!(reasons[0].expose(), "reason-of-zhang");
    assert_eq!(error.to_string(), "the review rejected the report, with 1 reasons");
    assert!(!format!("{error:?}").contains("zhang"));
}
