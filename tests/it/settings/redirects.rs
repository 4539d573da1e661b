use privacy_number::{Advice, Error, Outcome};
use reqwest::redirect::Policy;

use super::{RequestKind, is_signed};
use crate::clients::{fast_retries, once};
use crate::raw_server::{RawServer, Reply};

const STATUSES: [(&str, u16); 5] = [
    ("301 Moved Permanently", 301),
    ("302 Found", 302),
    ("303 See Other", 303),
    ("307 Temporary Redirect", 307),
    ("308 Permanent Redirect", 308),
];

/// Redirects every request to another server.
async fn sending_to(other: &RawServer, status: &str) -> RawServer {
    let location = format!("{}elsewhere", other.aliyun_endpoint());
    RawServer::start([Reply::http(status, &[("Location", &location)], "")]).await
}

#[tokio::test]
async fn no_redirect_is_followed_and_the_error_names_its_status() {
    for kind in RequestKind::ALL {
        let other = RawServer::start([Reply::ok(kind.success())]).await;
        for (status, number) in STATUSES {
            let gateway = sending_to(&other, status).await;
            let error = kind.send(&gateway.aliyun_endpoint(), fast_retries(3)).await.unwrap_err();
            assert_eq!(gateway.requests().len(), 1, "{kind:?} {status}: nothing is retried");
            assert!(is_signed(&gateway.requests()[0]));
            assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::FixRequest), "{kind:?} {status}");
            assert_eq!(error.http_status(), Some(number));
            let line = error.to_string();
            assert!(line.contains(&format!("HTTP {number}")) && !line.contains("elsewhere"), "{line}");
        }
        assert!(other.requests().is_empty(), "{kind:?}");
    }
}

/// A client that the user supplied, which follows redirects.
fn redirecting_client() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::limited(5)).no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_client_that_follows_redirects_sends_no_form_to_another_address() {
    for kind in [RequestKind::Top, RequestKind::AliyunPost] {
        for (status, number) in STATUSES {
            let other = RawServer::start([Reply::ok(kind.success())]).await;
            let gateway = sending_to(&other, status).await;
            let settings = fast_retries(3).http_client(redirecting_client());
            let error = kind.send(&gateway.aliyun_endpoint(), settings).await.unwrap_err();
            assert_eq!(gateway.requests().len(), 1, "{kind:?} {status}");
            // 307 and 308 would send the form again; the others become a GET without a form.
            assert_eq!(other.requests().len(), usize::from(number < 307), "{kind:?} {status}");
            for request in other.requests() {
                assert!(request.starts_with("GET /elsewhere HTTP/1.1\r\n") && !is_signed(&request), "{request}");
            }
            assert!(matches!(error, Error::Decode(_)), "{kind:?} {status}: {error}");
            assert_eq!(error.advice(), Advice::FixRequest, "{kind:?} {status}");
        }
    }
}

#[tokio::test]
async fn the_response_of_another_address_is_an_error() {
    for kind in RequestKind::ALL {
        let other = RawServer::start([Reply::ok(kind.success())]).await;
        let gateway = sending_to(&other, "302 Found").await;
        let settings = once().http_client(redirecting_client());
        let error = kind.send(&gateway.aliyun_endpoint(), settings).await.unwrap_err();
        assert_eq!(other.requests().len(), 1);
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::FixRequest), "{kind:?}");
        assert!(error.to_string().contains("followed a redirect"), "{error}");
        // The same response from the configured server is accepted.
        let gateway = RawServer::start([Reply::ok(kind.success())]).await;
        kind.send(&gateway.aliyun_endpoint(), once().http_client(redirecting_client())).await.unwrap();
    }
}
