//! Further applications and access keys, besides those that the emulator was started with.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::endpoint::Endpoint;
use super::reply::{Problem, created};
use super::request::{body, check_not_empty};
use crate::emulator::accounts::AccessKey;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("apps", "adds an application of TOP: app_key, app_secret", add_app, "NewApp", "App")
        .creates()
        .refuses(&[StatusCode::CONFLICT]),
    Endpoint::post(
        "access_keys",
        "adds an access key of Alibaba Cloud, a temporary one with a security_token: id, secret, security_token",
        add_access_key,
        "NewAccessKey",
        "AccessKey",
    )
    .creates()
    .refuses(&[StatusCode::CONFLICT]),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewApp {
    app_key: String,
    app_secret: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccessKey {
    id: String,
    secret: String,
    security_token: Option<String>,
}

fn add_app(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewApp { app_key, app_secret } = body(request)?;
    check_not_empty("app_key", &app_key)?;
    check_not_empty("app_secret", &app_secret)?;
    if app_key == gateways.accounts().app_key {
        return Err(Problem::new(StatusCode::CONFLICT, "the emulator was started with this app_key"));
    }
    let added = json!({"app_key": app_key});
    gateways.lock_state().credentials.add_app(app_key, app_secret);
    Ok(created(&added))
}

fn add_access_key(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewAccessKey { id, secret, security_token } = body(request)?;
    check_not_empty("id", &id)?;
    check_not_empty("secret", &secret)?;
    check_not_empty("security_token", security_token.as_deref().unwrap_or("none"))?;
    if gateways.accounts().access_key(&id).is_some() {
        return Err(Problem::new(StatusCode::CONFLICT, "the emulator was started with this access key"));
    }
    let added = json!({"id": id, "temporary": security_token.is_some()});
    gateways.lock_state().credentials.add_access_key(AccessKey { id, secret, security_token });
    Ok(created(&added))
}
