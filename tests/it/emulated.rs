//! The emulator over TCP: its clock, shops, faults, ledger and control endpoints.

mod acs3;
mod clock;
mod faults;
mod guard;
mod index;
mod ledger;
mod operations;
mod reset;
mod shops;
mod token;

use privacy_number::emulator::Emulator;
use reqwest::Method;
use serde_json::Value;

/// Sends a control request. Returns the HTTP status and the JSON of the response.
async fn control(emulator: &Emulator, method: Method, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/_emulator{path}", emulator.aliyun_endpoint());
    let mut request = reqwest::Client::new().request(method, url);
    if !body.is_null() {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

async fn post(emulator: &Emulator, path: &str, body: Value) -> (u16, Value) {
    control(emulator, Method::POST, path, body).await
}

async fn get(emulator: &Emulator, path: &str) -> Value {
    let (status, answer) = control(emulator, Method::GET, path, Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer
}
