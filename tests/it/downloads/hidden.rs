//! The link grants access to the recording: it is never shown, and no credentials are sent to the file server.

use super::{Gateway, cut_after, full_response, header, partial_response};
use crate::capture::logs_of;
use crate::clients::{ACCESS_KEY_ID, ACCESS_KEY_SECRET};
use crate::raw_server::{RawServer, Reply};

const PARTS_OF_THE_LINK: [&str; 5] = ["rec.wav", "OSSAccessKeyId", "oss-id", "link-1", "Expires=1"];

#[tokio::test]
async fn the_file_request_holds_no_credentials_of_ours() {
    let files = RawServer::start([cut_after(50_000), partial_response(50_000, super::LENGTH, super::LENGTH)]).await;
    let gateway = Gateway::of(&files).await;
    gateway.download().to(&mut Vec::new()).await.unwrap();
    let signed = crate::form::decode(crate::server::body(&gateway.0.received().await[0]));
    for request in files.requests() {
        for name in ["authorization", "cookie", "referer", "x-acs-security-token"] {
            assert_eq!(header(&request, name), None, "{request}");
        }
        for ours in [ACCESS_KEY_ID, ACCESS_KEY_SECRET, "FC123456", signed["Signature"].as_str(), "SignatureNonce"] {
            assert!(!request.contains(ours), "{ours}: {request}");
        }
    }
}

#[tokio::test]
async fn the_link_is_in_no_log_and_no_error() {
    for replies in [
        vec![full_response()],
        vec![cut_after(50_000), Reply::Reset, partial_response(50_000, super::LENGTH, super::LENGTH)],
        vec![Reply::http("400 Bad Request", &[], "")],
        vec![Reply::http("404 Not Found", &[], "")],
        vec![Reply::http("302 Found", &[("Location", "/rec.wav")], "")],
        vec![Reply::Close],
        vec![Reply::ok("not a length").clone(), Reply::Bytes(b"no http\r\n\r\n".to_vec())],
        vec![Reply::Bytes(b"no http\r\n\r\n".to_vec())],
    ] {
        let files = RawServer::start(replies).await;
        let gateway = Gateway::of(&files).await;
        let download = gateway.download().wait(std::time::Duration::from_millis(20));
        let shown_before = format!("{download:?}");
        let mut written = Vec::new();
        let (result, mut shown) = logs_of(download.to(&mut written)).await;
        shown.push_str(&shown_before);
        match result {
            Ok(recording) => shown.push_str(&format!("{recording:?}")),
            Err(error) => {
                let mut source: Option<&dyn std::error::Error> = Some(&error);
                while let Some(error) = source {
                    shown.push_str(&format!("\n{error} {error:?}"));
                    source = error.source();
                }
            }
        }
        for part in PARTS_OF_THE_LINK {
            assert!(!shown.contains(part), "{part}: {shown}");
        }
    }
}
