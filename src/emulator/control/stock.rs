//! Numbers on sale.

use bytes::Bytes;
use http::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, ok};
use super::request::{body, check_not_empty, nullable};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::number_stock::NumberSpec;

/// A higher number is probably a mistake.
const MAX_AMOUNT: u32 = 10_000;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("stock", "how many numbers are on sale, and the limit of purchases", stock, "Stock"),
    Endpoint::post(
        "stock",
        "sets how many numbers of a type are on sale in a city: spec, city, amount",
        set_stock,
        "StockChange",
        "Stock",
    ),
    Endpoint::post(
        "stock/limit",
        "sets how many numbers can be bought since the reset: purchases",
        set_limit,
        "PurchaseLimit",
        "Stock",
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockChange {
    /// The `SpecId`.
    spec: i64,
    city: String,
    amount: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurchaseLimit {
    /// `null` stands for no limit. The member is required.
    #[serde(deserialize_with = "nullable")]
    purchases: Option<Option<u32>>,
}

fn stock(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&stock_json(gateways)))
}

fn set_stock(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let StockChange { spec, city, amount } = body(request)?;
    let spec = NumberSpec::from_id(spec).ok_or_else(|| Problem::bad_request("spec must be 1, 2 or 3"))?;
    check_not_empty("city", &city)?;
    if amount > MAX_AMOUNT {
        return Err(Problem::bad_request(format!("amount must be at most {MAX_AMOUNT}")));
    }
    gateways.lock_state().stock.set(spec, city, amount);
    Ok(ok(&stock_json(gateways)))
}

fn set_limit(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let PurchaseLimit { purchases } = body(request)?;
    gateways.lock_state().stock.set_limit(purchases.flatten());
    Ok(ok(&stock_json(gateways)))
}

fn stock_json(gateways: &Gateways) -> Value {
    let state = gateways.lock_state();
    let on_sale = state.stock.iter();
    let on_sale = on_sale.map(|(spec, city, amount)| json!({"spec": spec.id(), "city": city, "amount": amount}));
    json!({
        "on_sale": on_sale.collect::<Value>(),
        "purchases": {"limit": state.stock.limit(), "made": state.stock.sold()},
    })
}
