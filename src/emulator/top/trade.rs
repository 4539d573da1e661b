//! Reading orders: `taobao.trade.fullinfo.get`, `taobao.trades.sold.get` and `taobao.trades.sold.increment.get`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::call::{Call, Success};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::{Members, list, members};
use crate::emulator::china_time;
use crate::emulator::store::order::{Order, OrderLife};
use crate::emulator::store::tmc_message::order_number;

pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.trade.fullinfo.get", full_info),
    Method::new("taobao.trades.sold.get", sold),
    Method::new("taobao.trades.sold.increment.get", changed),
];

/// What an oaid is made of: a request that does not name all five gets none.
const INGREDIENTS: [&str; 5] = ["receiver_name", "receiver_address", "created", "receiver_mobile", "receiver_phone"];
const DEFAULT_PAGE_SIZE: u64 = 40;

/// The names of the members that a request asks for.
struct Fields<'a>(Vec<&'a str>);

impl Fields<'_> {
    /// Whether the member, or a member of it, is named.
    fn contain(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.split('.').next() == Some(name))
    }

    fn have_ingredients(&self) -> bool {
        INGREDIENTS.iter().all(|ingredient| self.contain(ingredient))
    }
}

fn fields<'a>(call: &'a Call<'_>) -> Result<Fields<'a>, Refusal> {
    Ok(Fields(call.required("fields")?.split(',').map(str::trim).collect()))
}

fn full_info(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let fields = fields(call)?;
    let tid = call.required("tid")?;
    if !tid.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid("tid"));
    }
    let shop = call.session_shop()?;
    let order = call.state.orders.get(tid).filter(|order| order.shop == shop);
    let order = order.ok_or_else(|| Refusal::from_code("isv.trade-not-exist", None))?;
    if call.parameters.get("include_oaid") == Some("true") && !fields.have_ingredients() {
        return Err(Refusal::from_code("isv.oaid-field-miss", None));
    }
    let mut trade = trade(tid, order, &fields, call);
    let more = members([
        ("tid_str", Value::from(tid)),
        ("lm", Value::from(if order.life.address_changed.is_some() { "1" } else { "" })),
        ("orders", list("order", vec![part(tid, &order.life)])),
    ]);
    let is_absent = |value: &Value| value.as_str().is_some_and(str::is_empty);
    trade.extend(more.into_iter().filter(|(name, value)| fields.contain(name) && !is_absent(value)));
    Ok(members([("trade", Value::Object(trade))]).into())
}

/// The only part of an order.
fn part(tid: &str, life: &OrderLife) -> Value {
    let mut part = members([
        ("oid", order_number(tid)),
        ("oid_str", Value::from(tid)),
        ("status", Value::from(life.status.as_str())),
    ]);
    if let Some(changed) = life.address_changed {
        // Every order of the emulator is paid.
        part.extend(members([
            ("modify_address", Value::from("1")),
            ("ti_modify_address_time", Value::from(china_time::format(changed))),
        ]));
    }
    Value::Object(part)
}

/// The members that the lists have too.
fn trade(tid: &str, order: &Order, fields: &Fields<'_>, call: &Call<'_>) -> Members {
    let life = &order.life;
    let text = |text: &str| Value::from(text);
    let time = |time: DateTime<Utc>| Value::from(china_time::format(time));
    let seller = call.state.shops.get(order.shop).map(|shop| shop.name.as_str()).unwrap_or_default();
    let all = members([
        ("tid", order_number(tid)),
        ("status", text(life.status.as_str())),
        ("created", time(life.created)),
        ("modified", time(life.modified)),
        ("pay_time", time(life.created)),
        ("end_time", life.ended.map_or(Value::Null, time)),
        ("seller_nick", text(seller)),
        ("buyer_open_uid", text("AAHk5d-EAAeGwJedwSFu0XXX")),
        ("oaid", if fields.have_ingredients() { text(&order.oaid) } else { Value::Null }),
        ("receiver_name", text("张**")),
        ("receiver_mobile", text("*******0000")),
        ("receiver_phone", text("010-****5678")),
        ("receiver_address", text("淘宝城***号")),
        ("receiver_country", text("中国")),
        ("receiver_state", text("浙江省")),
        ("receiver_city", text("杭州市")),
        ("receiver_district", text("西湖区")),
        ("receiver_town", text("三墎镇")),
    ]);
    all.into_iter().filter(|(name, value)| fields.contain(name) && !value.is_null()).collect()
}

fn sold(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let (start, end) = (call.time("start_created")?, call.time("end_created")?);
    orders(call, start, end, |life| life.created)
}

fn changed(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let start = call.time("start_modified")?.ok_or_else(|| Refusal::missing("start_modified"))?;
    let end = call.time("end_modified")?.ok_or_else(|| Refusal::missing("end_modified"))?;
    let span = end.signed_duration_since(start);
    if span <= TimeDelta::zero() || span > TimeDelta::days(1) {
        return Err(Refusal::from_code("isv.invalid-parameter", None));
    }
    orders(call, Some(start), Some(end), |life| life.modified)
}

/// A page of the orders of a shop whose time is between two times, latest first.
fn orders(
    call: &Call<'_>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    time: fn(&OrderLife) -> DateTime<Utc>,
) -> Result<Success, Refusal> {
    let fields = fields(call)?;
    let page_no = call.number("page_no", 1..=u64::from(u32::MAX))?.unwrap_or(1);
    let page_size = call
        .number("page_size", 1..=100)
        .map_err(|_| Refusal::from_code("isv.invalid-parameter", None))?
        .unwrap_or(DEFAULT_PAGE_SIZE);
    let uses_has_next = match call.parameters.get("use_has_next") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::invalid("use_has_next")),
    };
    let shop = call.session_shop()?;
    let status = call.parameters.get("status");
    let is_listed = |life: &OrderLife| {
        // The wire has whole seconds.
        let second = time(life).timestamp();
        start.is_none_or(|start| start.timestamp() <= second)
            && end.is_none_or(|end| second <= end.timestamp())
            && status.is_none_or(|status| status == life.status.as_str())
    };
    let orders = call.state.orders.iter();
    let mut orders: Vec<_> = orders.filter(|(_, order)| order.shop == shop && is_listed(&order.life)).collect();
    orders.sort_by(|(tid, order), (other_tid, other)| (time(&other.life), *other_tid).cmp(&(time(&order.life), *tid)));
    let first = page_no.saturating_sub(1).saturating_mul(page_size);
    let [first, size] = [first, page_size].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    let total = orders.len();
    let page = orders.into_iter().skip(first).take(size);
    let trades = page.map(|(tid, order)| Value::Object(trade(tid, order, &fields, call))).collect();
    let count = if uses_has_next {
        ("has_next", Value::from(first.saturating_add(size) < total))
    } else {
        ("total_results", Value::from(total))
    };
    Ok(members([count, ("trades", list("trade", trades))]).into())
}
