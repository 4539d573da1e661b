//! The file of orders.

use privacy_number::emulator::Emulator;
use privacy_number::top;
use serde_json::Value;

use super::{Folder, Server, refused};

/// The orders of the first shop that are not there by default.
fn own_orders(server: &Server) -> Vec<(String, String)> {
    let text = |order: &Value, name: &str| order[name].as_str().unwrap().to_owned();
    let orders = server.info["orders"].as_array().unwrap().iter();
    let pairs = orders.map(|order| (text(order, "tid"), text(order, "oaid")));
    pairs.filter(|(tid, _)| !["2001", "2002", "2003"].contains(&tid.as_str())).collect()
}

fn start(folder: &Folder, content: impl AsRef<[u8]>) -> Server {
    Server::start(&["--generated-orders", "0", "--orders", &folder.file("orders", content)])
}

#[tokio::test]
async fn the_orders_of_a_csv_file_can_be_decrypted() {
    let folder = Folder::new("orders-csv");
    let csv =
        "\u{feff}oaid,tid,shop\r\noaid-1,1000000000000000001,\r\n\"oaid,2\",1002,north\r\noaid-3,1003,first-shop\r\n";
    let server = start(&folder, csv);
    let pair = |tid: &str, oaid: &str| (tid.to_owned(), oaid.to_owned());
    assert_eq!(own_orders(&server), [pair("1000000000000000001", "oaid-1"), pair("1003", "oaid-3")]);

    let client = top::Client::builder().app(server.text("app_key"), server.text("app_secret"));
    let client = client.endpoint(server.text("top")).build().unwrap();
    for (session, tid, oaid) in [("emulator-session", "1003", "oaid-3"), ("north-session", "1002", "oaid,2")] {
        let query = top::ReceiverQuery::builder().oaid(oaid).tid(tid).build();
        let answer = client.shop(session).send(&top::OaidDecrypt::new([query])).await.unwrap();
        assert_eq!(answer.receivers[0].tid.as_deref(), Some(tid));
        assert_eq!(answer.receivers[0].matched, Some(true), "{tid}");
    }
}

#[test]
fn the_orders_of_json_lines_may_have_numbers_and_empty_lines() {
    let folder = Folder::new("orders-json");
    let server = start(
        &folder,
        "{\"tid\": 4000000000000000001, \"oaid\": \"a\", \"paid\": true}\n\n{\"oaid\":\"b\",\"tid\":\"5\"}",
    );
    let pair = |tid: &str, oaid: &str| (tid.to_owned(), oaid.to_owned());
    assert_eq!(own_orders(&server), [pair("4000000000000000001", "a"), pair("5", "b")]);
}

#[test]
fn an_order_like_the_generated_ones_is_added_to_them() {
    let folder = Folder::new("orders-more");
    let path = folder.file("orders.csv", "tid,oaid\n1,a\n");
    let server = Server::start(&["--generated-orders", "2", "--orders", &path]);
    assert_eq!(own_orders(&server).len(), 3);
}

#[tokio::test]
async fn a_reset_restores_the_orders_of_the_file() {
    let folder = Folder::new("orders-reset");
    let server = start(&folder, "tid,oaid\n1,a\n");
    server.post("orders", serde_json::json!({"shop": "first-shop", "orders": [{"tid": "2", "oaid": "b"}]})).await;
    assert_eq!(server.get("info").await["orders"].as_array().unwrap().len(), 5);
    assert_eq!(server.post("reset", serde_json::json!({})).await["orders"].as_array().unwrap().len(), 4);
    let default = Emulator::builder().build().orders().len();
    assert_eq!(default, 3);
}

#[test]
fn a_wrong_file_is_refused_with_the_line() {
    const SECRET: &str = "secret-oaid";
    let folder = Folder::new("orders-wrong");
    for (content, reason) in [
        (&b"tid,receiver\n1,a\n"[..], "line 1: the header has no column oaid"),
        (b"", "line 1: the header has no column tid"),
        (b"tid,oaid\n1,secret-oaid\n2\n", "line 3: another number of columns than the header"),
        (b"tid,oaid\n1,secret-oaid\n,secret-oaid\n", "line 3: tid is empty"),
        (b"tid,oaid\n1,\n", "line 2: oaid is empty"),
        (
            b"{\"tid\": \"1\", \"oaid\": \"a\"}\n{\"tid\": \"secret-oaid\"}\n",
            "line 2: an order is an object with the texts",
        ),
        (b"{\"tid\": \"1\", \"oaid\": \"a\"}\n\nsecret-oaid\n", "line 3: it is not JSON from column 1"),
        (b"{\"tid\": \"1\", \"oaid\": [\"secret-oaid\"]}\n", "line 1: an order is an object"),
        (b"tid,oaid\n1,\xD6\xD0\n", "it is not UTF-8"),
    ] {
        let path = folder.file("orders", content);
        let text = refused(&["--orders", &path]);
        assert!(text.contains(&path) && text.contains(reason), "{reason}: {text}");
        assert!(!text.contains(SECRET), "{text}");
    }
    let missing = folder.path("missing.csv");
    assert!(refused(&["--orders", &missing]).contains(&missing));
}
