//! Sessions: `taobao.top.auth.token.create` and `taobao.top.auth.token.refresh`.

use serde_json::{Value, json};

use super::call::{Call, Success};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::members;
use crate::emulator::store::shop::ShopId;

pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.top.auth.token.create", create).without_session(),
    Method::new("taobao.top.auth.token.refresh", refresh).without_session(),
];

/// The session of the emulator does not end by itself. The real one ends after a year at most.
const SECONDS: u64 = 31_536_000;

fn create(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let code = call.required("code")?.to_owned();
    let shop = call.state.auth_tokens.take_code(&code);
    issue(call, shop.ok_or_else(|| Refusal::from_method("isv.invalid-parameter:code"))?)
}

/// The refresh token rotates: a used one is refused.
fn refresh(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let token = call.required("refresh_token")?.to_owned();
    let shop = call.state.auth_tokens.take_refresh_token(&token);
    issue(call, shop.ok_or_else(|| Refusal::from_method("isv.invalid-parameter:refresh_token"))?)
}

/// Gives the shop a new session. Its former session has expired.
fn issue(call: &mut Call<'_>, shop: ShopId) -> Result<Success, Refusal> {
    let name = call.state.shops.get(shop).map(|shop| shop.name.clone()).unwrap_or_default();
    let (session, refresh_token) = call.state.auth_tokens.issue(shop, &name);
    if call.state.shops.rotate_session(&name, &session).is_err() {
        return Err(Refusal::from_code("isp.sys.error", None));
    }
    let milliseconds = |seconds: u64| {
        u64::try_from(call.now.timestamp_millis()).unwrap_or_default().saturating_add(seconds.saturating_mul(1000))
    };
    let token = json!({
        "access_token": session,
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": SECONDS,
        "re_expires_in": SECONDS,
        "r1_expires_in": SECONDS,
        "r2_expires_in": SECONDS,
        "w1_expires_in": SECONDS,
        "w2_expires_in": SECONDS,
        "expire_time": milliseconds(SECONDS),
        "refresh_token_valid_time": milliseconds(SECONDS),
        "taobao_user_id": shop.user_id().to_string(),
        "taobao_user_nick": percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC).to_string(),
        "taobao_open_uid": format!("AAH{}", shop.user_id()),
    });
    Ok(members([("token_result", Value::from(token.to_string()))]).into())
}
