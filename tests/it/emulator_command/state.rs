//! The file that keeps the state over restarts.

use std::time::Duration;

use chrono::{DateTime, Utc};
use privacy_number::aliyun::{self, QuerySubsId};
use serde_json::json;

use super::{Folder, Server, refused};

const X: &str = "17000000001";

/// Binds X. Returns the id of the binding.
async fn bind(server: &Server) -> String {
    let now = server.get("clock").await["now"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let bind = aliyun::BindAxb::builder()
        .pool_key(server.text("pool_key"))
        .phone_no_a("15000000000")
        .phone_no_b("15000000001")
        .phone_no_x(X)
        .expiration(now + Duration::from_secs(3600))
        .build();
    server.aliyun().send(&bind).await.unwrap().secret_bind.subs_id
}

/// The id of the binding of X.
async fn bound(server: &Server) -> String {
    let query = QuerySubsId::builder().pool_key(server.text("pool_key")).phone_no_x(X).build();
    server.aliyun().send(&query).await.unwrap().subs_ids.join(",")
}

#[cfg(unix)]
#[tokio::test]
async fn everything_is_kept_when_the_command_is_stopped_and_started_again() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("stopped");
    let path = folder.path("state.json");
    let arguments = ["--state", &path];
    let server = Server::start(&arguments);
    let subs_id = bind(&server).await;
    server.post("shops/rotate", json!({"shop": "first-shop", "session": "session-2"})).await;
    server.post("receipts", json!({"type": "SecretReport", "text": "first"})).await;
    server.post("clock", json!({"advance": 1800})).await;
    // At once: nothing waits for the next half second.
    assert!(server.terminate().success());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let server = Server::start(&arguments);
    assert_eq!(server.text("session"), "session-2");
    assert_eq!(bound(&server).await, subs_id);
    let queue = server.info["queues"]["SecretReport"].as_str().unwrap();
    assert_eq!(server.get("queues").await[queue]["visible"], 1);
    let clock = server.get("clock").await;
    let ahead = clock["now"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap() - Utc::now();
    assert!((1790..=1800).contains(&ahead.num_seconds()), "{ahead}");
    assert_eq!(clock["running"], true);
}

#[tokio::test]
async fn a_change_that_is_older_than_a_second_survives_a_kill() {
    let folder = Folder::new("killed");
    let path = folder.path("state.json");
    let arguments = ["--state", &path];
    for round in 0..3 {
        let server = Server::start(&arguments);
        let shop = format!("shop-{round}");
        server.post("shops", json!({"shop": shop, "session": format!("{shop}-session")})).await;
        let subs_id = if round == 0 { bind(&server).await } else { bound(&server).await };
        tokio::time::sleep(Duration::from_millis(1500)).await;
        drop(server); // kills it

        let server = Server::start(&arguments);
        assert_eq!(bound(&server).await, subs_id);
        let shops = server.get("shops").await;
        let names: Vec<_> = shops.as_array().unwrap().iter().filter_map(|shop| shop["shop"].as_str()).collect();
        assert!(names.contains(&shop.as_str()), "{shops}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_reset_is_stored_too() {
    let folder = Folder::new("reset");
    let path = folder.path("state.json");
    let arguments = ["--state", &path, "--generated-orders", "0"];
    let server = Server::start(&arguments);
    server.post("orders", json!({"shop": "first-shop", "orders": [{"tid": "1", "oaid": "a"}]})).await;
    assert!(server.terminate().success());
    let server = Server::start(&arguments);
    assert_eq!(server.info["orders"].as_array().unwrap().len(), 4);
    server.post("reset", json!({})).await;
    assert!(server.terminate().success());
    assert_eq!(Server::start(&arguments).info["orders"].as_array().unwrap().len(), 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_push_url_of_the_command_line_replaces_the_stored_one() {
    let folder = Folder::new("push");
    let path = folder.path("state.json");
    assert!(Server::start(&["--state", &path, "--push-url", "http://127.0.0.1:1/a"]).terminate().success());
    assert!(Server::start(&["--state", &path, "--push-url", "http://127.0.0.1:1/b"]).terminate().success());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("http://127.0.0.1:1/b") && !text.contains("http://127.0.0.1:1/a"), "{text}");
}

#[test]
fn a_file_that_cannot_be_used_is_refused_and_left_alone() {
    let folder = Folder::new("unusable");
    let whole = {
        let path = folder.path("whole.json");
        drop(Server::start(&["--state", &path]));
        std::fs::read_to_string(&path).unwrap()
    };
    let newer = whole.replacen(r#"{"format":1,"#, r#"{"format":99,"#, 1);
    assert_ne!(newer, whole);
    for (content, reason) in [
        (&whole.as_bytes()[..whole.len() / 2], "the stored state is not complete"),
        (b"", "the stored state is not complete"),
        (newer.as_bytes(), "has stored this state in another format"),
        (b"tid,oaid\n", "this is not a stored state of the emulator (line 1, column 2)"),
        (b"\xFF\xFE", "it is not UTF-8"),
    ] {
        let path = folder.file("state.json", content);
        let text = refused(&["--state", &path]);
        assert!(text.contains(&path) && text.contains(reason), "{reason}: {text}");
        assert_eq!(std::fs::read(&path).unwrap(), content, "{reason}");
    }
    let nowhere = folder.path("missing/state.json");
    assert!(refused(&["--state", &nowhere]).contains("missing"), "{nowhere}");
}

#[test]
fn two_processes_do_not_share_a_file() {
    let folder = Folder::new("shared");
    let path = folder.path("state.json");
    let server = Server::start(&["--state", &path]);
    assert!(refused(&["--state", &path]).contains("another emulator uses this file"));
    drop(server);
    drop(Server::start(&["--state", &path]));
}
