//! Requests of the newer SDKs, which sign by headers (ACS3).

use privacy_number::emulator::{Emulator, Fault};
use serde_json::Value;

/// As `alibabacloud_dyplsapi20170525` sends it: everything in the query, an empty body, no `Action`; with a wrong
/// signature over these headers.
async fn send(emulator: &Emulator, signed_headers: &str) -> (u16, String, Value) {
    const EMPTY_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let url = format!("{}/?PhoneNoA=15000000000&PoolKey=FC100000000000001", emulator.aliyun_endpoint());
    let authorization =
        format!("ACS3-HMAC-SHA256 Credential=emulator-access-key-id,SignedHeaders={signed_headers},Signature=0");
    let request = reqwest::Client::new().post(url).header("accept", "application/json");
    let request = request.header("x-acs-action", "BindAxb").header("x-acs-version", "2017-05-25");
    let request = request.header("x-acs-date", emulator.now().format("%Y-%m-%dT%H:%M:%SZ").to_string());
    let request = request.header("x-acs-signature-nonce", "1").header("x-acs-content-sha256", EMPTY_BODY);
    let response = request.header("Authorization", authorization).send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    (status, kind, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

const ALL: &str = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

#[tokio::test]
async fn a_wrong_acs3_signature_is_refused_with_the_text_of_the_server() {
    let emulator = Emulator::start().await.unwrap();
    let (status, kind, answer) = send(&emulator, ALL).await;
    assert_eq!((status, kind.as_str()), (400, "application/json;charset=utf-8"));
    assert_eq!(answer["Code"], "SignatureDoesNotMatch");
    let message = answer["Message"].as_str().unwrap();
    assert!(message.contains("server StringToSign is [ACS3-HMAC-SHA256\n"), "{message}");
    let entry = emulator.ledger().entries().pop().unwrap();
    assert_eq!((entry.operation, &*entry.code), ("BindAxb", "SignatureDoesNotMatch"));
    assert_eq!(entry.request_id.as_deref(), answer["RequestId"].as_str());
}

#[tokio::test]
async fn a_signature_that_leaves_out_a_header_is_incomplete() {
    let emulator = Emulator::start().await.unwrap();
    for left_out in ALL.split(';') {
        let signed: Vec<_> = ALL.split(';').filter(|name| *name != left_out).collect();
        let (status, _, answer) = send(&emulator, &signed.join(";")).await;
        assert_eq!((status, &answer["Code"]), (400, &Value::from("IncompleteSignature")), "{left_out}");
    }
}

#[tokio::test]
async fn a_fault_can_name_the_action_of_an_acs3_request() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::error("Throttling.User").on("BindAxb").times(1));
    assert_eq!(send(&emulator, ALL).await.2["Code"], "Throttling.User");
    assert_eq!(send(&emulator, ALL).await.2["Code"], "SignatureDoesNotMatch");
}

#[tokio::test]
async fn acs_headers_without_the_authorization_are_not_acs3() {
    let emulator = Emulator::start().await.unwrap();
    let request = reqwest::Client::new().post(emulator.aliyun_endpoint()).header("x-acs-action", "BindAxb");
    let answer: Value = serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(answer["Code"], "MissingAction");
}
