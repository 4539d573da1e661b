//! The message service: `taobao.tmc.messages.consume`, `taobao.tmc.messages.confirm` and `taobao.tmc.user.permit`.

use serde_json::Value;

use super::call::{Call, Success};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::{list, members};
use crate::emulator::china_time;
use crate::emulator::store::tmc_message::Permit;

pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.tmc.messages.consume", consume).without_session(),
    Method::new("taobao.tmc.messages.confirm", confirm).without_session(),
    Method::new("taobao.tmc.user.permit", permit),
];

const DEFAULT_QUANTITY: u64 = 100;
const IDS_PER_CALL: usize = 200;
const TOPICS_PER_CALL: usize = 100;

/// The application of the emulator has no groups, and naming one is an error.
fn default_group(call: &Call<'_>) -> Result<(), Refusal> {
    match call.parameters.get("group_name") {
        None => Ok(()),
        Some(_) => Err(Refusal::from_code("isv.invalid-parameter", None)),
    }
}

fn consume(call: &mut Call<'_>) -> Result<Success, Refusal> {
    default_group(call)?;
    let quantity = call.number("quantity", 10..=200)?.unwrap_or(DEFAULT_QUANTITY);
    let quantity = usize::try_from(quantity).unwrap_or_default();
    let taken = call.state.tmc_messages.take(quantity, call.now);
    let shops = &call.state.shops;
    let messages = taken.into_iter().map(|message| {
        let shop = shops.get(message.shop).map(|shop| shop.name.as_str()).unwrap_or_default();
        Value::Object(members([
            ("id", Value::from(message.id)),
            ("topic", Value::from(message.topic)),
            ("content", Value::from(message.content)),
            ("user_id", Value::from(message.shop.user_id())),
            ("user_nick", Value::from(shop)),
            ("pub_time", Value::from(china_time::format(message.published))),
            ("pub_app_key", Value::from("12497914")),
        ]))
    });
    Ok(members([("messages", list("tmc_message", messages.collect()))]).into())
}

fn confirm(call: &mut Call<'_>) -> Result<Success, Refusal> {
    const PARAMETER: &str = "s_message_ids";
    default_group(call)?;
    let ids: Result<Vec<u64>, _> = call.required(PARAMETER)?.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| Refusal::invalid(PARAMETER))?;
    if ids.len() > IDS_PER_CALL {
        return Err(Refusal::invalid(PARAMETER));
    }
    call.state.tmc_messages.confirm(&ids);
    Ok(members([("is_success", Value::from(true))]).into())
}

fn permit(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let shop = call.session_shop()?;
    let permit = match call.parameters.get("topics") {
        None => Permit::All,
        Some(topics) => {
            let topics: Vec<_> = topics.split(',').map(|topic| topic.trim().to_owned()).collect();
            if topics.len() > TOPICS_PER_CALL || topics.iter().any(String::is_empty) {
                return Err(Refusal::invalid("topics"));
            }
            Permit::Topics(topics)
        }
    };
    call.state.tmc_messages.permit(shop, permit);
    Ok(members([("is_success", Value::from(true))]).into())
}
