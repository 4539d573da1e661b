//! Shops, their sessions, and whether their orders can be decrypted.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::{body, first_shop, nullable};
use super::view;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::seed::ShopSeed;
use crate::emulator::store::decryption::Decryption;
use crate::emulator::store::shop::ShopError;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("shops", "the shops, with session and number of orders", shops, "Shops"),
    Endpoint::post("shops", "adds a shop: shop, session, orders, callers, client_tokens", add_shop, "NewShop", "Shop")
        .creates()
        .refuses(&[StatusCode::CONFLICT]),
    Endpoint::post("shops/expire", "expires the session of a shop: shop", expire_session, "SessionExpiration", "Shop")
        .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "shops/rotate",
        "gives a shop a new session: shop, session",
        rotate_session,
        "SessionRotation",
        "Shop",
    )
    .refuses(&[StatusCode::NOT_FOUND, StatusCode::CONFLICT]),
    Endpoint::post(
        "shops/callers",
        "adds callers that a shop reports for all orders added later: shop, callers",
        add_callers,
        "NewCallers",
        "Shop",
    )
    .creates()
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "shops/client_tokens",
        "adds one-time tokens for decryption in the end user's client: shop, client_tokens",
        add_client_tokens,
        "NewClientTokens",
        "Shop",
    )
    .creates()
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::get("decryption", "whether orders can be decrypted, and the quota", decryption, "Decryption"),
    Endpoint::post(
        "decryption",
        "turns decryption off or on, and sets the quota of each shop: switch, orders_per_day",
        set_decryption,
        "DecryptionChange",
        "Decryption",
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewShop {
    shop: String,
    session: Option<String>,
    #[serde(default)]
    callers: Vec<String>,
    #[serde(default)]
    orders: Vec<NewOrder>,
    #[serde(default)]
    client_tokens: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    tid: String,
    oaid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionExpiration {
    #[serde(default = "first_shop")]
    shop: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRotation {
    #[serde(default = "first_shop")]
    shop: String,
    session: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCallers {
    #[serde(default = "first_shop")]
    shop: String,
    callers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewClientTokens {
    #[serde(default = "first_shop")]
    shop: String,
    client_tokens: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecryptionChange {
    switch: Option<Switch>,
    /// `null` stands for no limit.
    #[serde(default, deserialize_with = "nullable")]
    orders_per_day: Option<Option<u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Switch {
    On,
    OffBySeller,
    OffForApp,
}

fn shops(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::shops(gateways)))
}

fn add_shop(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let shop = body::<NewShop>(request)?.into_seed();
    let name = shop.name.clone();
    gateways.add_shop(shop)?;
    Ok(created(&view::shop(gateways, &name)))
}

fn expire_session(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SessionExpiration { shop } = body(request)?;
    gateways.expire_session(&shop)?;
    Ok(ok(&view::shop(gateways, &shop)))
}

fn rotate_session(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SessionRotation { shop, session } = body(request)?;
    gateways.rotate_session(&shop, &session)?;
    Ok(ok(&view::shop(gateways, &shop)))
}

fn add_callers(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewCallers { shop, callers } = body(request)?;
    {
        let mut state = gateways.lock_state();
        let id = state.shops.id(&shop).ok_or(ShopError::UnknownShop)?;
        state.shops.add_callers(id, &callers);
    }
    Ok(created(&view::shop(gateways, &shop)))
}

fn add_client_tokens(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewClientTokens { shop, client_tokens } = body(request)?;
    {
        let mut state = gateways.lock_state();
        let id = state.shops.id(&shop).ok_or(ShopError::UnknownShop)?;
        for token in client_tokens {
            state.client_tokens.issue(token, id);
        }
    }
    Ok(created(&view::shop(gateways, &shop)))
}

fn decryption(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&decryption_json(gateways)))
}

fn set_decryption(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let DecryptionChange { switch, orders_per_day } = body(request)?;
    if switch.is_none() && orders_per_day.is_none() {
        return Err(Problem::bad_request("the members are switch and orders_per_day"));
    }
    {
        let mut state = gateways.lock_state();
        if let Some(switch) = switch {
            state.decryption.switch = switch.into();
        }
        if let Some(orders) = orders_per_day {
            state.decryption.orders_per_day = orders;
        }
    }
    Ok(ok(&decryption_json(gateways)))
}

fn decryption_json(gateways: &Gateways) -> Value {
    let state = gateways.lock_state();
    let switch = match state.decryption.switch {
        Decryption::On => "on",
        Decryption::OffBySeller => "off_by_seller",
        Decryption::OffForApp => "off_for_app",
    };
    json!({
        "switch": switch,
        "orders_per_day": state.decryption.orders_per_day,
        "decrypted_today": state.decryption.decrypted(),
    })
}

impl From<Switch> for Decryption {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::On => Self::On,
            Switch::OffBySeller => Self::OffBySeller,
            Switch::OffForApp => Self::OffForApp,
        }
    }
}

impl NewShop {
    fn into_seed(self) -> ShopSeed {
        let seed = ShopSeed::new(self.shop)
            .callers(self.callers)
            .orders(self.orders.into_iter().map(NewOrder::into_pair))
            .client_tokens(self.client_tokens);
        match self.session {
            Some(session) => seed.session(session),
            None => seed,
        }
    }
}

impl NewOrder {
    pub(super) fn into_pair(self) -> (String, String) {
        (self.tid, self.oaid)
    }
}
