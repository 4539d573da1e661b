//! Whether the refusals so far show that all orders are refused for the same reason.

use crate::error::Error;

/// If so many orders in a row were sent alone and refused with the same code, and no call succeeded, the other orders
/// are expected to be refused too.
pub(super) const ENOUGH_REFUSALS: usize = 20;

#[derive(Default)]
pub(super) struct Evidence {
    answered: bool,
    /// The latest refusal of an order that was sent alone, and how many such orders in a row got it.
    alone: Option<(Error, usize)>,
}

impl Evidence {
    /// Whether any call succeeded. Then the orders differ, and every refused call is split.
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

    pub(super) fn all_refused_alike(&self, refusal: &Error) -> bool {
        let is_enough =
            |(latest, orders): &(Error, usize)| *orders >= ENOUGH_REFUSALS && have_same_code(latest, refusal);
        !self.answered && self.alone.as_ref().is_some_and(is_enough)
    }
}

pub(super) fn have_same_code(one: &Error, other: &Error) -> bool {
    (one.code(), one.sub_code()) == (other.code(), other.sub_code())
}
