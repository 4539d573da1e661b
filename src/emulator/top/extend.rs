//! Extending a virtual number: `taobao.top.secret.extend`.

use serde_json::Value;

use super::call::{Call, Success, number_member, text_member};
use super::method::Method;
use super::order_of::order_of_current;
use super::refusal::Refusal;
use crate::emulator::answer::members;
use crate::emulator::china_time;

pub(super) const METHODS: &[Method] = &[Method::new("taobao.top.secret.extend", extend)];

const SCENES_OF_SHIPPING: [&str; 7] = ["1001", "1002", "1003", "1004", "1005", "1006", "1007"];
const OTHER_SCENES: [&str; 2] = ["2001", "2002"];
/// The documents give no limit for the other scenes.
const MAX_DAYS: u64 = 366;

fn extend(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let request = call.json_object("extend_request")?;
    let oaid = text_member(&request, "oaid")?;
    let tid = number_member(&request, "order_id", 0..=u64::MAX)?.to_string();
    let scene = text_member(&request, "scene")?;
    let days = number_member(&request, "extend_days", 1..=MAX_DAYS)?;
    let is_allowed =
        if SCENES_OF_SHIPPING.contains(&scene) { matches!(days, 7 | 15 | 30) } else { OTHER_SCENES.contains(&scene) };
    let order = order_of_current(call.state, &tid, oaid, Some(call.session_shop()?))?;
    if !is_allowed || order.is_closed() || !order.kind.is_virtual() {
        return Err(Refusal::from_code("isv.invalid-parameter", None));
    }
    let days = i64::try_from(days).unwrap_or_default();
    let end = call.state.extend_rent(&tid, days, call.now);
    let (Some(order), Some(end)) = (call.state.orders.get(&tid), end) else {
        return Err(Refusal::from_code("isv.invalid-parameter", None));
    };
    let result = members([
        ("secret_no", Value::from(order.mobile(call.state.seed, &tid))),
        ("expire_time", Value::from(china_time::format(order.number_ends(end)))),
    ]);
    Ok(members([("result", Value::Object(result))]).into())
}
