//! The list of control endpoints.

use privacy_number::emulator::Emulator;
use reqwest::Method;
use serde_json::Value;

use super::{control, get};

const DOCUMENTATION: &str = include_str!("../../../src/emulator/testing.md");

#[tokio::test]
async fn the_index_lists_the_control_endpoints_and_is_not_in_the_ledger() {
    let emulator = Emulator::start().await.unwrap();
    let index = get(&emulator, "").await;
    assert_eq!(get(&emulator, "/").await, index);
    let endpoints = index["endpoints"].as_array().unwrap();
    assert!(endpoints.len() >= 16);
    for endpoint in endpoints {
        assert!(!endpoint["about"].as_str().unwrap().is_empty());
        // The response is not that the path or the method does not exist.
        let path = endpoint["path"].as_str().unwrap().strip_prefix("/_emulator").unwrap();
        let method: Method = endpoint["method"].as_str().unwrap().parse().unwrap();
        // The body is not read: the events have no end.
        let url = format!("{}/_emulator{path}", emulator.aliyun_endpoint());
        let response = reqwest::Client::new().request(method, url).send().await.unwrap();
        assert!(![404, 405].contains(&response.status().as_u16()), "{endpoint}");
    }
    assert!(emulator.ledger().entries().is_empty());
}

#[tokio::test]
async fn an_unknown_endpoint_is_refused_and_is_not_in_the_ledger() {
    let emulator = Emulator::start().await.unwrap();
    let (status, answer) = control(&emulator, Method::GET, "/elsewhere", Value::Null).await;
    assert_eq!((status, &answer["error"]), (404, &"there is no such endpoint; GET /_emulator/ lists them".into()));
    assert_eq!(control(&emulator, Method::PUT, "/faults", Value::Null).await.0, 405);
    assert_eq!(control(&emulator, Method::POST, "/", Value::Null).await.0, 405);
    assert!(emulator.ledger().entries().is_empty());
}

#[tokio::test]
async fn every_endpoint_is_documented() {
    let emulator = Emulator::start().await.unwrap();
    for endpoint in get(&emulator, "").await["endpoints"].as_array().unwrap() {
        let (method, path) = (endpoint["method"].as_str().unwrap(), endpoint["path"].as_str().unwrap());
        assert!(DOCUMENTATION.contains(&format!("| `{method} {path}` |")), "{method} {path}");
    }
}
