//! Pick-up orders: a courier collects a parcel.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::kept::{KEPT, push_bounded};
use crate::emulator::generated::digits;

#[derive(Serialize, Deserialize)]
pub(crate) struct Waybill {
    pub(crate) mail_no: String,
    pub(crate) pick_up_code: String,
    pub(crate) cancelled: bool,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Waybills {
    /// The orders of each code, oldest first.
    by_order_code: BTreeMap<String, VecDeque<Waybill>>,
    /// The code of each order, oldest first.
    codes_by_age: VecDeque<String>,
    added: u64,
}

impl Waybills {
    /// Adds an order. A repeated code adds a second order: the documents do not say otherwise.
    pub(crate) fn add(&mut self, order_code: &str) -> (String, String) {
        self.added = self.added.saturating_add(1);
        let text = format!("{order_code}/{}", self.added);
        let mail_no = format!("773{}", digits(&text, 12));
        let pick_up_code = digits(&format!("code of {text}"), 4);
        let waybill = Waybill { mail_no: mail_no.clone(), pick_up_code: pick_up_code.clone(), cancelled: false };
        self.by_order_code.entry(order_code.to_owned()).or_default().push_back(waybill);
        if let Some(oldest) = push_bounded(&mut self.codes_by_age, order_code.to_owned(), KEPT) {
            self.remove_first(&oldest);
        }
        (mail_no, pick_up_code)
    }

    /// Cancels all orders with this code. Returns `false` if none was open.
    pub(crate) fn cancel(&mut self, order_code: &str) -> bool {
        let waybills = self.by_order_code.get_mut(order_code).map(|waybills| waybills.iter_mut());
        let mut was_open = false;
        for waybill in waybills.into_iter().flatten().filter(|waybill| !waybill.cancelled) {
            waybill.cancelled = true;
            was_open = true;
        }
        was_open
    }

    fn remove_first(&mut self, order_code: &str) {
        let Some(waybills) = self.by_order_code.get_mut(order_code) else { return };
        waybills.pop_front();
        if waybills.is_empty() {
            self.by_order_code.remove(order_code);
        }
    }

    /// All orders with their codes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Waybill)> {
        self.by_order_code
            .iter()
            .flat_map(|(order_code, waybills)| waybills.iter().map(|waybill| (order_code.as_str(), waybill)))
    }
}
