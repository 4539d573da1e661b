//! Answers of a gateway with sentinels in every possible place.

mod stored;

use privacy_number::Format;
use serde_json::{Value, json};

use super::sentinels::Sentinels;
use crate::raw_server::Reply;
use crate::samples::is_top_name;
use stored::{any_place, filled, remove_any, write};

/// The largest body that the clients of these tests read.
pub(super) const MAX_BODY: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    None,
    /// An error whose message, id and code quote everything.
    EchoingError,
    /// A temporary error whose message quotes everything.
    EchoingThrottle,
    /// A business failure inside a normal response.
    FailureInside,
    /// A random member of the wrong type.
    WrongKind,
    /// A random member is missing.
    Missing,
    /// JSON or XML, truncated at a random byte.
    TornText,
    /// A connection that is closed inside the body.
    TornBody,
    Html,
    Redirect,
    NotHttp,
    NotGzip,
    TooLarge,
    Reset,
    Silence,
}

impl Fault {
    pub(super) const ALL: [Self; 15] = [
        Self::None,
        Self::EchoingError,
        Self::EchoingThrottle,
        Self::FailureInside,
        Self::WrongKind,
        Self::Missing,
        Self::TornText,
        Self::TornBody,
        Self::Html,
        Self::Redirect,
        Self::NotHttp,
        Self::NotGzip,
        Self::TooLarge,
        Self::Reset,
        Self::Silence,
    ];

    /// Whether the crate may decode the response.
    pub(super) fn may_be_read(self) -> bool {
        matches!(self, Self::WrongKind | Self::Missing)
    }
}

/// The reply to an operation; `rng` chooses the position of the fault.
pub(super) fn reply(operation: &str, fault: Fault, format: Format, s: &Sentinels, rng: &mut fastrand::Rng) -> Reply {
    let everything = s.all().join(" ");
    let is_top = is_top_name(operation);
    let mut answer = filled(operation, s);
    let leaking_headers = [("Set-Cookie", &*s.session), ("X-Phone", &*s.texts.phone_a)];
    match fault {
        Fault::None => {
            // An undocumented member.
            answer.content[&s.texts.caller] = json!({ &s.texts.name: everything });
            Reply::http("200 OK", &leaking_headers, write(&answer, format, &everything))
        }
        Fault::EchoingError | Fault::EchoingThrottle if is_top => {
            let code = if fault == Fault::EchoingThrottle { 7 } else { 50 };
            let error = json!({
                "args": {"arg": [{"key": "session", "value": s.session}]},
                "code": code,
                "msg": everything,
                "sub_code": format!("isv.no-such-number:{}", s.texts.phone_a),
                "sub_msg": everything,
                "request_id": s.texts.phone_b,
            });
            Reply::ok(write(&answer.under("error_response", error), format, &everything))
        }
        Fault::EchoingError | Fault::EchoingThrottle => {
            let code =
                if fault == Fault::EchoingThrottle { "Throttling.User" } else { &format!("isv.{}", s.texts.phone_a) };
            let error =
                json!({"RequestId": s.texts.phone_a, "HostId": s.texts.phone_x, "Code": code, "Message": everything});
            let body = write(&answer.under("Error", error), format, &everything);
            Reply::http("400 Bad Request", &leaking_headers, body)
        }
        Fault::FailureInside => {
            answer.content = if is_top {
                json!({"success": false, "errorCode": s.texts.phone_a, "errorMsg": everything, "result": {"success": false,
                    "msg_code": s.texts.phone_a, "msg_info": everything}, "receiver_list": s.texts.phone_a, "request_id": s.texts.phone_b})
            } else {
                json!({"Code": format!("isv.number {}", s.texts.phone_a), "Message": everything, "RequestId": s.texts.phone_b})
            };
            Reply::ok(write(&answer, format, &everything))
        }
        Fault::WrongKind => {
            let strange = unexpected_value(s, &everything, rng);
            *any_place(&mut answer, rng) = strange;
            Reply::ok(write(&answer, format, &everything))
        }
        Fault::Missing => {
            remove_any(&mut answer, rng);
            Reply::ok(write(&answer, format, &everything))
        }
        Fault::TornText => {
            let text = write(&answer, format, "");
            let cut = (rng.usize(1..text.len())..).find(|cut| text.is_char_boundary(*cut)).unwrap();
            Reply::ok(&text[..cut.min(text.len() - 1)])
        }
        Fault::TornBody => Reply::truncated(&write(&answer, format, &everything)),
        Fault::Html => {
            let before = &everything[..char_boundary(&everything, rng.usize(..everything.len()))];
            Reply::http("502 Bad Gateway", &leaking_headers, format!("<html>{before}<title>{everything}</title>"))
        }
        Fault::Redirect => {
            let target = format!("http://127.0.0.1:1/{}?PhoneNoA={}", crate::form::escape(&s.session), s.texts.phone_a);
            Reply::http("302 Found", &[("Location", &target)], everything)
        }
        Fault::NotHttp => Reply::Bytes(format!("HTTP/1.1 {everything}\r\n{everything}\r\n\r\n{everything}").into()),
        Fault::NotGzip => Reply::http("200 OK", &[("Content-Encoding", "gzip")], everything),
        Fault::TooLarge => Reply::ok(write(&answer, format, "") + &everything.repeat(MAX_BODY / everything.len() + 1)),
        Fault::Reset => Reply::Reset,
        Fault::Silence => Reply::Silence,
    }
}

/// A value that no field expects.
fn unexpected_value(s: &Sentinels, everything: &str, rng: &mut fastrand::Rng) -> Value {
    let number: u64 = s.texts.phone_a.parse().unwrap();
    let choices = [
        json!(everything),
        json!(s.texts.phone_b),
        json!(number),
        json!({&s.texts.phone_a: {&s.texts.phone_b: [s.texts.name]}}),
        json!([s.texts.address, number, [s.session]]),
        json!([{&s.texts.phone_a: s.texts.name}, s.texts.phone_b]),
        Value::Null,
    ];
    choices[rng.usize(..choices.len())].clone()
}

fn char_boundary(text: &str, index: usize) -> usize {
    (0..=index).rev().find(|index| text.is_char_boundary(*index)).unwrap()
}
