//! The reported callers of a 700 number: `taobao.top.secret.group.update` and `taobao.top.secret.group.query`.
//!
//! The documents show flat parameters, and production systems send one complex parameter. The gateway accepts either
//! form, but not both in one request.

use serde_json::Value;

use super::call::{Call, Success, text_member};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::{list, members};
use crate::emulator::store::caller_group::TooManyCallers;
use crate::emulator::store::order::NumberKind;
use crate::emulator::store::shop::ShopId;

pub(super) const METHODS: &[Method] =
    &[Method::new("taobao.top.secret.group.update", update), Method::new("taobao.top.secret.group.query", query)];

const CALLERS_PER_CALL: usize = 20;
const CALLER_DIGITS: usize = 15;

const WRAPPED_UPDATE: &str = "secret_order_g_group_update_external_request";
const WRAPPED_QUERY: &str = "secret_order_g_group_query_external_request";

struct Update {
    oaid: String,
    change: Change,
    callers: Vec<String>,
}

enum Change {
    Add,
    Delete,
}

fn update(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let update = read_update(call)?;
    let shop = call.session_shop()?;
    Ok(match apply(call, shop, &update) {
        Ok(()) => members([("success", Value::from(true))]).into(),
        Err(reason) => failure("gxb-group-update-failed", format!("G组号池更新失败:{reason}")),
    })
}

fn query(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let oaid = match parameter_object(call, WRAPPED_QUERY, &["oaid"])? {
        Some(object) => text_member(&object, "oaid")?.to_owned(),
        None => call.required("oaid")?.to_owned(),
    };
    let shop = call.session_shop()?;
    Ok(match number_kind(call, shop, &oaid) {
        Some(kind) if kind.needs_reported_callers() => {
            let callers = call.state.caller_groups.callers(&oaid);
            let callers = callers.iter().map(|caller| Value::from(caller.as_str())).collect();
            members([("success", Value::from(true)), ("call_mobile", list("string", callers))]).into()
        }
        _ => failure("gxb-group-query-error", "G组号池查询失败".to_owned()),
    })
}

/// Applies the whole update or, if it breaks a rule, nothing.
fn apply(call: &mut Call<'_>, shop: ShopId, update: &Update) -> Result<(), &'static str> {
    if update.callers.len() > CALLERS_PER_CALL {
        return Err("单次主叫号码不能超过20个");
    }
    if !update.callers.iter().all(|caller| is_caller(caller)) {
        return Err("主叫号码格式错误");
    }
    let kind = number_kind(call, shop, &update.oaid).ok_or("oaid错误")?;
    let groups = &mut call.state.caller_groups;
    match update.change {
        Change::Add if !kind.needs_reported_callers() => Err("该订单不是700虚拟号"),
        Change::Add => groups.add(&update.oaid, &update.callers).map_err(|TooManyCallers| "主叫号码不能超过80个"),
        Change::Delete => {
            groups.remove(&update.oaid, &update.callers);
            Ok(())
        }
    }
}

/// Returns `None` if no order of this shop has this current oaid.
fn number_kind(call: &Call<'_>, shop: ShopId, oaid: &str) -> Option<NumberKind> {
    let order = call.state.orders.by_oaid(oaid)?;
    (order.shop == shop).then_some(order.kind)
}

/// At most 15 digits that do not begin with `00`. A landline is written without a hyphen.
fn is_caller(text: &str) -> bool {
    (1..=CALLER_DIGITS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with("00")
}

fn read_update(call: &Call<'_>) -> Result<Update, Refusal> {
    let wrapped = parameter_object(call, WRAPPED_UPDATE, &["oaid", "operate_type", "mobile_list"])?;
    let (oaid, operate_type, callers) = match &wrapped {
        Some(object) => (text_member(object, "oaid")?, text_member(object, "operate_type")?, caller_array(object)?),
        None => {
            let text = call.required("mobile_list")?;
            (call.required("oaid")?, call.required("operate_type")?, text.split(',').map(str::to_owned).collect())
        }
    };
    let change = match operate_type {
        "ADD_GXB_GROUP" => Change::Add,
        "DELETE_GXB_GROUP" => Change::Delete,
        _ => return Err(Refusal::invalid("operate_type")),
    };
    Ok(Update { oaid: oaid.to_owned(), change, callers })
}

fn caller_array(object: &Value) -> Result<Vec<String>, Refusal> {
    match object.get("mobile_list") {
        None | Some(Value::Null) => Err(Refusal::missing("mobile_list")),
        Some(Value::Array(items)) if items.is_empty() => Err(Refusal::missing("mobile_list")),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or_else(|| Refusal::invalid("mobile_list")))
            .collect(),
        Some(_) => Err(Refusal::invalid("mobile_list")),
    }
}

/// The complex parameter, or `None` if the request has the flat parameters.
fn parameter_object(call: &Call<'_>, wrapped: &'static str, flat: &[&str]) -> Result<Option<Value>, Refusal> {
    let any_flat = flat.iter().any(|name| call.parameters.get(name).is_some());
    match call.parameters.get(wrapped) {
        None if any_flat => Ok(None),
        None => Err(Refusal::missing(wrapped)),
        Some(_) if any_flat => Err(Refusal::invalid(wrapped)),
        Some(text) => match serde_json::from_str(text) {
            Ok(object @ Value::Object(_)) => Ok(Some(object)),
            _ => Err(Refusal::invalid(wrapped)),
        },
    }
}

fn failure(code: &'static str, message: String) -> Success {
    Success {
        members: members([
            ("success", Value::from(false)),
            ("errorCode", Value::from(code)),
            ("errorMsg", Value::from(message)),
        ]),
        failure: Some(code),
    }
}
