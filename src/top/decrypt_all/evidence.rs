//! Whether the refusals so far say that every order is refused alike.

use crate::error::Error;

/// So many orders in a row, each refused alone with the same code, and no call answered: the other orders are expected
/// to be refused too.
pub(super) const ENOUGH_ALONE: usize = 20;

#[derive(Default)]
pub(super) struct Evidence {
    answered: bool,
    /// The latest refusal of an order that was asked for alone, and how many such orders in a row had it.
    alone: Option<(Error, usize)>,
}

impl Evidence {
    /// Whether any call was answered with receivers. Then orders differ, and every refused call is worth splitting.
    pub(super) fn any_answer(&self) -> bool {
        self.answered
    }

    pub(super) fn answered(&mut self) {
        self.answered = true;
    }

    pub(super) fn refused_alone(&mut self, refusal: &Error) {
        match &mut self.alone {
            Some((latest, orders)) if have_same_code(latest, refusal) => *orders = orders.saturating_add(1),
            _ => self.alone = Some((refusal.clone(), 1)),
        }
    }

    pub(super) fn all_alike(&self, refusal: &Error) -> bool {
        let is_enough = |(latest, orders): &(Error, usize)| *orders >= ENOUGH_ALONE && have_same_code(latest, refusal);
        !self.answered && self.alone.as_ref().is_some_and(is_enough)
    }
}

pub(super) fn have_same_code(one: &Error, other: &Error) -> bool {
    (one.code(), one.sub_code()) == (other.code(), other.sub_code())
}
