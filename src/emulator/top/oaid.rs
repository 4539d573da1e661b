//! Decryption of receivers: `taobao.top.oaid.decrypt` and `taobao.top.oaid.client.decrypt`.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::call::{Call, Success, text_member};
use super::method::Method;
use super::order_of::order_of;
use super::refusal::Refusal;
use crate::emulator::answer::{Members, list, members};
use crate::emulator::china_time;
use crate::emulator::store::decryption::{Decryption, QuotaExceeded};
use crate::emulator::store::order::{OaidState, Order, OrderStatus};
use crate::emulator::store::shop::ShopId;

pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.top.oaid.decrypt", decrypt),
    // The client token replaces the session.
    Method::new("taobao.top.oaid.client.decrypt", client_decrypt).without_session(),
];

const QUERIES_PER_CALL: usize = 20;
const OAID_CHARACTERS: usize = 128;
const DEFAULT_SECRET_NO_DAYS: i64 = 15;
/// The documents give no limit.
const MAX_SECRET_NO_DAYS: i64 = 366;

/// The name of the tid in the end user's client.
const CLIENT_TID: &str = "order_id";

struct Query {
    tid: String,
    oaid: String,
    fields: Fields,
    secret_no_days: i64,
}

/// The fields that a scene can read.
#[derive(Clone, Copy)]
struct Fields {
    mobile: bool,
    name: bool,
    address: bool,
}

fn decrypt(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let queries = queries(call.required("query_list")?, QUERIES_PER_CALL, false)?;
    let shop = call.session_shop()?;
    answer(call, &queries, shop, "tid")
}

fn client_decrypt(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let token = call.required("sec_once_token")?.to_owned();
    let queries = queries(call.required("query_list")?, 1, true)?;
    // The token is consumed first, even if the query fails.
    let shop = call
        .state
        .client_tokens
        .take(&token)
        .ok_or_else(|| Refusal::from_method("isv.invalid-parameter:sec_once_token"))?;
    answer(call, &queries, shop, CLIENT_TID)
}

/// One error fails the whole call. The receivers are in reverse order, since the documents guarantee no order.
fn answer(call: &mut Call<'_>, queries: &[Query], shop: ShopId, tid_name: &str) -> Result<Success, Refusal> {
    match call.state.decryption.switch {
        Decryption::On => {}
        Decryption::OffBySeller => return Err(Refusal::from_code("isv.decryption-disabled-by-seller", None)),
        Decryption::OffForApp => return Err(Refusal::from_code("isv.app-decryption-disabled-by-seller", None)),
    }
    let mut receivers =
        queries.iter().map(|query| receiver(call, query, shop, tid_name)).collect::<Result<Vec<Members>, Refusal>>()?;
    let is_decrypted = |receiver: &Members| receiver.get("matched") == Some(&Value::Bool(true));
    let decrypted = receivers.iter().filter(|receiver| is_decrypted(receiver)).count();
    let decrypted = u64::try_from(decrypted).unwrap_or(u64::MAX);
    let counted = call.state.decryption.count(shop, decrypted, call.now);
    counted.map_err(|QuotaExceeded| Refusal::from_code("isv.decryption-quota-exceeded", None))?;
    // Only now is it certain that the call is executed: a refused call rents no number.
    for (receiver, query) in receivers.iter_mut().zip(queries).filter(|(receiver, _)| is_decrypted(receiver)) {
        add_data(receiver, query, tid_name, call);
    }
    receivers.reverse();
    let receivers = receivers.into_iter().map(Value::Object).collect();
    Ok(members([("receiver_list", list("receiver", receivers))]).into())
}

fn receiver(call: &mut Call<'_>, query: &Query, shop: ShopId, tid_name: &str) -> Result<Members, Refusal> {
    let matched = match order_of(call.state, &query.tid, &query.oaid, Some(shop))? {
        (_, OaidState::Current) => true,
        (_, _) => false,
    };
    Ok(members([
        (tid_name, Value::from(query.tid.as_str())),
        ("oaid", Value::from(query.oaid.as_str())),
        ("matched", Value::from(matched)),
    ]))
}

/// Adds the data of the receiver, and rents the virtual number.
fn add_data(receiver: &mut Members, query: &Query, tid_name: &str, call: &mut Call<'_>) {
    let rented_until =
        if query.fields.mobile { call.state.rent(&query.tid, query.secret_no_days, call.now) } else { None };
    let Some(order) = call.state.orders.get(&query.tid) else { return };
    let ends = rented_until.map(|until| order.number_ends(until));
    let mut data = receiver_data(query, order, ends, call.state.seed);
    if order.life.status == OrderStatus::Closed || tid_name == CLIENT_TID && order.is_closed() {
        mask(&mut data);
        if tid_name == CLIENT_TID {
            data.extend(members([("desensitize_rule", Value::from("DECRYPTION_DISABLED_BY_ORDERCLOSED"))]));
        }
    }
    receiver.extend(data);
}

fn receiver_data(query: &Query, order: &Order, ends: Option<DateTime<Utc>>, seed: u64) -> Members {
    let mut receiver = Members::new();
    if query.fields.name {
        receiver.extend(members([("name", Value::from("张三"))]));
    }
    if query.fields.address {
        receiver.extend(members([
            ("country", Value::from("中国")),
            ("state", Value::from("浙江省")),
            ("city", Value::from("杭州市")),
            ("district", Value::from("西湖区")),
            ("town", Value::from("三墎镇")),
            ("address_detail", Value::from("淘宝城911号")),
        ]));
    }
    if query.fields.mobile {
        receiver.extend(members([
            ("mobile", Value::from(order.mobile(seed, &query.tid))),
            ("privacy_protection", Value::from(order.kind.is_virtual())),
        ]));
        match ends {
            Some(ends) => receiver.extend(members([("secret_no_expire_time", Value::from(china_time::format(ends)))])),
            None => receiver.extend(members([("phone", Value::from("010-12345678"))])),
        }
    }
    receiver
}

/// Keeps only the first characters.
fn mask(receiver: &mut Members) {
    for name in ["name", "mobile", "phone", "address_detail"] {
        if let Some(Value::String(text)) = receiver.get_mut(name) {
            let shown = if text.starts_with(|first: char| first.is_ascii_digit()) { 3 } else { 1 };
            *text = text.chars().take(shown).chain("****".chars()).collect();
        }
    }
}

fn queries(text: &str, max: usize, scene_required: bool) -> Result<Vec<Query>, Refusal> {
    let Ok(Value::Array(items)) = serde_json::from_str(text) else {
        return Err(Refusal::invalid("query_list"));
    };
    if items.is_empty() {
        return Err(Refusal::from_method("isv.empty-parameter").sub_message("参数为空"));
    }
    if items.len() > max {
        return Err(Refusal::from_method("isv.decryption-size-exceeded").sub_message("每次调用,最多支持20笔订单解密。"));
    }
    items.iter().map(|item| query(item, scene_required)).collect()
}

fn query(item: &Value, scene_required: bool) -> Result<Query, Refusal> {
    let oaid = text_member(item, "oaid")?;
    let tid = text_member(item, "tid")?;
    let fields = if scene_required || item.get("scene").is_some_and(|scene| !scene.is_null()) {
        Fields::from_scene(text_member(item, "scene")?)
            .ok_or_else(|| Refusal::from_method("isv.decryption-scene-invalid"))?
    } else {
        Fields::ALL
    };
    if oaid.chars().count() > OAID_CHARACTERS {
        return Err(Refusal::from_method("isv.invalid-argument").sub_message("参数错误"));
    }
    Ok(Query { tid: tid.to_owned(), oaid: oaid.to_owned(), fields, secret_no_days: secret_no_days(item)? })
}

fn secret_no_days(item: &Value) -> Result<i64, Refusal> {
    match item.get("secret_no_days") {
        None | Some(Value::Null) => Ok(DEFAULT_SECRET_NO_DAYS),
        Some(days) => match days.as_i64() {
            Some(days @ 1..=MAX_SECRET_NO_DAYS) => Ok(days),
            Some(_) => Err(Refusal::from_method("isv.invalid-argument").sub_message("参数错误")),
            None => Err(Refusal::invalid("secret_no_days")),
        },
    }
}

impl Fields {
    const ALL: Self = Self { mobile: true, name: true, address: true };
    const NONE: Self = Self { mobile: false, name: false, address: false };

    fn from_scene(scene: &str) -> Option<Self> {
        match scene {
            "1001" | "1002" | "1003" | "1004" | "1005" | "1006" | "1007" | "3001" => Some(Self::ALL),
            "1008" => Some(Self { address: true, ..Self::NONE }),
            "1009" => Some(Self { name: true, ..Self::NONE }),
            "2001" | "2002" => Some(Self { mobile: true, ..Self::NONE }),
            _ => None,
        }
    }
}
