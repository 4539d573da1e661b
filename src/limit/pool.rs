//! The turns of one operation that this process has reserved. They belong to the process: whoever is polled takes them.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::instant::later;

/// How late after its time a turn may be used. A later one is thrown away: it would come too close to the next.
pub(super) const LATENESS: Duration = Duration::from_millis(20);

#[derive(Default)]
pub(super) struct Pool {
    batches: VecDeque<Batch>,
    question: Option<Question>,
    questions: u64,
}

/// Turns to be used together.
struct Batch {
    left: usize,
    due: Instant,
    latest: Instant,
}

/// A reservation that is on its way.
struct Question {
    number: u64,
    /// If there is no answer until then, the runtime that it was asked on may be driven by nobody.
    lost_after: Instant,
}

impl Pool {
    /// When the next turns are due, and how many they are. Turns that nobody took in time are thrown away.
    pub(super) fn due(&mut self, now: Instant) -> Option<(Instant, usize)> {
        while self.batches.front().is_some_and(|batch| batch.left == 0 || batch.latest < now) {
            self.batches.pop_front();
        }
        self.batches.front().map(|batch| (batch.due, batch.left))
    }

    /// Takes one of the turns that are due.
    pub(super) fn take(&mut self) {
        if let Some(batch) = self.batches.front_mut() {
            batch.left = batch.left.saturating_sub(1);
        }
    }

    /// The shared limit answered just now that turns are due after this wait. When exactly it said so is not known: not
    /// before it was asked, and not later than now.
    pub(super) fn add(&mut self, turns: u32, asked: Instant, wait: Duration) {
        let left = usize::try_from(turns).unwrap_or(usize::MAX);
        let latest = later(asked, wait.saturating_add(LATENESS));
        self.batches.push_back(Batch { left, due: later(Instant::now(), wait), latest });
    }

    /// Until when an answer is to be expected, if a question is on its way.
    pub(super) fn answer_expected(&self, now: Instant) -> Option<Instant> {
        self.question.as_ref().map(|question| question.lost_after).filter(|lost_after| *lost_after > now)
    }

    /// A question is asked; gives its number.
    pub(super) fn ask(&mut self, lost_after: Instant) -> u64 {
        self.questions = self.questions.saturating_add(1);
        self.question = Some(Question { number: self.questions, lost_after });
        self.questions
    }

    /// A question is answered, or was given up.
    pub(super) fn asked(&mut self, number: u64) {
        if self.question.as_ref().is_some_and(|question| question.number == number) {
            self.question = None;
        }
    }
}
