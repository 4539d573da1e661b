//! The console: its page, its events, and the explained signatures.

mod events;
mod explained;
mod page;
mod values;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::emulator::Gateways;

/// The status and the body of a control request.
fn get_text(gateways: &Gateways, endpoint: &str) -> (u16, String) {
    let request = Request::get(format!("/_emulator/{endpoint}")).body(Bytes::new()).unwrap();
    let response = gateways.respond(request);
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

fn get(gateways: &Gateways, endpoint: &str) -> Value {
    let (status, text) = get_text(gateways, endpoint);
    assert_eq!(status, 200, "{endpoint}: {text}");
    serde_json::from_str(&text).unwrap()
}
