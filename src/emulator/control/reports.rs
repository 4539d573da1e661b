//! Reports of A numbers and their white lists.

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::body;
use crate::emulator::aliyun::seed::WHITE_GROUP;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::number_report::ReportReview;

/// A longer review is probably a mistake in the unit.
const MAX_REVIEW_SECONDS: u32 = 365 * 24 * 60 * 60;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(
        "reports/review",
        "decides the review of a reported number: number, white_group, result, reasons",
        review_report,
        "Review",
        "Empty",
    )
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "reports/review_time",
        "sets how long a review takes: seconds",
        set_review_time,
        "ReviewTime",
        "WhiteGroups",
    ),
    Endpoint::post(
        "white_groups",
        "adds a white list of A numbers: id",
        add_white_group,
        "NewWhiteGroup",
        "WhiteGroups",
    )
    .creates(),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    number: String,
    #[serde(default = "white_group")]
    white_group: i64,
    result: Outcome,
    #[serde(default)]
    reasons: Vec<String>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Outcome {
    Pass,
    Fail,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewTime {
    seconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWhiteGroup {
    id: i64,
}

fn white_group() -> i64 {
    WHITE_GROUP
}

fn review_report(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let Review { number, white_group, result, reasons } = body(request)?;
    let review = match result {
        Outcome::Fail => ReportReview::Fail(reasons),
        Outcome::Pass if reasons.is_empty() => ReportReview::Pass,
        Outcome::Pass => return Err(Problem::bad_request("only the result FAIL has reasons")),
    };
    if gateways.review_report(white_group, &number, review) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "there is no report of this number in this white list"))
    }
}

fn set_review_time(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let ReviewTime { seconds } = body(request)?;
    if seconds > MAX_REVIEW_SECONDS {
        return Err(Problem::bad_request("seconds must be at most a year"));
    }
    gateways.lock_state().number_reports.review_time = TimeDelta::seconds(i64::from(seconds));
    Ok(ok(&white_groups(gateways)))
}

fn add_white_group(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewWhiteGroup { id } = body(request)?;
    gateways.lock_state().number_reports.groups.insert(id);
    Ok(created(&white_groups(gateways)))
}

fn white_groups(gateways: &Gateways) -> Value {
    let state = gateways.lock_state();
    json!({
        "white_groups": state.number_reports.groups,
        "review_seconds": state.number_reports.review_time.num_seconds(),
    })
}
