//! What a call's answer or refusal means for its orders: which have their result, and which are asked for again, in a
//! smaller call or later. Makes no calls itself.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::decrypted::Decrypted;
use super::evidence::{Evidence, have_same_code};
use super::receivers::Answer;
use crate::error::{Advice, Error};
use crate::top::error_code::{concerns_every_order, is_concurrent_query};
use crate::top::oaid::ReceiverQuery;

/// A longer ban than this is not waited for: the orders that are left fail at once.
const LONGEST_SHORT_BAN: Duration = Duration::from_secs(30);
/// An order that is being decrypted by somebody else is asked for again this often.
const MOST_REPEATS: u32 = 5;
const NOT_ASKED_ALONE: &str =
    "refused with the whole call; not asked for alone, as every order before it was refused in the same way";

/// Orders to ask for in one call.
pub(super) struct Part {
    pub(super) orders: Vec<ReceiverQuery>,
    origin: Origin,
    /// How often it was asked for again later.
    repeats: u32,
}

enum Origin {
    /// As it was first put together.
    Group,
    /// The first half of a refused call, with the second half and that refusal.
    FirstHalf {
        second: Vec<ReceiverQuery>,
        refusal: Error,
    },
    SecondHalf,
    /// One order of a refused group, with the other orders and that refusal. It stands for them all.
    Sample {
        others: Vec<ReceiverQuery>,
        refusal: Error,
    },
}

impl Part {
    pub(super) fn group(orders: Vec<ReceiverQuery>) -> Self {
        Self::new(orders, Origin::Group)
    }

    fn new(orders: Vec<ReceiverQuery>, origin: Origin) -> Self {
        Self { orders, origin, repeats: 0 }
    }

    fn is_half(&self) -> bool {
        matches!(self.origin, Origin::FirstHalf { .. } | Origin::SecondHalf)
    }
}

/// Narrows refusals down to the orders at fault.
#[derive(Default)]
pub(super) struct Isolation {
    /// Results since they were last taken.
    pub(super) results: Vec<Decrypted>,
    /// Parts to ask for next, the last one first.
    ready: Vec<Part>,
    /// Parts to ask for again, not before these times.
    later: Vec<(Instant, Part)>,
    /// Refused groups that wait for what splitting another one shows.
    held: VecDeque<(Vec<ReceiverQuery>, Error)>,
    /// How many halves have no result yet.
    halves: usize,
    evidence: Evidence,
    /// What ended the work: nothing more is asked for.
    ended_by: Option<Error>,
}

impl Isolation {
    /// What ended the work, if anything did.
    pub(super) fn ended_by(&self) -> Option<&Error> {
        self.ended_by.as_ref()
    }

    /// The next part to ask for.
    pub(super) fn next(&mut self) -> Option<Part> {
        self.ready.pop()
    }

    /// When a part is to be asked for again.
    pub(super) fn next_repeat(&self) -> Option<Instant> {
        self.later.iter().map(|(due, _)| *due).min()
    }

    /// Moves the parts that are to be asked for again by now.
    pub(super) fn repeat_due(&mut self, now: Instant) {
        let due = self.later.extract_if(.., |(due, _)| *due <= now);
        self.ready.extend(due.map(|(_, part)| part));
    }

    /// Takes the result of a part's call.
    pub(super) fn take(&mut self, part: Part, answer: Result<Answer, Error>) {
        if part.is_half() {
            self.halves = self.halves.saturating_sub(1);
        }
        match answer {
            Ok(answer) => self.take_answer(part, &answer),
            Err(error) => self.take_error(part, error),
        }
        self.release_held();
        if self.ended_by.is_some() {
            self.give_up_all();
        }
    }

    fn take_answer(&mut self, part: Part, answer: &Answer) {
        self.evidence.answered();
        self.results.extend(answer.match_receivers(part.orders));
        match part.origin {
            Origin::Group | Origin::SecondHalf => {}
            // These orders are not at fault, so the others are, without asking for them together again.
            Origin::FirstHalf { second: others, refusal } | Origin::Sample { others, refusal } => {
                self.split(others, refusal);
            }
        }
    }

    fn take_error(&mut self, part: Part, error: Error) {
        let Part { orders, origin, repeats } = part;
        let is_concurrent = is_concurrent_query(&error);
        let ends_the_work = !is_concurrent && ends_the_work(&error);
        let may_blame_one = is_concurrent || !ends_the_work && may_blame_one_order(&error);
        if ends_the_work && self.ended_by.is_none() {
            self.ended_by = Some(error.clone());
        }
        if may_blame_one && !is_concurrent && orders.len() == 1 {
            self.evidence.refused_alone(&error);
        }
        match origin {
            Origin::FirstHalf { second, .. } => self.ask(second, Origin::SecondHalf),
            Origin::Sample { others, refusal } if have_same_code(&refusal, &error) => {
                self.fail(others, &not_asked_alone(refusal));
            }
            Origin::Sample { others, refusal } => self.split(others, refusal),
            Origin::Group if may_blame_one && orders.len() > 1 => return self.held.push_back((orders, error)),
            Origin::Group | Origin::SecondHalf => {}
        }
        if is_concurrent && orders.len() == 1 && repeats < MOST_REPEATS {
            self.ask_later(orders, repeats.saturating_add(1), &error);
        } else if may_blame_one {
            self.split(orders, error);
        } else {
            self.fail(orders, &error);
        }
    }

    /// An order that is being decrypted by somebody else is asked for again after longer and longer pauses.
    fn ask_later(&mut self, orders: Vec<ReceiverQuery>, repeats: u32, refusal: &Error) {
        let pause = match refusal.advice() {
            Advice::WaitFor(pause) => pause.min(LONGEST_SHORT_BAN),
            _ => Duration::from_secs(1),
        };
        match Instant::now().checked_add(pause.saturating_mul(repeats)) {
            Some(due) => self.later.push((due, Part { orders, origin: Origin::Group, repeats })),
            None => self.fail(orders, refusal),
        }
    }

    /// Decides about the refused groups. As long as no call was answered, one group is split at a time, as all orders
    /// may be refused alike.
    fn release_held(&mut self) {
        while self.evidence.any_answer() || self.halves == 0 {
            let Some((mut orders, refusal)) = self.held.pop_front() else { return };
            match orders.pop() {
                Some(sample) if self.evidence.all_alike(&refusal) => {
                    self.ask(vec![sample], Origin::Sample { others: orders, refusal });
                }
                last => {
                    orders.extend(last);
                    self.split(orders, refusal);
                }
            }
        }
    }

    /// Orders that were refused together, at least one of them through its own fault.
    fn split(&mut self, mut orders: Vec<ReceiverQuery>, refusal: Error) {
        match orders.len() {
            0 => {}
            1 => self.fail(orders, &refusal),
            length => {
                let second = orders.split_off(length / 2);
                self.ask(orders, Origin::FirstHalf { second, refusal });
            }
        }
    }

    fn ask(&mut self, orders: Vec<ReceiverQuery>, origin: Origin) {
        let part = Part::new(orders, origin);
        self.halves = self.halves.saturating_add(usize::from(part.is_half()));
        self.ready.push(part);
    }

    /// Gives every order that waits to be asked for the error of what ended the work.
    fn give_up_all(&mut self) {
        for part in std::mem::take(&mut self.ready) {
            self.give_up(part);
        }
        for (_, part) in std::mem::take(&mut self.later) {
            self.give_up(part);
        }
        for (orders, _) in std::mem::take(&mut self.held) {
            self.fail_unsent(orders);
        }
    }

    fn give_up(&mut self, part: Part) {
        self.fail_unsent(part.orders);
        match part.origin {
            Origin::Group | Origin::SecondHalf => {}
            Origin::FirstHalf { second: others, .. } | Origin::Sample { others, .. } => self.fail_unsent(others),
        }
    }

    fn fail_unsent(&mut self, orders: Vec<ReceiverQuery>) {
        if let Some(error) = self.ended_by.as_ref().map(Error::unsent) {
            self.fail(orders, &error);
        }
    }

    fn fail(&mut self, orders: Vec<ReceiverQuery>, error: &Error) {
        self.results.extend(orders.into_iter().map(|query| Decrypted { query, result: Err(error.clone()) }));
    }
}

/// Whether every other order of the shop would be refused as well.
fn ends_the_work(error: &Error) -> bool {
    match error.advice() {
        Advice::WaitUntil(_) | Advice::RefreshSession | Advice::AskSeller | Advice::TopUp => true,
        Advice::WaitFor(ban) => ban > LONGEST_SHORT_BAN,
        _ => concerns_every_order(error),
    }
}

/// Whether the gateway refused the call, for a reason that may be one order's.
fn may_blame_one_order(error: &Error) -> bool {
    let is_refusal = matches!(error, Error::Service(_)) && error.http_status().is_some();
    is_refusal && matches!(error.advice(), Advice::FixRequest | Advice::RefreshOaid | Advice::Report)
}

fn not_asked_alone(mut refusal: Error) -> Error {
    if let Error::Service(error) = &mut refusal {
        error.hint = Some(NOT_ASKED_ALONE);
    }
    refusal
}
