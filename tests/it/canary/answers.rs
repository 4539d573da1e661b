//! What a gateway may answer, with sentinels in every place where one can stand.

use privacy_number::Format;
use serde_json::{Value, json};

use super::calls::Call;
use super::sentinels::{ALL, sentinel::*};
use crate::form::escape;
use crate::raw_server::Reply;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    None,
    /// An error whose words, id and code quote everything.
    EchoingError,
    /// A refused signature, with the text that the gateway signed.
    RefusedSignature,
    /// The same, of a gateway that saw parameters where values stood.
    RefusedSplitSignature,
    /// A failure inside a normal answer.
    FailureInside,
    /// A member of the wrong kind.
    WrongKind,
    /// JSON or XML that ends in the middle.
    TornText,
    /// A connection that ends in the middle.
    TornBody,
    Html,
    Redirect,
    NotHttp,
    Reset,
    Silence,
}

impl Fault {
    pub(super) const ALL: [Self; 13] = [
        Self::None,
        Self::EchoingError,
        Self::RefusedSignature,
        Self::RefusedSplitSignature,
        Self::FailureInside,
        Self::WrongKind,
        Self::TornText,
        Self::TornBody,
        Self::Html,
        Self::Redirect,
        Self::NotHttp,
        Self::Reset,
        Self::Silence,
    ];
}

pub(super) fn reply(call: Call, fault: Fault, format: Format) -> Reply {
    let everything = ALL.join(" ");
    let write = |root: &str, members: &Value| match (format, is_top(call) || root == "error_response") {
        (Format::Json, true) => json!({root: members}).to_string(),
        (Format::Json, false) => members.to_string(),
        _ => format!("<{root}>{}</{root}><!--{everything}-->", xml(members)),
    };
    let (root, success) = success(call);
    match fault {
        Fault::None => Reply::http("200 OK", &[("Set-Cookie", SESSION), ("X-Phone", PHONE_A)], write(root, &success)),
        Fault::EchoingError if is_top(call) => Reply::ok(write("error_response", &echoing_error(&everything))),
        Fault::EchoingError => {
            let root = if format == Format::Json { "" } else { "Error" };
            let error = json!({"RequestId": PHONE_A, "HostId": PHONE_X, "Code": format!("isv.{PHONE_A}"), "Message": everything});
            Reply::http("400 Bad Request", &[("X-Phone", PHONE_A)], write(root, &error))
        }
        Fault::RefusedSignature if is_top(call) => {
            Reply::ok(json!({"error_response": {"code": 25, "msg": everything}}).to_string())
        }
        Fault::RefusedSignature => {
            refused_signature(&format!("AccessKeyId={}&PhoneNoA={PHONE_A}", escape(ACCESS_KEY_ID)))
        }
        Fault::RefusedSplitSignature if is_top(call) => {
            Reply::ok(json!({"error_response": {"code": 25, "msg": everything, "sub_code": PHONE_A}}).to_string())
        }
        Fault::RefusedSplitSignature => {
            refused_signature(&format!("{PHONE_B}&{PHONE_A}=&{}={}", escape(NAME), escape(NAME)))
        }
        Fault::FailureInside => {
            let failure = if is_top(call) {
                json!({"success": false, "errorCode": PHONE_A, "errorMsg": everything, "result": {"success": false,
                    "msg_code": PHONE_A, "msg_info": everything}, "receiver_list": PHONE_A, "request_id": PHONE_B})
            } else {
                json!({"Code": format!("isv.number {PHONE_A}"), "Message": everything, "RequestId": PHONE_B})
            };
            Reply::ok(write(root, &failure))
        }
        Fault::WrongKind => Reply::ok(write(root, &wrong_kind(call))),
        Fault::TornText => {
            let text = write(root, &success);
            let cut = (text.len() / 2..).find(|cut| text.is_char_boundary(*cut)).unwrap();
            Reply::ok(&text[..cut])
        }
        Fault::TornBody => Reply::torn(&write(root, &success)),
        Fault::Html => Reply::http("502 Bad Gateway", &[], format!("<html><title>{everything}</title>{everything}")),
        Fault::Redirect => {
            let target = format!("http://127.0.0.1:1/{SESSION}?PhoneNoA={PHONE_A}");
            Reply::http("302 Found", &[("Location", &target)], "")
        }
        Fault::NotHttp => Reply::Bytes(format!("HTTP/1.1 {everything}\r\n{everything}\r\n\r\n{everything}").into()),
        Fault::Reset => Reply::Reset,
        Fault::Silence => Reply::Silence,
    }
}

fn is_top(call: Call) -> bool {
    !matches!(
        call,
        Call::BindAxb
            | Call::BindAxbByGet
            | Call::UpdateSubscription
            | Call::UnbindSubscription
            | Call::QuerySubscriptionDetail
            | Call::QuerySubscriptionDetailByGet
    )
}

fn echoing_error(everything: &str) -> Value {
    json!({
        "args": {"arg": [{"key": "session", "value": SESSION}]},
        "code": 50,
        "msg": everything,
        "sub_code": format!("isv.no-such-number:{PHONE_A}"),
        "sub_msg": everything,
        "request_id": PHONE_A,
    })
}

/// Aliyun's own words: they quote the whole request.
fn refused_signature(query: &str) -> Reply {
    let text = format!("POST&%2F&{}", escape(query));
    let message = format!("Specified signature is not matched with our calculation. server string to sign is:{text}");
    let body = json!({"RequestId": "33D9749B", "HostId": "h", "Code": "SignatureDoesNotMatch", "Message": message});
    Reply::http("400 Bad Request", &[], body.to_string())
}

/// The root of an answer, and members that hold people's data.
fn success(call: Call) -> (&'static str, Value) {
    let receivers = json!({"receiver_list": {"receiver": [{
        "name": NAME, "mobile": EXTENSION, "phone": PHONE_B, "address_detail": ADDRESS, "oaid": OAID, "tid": "2001",
        "order_id": "2001", "town": TOWN, "district": TOWN, "city": CITY, "state": CITY, "country": CITY,
        "matched": true, "privacy_protection": true,
    }]}, "request_id": "33D9749B"});
    let ok = |content: Value| {
        let mut members = json!({"Code": "OK", "Message": WORDS, "RequestId": "33D9749B"});
        members.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        members
    };
    match call {
        Call::OaidDecrypt => ("top_oaid_decrypt_response", receivers),
        Call::OaidClientDecrypt => ("top_oaid_client_decrypt_response", receivers),
        Call::SecretGroupUpdate | Call::FlatSecretGroupUpdate => {
            ("top_secret_group_update_response", json!({"success": true, "errorMsg": WORDS}))
        }
        Call::SecretGroupQuery => {
            let callers = json!({"string": [PHONE_A, PHONE_B]});
            ("top_secret_group_query_response", json!({"success": true, "call_mobile": callers}))
        }
        Call::WorkcardVirtualphoneBind => {
            let result = json!({"success": true, "result_data": RANGE_700, "msg_info": WORDS});
            ("tmall_servicecenter_workcard_virtualphone_bind_response", json!({"result": result}))
        }
        Call::BindAxb | Call::BindAxbByGet => {
            let bound = json!({"Extension": PHONE_A, "SecretNo": PHONE_X, "SubsId": "1"});
            ("BindAxbResponse", ok(json!({"SecretBindDTO": bound})))
        }
        Call::UpdateSubscription => ("UpdateSubscriptionResponse", ok(json!({}))),
        Call::UnbindSubscription => ("UnbindSubscriptionResponse", ok(json!({}))),
        Call::QuerySubscriptionDetail | Call::QuerySubscriptionDetailByGet => {
            let detail = json!({"Status": 1, "SubsId": "1", "PhoneNoA": PHONE_A, "PhoneNoB": PHONE_B,
                "PhoneNoX": PHONE_X, "Extension": EXTENSION});
            ("QuerySubscriptionDetailResponse", ok(json!({"SecretBindDetailDTO": detail})))
        }
    }
}

/// Members of which one has a person's data where a flag, an object or a code belongs.
fn wrong_kind(call: Call) -> Value {
    match call {
        Call::OaidDecrypt | Call::OaidClientDecrypt => json!({"receiver_list": {"receiver": [{"matched": PHONE_A}]}}),
        Call::WorkcardVirtualphoneBind => json!({"result": {"success": NAME, "result_data": RANGE_700}}),
        Call::SecretGroupUpdate | Call::FlatSecretGroupUpdate | Call::SecretGroupQuery => json!({"success": PHONE_A}),
        Call::BindAxb | Call::BindAxbByGet => json!({"Code": "OK", "SecretBindDTO": PHONE_A}),
        Call::QuerySubscriptionDetail | Call::QuerySubscriptionDetailByGet => {
            json!({"Code": "OK", "SecretBindDetailDTO": {"Status": 1, "SubsId": {PHONE_A: NAME}}})
        }
        Call::UpdateSubscription | Call::UnbindSubscription => json!({"Code": {"Number": PHONE_A}}),
    }
}

fn xml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match value {
                Value::Array(items) => items.iter().map(|item| format!("<{name}>{}</{name}>", xml(item))).collect(),
                value => format!("<{name}>{}</{name}>", xml(value)),
            };
            members.iter().map(member).collect::<Vec<String>>().concat()
        }
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        other => other.to_string(),
    }
}
