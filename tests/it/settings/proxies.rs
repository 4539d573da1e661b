use super::{RequestKind, is_signed};
use crate::clients::once;
use crate::own_process::run_test;
use crate::raw_server::{RawServer, Reply};

/// The variables that HTTP libraries take proxies from.
const VARIABLES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Where the test below finds its gateway.
const GATEWAY: &str = "PRIVACY_NUMBER_TEST_GATEWAY";

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    let proxy = RawServer::start([Reply::ok("through the proxy")]).await;
    let gateway = RawServer::start(RequestKind::ALL.map(|kind| Reply::ok(kind.success()))).await;
    let (gateway_endpoint, proxy_endpoint) = (gateway.aliyun_endpoint(), proxy.aliyun_endpoint());
    let run = move || {
        run_test("settings::proxies::calls_with_a_proxy_in_the_environment", |test| {
            test.env(GATEWAY, gateway_endpoint).env_remove("NO_PROXY").env_remove("no_proxy");
            test.env_remove("REQUEST_METHOD").envs(VARIABLES.map(|name| (name, &proxy_endpoint)));
        })
    };
    tokio::task::spawn_blocking(run).await.unwrap();
    assert_eq!(gateway.requests().len(), RequestKind::ALL.len());
    let through_the_proxy = proxy.requests();
    assert_eq!(through_the_proxy.len(), 1, "the plain client's request, to show that the variables work");
    assert!(through_the_proxy[0].contains("/plain") && !is_signed(&through_the_proxy[0]));
}

#[tokio::test]
#[ignore = "run by the test above, in a process with proxies in its environment"]
async fn calls_with_a_proxy_in_the_environment() {
    let gateway = std::env::var(GATEWAY).unwrap();
    let plain = reqwest::get(format!("{gateway}plain")).await.unwrap();
    assert_eq!(plain.text().await.unwrap(), "through the proxy");
    for kind in RequestKind::ALL {
        kind.send(&gateway, once()).await.unwrap();
    }
}

#[tokio::test]
async fn a_proxy_of_the_users_own_client_is_used() {
    for kind in RequestKind::ALL {
        let proxy = RawServer::start([Reply::ok(kind.success())]).await;
        let gateway = RawServer::start([Reply::Close]).await;
        let http = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy.aliyun_endpoint()).unwrap());
        kind.send(&gateway.aliyun_endpoint(), once().http_client(http.build().unwrap())).await.unwrap();
        assert!(gateway.requests().is_empty(), "{kind:?}");
        let requests = proxy.requests();
        let whole_address = format!(" {}", gateway.aliyun_endpoint());
        assert!(requests.len() == 1 && requests[0].contains(&whole_address), "{kind:?}: {requests:?}");
    }
}
