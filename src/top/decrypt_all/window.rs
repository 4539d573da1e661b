//! The orders between input and output: those taken and not yet given a result, in input order.

use std::collections::{HashMap, VecDeque};

use super::decrypted::Decrypted;
use crate::error::Error;
use crate::top::oaid::{OaidDecrypt, Receiver, ReceiverQuery};

type Answer = Result<Receiver, Error>;

/// Orders in input order, what is known of them, and the groups that are being filled for sending.
#[derive(Default)]
pub(super) struct Window {
    slots: VecDeque<Slot>,
    /// Every query that was taken for sending and is still in a slot.
    asked: HashMap<ReceiverQuery, Question>,
    /// Groups not yet sent. No two queries of a group have the same `tid`, since answers are told apart by it.
    groups: VecDeque<Vec<ReceiverQuery>>,
}

enum Slot {
    /// Never sent.
    Done(Box<Decrypted>),
    Asked(ReceiverQuery),
}

#[derive(Default)]
struct Question {
    /// How many slots ask the same.
    slots: usize,
    answer: Option<Answer>,
}

impl Window {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Takes an order that will be sent, unless the same one is already being asked for.
    pub(super) fn push(&mut self, query: ReceiverQuery) {
        let question = self.asked.entry(query.clone()).or_default();
        question.slots = question.slots.saturating_add(1);
        if question.slots == 1 {
            let fits = |group: &&mut Vec<ReceiverQuery>| {
                group.len() < OaidDecrypt::MAX_QUERIES && group.iter().all(|other| other.tid != query.tid)
            };
            match self.groups.iter_mut().find(fits) {
                Some(group) => group.push(query.clone()),
                None => self.groups.push_back(vec![query.clone()]),
            }
        }
        self.slots.push_back(Slot::Asked(query));
    }

    /// Takes an order whose result is known without sending it.
    pub(super) fn push_done(&mut self, query: ReceiverQuery, result: Answer) {
        self.slots.push_back(Slot::Done(Box::new(Decrypted { query, result })));
    }

    /// A group to send: a full one, or any if `partial`.
    pub(super) fn next_group(&mut self, partial: bool) -> Option<Vec<ReceiverQuery>> {
        let full = self.groups.iter().position(|group| group.len() >= OaidDecrypt::MAX_QUERIES);
        let index = full.or_else(|| (partial && !self.groups.is_empty()).then_some(0))?;
        self.groups.remove(index)
    }

    pub(super) fn answer(&mut self, query: &ReceiverQuery, answer: Answer) {
        if let Some(question) = self.asked.get_mut(query) {
            question.answer = Some(answer);
        }
    }

    /// Gives every order that was not sent yet an error.
    pub(super) fn fail_unsent(&mut self, error: impl Fn() -> Error) {
        for query in std::mem::take(&mut self.groups).into_iter().flatten() {
            self.answer(&query, Err(error()));
        }
    }

    /// Whether the result of the next order in input order is known.
    pub(super) fn front_is_known(&self) -> bool {
        match self.slots.front() {
            None => false,
            Some(Slot::Done(_)) => true,
            Some(Slot::Asked(query)) => self.asked.get(query).is_some_and(|question| question.answer.is_some()),
        }
    }

    /// The next order in input order, if its result is known.
    pub(super) fn pop_front(&mut self) -> Option<Decrypted> {
        if !self.front_is_known() {
            return None;
        }
        match self.slots.pop_front()? {
            Slot::Done(decrypted) => Some(*decrypted),
            Slot::Asked(query) => {
                let result = self.take_answer(&query)?;
                Some(Decrypted { query, result })
            }
        }
    }

    fn take_answer(&mut self, query: &ReceiverQuery) -> Option<Answer> {
        let question = self.asked.get_mut(query)?;
        if question.slots > 1 {
            question.slots = question.slots.saturating_sub(1);
            return question.answer.clone();
        }
        self.asked.remove(query)?.answer
    }
}
