//! Tests that send raw requests to the gateways, signed by a separate signer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

mod aliyun_gateway;
mod answer_forms;
mod axg;
mod axn;
mod binding;
mod blacklist;
mod call_status;
mod caller_group;
mod calls;
mod clock_and_ledger;
mod console;
mod control;
mod decrypt;
mod every_action;
mod faq;
mod fault_delivery;
mod faults;
mod fixed_line;
mod good_calls;
mod magic_values;
mod memory;
mod mns;
mod number700;
mod number_status;
mod order_life;
mod over_tcp;
mod pick_up;
mod push;
mod recording;
mod report;
mod secret_no;
mod signatures;
mod signer;
mod sms;
mod snapshot;
mod subscription;
mod top_gateway;
mod tracking;
mod work_card;
mod work_number;

use std::cell::Cell;
use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use serde_json::Value;

use super::{Clock, Emulator, EmulatorBuilder, Gateways};

/// The key of the default pool.
pub(super) const POOL: &str = "FC100000000000001";

/// 2026-01-06 10:00:00 China time.
pub(super) fn start_time() -> DateTime<Utc> {
    "2026-01-06T02:00:00Z".parse().unwrap()
}

pub(super) fn gateways() -> Gateways {
    seeded(|builder| builder)
}

pub(super) fn seeded(seed: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Gateways {
    seed(Emulator::builder().clock(Clock::stopped_at(start_time()))).build()
}

pub(super) fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(super) fn json_fixture(name: &str) -> Value {
    serde_json::from_str(&fixture(name)).unwrap()
}

/// A request to one of the gateways. It is valid unless a test changes it.
#[derive(Clone)]
pub(super) struct Call {
    parameters: BTreeMap<String, String>,
    secret: String,
    http_method: &'static str,
    gateway: GatewayKind,
}

#[derive(Clone, Copy, PartialEq)]
enum GatewayKind {
    Top,
    Aliyun,
}

/// A response: its text and, if it is JSON, the parsed value.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) json: Value,
    pub(super) date: String,
}

pub(super) fn top(method: &str) -> Call {
    let time = (start_time() + TimeDelta::hours(8)).format("%Y-%m-%d %H:%M:%S").to_string();
    let parameters = [
        ("method", method),
        ("app_key", "12345678"),
        ("session", "emulator-session"),
        ("timestamp", &time),
        ("format", "json"),
        ("v", "2.0"),
        ("sign_method", "hmac-sha256"),
    ];
    Call::new(GatewayKind::Top, "emulator-app-secret", &parameters)
}

fn new_nonce() -> String {
    thread_local!(static NONCES: Cell<u32> = const { Cell::new(0) });
    format!("nonce-{}", NONCES.replace(NONCES.get() + 1))
}

pub(super) fn aliyun(action: &str) -> Call {
    let nonce = new_nonce();
    let parameters = [
        ("Action", action),
        ("Version", "2017-05-25"),
        ("AccessKeyId", "emulator-access-key-id"),
        ("Timestamp", "2026-01-06T02:00:00Z"),
        ("SignatureNonce", &nonce),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Format", "JSON"),
    ];
    Call::new(GatewayKind::Aliyun, "emulator-access-key-secret", &parameters)
}

impl Call {
    fn new(gateway: GatewayKind, secret: &str, parameters: &[(&str, &str)]) -> Self {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { parameters: parameters.collect(), secret: secret.to_owned(), http_method: "POST", gateway }
    }

    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.parameters.remove(name);
        self
    }

    /// The same request to Alibaba Cloud with a new nonce.
    pub(super) fn again(self) -> Self {
        self.with("SignatureNonce", new_nonce())
    }

    pub(super) fn secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    pub(super) fn by_get(mut self) -> Self {
        self.http_method = "GET";
        self
    }

    /// The form with its signature. A signature that the test has set is kept.
    pub(super) fn signed_form(&self) -> String {
        let mut form = self.parameters.clone();
        match self.gateway {
            GatewayKind::Top => {
                let sign = signer::top(&form["sign_method"], &self.secret, &form);
                form.entry("sign".to_owned()).or_insert(sign);
            }
            GatewayKind::Aliyun => {
                let signature = signer::pop(self.http_method, &self.secret, &form);
                form.entry("Signature".to_owned()).or_insert(signature);
            }
        }
        signer::form(&form)
    }

    pub(super) fn path(&self) -> &'static str {
        match self.gateway {
            GatewayKind::Top => "/router/rest",
            GatewayKind::Aliyun => "/",
        }
    }

    pub(super) fn request(&self) -> Request<Bytes> {
        let form = self.signed_form();
        if self.http_method == "GET" {
            let url = format!("{}?{form}", self.path());
            return Request::get(url).body(Bytes::new()).unwrap();
        }
        post(self.path(), form)
    }

    pub(super) fn send(&self, gateways: &Gateways) -> Reply {
        Reply::from(gateways.respond(self.request()))
    }

    /// The response under the root of the method.
    pub(super) fn answer(&self, gateways: &Gateways) -> Value {
        let reply = self.send(gateways);
        let root = reply.json.as_object().unwrap();
        assert_eq!(root.len(), 1, "{}", reply.text);
        let (name, answer) = root.iter().next().unwrap();
        assert!(name.ends_with("_response") && name != "error_response", "{}", reply.text);
        answer.clone()
    }

    /// The code and sub_code (or text) of a refusal by TOP.
    pub(super) fn refusal(&self, gateways: &Gateways) -> (u64, String) {
        self.send(gateways).refusal()
    }

    /// The HTTP status and code of Alibaba Cloud's response.
    pub(super) fn code(&self, gateways: &Gateways) -> (u16, String) {
        let reply = self.send(gateways);
        assert!(reply.json["RequestId"].is_string(), "{}", reply.text);
        (reply.status, reply.json["Code"].as_str().unwrap().to_owned())
    }

    /// Alibaba Cloud's response. It must be a success.
    pub(super) fn ok(&self, gateways: &Gateways) -> Value {
        let reply = self.send(gateways);
        assert_eq!((reply.status, reply.json["Code"].as_str()), (200, Some("OK")), "{}", reply.text);
        reply.json
    }
}

/// A refusal by the product.
pub(super) fn business_error(code: &str) -> (u16, String) {
    (200, code.to_owned())
}

/// A refusal by the gateway.
pub(super) fn bad_request(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

pub(super) fn post(path: &str, form: impl Into<Bytes>) -> Request<Bytes> {
    Request::post(path)
        .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
        .body(form.into())
        .unwrap()
}

impl Reply {
    pub(super) fn refusal(&self) -> (u64, String) {
        assert_eq!(self.status, 200);
        let error = &self.json["error_response"];
        assert!(error["request_id"].is_string(), "{}", self.text);
        let sub_code = error["sub_code"].as_str().unwrap_or_default();
        (error["code"].as_u64().unwrap(), sub_code.to_owned())
    }
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        Self {
            status: response.status().as_u16(),
            json: serde_json::from_str(&text).unwrap_or_default(),
            date: response.headers()["date"].to_str().unwrap().to_owned(),
            text,
        }
    }
}
