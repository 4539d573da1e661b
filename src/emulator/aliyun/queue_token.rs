//! Tokens for the queues of receipts: `QueryTokenForMnsQueue` of Dybaseapi.

use serde_json::{Value, json};

use super::action::{Action, Product};
use super::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;

pub(super) const ACTIONS: &[Action] =
    &[Action::new("QueryTokenForMnsQueue", query).with_product(Product::Dybaseapi).post_only()];

/// Gives a token for any queue name: the gateway does not know which queues there are.
fn query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    call.required("MessageType")?;
    let queue_name = call.required("QueueName")?;
    let seed = call.state.seed;
    let token = call.state.queue_tokens.issue(seed, queue_name, call.now);
    let token = json!({
        "AccessKeyId": token.access_key_id,
        "AccessKeySecret": token.access_key_secret,
        "SecurityToken": token.security_token,
        "CreateTime": china_time::format(token.created),
        "ExpireTime": china_time::format(token.expires),
    });
    Ok(members([("MessageTokenDTO", token), ("Message", Value::from("OK"))]))
}
