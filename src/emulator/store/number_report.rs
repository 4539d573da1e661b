//! Reports of A numbers, and the photos uploaded for them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{KEPT, push_bounded};

/// How long a review takes by default.
const REVIEW_TIME: TimeDelta = TimeDelta::hours(1);

/// The result of a review: [`Gateways::review_report`](crate::emulator::Gateways::review_report).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReportReview {
    /// The report is approved.
    Pass,
    /// The report is rejected, for these reasons.
    Fail(Vec<String>),
}

/// The report of one number in one white list.
#[derive(Serialize, Deserialize)]
pub(crate) struct NumberReport {
    /// A fixed line, not a mobile number.
    pub(crate) is_fixed: bool,
    pub(crate) cust_phone_no: Option<String>,
    pub(crate) remark: Option<String>,
    submitted: DateTime<Utc>,
    decided: Option<ReportReview>,
}

/// How a review stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReviewState<'a> {
    Reviewing,
    Passed,
    Failed(&'a [String]),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct NumberReports {
    /// The white lists that exist.
    pub(crate) groups: BTreeSet<i64>,
    /// A report that nobody decides is approved after this time.
    pub(crate) review_time: TimeDelta,
    /// By white list and number.
    #[serde(with = "super::pairs")]
    reports: BTreeMap<(i64, String), NumberReport>,
    /// The SHA-256 of each photo by its path, in hexadecimal. The photos themselves are not kept.
    photos: BTreeMap<String, String>,
    /// The paths of the photos, oldest first.
    photos_by_age: VecDeque<String>,
}

impl NumberReport {
    pub(crate) fn new(is_fixed: bool, submitted: DateTime<Utc>) -> Self {
        Self { is_fixed, cust_phone_no: None, remark: None, submitted, decided: None }
    }
}

impl ReviewState<'_> {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reviewing => "REVIEWING",
            Self::Passed => "PASS",
            Self::Failed(_) => "FAIL",
        }
    }
}

impl NumberReports {
    pub(crate) fn get(&self, group: i64, number: &str) -> Option<&NumberReport> {
        self.reports.get(&(group, number.to_owned()))
    }

    pub(crate) fn insert(&mut self, group: i64, number: &str, report: NumberReport) {
        self.reports.insert((group, number.to_owned()), report);
    }

    pub(crate) fn remove(&mut self, group: i64, number: &str) {
        self.reports.remove(&(group, number.to_owned()));
    }

    /// Decides a review, or changes the decision. Returns `false` if there is no such report.
    pub(crate) fn decide(&mut self, group: i64, number: &str, review: ReportReview) -> bool {
        let report = self.reports.get_mut(&(group, number.to_owned()));
        report.map(|report| report.decided = Some(review)).is_some()
    }

    pub(crate) fn review<'a>(&self, report: &'a NumberReport, now: DateTime<Utc>) -> ReviewState<'a> {
        match &report.decided {
            Some(ReportReview::Pass) => ReviewState::Passed,
            Some(ReportReview::Fail(reasons)) => ReviewState::Failed(reasons),
            // At once, even if a fault turns the clock back.
            None if self.review_time <= TimeDelta::zero() => ReviewState::Passed,
            None if now.signed_duration_since(report.submitted) >= self.review_time => ReviewState::Passed,
            None => ReviewState::Reviewing,
        }
    }

    /// All reports, with their white list and number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &str, &NumberReport)> {
        self.reports.iter().map(|((group, number), report)| (*group, number.as_str(), report))
    }

    /// A photo with a path that exists replaces the earlier one.
    pub(crate) fn add_photo(&mut self, path: String, sha256: String) {
        if self.photos.insert(path.clone(), sha256).is_some() {
            return;
        }
        if let Some(oldest) = push_bounded(&mut self.photos_by_age, path, KEPT) {
            self.photos.remove(&oldest);
        }
    }

    pub(crate) fn has_photo(&self, path: &str) -> bool {
        self.photos.contains_key(path)
    }

    /// The paths of all photos, each with its hash.
    pub(crate) fn photos(&self) -> impl Iterator<Item = (&str, &str)> {
        self.photos.iter().map(|(path, sha256)| (path.as_str(), sha256.as_str()))
    }
}

impl Default for NumberReports {
    fn default() -> Self {
        Self {
            groups: BTreeSet::new(),
            review_time: REVIEW_TIME,
            reports: BTreeMap::new(),
            photos: BTreeMap::new(),
            photos_by_age: VecDeque::new(),
        }
    }
}

impl fmt::Debug for ReportReview {
    /// Reasons are not shown: they may name a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => formatter.write_str("Pass"),
            Self::Fail(reasons) => formatter.debug_tuple("Fail").field(&reasons.len()).finish(),
        }
    }
}
