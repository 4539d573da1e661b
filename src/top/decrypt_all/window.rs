//! The orders between input and output: taken from the queries and not yet yielded, in input order.

use std::collections::{HashMap, VecDeque};

use super::decrypted::Decrypted;
use crate::error::Error;
use crate::top::oaid::{OaidDecrypt, Receiver, ReceiverQuery};

type DecryptResult = Result<Receiver, Error>;

/// The orders in input order, their results so far, and the groups that are being filled.
#[derive(Default)]
pub(super) struct Window {
    slots: VecDeque<Slot>,
    /// The queries of the slots, each once, except those that are not sent.
    pending: HashMap<ReceiverQuery, Pending>,
    /// Groups not yet sent. No two queries of a group have the same `tid`, since the receivers of a response are
    /// matched by it.
    groups: VecDeque<Vec<ReceiverQuery>>,
}

enum Slot {
    /// Its result was known without sending it.
    Done(Box<Decrypted>),
    Pending(ReceiverQuery),
}

#[derive(Default)]
struct Pending {
    /// How many slots have this query.
    slots: usize,
    result: Option<DecryptResult>,
}

impl Window {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Takes an order to send. If an equal query is pending, the order shares its result.
    pub(super) fn push(&mut self, query: ReceiverQuery) {
        let pending = self.pending.entry(query.clone()).or_default();
        pending.slots = pending.slots.saturating_add(1);
        if pending.slots == 1 {
            let fits = |group: &&mut Vec<ReceiverQuery>| {
                group.len() < OaidDecrypt::MAX_QUERIES && group.iter().all(|other| other.tid != query.tid)
            };
            match self.groups.iter_mut().find(fits) {
                Some(group) => group.push(query.clone()),
                None => self.groups.push_back(vec![query.clone()]),
            }
        }
        self.slots.push_back(Slot::Pending(query));
    }

    /// Takes an order that has its result already.
    pub(super) fn push_done(&mut self, query: ReceiverQuery, result: DecryptResult) {
        self.slots.push_back(Slot::Done(Box::new(Decrypted { query, result })));
    }

    /// A group to send: a full one, or any if `partial`.
    pub(super) fn next_group(&mut self, partial: bool) -> Option<Vec<ReceiverQuery>> {
        let full = self.groups.iter().position(|group| group.len() >= OaidDecrypt::MAX_QUERIES);
        let index = full.or_else(|| (partial && !self.groups.is_empty()).then_some(0))?;
        self.groups.remove(index)
    }

    pub(super) fn set_result(&mut self, query: &ReceiverQuery, result: DecryptResult) {
        if let Some(pending) = self.pending.get_mut(query) {
            pending.result = Some(result);
        }
    }

    /// Fails every order that was not sent yet.
    pub(super) fn fail_unsent(&mut self, error: impl Fn() -> Error) {
        for query in std::mem::take(&mut self.groups).into_iter().flatten() {
            self.set_result(&query, Err(error()));
        }
    }

    /// Whether the next order in input order has its result.
    pub(super) fn front_is_done(&self) -> bool {
        match self.slots.front() {
            None => false,
            Some(Slot::Done(_)) => true,
            Some(Slot::Pending(query)) => self.pending.get(query).is_some_and(|pending| pending.result.is_some()),
        }
    }

    /// The next order in input order, if it has its result.
    pub(super) fn pop_front(&mut self) -> Option<Decrypted> {
        if !self.front_is_done() {
            return None;
        }
        match self.slots.pop_front()? {
            Slot::Done(decrypted) => Some(*decrypted),
            Slot::Pending(query) => {
                let result = self.take_result(&query)?;
                Some(Decrypted { query, result })
            }
        }
    }

    fn take_result(&mut self, query: &ReceiverQuery) -> Option<DecryptResult> {
        let pending = self.pending.get_mut(query)?;
        if pending.slots > 1 {
            pending.slots = pending.slots.saturating_sub(1);
            return pending.result.clone();
        }
        self.pending.remove(query)?.result
    }
}
