//! Finds the orders at fault in a refused call. Decides after each call which orders have their result, and which are
//! sent again, in a smaller call or later. Makes no calls itself.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::decrypted::Decrypted;
use super::evidence::{Evidence, have_same_code};
use super::receivers::Answer;
use crate::error::{Advice, Error};
use crate::top::error_code::{concerns_every_order, is_concurrent_query};
use crate::top::oaid::ReceiverQuery;

/// The longest ban to wait for. After a longer one the remaining orders fail at once.
const MAX_SHORT_BAN: Duration = Duration::from_secs(30);
/// How often an order is retried that another client is decrypting.
const MAX_RETRIES: u32 = 5;
const NOT_SENT_ALONE: &str =
    "refused with the whole call; not asked for alone, as every order before it was refused in the same way";

/// The orders of one call.
pub(super) struct Part {
    pub(super) orders: Vec<ReceiverQuery>,
    origin: Origin,
    /// How often it was sent again after a pause.
    retries: u32,
}

enum Origin {
    /// A group that was not split.
    Group,
    /// The first half of a refused call, with the second half and that refusal.
    FirstHalf {
        second: Vec<ReceiverQuery>,
        refusal: Error,
    },
    SecondHalf,
    /// One order of a refused group, sent alone as a sample, with the other orders and that refusal.
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
        Self { orders, origin, retries: 0 }
    }

    fn is_half(&self) -> bool {
        matches!(self.origin, Origin::FirstHalf { .. } | Origin::SecondHalf)
    }
}

/// Finds the orders at fault.
#[derive(Default)]
pub(super) struct Isolation {
    /// Results that the window has not taken yet.
    pub(super) results: Vec<Decrypted>,
    /// Parts to send next, the last one first.
    ready: Vec<Part>,
    /// Parts to send again, not before these times.
    later: Vec<(Instant, Part)>,
    /// Refused groups that wait until another group has been split.
    held: VecDeque<(Vec<ReceiverQuery>, Error)>,
    /// How many halves have no result yet.
    halves: usize,
    evidence: Evidence,
    /// The error that ended the work. Nothing more is sent.
    ended_by: Option<Error>,
}

impl Isolation {
    /// The error that ended the work, if one did.
    pub(super) fn ended_by(&self) -> Option<&Error> {
        self.ended_by.as_ref()
    }

    /// The next part to send.
    pub(super) fn next(&mut self) -> Option<Part> {
        self.ready.pop()
    }

    /// When the next part is to be sent again.
    pub(super) fn next_retry(&self) -> Option<Instant> {
        self.later.iter().map(|(due, _)| *due).min()
    }

    /// Makes the parts ready whose pause is over.
    pub(super) fn retry_due(&mut self, now: Instant) {
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
            // These orders are not at fault, so one of the others is. They are split without being sent together again.
            Origin::FirstHalf { second: others, refusal } | Origin::Sample { others, refusal } => {
                self.split(others, refusal);
            }
        }
    }

    fn take_error(&mut self, part: Part, error: Error) {
        let Part { orders, origin, retries } = part;
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
            Origin::FirstHalf { second, .. } => self.enqueue(second, Origin::SecondHalf),
            Origin::Sample { others, refusal } if have_same_code(&refusal, &error) => {
                self.fail(others, &not_sent_alone(refusal));
            }
            Origin::Sample { others, refusal } => self.split(others, refusal),
            Origin::Group if may_blame_one && orders.len() > 1 => return self.held.push_back((orders, error)),
            Origin::Group | Origin::SecondHalf => {}
        }
        if is_concurrent && orders.len() == 1 && retries < MAX_RETRIES {
            self.retry_later(orders, retries.saturating_add(1), &error);
        } else if may_blame_one {
            self.split(orders, error);
        } else {
            self.fail(orders, &error);
        }
    }

    /// Sends an order again later that another client is decrypting. Each pause is longer than the one before.
    fn retry_later(&mut self, orders: Vec<ReceiverQuery>, retries: u32, refusal: &Error) {
        let pause = match refusal.advice() {
            Advice::WaitFor(pause) => pause.min(MAX_SHORT_BAN),
            _ => Duration::from_secs(1),
        };
        match Instant::now().checked_add(pause.saturating_mul(retries)) {
            Some(due) => self.later.push((due, Part { orders, origin: Origin::Group, retries })),
            None => self.fail(orders, refusal),
        }
    }

    /// Splits the refused groups. As long as no call has succeeded, one group is split at a time, since all orders may
    /// be refused for the same reason.
    fn release_held(&mut self) {
        while self.evidence.any_answer() || self.halves == 0 {
            let Some((mut orders, refusal)) = self.held.pop_front() else { return };
            match orders.pop() {
                Some(sample) if self.evidence.all_refused_alike(&refusal) => {
                    self.enqueue(vec![sample], Origin::Sample { others: orders, refusal });
                }
                last => {
                    orders.extend(last);
                    self.split(orders, refusal);
                }
            }
        }
    }

    /// Splits orders that were refused together. At least one of them is at fault.
    fn split(&mut self, mut orders: Vec<ReceiverQuery>, refusal: Error) {
        match orders.len() {
            0 => {}
            1 => self.fail(orders, &refusal),
            length => {
                let second = orders.split_off(length / 2);
                self.enqueue(orders, Origin::FirstHalf { second, refusal });
            }
        }
    }

    fn enqueue(&mut self, orders: Vec<ReceiverQuery>, origin: Origin) {
        let part = Part::new(orders, origin);
        self.halves = self.halves.saturating_add(usize::from(part.is_half()));
        self.ready.push(part);
    }

    /// Fails every order that is not in flight with the error that ended the work.
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
pub(in crate::top) fn ends_the_work(error: &Error) -> bool {
    match error.advice() {
        Advice::WaitUntil(_) | Advice::RefreshSession | Advice::AskSeller | Advice::TopUp => true,
        Advice::WaitFor(ban) => ban > MAX_SHORT_BAN,
        _ => concerns_every_order(error),
    }
}

/// Whether the gateway refused the call, perhaps because of one order.
fn may_blame_one_order(error: &Error) -> bool {
    let is_refusal = matches!(error, Error::Service(_)) && error.http_status().is_some();
    is_refusal && matches!(error.advice(), Advice::FixRequest | Advice::RefreshOaid | Advice::Report)
}

fn not_sent_alone(mut refusal: Error) -> Error {
    if let Error::Service(error) = &mut refusal {
        error.hint = Some(NOT_SENT_ALONE);
    }
    refusal
}
