//! What happens to orders beside the calls of an application, and the messages about it.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::{NUMBERS, body, check_not_empty, first_shop, wants_whole_numbers};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::order::OrderStatus;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("orders/life", "the status of each order, its times, and the rent of its number", life, "OrderLives"),
    Endpoint::post(
        "orders/address",
        "changes the address of an order, which gets a new oaid: tid",
        change_address,
        "AddressChange",
        "TidAndOaid",
    )
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "orders/status",
        "sets the status of an order: tid, status",
        set_status,
        "StatusChange",
        "TidAndStatus",
    )
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "orders/receiver",
        "gives orders the same receiver, so that they can be merged: tids",
        share_receiver,
        "SharedReceiver",
        "Tids",
    )
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "shops/authorise",
        "gives an authorisation code for a new session: shop",
        authorise,
        "Authorisation",
        "AuthorisationCode",
    )
    .creates()
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::get("messages", "the messages of the shops that are not confirmed", messages, "Messages"),
    Endpoint::post(
        "messages",
        "publishes a message, if the shop has permitted its topic: shop, topic, content",
        publish_message,
        "NewShopMessage",
        "Published",
    )
    .creates()
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::get(
        "text_messages",
        "the text messages to receivers of orders; their parameters only with whole numbers",
        text_messages,
        "TextMessages",
    )
    .query(&[NUMBERS]),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressChange {
    tid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusChange {
    tid: String,
    status: Status,
}

/// As it is on the wire.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    WaitSellerSendGoods,
    WaitBuyerConfirmGoods,
    TradeFinished,
    TradeClosed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedReceiver {
    tids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorisation {
    #[serde(default = "first_shop")]
    shop: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewShopMessage {
    #[serde(default = "first_shop")]
    shop: String,
    topic: String,
    content: String,
}

fn life(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.order_life()))
}

fn change_address(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let AddressChange { tid } = body(request)?;
    let oaid = gateways.change_address(&tid).ok_or_else(no_such_order)?;
    Ok(ok(&json!({"tid": tid, "oaid": oaid})))
}

fn set_status(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let StatusChange { tid, status } = body(request)?;
    let status = OrderStatus::from(status);
    if gateways.set_order_status(&tid, status) {
        Ok(ok(&json!({"tid": tid, "status": status.as_str()})))
    } else {
        Err(no_such_order())
    }
}

fn share_receiver(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SharedReceiver { tids } = body(request)?;
    if gateways.share_receiver(&tids) {
        Ok(ok(&json!({"tids": tids})))
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "there is no order with one of these tids"))
    }
}

fn authorise(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let Authorisation { shop } = body(request)?;
    let code = gateways.authorise(&shop)?;
    Ok(created(&json!({"shop": shop, "code": code})))
}

fn messages(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.messages()))
}

fn publish_message(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewShopMessage { shop, topic, content } = body(request)?;
    check_not_empty("topic", &topic)?;
    let published = gateways.publish_message(&shop, &topic, &content)?;
    Ok(created(&json!({"published": published})))
}

/// The parameters of a template can name persons.
fn text_messages(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let mut messages = gateways.text_messages();
    if !wants_whole_numbers(request)? {
        for message in messages.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            message.remove("params");
        }
    }
    Ok(ok(&messages))
}

fn no_such_order() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no order with this tid")
}

impl From<Status> for OrderStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::WaitSellerSendGoods => Self::Paid,
            Status::WaitBuyerConfirmGoods => Self::Shipped,
            Status::TradeFinished => Self::Succeeded,
            Status::TradeClosed => Self::Closed,
        }
    }
}
