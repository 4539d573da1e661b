//! What the command prints and refuses, its token, its health check and its pushes.

use privacy_number::aliyun::QuerySubsId;
use privacy_number::emulator::Emulator;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Server, TOKEN_VARIABLE, command, refused, run};

const TOKEN: &str = "token-of-the-command";

#[tokio::test]
async fn the_first_line_is_enough_for_a_client_and_each_request_is_a_line() {
    let mut server = Server::start(&[]);
    let info = server.get("info").await;
    assert_eq!(server.info, info);
    for name in ["top", "app_key", "app_secret", "session", "aliyun", "mns", "pool_key"] {
        assert!(!server.text(name).is_empty(), "{name}");
    }
    assert_eq!(info["queues"]["SecretReport"], "Alicom-Queue-1000000000000001-SecretReport");
    assert_eq!(info["orders"].as_array().unwrap().len(), 23);

    let query = QuerySubsId::builder().pool_key(server.text("pool_key")).phone_no_x("17000000001").build();
    let answer = server.aliyun().send(&query).await.unwrap();
    let line = server.line();
    assert_eq!((&line["operation"], &line["code"]), (&json!("QuerySubsId"), &json!("OK")));
    assert_eq!((&line["executed"], &line["request_id"]), (&json!(true), &json!(answer.request_id)));
}

#[test]
fn the_text_names_the_endpoints_the_keys_and_the_queues() {
    let output = run(&["--port", "0", "--for", "0"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in [
        "/router/rest\n",
        "12345678\n",
        "emulator-session\n",
        "emulator-access-key-id\n",
        "FC100000000000001\n",
        "Alicom-Queue-1000000000000001-SecretReport\n",
        "/_emulator/\n",
        "  2001 oaid-2001\n",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_seed_decides_the_generated_orders() {
    let orders = |seed: &str| Server::start(&["--seed", seed, "--generated-orders", "5"]).info["orders"].clone();
    let (first, again, other) = (orders("1"), orders("1"), orders("2"));
    assert_eq!(first.as_array().unwrap().len(), 8);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn health_is_answered_while_the_gateways_have_faults_and_checked_by_the_command() {
    let server = Server::start(&[]);
    server.post("faults", json!({"fault": "unavailable"})).await;
    let health = server.get("health").await;
    assert_eq!((&health["status"], &health["version"]), (&json!("ok"), &json!(env!("CARGO_PKG_VERSION"))));
    assert!(health["uptime_seconds"].as_u64().unwrap() < 600, "{health}");

    let url = server.text("aliyun").to_owned();
    let checked = command().args(["--health", &url]).env(TOKEN_VARIABLE, TOKEN).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    drop(server);
    let text = refused(&["--health", &url]);
    assert!(text.contains(&format!("no emulator answers at {url}")), "{text}");
}

#[tokio::test]
async fn the_health_of_another_server_is_not_that_of_an_emulator() {
    let other = MockServer::start().await;
    let output = tokio::task::spawn_blocking(move || run(&["--health", &other.uri()])).await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains(": 404"));
}

#[test]
fn another_host_is_refused_without_a_token() {
    for arguments in [&["--host", "0.0.0.0"][..], &["--host", "::"], &["--host", "0.0.0.0", "--control-token", ""]] {
        let text = refused(arguments);
        assert!(text.contains("needs a control token") && text.contains(TOKEN_VARIABLE), "{text}");
    }
    let text = refused(&["--control-token", "short"]);
    assert!(text.contains("at least 8 characters") && !text.contains("short"), "{text}");
}

#[tokio::test]
async fn the_token_of_the_environment_is_demanded_and_never_printed() {
    let mut command = command();
    let mut server =
        Server::spawn(command.args(["--port", "0", "--json", "--host", "0.0.0.0"]).env(TOKEN_VARIABLE, TOKEN));
    assert!(!server.info.to_string().contains(TOKEN));
    let get = async |token: Option<&str>| {
        let request = reqwest::Client::new().get(server.url("info"));
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((get(None).await, get(Some("another-token")).await, get(Some(TOKEN)).await), (401, 401, 200));
    server.get("health").await;
    let query = QuerySubsId::builder().pool_key(server.text("pool_key")).phone_no_x("17000000001").build();
    server.aliyun().send(&query).await.unwrap();
    assert!(!server.line().to_string().contains(TOKEN));
    let help = run(&["--help"]);
    assert!(String::from_utf8(help.stdout).unwrap().contains(TOKEN_VARIABLE));
}

#[tokio::test]
async fn receipts_are_pushed_to_the_url() {
    let receiver = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"code": 0})))
        .mount(&receiver)
        .await;
    let server = Server::start(&["--push-url", &format!("{}/receipts/", receiver.uri())]);
    // Nobody has bound the number: the call ends at once.
    server.post("calls", json!({"caller": "13900000003", "x": "17000000001"})).await;
    let mut received = Vec::new();
    for _ in 0..200 {
        received = receiver.received_requests().await.unwrap();
        if received.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let paths: Vec<_> = received.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/receipts/SecretStartReport", "/receipts/SecretReport"]);
    let body: Value = serde_json::from_slice(&received[1].body).unwrap();
    assert_eq!(body[0]["unconnected_cause"], 2, "{body}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_is_in_use_is_named_with_the_way_out() {
    let emulator = Emulator::start().await.unwrap();
    let port = emulator.address().port().to_string();
    let text = refused(&["--port", &port]);
    assert!(text.contains(&format!("port {port} of 127.0.0.1 is in use")), "{text}");
    assert!(text.contains("--port 0") && !text.contains("os error"), "{text}");
    let text = refused(&["--host", "192.0.2.1", "--control-token", TOKEN]);
    assert!(text.contains("192.0.2.1 is not an address of this machine") && !text.contains(TOKEN), "{text}");
}

#[test]
fn wrong_options_are_refused_with_a_reason() {
    for (arguments, reason) in [
        (&["--host", "example.com"][..], "invalid IP address"),
        (&["--port", "70000"], "70000 is not in 0..=65535"),
        (&["--push-url", "ftp://127.0.0.1/"], "must begin with http://"),
        (&["--push-url", "127.0.0.1:80"], "--push-url"),
        (&["--seed", "-1"], "unexpected argument"),
        (&["--unknown"], "unexpected argument"),
    ] {
        let output = run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(reason), "{arguments:?}: {text}");
    }
}
