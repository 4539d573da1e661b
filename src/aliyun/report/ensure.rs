//! Reporting a number once, and waiting for its review.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::create::FailType;
use super::ensure_error::EnsureReportedError;
use super::number_report::{NumberReport, PhotoPaths};
use super::record::{QuerySecretAPhoneNoToCust, ReportRecord, ReportStatus};
use super::upload::Uploader;
use crate::aliyun::client::Client;
use crate::error::{Advice, Error, Outcome};

/// How often a report is sent at most. It is sent again only if the gateway has no report after a lost response.
const MAX_SUBMISSIONS: u32 = 3;
/// How often the query after a lost response is sent at most.
const MAX_QUERIES: u32 = 3;
/// So many answers in a row without a report mean that there is none.
const MAX_MISSES: u32 = 3;
/// The minimum pause between two queries.
const MIN_PAUSE: Duration = Duration::from_millis(100);

impl Client {
    /// Makes sure that an A number is reported and approved (报备): asks whether it is, uploads the photos, submits the
    /// report, and waits until it is reviewed.
    ///
    /// 1. **Check.** The report is checked before anything is sent; photos are checked when they are made.
    /// 2. **Query.** The gateway is asked for a report of the number. An approved one is the result, one under review
    ///    is waited for, and a rejected one is an error, unless [`replace_rejected`](EnsureReported::replace_rejected)
    ///    is set. What the gateway answers for a number without a report is not known: no `Data`, empty `Data` and a
    ///    refusal with an `isv.` code are all taken as none. If that is wrong, step 4 finds the report.
    /// 3. **Upload.** As [`upload_photo`](Self::upload_photo), for each photo.
    /// 4. **Submit.** "Already submitted" and "already approved" are a success. After a lost response the gateway is
    ///    asked before the report is sent again; it is sent three times at most, and only while the gateway has no
    ///    report.
    /// 5. **Wait.** The gateway is asked every ten minutes; set the pause with
    ///    [`poll_every`](EnsureReported::poll_every). A failure that may pass does not end the wait, and an unknown
    ///    status counts as under review. There is no limit unless [`wait`](EnsureReported::wait) sets one.
    ///
    /// **Cancellation.** All state is the gateway's. Drop the future at any moment, or let the process end, and call
    /// again with the same report: step 2 finds what was submitted. At worst some photos are uploaded twice. It may not
    /// find a report whose request is still on its way: then step 4 gets "already submitted".
    ///
    /// Whether the query names a fixed line by its number is not certain. If it does not, a report of a fixed line ends
    /// with the error of the query, after it was submitted.
    ///
    /// The message about a failed review (`SecretANumberAuditFailedReport`) is not used: the query has its reasons.
    ///
    /// # Errors
    /// [`EnsureReportedError`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use privacy_number::emulator::Emulator;
    /// # let emulator = Emulator::builder().report_review_time(chrono::TimeDelta::zero()).start().await?;
    /// # let client = emulator.aliyun()?;
    /// # let bytes = b"\xFF\xD8\xFF\xE0".to_vec();
    /// use std::time::Duration;
    ///
    /// use privacy_number::aliyun::{NumberReport, Photo};
    ///
    /// let report = NumberReport::builder()
    ///     .a_no_white_group_id(19)
    ///     .phone_no_a("15000000001")
    ///     .cust_name("张某某")
    ///     .document_number("000000000000000000")
    ///     .alive_photo(Photo::named("portrait.jpg", bytes)?)
    ///     .build();
    /// let pause = Duration::from_secs(15 * 60);
    /// # let pause = Duration::from_millis(100);
    /// let reported = client
    ///     .ensure_reported(report)
    ///     .poll_every(pause)
    ///     .wait(Duration::from_secs(3 * 24 * 3600))
    ///     .on_progress(|progress| println!("{progress:?}"))
    ///     .await?;
    /// println!("submitted by this call: {}", reported.is_new);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "A号码报备")]
    pub fn ensure_reported(&self, report: NumberReport) -> EnsureReported {
        EnsureReported {
            client: self.clone().in_workflow(),
            report,
            poll_every: Duration::from_secs(10 * 60),
            wait: None,
            replaces_rejected: false,
            on_progress: Arc::new(|_| {}),
        }
    }
}

/// A report that is about to start: [`Client::ensure_reported`]. Awaiting it runs it.
#[must_use = "nothing is sent before this is awaited"]
pub struct EnsureReported {
    client: Client,
    report: NumberReport,
    poll_every: Duration,
    wait: Option<Duration>,
    replaces_rejected: bool,
    on_progress: Arc<dyn Fn(ReportProgress) + Send + Sync>,
}

/// How far a report is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportProgress {
    /// A photo was uploaded.
    Uploaded {
        /// How many are uploaded.
        photos: usize,
        /// How many there are.
        of: usize,
    },
    /// The gateway accepted the report.
    Submitted,
    /// The gateway has the report, and it is not reviewed yet.
    Reviewing {
        /// How often the gateway was asked since the wait began.
        queries: u32,
    },
}

/// A number that is reported and approved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reported {
    /// Whether this call submitted the report. `false` if there was one before.
    pub is_new: bool,
    /// The report. `None` if the gateway said "already approved" and then did not show the report.
    pub record: Option<ReportRecord>,
}

impl EnsureReported {
    /// The pause between two queries; ten minutes by default. A review takes minutes or hours, and no interval is
    /// documented. A longer pause that the gateway asks for replaces it.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.poll_every = pause;
        self
    }

    /// How long to wait for the review, from the start of the call; no limit by default. The gateway is asked a last
    /// time at the end. Uploading and submitting are bounded by their own timeouts and not by this.
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = Some(at_most);
        self
    }

    /// Submits the report even if an earlier one was rejected, for corrected data. Whether the rejected one must be
    /// deleted first is not known; it is not deleted here, because that shuts off the number. If the gateway refuses
    /// the new one for it, the error is [`EnsureReportedError::Rejected`] with the reasons of the old one.
    pub fn replace_rejected(mut self) -> Self {
        self.replaces_rejected = true;
        self
    }

    /// Is called after every step.
    pub fn on_progress(mut self, report: impl Fn(ReportProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Arc::new(report);
        self
    }

    async fn run(self) -> Result<Reported, EnsureReportedError> {
        let end = self.wait.and_then(|wait| Instant::now().checked_add(wait));
        self.report.check(self.client.now())?;
        let is_replacement = match self.find().await? {
            Found::Record(record) if self.replaces_rejected && record.report_status == ReportStatus::Fail => true,
            Found::Record(record) => match judged(*record, false)? {
                Judged::Done(reported) => return Ok(reported),
                Judged::Reviewing => return self.review(false, end).await,
            },
            Found::Nothing(_) => false,
        };
        let photos = self.upload().await?;
        match self.submit(photos, is_replacement).await? {
            Submission::Accepted => {
                (self.on_progress)(ReportProgress::Submitted);
                self.review(true, end).await
            }
            Submission::Existed => self.review(false, end).await,
            Submission::Done(reported) => Ok(reported),
        }
    }

    async fn upload(&self) -> Result<PhotoPaths, EnsureReportedError> {
        let NumberReport { alive_photo, back_photo, front_photo, .. } = &self.report;
        let of = [back_photo, front_photo].into_iter().flatten().count().saturating_add(1);
        let mut uploader = Uploader::new(&self.client);
        let mut photos = 0_usize;
        let mut uploaded = || {
            photos = photos.saturating_add(1);
            (self.on_progress)(ReportProgress::Uploaded { photos, of });
        };
        let mut paths =
            PhotoPaths { alive: uploader.upload(alive_photo).await.inspect(|_| uploaded())?, back: None, front: None };
        for (photo, path) in [(back_photo, &mut paths.back), (front_photo, &mut paths.front)] {
            if let Some(photo) = photo {
                *path = Some(uploader.upload(photo).await.inspect(|_| uploaded())?);
            }
        }
        Ok(paths)
    }

    /// Submits the report. `is_replacement`: an earlier report of the number was rejected.
    async fn submit(&self, photos: PhotoPaths, is_replacement: bool) -> Result<Submission, EnsureReportedError> {
        let mut submissions = 0_u32;
        loop {
            let Err(error) = self.report.submit(&self.client, photos.clone()).await else {
                return Ok(Submission::Accepted);
            };
            submissions = submissions.saturating_add(1);
            match FailType::of(&error) {
                Some(FailType::AlreadyApproved) => return self.existing(true).await,
                Some(FailType::AlreadySubmitted) => return self.existing(false).await,
                _ if !matches!(error.outcome(), Outcome::Unknown | Outcome::Executed) => return Err(error.into()),
                _ => {}
            }
            match self.find_after_loss(submissions).await {
                // The rejected one: the new one was lost.
                Some(Found::Record(record)) if is_replacement && record.report_status == ReportStatus::Fail => {}
                Some(Found::Record(record)) => {
                    return judged(*record, true).map(|judged| match judged {
                        Judged::Done(reported) => Submission::Done(reported),
                        Judged::Reviewing => Submission::Accepted,
                    });
                }
                Some(Found::Nothing(_)) => {}
                // Without an answer nothing is known: the error of the report says so.
                None => return Err(error.into()),
            }
            if submissions >= MAX_SUBMISSIONS {
                return Err(error.into());
            }
        }
    }

    /// What is there when the gateway refuses a report because of an earlier one.
    async fn existing(&self, is_approved: bool) -> Result<Submission, EnsureReportedError> {
        if let Ok(Found::Record(record)) = self.find().await {
            return judged(*record, false).map(|judged| match judged {
                Judged::Done(reported) => Submission::Done(reported),
                Judged::Reviewing => Submission::Existed,
            });
        }
        let approved = Submission::Done(Reported { is_new: false, record: None });
        Ok(if is_approved { approved } else { Submission::Existed })
    }

    /// Asks until the report is reviewed.
    async fn review(&self, is_new: bool, end: Option<Instant>) -> Result<Reported, EnsureReportedError> {
        let (mut queries, mut misses) = (0_u32, 0_u32);
        let mut pause = self.poll_every;
        (self.on_progress)(ReportProgress::Reviewing { queries });
        loop {
            let next = Instant::now().checked_add(pause.max(MIN_PAUSE));
            let until = match (next, end) {
                (Some(next), Some(end)) => next.min(end),
                (Some(next), None) => next,
                (None, end) => end.ok_or(EnsureReportedError::NotReviewed)?,
            };
            tokio::time::sleep_until(until).await;
            pause = self.poll_every;
            queries = queries.saturating_add(1);
            let is_last = end.is_some_and(|end| Instant::now() >= end);
            match self.find().await {
                Ok(Found::Record(record)) => match judged(*record, is_new)? {
                    Judged::Done(reported) => return Ok(reported),
                    Judged::Reviewing => misses = 0,
                },
                Ok(Found::Nothing(error)) => {
                    misses = misses.saturating_add(1);
                    if misses >= MAX_MISSES {
                        return Err(error.map_or(EnsureReportedError::NotFound, EnsureReportedError::Call));
                    }
                }
                Err(error) if is_last => return Err(error.into()),
                Err(error) => match error.advice() {
                    Advice::Retry => {}
                    Advice::WaitFor(asked) => pause = pause.max(asked),
                    _ => return Err(error.into()),
                },
            }
            if is_last {
                return Err(EnsureReportedError::NotReviewed);
            }
            (self.on_progress)(ReportProgress::Reviewing { queries });
        }
    }

    async fn find_after_loss(&self, submissions: u32) -> Option<Found> {
        for queries in 0..MAX_QUERIES {
            self.client.back_off(submissions.saturating_add(queries)).await;
            if let Ok(found) = self.find().await {
                return Some(found);
            }
        }
        None
    }

    async fn find(&self) -> Result<Found, Error> {
        let query = QuerySecretAPhoneNoToCust::builder()
            .a_no_white_group_id(self.report.a_no_white_group_id)
            .phone_no_a(self.report.phone_no_a.clone())
            .build();
        match self.client.send(&query).await {
            Ok(answer) => Ok(answer.data.map_or(Found::Nothing(None), |record| Found::Record(Box::new(record)))),
            Err(error) if may_mean_no_report(&error) => Ok(Found::Nothing(Some(error))),
            Err(error) => Err(error),
        }
    }
}

impl IntoFuture for EnsureReported {
    type Output = Result<Reported, EnsureReportedError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.run().boxed()
    }
}

/// What the gateway answers to the query for a report.
enum Found {
    Record(Box<ReportRecord>),
    /// No report; with the refusal that may mean it.
    Nothing(Option<Error>),
}

/// No document says how the query for a number without a report is refused.
fn may_mean_no_report(error: &Error) -> bool {
    let is_of_request = |code: &str| code.starts_with("isv.") && !code.starts_with("isv.PARTNER_");
    !error.is_throttled() && error.code().is_some_and(is_of_request)
}

/// What became of a report that was sent.
enum Submission {
    /// It will be reviewed.
    Accepted,
    /// An earlier one will be.
    Existed,
    /// It is approved already.
    Done(Reported),
}

enum Judged {
    Done(Reported),
    Reviewing,
}

fn judged(record: ReportRecord, is_new: bool) -> Result<Judged, EnsureReportedError> {
    match record.report_status {
        ReportStatus::Pass => Ok(Judged::Done(Reported { is_new, record: Some(record) })),
        ReportStatus::Fail => Err(EnsureReportedError::Rejected { reasons: record.report_result }),
        ReportStatus::Reviewing | ReportStatus::Other(_) => Ok(Judged::Reviewing),
    }
}

impl fmt::Debug for EnsureReported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureReported")
            .field("report", &self.report)
            .field("poll_every", &self.poll_every)
            .field("wait", &self.wait)
            .field("replaces_rejected", &self.replaces_rejected)
            .finish_non_exhaustive()
    }
}
