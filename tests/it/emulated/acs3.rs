//! Requests of the newer SDKs, which sign by headers (ACS3).

use privacy_number::emulator::{Emulator, Fault};
use serde_json::Value;

/// As `alibabacloud_dyplsapi20170525` sends it: everything in the query, an empty body, no `Action`.
async fn send(emulator: &Emulator) -> (u16, String, Value) {
    let url = format!("{}/?PhoneNoA=15000000000&PoolKey=FC100000000000001", emulator.aliyun_endpoint());
    let authorization =
        "ACS3-HMAC-SHA256 Credential=emulator-access-key-id,SignedHeaders=host;x-acs-action,Signature=0";
    let request = reqwest::Client::new().post(url).header("accept", "application/json");
    let request = request.header("x-acs-action", "BindAxb").header("x-acs-version", "2017-05-25");
    let response = request.header("Authorization", authorization).send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    (status, kind, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_request_signed_by_acs3_is_refused_with_a_hint() {
    let emulator = Emulator::start().await.unwrap();
    let (status, kind, answer) = send(&emulator).await;
    assert_eq!((status, kind.as_str()), (400, "application/json;charset=utf-8"));
    assert_eq!(answer["Code"], "UnsupportedSignatureAlgorithm");
    let message = answer["Message"].as_str().unwrap();
    assert!(message.contains("ACS3-HMAC-SHA256") && message.contains(r#"signature_algorithm = "v2""#), "{message}");
    let entry = emulator.ledger().entries().pop().unwrap();
    assert_eq!((entry.operation, &*entry.code), ("BindAxb", "UnsupportedSignatureAlgorithm"));
    assert_eq!(entry.request_id.as_deref(), answer["RequestId"].as_str());
}

#[tokio::test]
async fn a_fault_can_name_the_action_of_an_acs3_request() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::error("Throttling.User").on("BindAxb").times(1));
    assert_eq!(send(&emulator).await.2["Code"], "Throttling.User");
    assert_eq!(send(&emulator).await.2["Code"], "UnsupportedSignatureAlgorithm");
}

#[tokio::test]
async fn acs_headers_without_the_authorization_are_not_acs3() {
    let emulator = Emulator::start().await.unwrap();
    let request = reqwest::Client::new().post(emulator.aliyun_endpoint()).header("x-acs-action", "BindAxb");
    let answer: Value = serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(answer["Code"], "MissingAction");
}
