//! A call as a test describes it.

use std::fmt;
use std::time::Duration;

/// A party of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Side {
    /// Who dialled.
    Caller,
    /// Who was rung.
    Callee,
}

/// What happens after the phone has been rung.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Course {
    Answered,
    Busy,
    NoAnswer,
    Rejected,
}

/// A call to an X number, and what happens if somebody is rung.
///
/// By default the phone rings for 5 seconds, the parties talk for 10 seconds, and the caller hangs up.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::emulator::{PlacedCall, Side};
///
/// let call = PlacedCall::new("15000000001", "17000000001")
///     .answered_after(Duration::from_secs(3))
///     .talks_for(Duration::from_secs(60))
///     .hung_up_by(Side::Callee);
/// let missed = PlacedCall::new("13800000000", "17000000002").extension("101").no_answer();
/// ```
#[derive(Clone)]
#[must_use]
pub struct PlacedCall {
    pub(super) caller: String,
    pub(super) x: String,
    pub(super) extension: Option<String>,
    pub(super) course: Course,
    pub(super) rings_for: Duration,
    pub(super) talks_for: Duration,
    /// `None` stands for the default of the course.
    pub(super) hung_up_by: Option<Side>,
}

impl PlacedCall {
    /// A call from `caller` to the X number `x`, which can be followed by a hyphen and an extension. `x` can also be
    /// the virtual number of an order.
    pub fn new(caller: impl Into<String>, x: impl Into<String>) -> Self {
        Self {
            caller: caller.into(),
            x: x.into(),
            extension: None,
            course: Course::Answered,
            rings_for: Duration::from_secs(5),
            talks_for: Duration::from_secs(10),
            hung_up_by: None,
        }
    }

    /// Sets the extension that the caller dials.
    pub fn extension(mut self, extension: impl Into<String>) -> Self {
        self.extension = Some(extension.into());
        self
    }

    /// The call is answered after the phone has rung for this time.
    pub fn answered_after(mut self, ringing: Duration) -> Self {
        self.course = Course::Answered;
        self.rings_for = ringing;
        self
    }

    /// The called phone is busy: it does not ring. The release cause is 17.
    pub fn busy(mut self) -> Self {
        self.course = Course::Busy;
        self
    }

    /// Nobody answers: the phone rings for 60 seconds, then the platform ends the call. The release cause is 19.
    pub fn no_answer(mut self) -> Self {
        self.course = Course::NoAnswer;
        self.rings_for = Duration::from_secs(60);
        self
    }

    /// The called party rejects the call after the phone has rung for 3 seconds. The release cause is 21.
    pub fn rejected(mut self) -> Self {
        self.course = Course::Rejected;
        self.rings_for = Duration::from_secs(3);
        self
    }

    /// Sets how long the parties talk, if the call is answered.
    pub fn talks_for(mut self, duration: Duration) -> Self {
        self.talks_for = duration;
        self
    }

    /// Sets who hangs up. A call without an answer that the caller hangs up ends like this too, with the cause 16.
    pub fn hung_up_by(mut self, side: Side) -> Self {
        self.hung_up_by = Some(side);
        self
    }
}

/// The numbers are not shown.
impl fmt::Debug for PlacedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PlacedCall")
            .field("course", &self.course)
            .field("rings_for", &self.rings_for)
            .field("talks_for", &self.talks_for)
            .field("hung_up_by", &self.hung_up_by)
            .finish_non_exhaustive()
    }
}
