//! The control token: who has it can use the control endpoints from anywhere, nobody else can.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use privacy_number::aliyun::QuerySubsId;
use privacy_number::emulator::Emulator;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HOST, ORIGIN};
use serde_json::Value;

const TOKEN: &str = "control-token-of-the-test";
const EVERYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

async fn emulator() -> Emulator {
    Emulator::builder().host(EVERYWHERE).control_token(TOKEN).start().await.unwrap()
}

/// Sends a control request with these headers. Returns the HTTP status.
async fn status(emulator: &Emulator, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
    let url = format!("{}/_emulator/{path}", emulator.aliyun_endpoint());
    let mut request = reqwest::Client::new().request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

async fn get(emulator: &Emulator, path: &str, headers: &[(&str, &str)]) -> u16 {
    status(emulator, Method::GET, path, headers).await
}

#[tokio::test]
async fn every_endpoint_except_health_and_the_page_of_the_console_needs_the_token() {
    let emulator = emulator().await;
    let bearer = format!("Bearer {TOKEN}");
    let client = reqwest::Client::new();
    let index = client.get(format!("{}/_emulator/", emulator.aliyun_endpoint())).header(AUTHORIZATION, &bearer);
    let index: Value = serde_json::from_slice(&index.send().await.unwrap().bytes().await.unwrap()).unwrap();
    let endpoints = index["endpoints"].as_array().unwrap();
    assert!(endpoints.len() > 20, "{index}");
    for endpoint in endpoints {
        let method: Method = endpoint["method"].as_str().unwrap().parse().unwrap();
        let path = endpoint["path"].as_str().unwrap().strip_prefix("/_emulator/").unwrap();
        let expected = if ["health", "console"].contains(&path) { 200 } else { 401 };
        assert_eq!(status(&emulator, method.clone(), path, &[]).await, expected, "{method} {path}");
        if method == Method::GET {
            // Two endpoints need a query, too.
            let expected = if ["requests", "details"].contains(&path) { 400 } else { 200 };
            assert_eq!(get(&emulator, path, &[("authorization", &bearer)]).await, expected, "{path}");
        }
    }
    assert_eq!(get(&emulator, "nothing", &[]).await, 401);
}

#[tokio::test]
async fn only_the_whole_token_as_one_bearer_is_accepted() {
    let emulator = emulator().await;
    let longer = format!("Bearer {TOKEN}x");
    let shorter = format!("Bearer {}", &TOKEN[..TOKEN.len() - 1]);
    let upper = format!("Bearer {}", TOKEN.to_uppercase());
    let (basic, bare, good) = (format!("Basic {TOKEN}"), TOKEN.to_owned(), format!("bearer {TOKEN}"));
    for wrong in [&longer, &shorter, &upper, &basic, &bare, "Bearer", "Bearer ", ""] {
        assert_eq!(get(&emulator, "info", &[("authorization", wrong)]).await, 401, "{wrong}");
    }
    assert_eq!(get(&emulator, "info", &[("authorization", &good)]).await, 200);
    assert_eq!(get(&emulator, "info", &[("authorization", &good), ("authorization", &good)]).await, 401);
    assert_eq!(get(&emulator, &format!("info?token={TOKEN}"), &[]).await, 401);
}

#[tokio::test]
async fn a_refusal_names_the_header_and_not_the_token() {
    let emulator = emulator().await;
    let response = reqwest::get(format!("{}/_emulator/info", emulator.aliyun_endpoint())).await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    let text = response.text().await.unwrap();
    assert!(text.contains("Authorization: Bearer <token>"), "{text}");
    let builder = Emulator::builder().control_token(TOKEN);
    for shown in [text, format!("{emulator:?} {builder:?}"), emulator.info().to_string()] {
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}

#[tokio::test]
async fn with_the_token_the_host_is_free_and_the_origin_must_be_the_same() {
    let emulator = emulator().await;
    let bearer = format!("Bearer {TOKEN}");
    let good = ("authorization", bearer.as_str());
    let host = (HOST.as_str(), "emulator.example.com:8700");
    assert_eq!(get(&emulator, "info", &[good, host]).await, 200);
    for (origin, expected) in [
        ("http://emulator.example.com:8700", 200),
        ("https://Emulator.Example.com:8700", 200),
        ("http://emulator.example.com", 403),
        ("http://example.com", 403),
        ("http://user@emulator.example.com:8700", 403),
        ("http://localhost:8700", 403),
        ("null", 403),
    ] {
        assert_eq!(get(&emulator, "info", &[good, host, (ORIGIN.as_str(), origin)]).await, expected, "{origin}");
    }
    let foreign = (ORIGIN.as_str(), "http://example.com");
    assert_eq!(get(&emulator, "health", &[host, foreign]).await, 403);
}

#[tokio::test]
async fn a_browser_is_sent_to_the_console_without_a_token() {
    let emulator = emulator().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for path in ["/_emulator", "/_emulator/"] {
        let request = client.get(format!("{}{path}", emulator.aliyun_endpoint()));
        let response = request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").send().await.unwrap();
        assert_eq!(response.status(), 303, "{path}");
        assert_eq!(response.headers()["location"], "/_emulator/console");
    }
    assert_eq!(get(&emulator, "", &[("accept", "application/json")]).await, 401);
    assert_eq!(get(&emulator, "info", &[("accept", "text/html")]).await, 401);
}

#[tokio::test]
async fn the_gateways_need_no_token() {
    let emulator = emulator().await;
    let query = QuerySubsId::builder().pool_key(emulator.pool_key()).phone_no_x("17000000001").build();
    assert!(emulator.aliyun().unwrap().send(&query).await.unwrap().subs_ids.is_empty());
}

#[tokio::test]
async fn another_address_than_a_loopback_address_needs_a_good_token() {
    let refused = async |host: IpAddr, token: Option<&str>| {
        let mut builder = Emulator::builder().host(host);
        if let Some(token) = token {
            builder = builder.control_token(token);
        }
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(token.is_none_or(|token| token.is_empty() || !error.to_string().contains(token)), "{error}");
    };
    refused(EVERYWHERE, None).await;
    refused(Ipv6Addr::UNSPECIFIED.into(), None).await;
    refused(Ipv4Addr::new(192, 0, 2, 1).into(), None).await;
    for token in ["", "short-7", "with a space", "contröl-token", "line\nbreak"] {
        refused(EVERYWHERE, Some(token)).await;
        refused(Ipv4Addr::LOCALHOST.into(), Some(token)).await;
    }
    Emulator::builder().host(Ipv4Addr::new(127, 0, 0, 2).into()).start().await.unwrap();
}

#[tokio::test]
async fn the_addresses_of_a_server_on_every_address_can_be_reached() {
    let emulator = emulator().await;
    assert!(emulator.address().ip().is_loopback() && emulator.address().port() != 0);
    assert_eq!(emulator.aliyun_endpoint(), format!("http://{}", emulator.address()));
    assert_eq!(emulator.info()["top"], emulator.top_endpoint());
    assert_eq!(emulator.info()["mns"], emulator.mns_endpoint());
}
