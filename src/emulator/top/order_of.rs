//! The order that a request names by its tid and oaid.

use super::magic_oaid;
use super::refusal::Refusal;
use crate::emulator::store::State;
use crate::emulator::store::order::{OaidState, Order};
use crate::emulator::store::shop::ShopId;

/// The order of a tid, and whether the oaid is its current one. Refuses an oaid that is wrong. Without a shop, the order
/// may belong to any.
pub(super) fn order_of<'a>(
    state: &'a State,
    tid: &str,
    oaid: &str,
    shop: Option<ShopId>,
) -> Result<(&'a Order, OaidState), Refusal> {
    if let Some(refusal) = magic_oaid::refusal(oaid) {
        return Err(refusal);
    }
    let orders = &state.orders;
    let order = orders.get(tid).ok_or_else(|| Refusal::from_method("isv.tid-invalid").sub_message("tid错误"))?;
    if shop.is_some_and(|shop| shop != order.shop) {
        return Err(Refusal::from_method("isv.no-permission:oaid")
            .sub_message("必须是此交易的买家或卖家才能获取OAID的明文信息"));
    }
    match orders.oaid_state(order, oaid) {
        OaidState::Wrong => Err(wrong_oaid()),
        oaid_state => Ok((order, oaid_state)),
    }
}

/// As [`order_of`], for methods that take the current oaid only.
pub(super) fn order_of_current<'a>(
    state: &'a State,
    tid: &str,
    oaid: &str,
    shop: Option<ShopId>,
) -> Result<&'a Order, Refusal> {
    match order_of(state, tid, oaid, shop)? {
        (order, OaidState::Current) => Ok(order),
        (_, _) => Err(wrong_oaid()),
    }
}

fn wrong_oaid() -> Refusal {
    Refusal::from_method("isv.oaid-invalid").sub_message("oaid错误")
}
