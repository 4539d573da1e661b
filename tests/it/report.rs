//! Reporting of A numbers: the upload of photos, and the workflow from the query to the review.

mod answers;
#[cfg(feature = "emulator")]
mod ensure;
mod hidden;
#[cfg(feature = "emulator")]
mod lost;
mod upload;

use privacy_number::aliyun::{NumberReport, Photo};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::form;
use crate::server::{Server, body, ok};

/// A JPEG by its first bytes, with bytes that look like the end of a form's field.
const PORTRAIT: &[u8] = b"\xFF\xD8\xFF\xE0\r\n--\r\nportrait\x00\x80";

const REFUSED_QUERY: &str =
    r#"{"Code":"isv.ILLEGAL_ARGUMENT","Message":"no such number","RequestId":"r","Success":false}"#;

fn portrait() -> Photo {
    Photo::new(PORTRAIT).unwrap()
}

fn report() -> NumberReport {
    let report = NumberReport::builder().a_no_white_group_id(19).phone_no_a("15000000001").cust_name("张某某");
    report.document_number("000000000000000000").alive_photo(portrait()).build()
}

/// The path of the file store of [`gateway`].
const STORE: &str = "/store";

/// A gateway that answers each action as the test says, and a file store on the same server.
async fn gateway(
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
    store: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static,
) -> Server {
    Server::start(move |request| {
        if request.url.path() == STORE {
            return store(request);
        }
        let action = form::decode(body(request))["Action"].clone();
        if action != "GetDyplsOSSInfoForUploadFile" {
            return ok(&answer(&action));
        }
        let host = request.headers["host"].to_str().unwrap();
        let answer = answer(&action);
        // A test that has no answer of its own gets a good one.
        ok(&if answer.is_empty() {
            policy(&format!("http://{host}{STORE}"), 1_893_456_000).to_string()
        } else {
            answer
        })
    })
    .await
}

/// A permission to upload until this time.
fn policy(host: &str, expire_time: i64) -> Value {
    json!({"Code": "OK", "RequestId": "r", "Success": true, "Data": {
        "Host": host, "StartPath": "100001", "Policy": "cG9saWN5LW9mLXRoZS1zdG9yZQ==",
        "AccessKeyId": "store-key-id", "Signature": "c2lnbmF0dXJlLW9mLXRoZS1zdG9yZQ==", "ExpireTime": expire_time}})
}

fn created(is_created: bool, fail_type: i64) -> String {
    json!({"Code": 200, "RequestId": "r", "Success": true,
        "Data": {"CreateResult": is_created, "FailType": fail_type}})
    .to_string()
}

fn reviewed(status: &str) -> String {
    json!({"Code": "200", "RequestId": "r", "Success": true, "Data": {"ReportStatus": status}}).to_string()
}

/// The uploads among the requests of a server.
async fn uploads(server: &Server) -> Vec<Request> {
    server.received().await.into_iter().filter(|request| request.url.path() == STORE).collect()
}

/// The actions that a gateway was asked for, in order.
async fn actions(server: &Server) -> Vec<String> {
    let calls = server.received().await.into_iter().filter(|request| request.url.path() != STORE);
    calls.map(|request| form::decode(body(&request))["Action"].clone()).collect()
}
