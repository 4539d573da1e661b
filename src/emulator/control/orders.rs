//! The orders of shops.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::{Endpoint, QueryParameter};
use super::reply::{Problem, created, ok};
use super::request::{NUMBERS, body, check_not_empty, first_shop, parameter, shown_numbers};
use super::shops::NewOrder;
use super::view;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::seed::generated_order;
use crate::emulator::store::order::NumberKind;
use crate::emulator::store::shop::ShopError;

/// A higher number is probably a mistake.
const MAX_GENERATED: u32 = 10_000;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("orders", "all orders with their numbers and reported callers", orders, "Orders")
        .query(&[
            QueryParameter {
                name: "shop",
                about: "Only the orders of this shop.",
                schema: r#"{"type": "string", "examples": ["first-shop"]}"#,
            },
            NUMBERS,
        ])
        .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post("orders", "adds orders to a shop: shop, orders of tid and oaid", add_orders, "NewOrders", "Shop")
        .creates()
        .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "orders/generate",
        "adds generated orders to a shop: shop, first, count",
        generate_orders,
        "GeneratedOrders",
        "NewOrderList",
    )
    .creates()
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post("orders/change", "gives an order a new oaid: tid, oaid", change_oaid, "OaidChange", "TidAndOaid")
        .refuses(&[StatusCode::NOT_FOUND]),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrders {
    #[serde(default = "first_shop")]
    shop: String,
    orders: Vec<NewOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeneratedOrders {
    #[serde(default = "first_shop")]
    shop: String,
    /// The number of the first one: the same numbers and the same seed give the same orders.
    #[serde(default)]
    first: u32,
    count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OaidChange {
    tid: String,
    oaid: String,
}

fn orders(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let show = shown_numbers(request)?;
    let shop = parameter(request, "shop")?;
    let state = gateways.lock_state();
    let shop = match &shop {
        Some(name) => Some(state.shops.id(name).ok_or(ShopError::UnknownShop)?),
        None => None,
    };
    let mut found: Vec<_> =
        state.orders.iter().filter(|(_, order)| shop.is_none_or(|shop| order.shop == shop)).collect();
    found.sort_unstable_by_key(|(tid, _)| *tid);
    let orders = found.into_iter().map(|(tid, order)| {
        let kind = match order.kind {
            NumberKind::WithExtension => "11+4",
            NumberKind::SevenHundred => "700",
            NumberKind::Plain => "own",
        };
        json!({
            "tid": tid,
            "oaid": order.oaid,
            "shop": state.shops.get(order.shop).map(|shop| &shop.name),
            "number": kind,
            "mobile": show(&order.mobile(state.seed, tid)),
            "callers": state.caller_groups.callers(&order.oaid).iter().map(|caller| show(caller)).collect::<Value>(),
        })
    });
    Ok(ok(&json!({"orders": orders.collect::<Value>()})))
}

fn add_orders(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewOrders { shop, orders } = body(request)?;
    gateways.add_orders(&shop, orders.into_iter().map(NewOrder::into_pair))?;
    Ok(created(&view::shop(gateways, &shop)))
}

fn generate_orders(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let GeneratedOrders { shop, first, count } = body(request)?;
    if !(1..=MAX_GENERATED).contains(&count) {
        return Err(Problem::bad_request(format!("count must be between 1 and {MAX_GENERATED}")));
    }
    let now = gateways.clock().now();
    let mut state = gateways.lock_state();
    let id = state.shops.id(&shop).ok_or(ShopError::UnknownShop)?;
    let orders: Vec<_> =
        (first..first.saturating_add(count)).map(|number| generated_order(state.seed, number)).collect();
    let added: Value = orders.iter().map(|(tid, oaid)| json!({"tid": tid, "oaid": oaid})).collect();
    state.add_orders(id, orders, now);
    Ok(created(&json!({"orders": added})))
}

fn change_oaid(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let OaidChange { tid, oaid } = body(request)?;
    check_not_empty("oaid", &oaid)?;
    if gateways.change_oaid(&tid, &oaid) {
        Ok(ok(&json!({"tid": tid, "oaid": oaid})))
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "there is no order with this tid"))
    }
}
