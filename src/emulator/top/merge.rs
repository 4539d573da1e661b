//! Merging orders: `taobao.top.oaid.merge`.

use serde_json::Value;

use super::call::{Call, Success, text_member};
use super::method::Method;
use super::order_of::order_of;
use super::refusal::Refusal;
use crate::emulator::answer::{list, members};
use crate::emulator::store::order::OaidState;

pub(super) const METHODS: &[Method] = &[Method::new("taobao.top.oaid.merge", merge)];

const ORDERS_PER_CALL: usize = 100;

/// Groups the orders by receiver. An order whose oaid is out of date is alone: the documents do not tell whether it is
/// an error.
fn merge(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let orders = call.json_array("merge_list")?;
    if !(1..=ORDERS_PER_CALL).contains(&orders.len()) {
        return Err(Refusal::from_code("isv.invalid-parameter", None));
    }
    let shop = call.session_shop()?;
    let mut groups: Vec<(Option<String>, Vec<&str>)> = Vec::new();
    for item in &orders {
        let (oaid, tid) = (text_member(item, "oaid")?, text_member(item, "tid")?);
        let receiver = match order_of(call.state, tid, oaid, Some(shop))? {
            (order, OaidState::Current) => Some(order.life.receiver.clone()),
            (_, _) => None,
        };
        match groups.iter_mut().find(|(known, _)| receiver.is_some() && *known == receiver) {
            Some((_, tids)) if tids.contains(&tid) => {}
            Some((_, tids)) => tids.push(tid),
            None => groups.push((receiver, vec![tid])),
        }
    }
    let texts = groups.into_iter().map(|(_, tids)| Value::from(tids.join(","))).collect();
    Ok(members([("tid_list", list("string", texts))]).into())
}
