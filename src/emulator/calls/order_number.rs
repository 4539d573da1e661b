//! Virtual numbers of orders, and other numbers that only reported callers can dial.

use super::dialled_call::{CallRefusal, Rung};
use crate::emulator::store::State;

/// Who is rung at the virtual number of an order. `None` if no order has this number.
///
/// An 11+4 number rings for everybody, a 700 number for its reported callers only.
pub(super) fn route(
    state: &State,
    caller: &str,
    number: &str,
    extension: Option<&str>,
) -> Option<Result<Rung, CallRefusal>> {
    let dialled = dialled_number(number, extension);
    let mut same_number = false;
    for (tid, order) in state.orders.iter().filter(|(_, order)| order.kind.is_virtual()) {
        let mobile = order.mobile(state.seed, tid);
        if mobile == dialled {
            let is_reported = || state.caller_groups.callers(&order.oaid).iter().any(|reported| reported == caller);
            return Some(if order.kind.needs_reported_callers() && !is_reported() {
                Err(CallRefusal::CallerNotReported)
            } else {
                Ok(Rung { number: order.own_number(state.seed, tid), shown: number.to_owned() })
            });
        }
        same_number |= mobile.split_once('-').is_some_and(|(main, _)| main == number);
    }
    same_number.then_some(Err(CallRefusal::WrongExtension))
}

/// The order with this virtual number.
pub(super) fn order<'a>(state: &'a State, number: &str, extension: Option<&str>) -> Option<&'a str> {
    let dialled = dialled_number(number, extension);
    let mut orders = state.orders.iter().filter(|(_, order)| order.kind.is_virtual());
    orders.find(|(tid, order)| order.mobile(state.seed, tid) == dialled).map(|(tid, _)| tid)
}

fn dialled_number(number: &str, extension: Option<&str>) -> String {
    match extension {
        Some(extension) => format!("{number}-{extension}"),
        None => number.to_owned(),
    }
}
