//! The functions of the control endpoints.

use bytes::Bytes;
use http::header::HOST;
use http::{Request, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::bodies::{
    ClockChange, Empty, NewOrders, NewReceipt, NewShop, QueueSettings, Review, SessionExpiration, SessionRotation,
};
use super::phone::{NewCall, NewMessage, NewPush};
use super::reply::{Problem, created, ok};
use super::view;
use crate::emulator::delivery::{Delivery, Reply};
use crate::emulator::gateways::Gateways;
use crate::emulator::{fault, json_body};

pub(super) fn health(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let (version, uptime) = (env!("CARGO_PKG_VERSION"), gateways.uptime().as_secs());
    Ok(ok(&json!({"status": "ok", "version": version, "uptime_seconds": uptime})))
}

pub(super) fn info(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::info(host(request), gateways)))
}

pub(super) fn state(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::state(gateways)))
}

pub(super) fn reset(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    if !request.body().is_empty() {
        let Empty {} = body(request)?;
    }
    gateways.reset();
    Ok(Reply { delivery: Delivery::ThenAcceptConnections, ..ok(&view::info(host(request), gateways)) })
}

pub(super) fn shops(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::shops(gateways)))
}

pub(super) fn add_shop(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let shop = body::<NewShop>(request)?.into_seed();
    let name = shop.name.clone();
    gateways.add_shop(shop)?;
    Ok(created(&view::shop(gateways, &name)))
}

pub(super) fn expire_session(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SessionExpiration { shop } = body(request)?;
    gateways.expire_session(&shop)?;
    Ok(ok(&view::shop(gateways, &shop)))
}

pub(super) fn rotate_session(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SessionRotation { shop, session } = body(request)?;
    gateways.rotate_session(&shop, &session)?;
    Ok(ok(&view::shop(gateways, &shop)))
}

pub(super) fn add_orders(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let orders: NewOrders = body(request)?;
    let shop = orders.shop.clone();
    gateways.add_orders(&shop, orders.into_pairs())?;
    Ok(created(&view::shop(gateways, &shop)))
}

pub(super) fn review_report(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let review: Review = body(request)?;
    let (group, number, review) = review.into_parts()?;
    if gateways.review_report(group, &number, review) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "there is no report of this number in this white list"))
    }
}

pub(super) fn publish_receipt(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let queue = body::<NewReceipt>(request)?.publish(gateways)?;
    Ok(created(&json!({"queue": queue})))
}

pub(super) fn queues(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.queues()))
}

pub(super) fn set_queues(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    body::<QueueSettings>(request)?.apply(gateways)?;
    Ok(ok(&gateways.queues()))
}

pub(super) fn calls(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::calls(gateways)))
}

pub(super) fn place_call(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let call = body::<NewCall>(request)?.into_call()?;
    Ok(created(&view::call(&gateways.place_call(&call))))
}

pub(super) fn send_message(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let message = body::<NewMessage>(request)?.into_message();
    Ok(created(&view::message(&gateways.send_message(&message))))
}

pub(super) fn pushes(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.pushes()))
}

pub(super) fn push_receipts(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    gateways.push_receipts(body::<NewPush>(request)?.into_settings()?);
    Ok(ok(&gateways.pushes()))
}

pub(super) fn clock(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&clock_json(gateways)))
}

pub(super) fn set_clock(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    body::<ClockChange>(request)?.apply(gateways.clock())?;
    Ok(ok(&clock_json(gateways)))
}

pub(super) fn ledger(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::ledger(gateways.ledger())))
}

pub(super) fn clear_ledger(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    gateways.ledger().clear();
    Ok(ok(&json!({})))
}

pub(super) fn faults(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.faults().to_json()))
}

pub(super) fn inject(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let fault = fault::from_json(request.body()).map_err(Problem::bad_request)?;
    let name = json!({"fault": fault.name()});
    let delivery = match fault.refuses_connections() {
        Some(duration) => Delivery::ThenRefuseConnections { duration },
        None => Delivery::Whole,
    };
    gateways.inject(fault);
    Ok(Reply { delivery, ..created(&name) })
}

pub(super) fn clear_faults(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let cleared = ok(&json!({"cleared": gateways.faults().clear()}));
    Ok(Reply { delivery: Delivery::ThenAcceptConnections, ..cleared })
}

fn body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Problem> {
    json_body::parse(request.body()).map_err(Problem::bad_request)
}

fn clock_json(gateways: &Gateways) -> Value {
    json!({"now": gateways.clock().now().to_rfc3339(), "running": gateways.clock().is_running()})
}

/// The host name by which the client addresses the server.
fn host(request: &Request<Bytes>) -> &str {
    request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1")
}
