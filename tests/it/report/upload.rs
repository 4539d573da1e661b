//! The upload of photos: what the file store receives, and what becomes of its answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use privacy_number::aliyun::UploadError;
use wiremock::{Request, ResponseTemplate};

use super::{PORTRAIT, STORE, actions, gateway, policy, portrait, uploads};
use crate::clients::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, aliyun, fast_retries};
use crate::server::{Server, response};

fn no_answer(_: &str) -> String {
    String::new()
}

fn accepted(_: &Request) -> ResponseTemplate {
    response(200, "")
}

/// The fields of a form, in their order: the header of each and its bytes.
fn fields(request: &Request) -> Vec<(String, Vec<u8>)> {
    let content_type = request.headers["content-type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = request.body.strip_suffix(format!("\r\n--{boundary}--\r\n").as_bytes()).unwrap();
    let delimiter = format!("\r\n--{boundary}\r\n");
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..]).unwrap();
    let mut fields = Vec::new();
    let find = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted);
    while !rest.is_empty() {
        let end = find(rest, delimiter.as_bytes()).unwrap_or(rest.len());
        let head = find(rest, b"\r\n\r\n").unwrap();
        fields.push((String::from_utf8(rest[..head].to_vec()).unwrap(), rest[head + 4..end].to_vec()));
        rest = &rest[(end + delimiter.len()).min(rest.len())..];
    }
    fields
}

#[tokio::test]
async fn the_form_has_the_fields_of_the_policy_and_the_photo_last_and_nothing_of_ours() {
    let server = gateway(no_answer, accepted).await;
    let client = aliyun(server.aliyun_endpoint(), fast_retries(1));
    let path = client.upload_photo(&portrait()).await.unwrap();
    let uploaded = uploads(&server).await;
    let [request] = uploaded.as_slice() else { panic!("one upload was expected") };
    let field = |name: &str, value: &[u8]| (format!("Content-Disposition: form-data; name=\"{name}\""), value.to_vec());
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg";
    let expected = [
        field("key", path.expose().as_bytes()),
        field("policy", b"cG9saWN5LW9mLXRoZS1zdG9yZQ=="),
        field("OSSAccessKeyId", b"store-key-id"),
        field("Signature", b"c2lnbmF0dXJlLW9mLXRoZS1zdG9yZQ=="),
        field("success_action_status", b"200"),
        (file.to_owned(), PORTRAIT.to_vec()),
    ];
    assert_eq!(fields(request), expected);
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.headers["content-length"].to_str().unwrap(), request.body.len().to_string());
    for name in ["authorization", "cookie", "referer", "x-acs-security-token"] {
        assert!(!request.headers.contains_key(name), "{name}");
    }
    let text = format!("{:?} {}", request.headers, String::from_utf8_lossy(&request.body));
    assert!(!text.contains(ACCESS_KEY_ID) && !text.contains(ACCESS_KEY_SECRET) && !text.contains("15000000001"));
    let (start, name) = path.expose().split_once('/').unwrap();
    assert!(start == "100001" && name.len() == 36 && name.ends_with(".jpg"), "{name}");
}

#[tokio::test]
async fn the_same_photo_never_overwrites_itself() {
    let server = gateway(no_answer, accepted).await;
    let client = aliyun(server.aliyun_endpoint(), fast_retries(1));
    let first = client.upload_photo(&portrait()).await.unwrap();
    assert_ne!(client.upload_photo(&portrait()).await.unwrap(), first);
}

#[tokio::test]
async fn every_documented_status_is_a_success_and_others_are_not() {
    for status in [200, 201, 204] {
        let server = gateway(no_answer, move |_| response(status, "")).await;
        aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap();
    }
    let too_large = "<Error><Code>EntityTooLarge</Code><Message>m</Message></Error>";
    for (status, body, code) in [(400, too_large, Some("EntityTooLarge")), (202, "", None), (404, "<html>", None)] {
        let server = gateway(no_answer, move |_| response(status, body)).await;
        let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
        let UploadError::Refused { http_status, code: found } = error else { panic!("{error}") };
        assert_eq!((http_status, found.as_deref()), (status, code));
        assert_eq!(uploads(&server).await.len(), 1, "HTTP {status} is not sent again");
    }
}

#[tokio::test]
async fn a_failing_store_is_tried_four_times_under_one_name() {
    let server = gateway(no_answer, |_| response(503, "")).await;
    let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
    assert!(matches!(error, UploadError::Refused { http_status: 503, .. }), "{error}");
    let names: Vec<_> = uploads(&server).await.iter().map(|request| fields(request)[0].1.clone()).collect();
    assert!(names.len() == 4 && names.iter().all(|name| *name == names[0]));
    assert_eq!(actions(&server).await.len(), 1, "the permission is used again");
}

#[tokio::test]
async fn a_refused_permission_is_replaced_once() {
    let sent = AtomicUsize::new(0);
    let denied = |_: &Request| response(403, "<Error><Code>AccessDenied</Code></Error>");
    let once = move |request: &Request| {
        if sent.fetch_add(1, Ordering::SeqCst) == 0 { denied(request) } else { accepted(request) }
    };
    let server = gateway(no_answer, once).await;
    aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap();
    assert_eq!((actions(&server).await.len(), uploads(&server).await.len()), (2, 2));

    let server = gateway(no_answer, denied).await;
    let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
    assert_eq!(error.to_string(), "the file store refused the photo with HTTP 403 AccessDenied");
    assert_eq!((actions(&server).await.len(), uploads(&server).await.len()), (2, 2));
}

#[tokio::test]
async fn a_permission_that_has_ended_is_not_used() {
    let now = crate::clients::instant().timestamp();
    let store = Server::always("").await;
    let host = format!("{}{STORE}", store.aliyun_endpoint());
    for (expire_time, is_used) in [(now, false), (now - 1, false), (now + 1, true)] {
        let answer = policy(&host, expire_time).to_string();
        let server = gateway(move |_| answer.clone(), accepted).await;
        let uploaded = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await;
        assert_eq!(uploaded.is_ok(), is_used);
        assert!(is_used || matches!(uploaded, Err(UploadError::Expired)));
    }
    assert_eq!(store.received().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_https() {
    for host in ["http://bucket.example.com", "bucket.example.com", "ftp://127.0.0.1", "https://u:p@example.com", ""] {
        let answer = policy(host, 1_893_456_000).to_string();
        let server = gateway(move |_| answer.clone(), accepted).await;
        let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
        assert!(matches!(error, UploadError::BadHost), "{host}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_photo_and_the_permission() {
    let elsewhere = Server::always("").await;
    let location = format!("{}/elsewhere", elsewhere.aliyun_endpoint());
    let redirecting = async |status| {
        let location = location.clone();
        let redirect = move |_: &Request| ResponseTemplate::new(status).insert_header("Location", &*location);
        gateway(no_answer, redirect).await
    };
    for status in [301, 302, 303, 307, 308] {
        let server = redirecting(status).await;
        let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
        assert!(matches!(error, UploadError::Refused { http_status, .. } if http_status == status), "{error}");
    }
    assert!(elsewhere.received().await.is_empty());
    // A client of the user's own may follow it, but has no body for the other address.
    for status in [301, 302, 303, 307, 308] {
        let server = redirecting(status).await;
        let following = fast_retries(1).http_client(reqwest::Client::builder().no_proxy().build().unwrap());
        let error = aliyun(server.aliyun_endpoint(), following).upload_photo(&portrait()).await.unwrap_err();
        assert!(matches!(error, UploadError::Redirected | UploadError::Refused { .. }), "{error}");
    }
    assert!(!elsewhere.received().await.is_empty(), "some were followed");
    for request in elsewhere.received().await {
        assert!(request.body.is_empty() && request.url.query().is_none(), "{}", request.method);
    }
}

#[tokio::test]
async fn a_gateway_that_gives_no_permission_is_the_error() {
    let refused = crate::fixtures::read("aliyun-newer/GetDyplsOSSInfoForUploadFile.refused.json");
    let server = gateway(move |_| refused.clone(), accepted).await;
    let error = aliyun(server.aliyun_endpoint(), fast_retries(1)).upload_photo(&portrait()).await.unwrap_err();
    let UploadError::Call(error) = error else { panic!("{error}") };
    assert_eq!(error.code(), Some("isv.ILLEGAL_ARGUMENT"));
    assert!(uploads(&server).await.is_empty());
}
