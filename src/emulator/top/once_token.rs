//! One-time tokens of clients: `taobao.top.once.token.get`.

use serde_json::Value;

use super::call::{Call, Success};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::members;

pub(super) const METHODS: &[Method] = &[Method::new("taobao.top.once.token.get", once_token)];

/// No document states the codes.
const INVALID: &str = "SEC_TOKEN_INVALID";

/// A token that begins with `invalid-`, or was exchanged before, has no one-time token.
fn once_token(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let sec_token = call.required("sec_token")?.to_owned();
    let shop = call.session_shop()?;
    Ok(match call.state.sec_tokens.exchange(&sec_token) {
        Some(token) => {
            call.state.client_tokens.issue(token.clone(), shop);
            let success = [("token", token.as_str()), ("result_code", "success"), ("result_msg", "ok")];
            members(success.map(|(name, text)| (name, Value::from(text)))).into()
        }
        None => Success {
            members: members([("result_code", Value::from(INVALID)), ("result_msg", Value::from("sec_token无效"))]),
            failure: Some(INVALID),
        },
    })
}
