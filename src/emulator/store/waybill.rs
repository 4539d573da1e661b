//! Orders of couriers who pick up parcels.

use std::collections::BTreeMap;

use super::digits_of;

pub(crate) struct Waybill {
    pub(crate) mail_no: String,
    pub(crate) pick_up_code: String,
    pub(crate) cancelled: bool,
}

#[derive(Default)]
pub(crate) struct Waybills {
    by_order_code: BTreeMap<String, Vec<Waybill>>,
    placed: u64,
}

impl Waybills {
    /// Places an order. A known code places a second one: the documents do not promise otherwise.
    pub(crate) fn place(&mut self, order_code: &str) -> (String, String) {
        self.placed = self.placed.saturating_add(1);
        let text = format!("{order_code}/{}", self.placed);
        let mail_no = format!("773{}", digits_of(&text, 12));
        let pick_up_code = digits_of(&format!("code of {text}"), 4);
        let waybill = Waybill { mail_no: mail_no.clone(), pick_up_code: pick_up_code.clone(), cancelled: false };
        self.by_order_code.entry(order_code.to_owned()).or_default().push(waybill);
        (mail_no, pick_up_code)
    }

    /// Cancels all orders with this code; `false` if there is none that is not cancelled.
    pub(crate) fn cancel(&mut self, order_code: &str) -> bool {
        let waybills = self.by_order_code.get_mut(order_code).map(|waybills| waybills.iter_mut());
        let mut any = false;
        for waybill in waybills.into_iter().flatten().filter(|waybill| !waybill.cancelled) {
            waybill.cancelled = true;
            any = true;
        }
        any
    }

    /// All orders, with their codes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Waybill)> {
        self.by_order_code
            .iter()
            .flat_map(|(order_code, waybills)| waybills.iter().map(|waybill| (order_code.as_str(), waybill)))
    }
}
