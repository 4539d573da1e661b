//! Text messages by oaid: `taobao.jst.sms.oaid.message.send` and `taobao.jst.sms.message.direct.batchsend`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::call::{Call, Success, text_member};
use super::method::Method;
use super::order_of::order_of_current;
use super::refusal::Refusal;
use crate::emulator::answer::members;
use crate::emulator::store::text_message::TextMessage;

// No document states whether they need a session.
pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.jst.sms.oaid.message.send", send).without_session(),
    Method::new("taobao.jst.sms.message.direct.batchsend", send_batch).without_session(),
];

const ENTRIES_PER_CALL: usize = 50;

/// One message before it is sent.
struct Draft {
    oaid: String,
    tid: String,
    sign_name: String,
    params: Value,
    extend: Option<String>,
}

fn send(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let request = call.json_object("param_send_message_by_o_a_i_d_request")?;
    let draft = Draft {
        oaid: text_member(&request, "oaid")?.to_owned(),
        tid: text_member(&request, "order_id")?.to_owned(),
        sign_name: text_member(&request, "sms_free_sign_name")?.to_owned(),
        params: params(request.get("params"))?,
        extend: request.get("extend").and_then(Value::as_str).map(str::to_owned),
    };
    let template = text_member(&request, "template_code")?.to_owned();
    let module = deliver(call, vec![draft], &template, None)?;
    Ok(members([("module", Value::from(module)), ("req_id", Value::from("1235"))]).into())
}

/// The values of a template: an object, or the JSON text of one.
fn params(params: Option<&Value>) -> Result<Value, Refusal> {
    match params {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(object @ Value::Object(_)) => Ok(object.clone()),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(object @ Value::Object(_)) => Ok(object),
            _ => Err(Refusal::from_code("isv.invalid-parameter", None)),
        },
        Some(_) => Err(Refusal::from_code("isv.invalid-parameter", None)),
    }
}

fn send_batch(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let invalid = || Refusal::from_code("isv.invalid-parameter", None);
    let template = call.required("sms_template_code")?.to_owned();
    // The form with plain numbers is not for orders.
    if call.parameters.get("rec_num").is_some() {
        return Err(invalid());
    }
    let texts = |name: &'static str| -> Result<Vec<String>, Refusal> {
        let texts = call.json_array(name)?.into_iter();
        texts.map(|text| text.as_str().map(str::to_owned).ok_or_else(invalid)).collect()
    };
    let (oaids, tids, sign_names) = (texts("oaids")?, texts("order_ids")?, texts("sign_name")?);
    let contents = match call.parameters.get("sms_content") {
        Some(_) => call.json_array("sms_content")?,
        None => vec![Value::Null; oaids.len()],
    };
    let extend_nums = match call.parameters.get("extend_num") {
        Some(_) => texts("extend_num")?.into_iter().map(Some).collect(),
        None => vec![None; oaids.len()],
    };
    let lengths: BTreeSet<_> =
        [oaids.len(), tids.len(), sign_names.len(), contents.len(), extend_nums.len()].into_iter().collect();
    if lengths.len() != 1 || !(1..=ENTRIES_PER_CALL).contains(&oaids.len()) {
        return Err(invalid());
    }
    if call.parameters.get("extra_data").is_some() {
        call.json_object("extra_data")?;
    }
    let entries = oaids.into_iter().zip(tids).zip(sign_names).zip(contents).zip(extend_nums);
    let drafts = entries.map(|((((oaid, tid), sign_name), content), extend)| {
        Ok(Draft { oaid, tid, sign_name, params: params(Some(&content))?, extend })
    });
    let drafts = drafts.collect::<Result<Vec<_>, Refusal>>()?;
    let task_sign = call.parameters.get("task_sign").map(str::to_owned);
    let module = deliver(call, drafts, &template, task_sign.as_deref())?;
    Ok(members([("module", Value::from(module))]).into())
}

/// Sends all messages or, if one is refused, none. Returns the id of the sending.
fn deliver(
    call: &mut Call<'_>,
    drafts: Vec<Draft>,
    template: &str,
    task_sign: Option<&str>,
) -> Result<String, Refusal> {
    let mut receivers = Vec::new();
    for draft in &drafts {
        let has_brackets = draft.sign_name.contains(['【', '】']);
        if has_brackets || draft.sign_name.is_empty() {
            return Err(Refusal::from_code("isv.invalid-parameter", None));
        }
        let order = order_of_current(call.state, &draft.tid, &draft.oaid, call.shop)?;
        receivers.push((order.shop, order.life.receiver.clone()));
    }
    let messages = &mut call.state.text_messages;
    let module = messages.next_module();
    for (draft, (shop, receiver)) in drafts.into_iter().zip(receivers) {
        // One message for a receiver, whatever the order.
        if task_sign.is_some_and(|task| messages.is_done(task, &receiver)) {
            continue;
        }
        messages.add(TextMessage {
            module: module.clone(),
            shop,
            tid: draft.tid,
            receiver,
            sign_name: draft.sign_name,
            template: template.to_owned(),
            params: draft.params,
            extend: draft.extend,
            task_sign: task_sign.map(str::to_owned),
            time: call.now,
        });
    }
    Ok(module)
}
