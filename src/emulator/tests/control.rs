//! The endpoints below `/_emulator/`.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::binding::bind;
use super::{Reply, aliyun, gateways, seeded, start_time, top};
use crate::emulator::{Clock, Delivery, Emulator, Gateways};

fn call(gateways: &Gateways, method: &str, endpoint: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let request = Request::builder()
        .method(method)
        .uri(format!("/_emulator/{endpoint}"))
        .header("Host", "localhost:8700")
        .header("Content-Type", "application/json");
    let response = gateways.respond(request.body(body).unwrap());
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

fn get(gateways: &Gateways, endpoint: &str) -> Value {
    let (status, answer) = call(gateways, "GET", endpoint, &Value::Null);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn injected_faults_are_listed_in_order_and_can_be_cleared() {
    let faults = [
        json!({"fault": "throttled", "scope": "app_api", "milliseconds": 3000}),
        json!({"fault": "internal_error", "executed": true}),
        json!({"fault": "throttled"}),
    ];
    let gateways = gateways();
    for (fault, id) in faults.iter().zip(1..) {
        let injected = json!({"fault": fault["fault"], "id": id});
        assert_eq!(call(&gateways, "POST", "faults", fault), (201, injected));
    }
    let injected = get(&gateways, "faults");
    let names = |list: &[Value]| list.iter().map(|fault| fault["fault"].clone()).collect::<Vec<_>>();
    assert_eq!(names(injected.as_array().unwrap()), names(&faults));
    assert_eq!(call(&gateways, "DELETE", "faults", &Value::Null), (200, json!({"cleared": faults.len()})));
    assert_eq!(get(&gateways, "faults"), json!([]));
    bind("15000000000", "15000000001").ok(&gateways);
}

#[test]
fn an_injected_fault_counts_down() {
    let gateways = gateways();
    let fault = json!({"fault": "unavailable", "on": "BindAxb", "after": 1, "times": 2, "probability": 1, "seed": 7});
    call(&gateways, "POST", "faults", &fault);
    let statuses = [0; 3].map(|_| bind("15000000000", "15000000001").send(&gateways).status);
    assert_eq!(statuses, [200, 503, 503]);
    assert_eq!(get(&gateways, "faults"), json!([]));
    call(&gateways, "POST", "faults", &fault);
    let listed = json!([{"id": 2, "fault": "unavailable", "on": "BindAxb", "left": 2, "applied": 0}]);
    assert_eq!(get(&gateways, "faults"), listed);
}

#[test]
fn one_fault_is_removed_by_its_id() {
    let gateways = gateways();
    let ids = ["unavailable", "internal_error"]
        .map(|name| call(&gateways, "POST", "faults", &json!({"fault": name})).1["id"].as_u64().unwrap());
    let delete = |query: &str| call(&gateways, "DELETE", &format!("faults?{query}"), &Value::Null);
    assert_eq!(delete(&format!("id={}", ids[0])), (200, json!({"cleared": 1})));
    assert_eq!(bind("15000000000", "15000000001").send(&gateways).status, 500);
    assert_eq!(delete(&format!("id={}", ids[0])).0, 404, "it is gone");
    for wrong in ["id=x", "id=-1", "name=unavailable", "id=2&id=2"] {
        assert_eq!(delete(wrong).0, 400, "{wrong}");
    }
    assert_eq!(delete(&format!("id={}", ids[1])).0, 200);
    bind("15000000000", "15000000001").ok(&gateways);
}

#[test]
fn an_invalid_fault_is_refused_with_the_reason() {
    for (fault, reason) in [
        (json!([]), "the body must be a JSON object"),
        (json!({}), "missing field `fault` at line 1 column 2"),
        (json!({"fault": "gremlins"}), "fault is unknown"),
        (json!({"fault": 1}), "invalid type: integer `1`, expected a string at line 1 column 10"),
        (
            json!({"fault": "unavailable", "time": 2}),
            "unknown field `time`, expected one of `fault`, `on`, `after`, `times`, `probability`, `seed`, `executed`, \
             `milliseconds`, `scope`, `code`, `bytes`, `seconds` at line 1 column 29",
        ),
        (json!({"fault": "unavailable", "times": -1}), "invalid value: integer `-1`, expected u64 at line 1 column 33"),
        (json!({"fault": "unavailable", "on": "BindAxc"}), "on is not a known operation"),
        (json!({"fault": "unavailable", "probability": 2}), "probability must be between 0 and 1"),
        (
            json!({"executed": 1, "fault": "unavailable"}),
            "invalid type: integer `1`, expected a boolean at line 1 column 13",
        ),
        (json!({"fault": "delay_after"}), "milliseconds is missing"),
        (json!({"fault": "delay_after", "milliseconds": 86_400_001}), "milliseconds must be at most a day"),
        (
            json!({"fault": "throttled", "scope": "x"}),
            "unknown variant `x`, expected one of `api`, `app`, `app_api`, `dynamic`, `product` at line 1 column 32",
        ),
        (json!({"fault": "oversized"}), "bytes is missing"),
        (json!({"fault": "error"}), "code is missing"),
        (
            json!({"fault": "connection_refused", "milliseconds": 1, "times": 1}),
            "connection_refused takes milliseconds only",
        ),
        (json!({"fault": "clock_skew"}), "seconds is missing"),
        (json!({"fault": "clock_skew", "seconds": i64::MAX}), "seconds is out of range"),
    ] {
        assert_eq!(call(&gateways(), "POST", "faults", &fault), (400, json!({"error": reason})), "{fault}");
    }
}

#[test]
fn connection_refused_is_returned_as_a_delivery() {
    let request = |method: &str, body: &str| {
        let request = Request::builder().method(method).uri("/_emulator/faults");
        request.header("Content-Type", "application/json").body(Bytes::from(body.to_owned())).unwrap()
    };
    let fault = r#"{"fault": "connection_refused", "milliseconds": 250}"#;
    let duration = std::time::Duration::from_millis(250);
    let gateways = gateways();
    assert_eq!(gateways.reply(request("POST", fault)).delivery, Delivery::ThenRefuseConnections { duration });
    assert_eq!(gateways.reply(request("DELETE", "")).delivery, Delivery::ThenAcceptConnections);
}

#[test]
fn the_ledger_has_counts_and_entries_and_can_be_cleared() {
    let gateways = gateways();
    let answer = bind("15000000000", "15000000001").ok(&gateways);
    let refusal = top("x").send(&gateways);
    let time = "2026-01-06T02:00:00+00:00";
    let bind = json!({
        "time": time, "operation": "BindAxb", "code": "OK", "executed": true, "fault": null, "shop": null,
        "request_id": answer["RequestId"], "attempt": 1,
        "parameters": [
            "AccessKeyId", "Action", "Expiration", "Format", "PhoneNoA", "PhoneNoB", "PoolKey", "Signature",
            "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp", "Version",
        ],
    });
    let unknown = json!({
        "time": time, "operation": "unknown", "code": "22", "executed": false, "fault": null, "shop": "first-shop",
        "request_id": refusal.json["error_response"]["request_id"], "attempt": 1,
        "parameters": ["app_key", "format", "method", "session", "sign", "sign_method", "timestamp", "v"],
    });
    let expected = json!({
        "counts": {"BindAxb": {"handled": 1, "executed": 1}, "unknown": {"handled": 1, "executed": 0}},
        "entries": [bind, unknown],
    });
    assert_eq!(get(&gateways, "ledger"), expected);
    assert_eq!(call(&gateways, "DELETE", "ledger", &Value::Null).0, 200);
    assert_eq!(get(&gateways, "ledger"), json!({"counts": {}, "entries": []}));
}

#[test]
fn the_state_shows_counts_and_no_numbers() {
    let gateways = gateways();
    let update = json!({"oaid": "oaid-2001", "operate_type": "ADD_GXB_GROUP", "mobile_list": ["13100000000"]});
    top("taobao.top.secret.group.update")
        .with("secret_order_g_group_update_external_request", update)
        .answer(&gateways);
    top("taobao.top.oaid.decrypt")
        .with("query_list", json!([{"tid": "2001", "oaid": "oaid-2001"}, {"tid": "2004", "oaid": "stale-2004"}]))
        .answer(&gateways);
    bind("15000000000", "15000000001").ok(&gateways);
    let state = get(&gateways, "state");
    assert_eq!(state["caller_groups"]["oaid-2001"], 1);
    assert_eq!(state["decrypted_today"], 1);
    assert_eq!(state["nonces"], 1);
    assert_eq!(state["pools"]["FC100000000000001"], json!({"numbers": 8, "bound": 1, "locked": 0, "groups": 0}));
    let bindings: Vec<_> = state["bindings"].as_object().unwrap().values().collect();
    assert_eq!((&bindings[0]["number_x"], &bindings[0]["in_force"]), (&json!("170****0001"), &json!(true)));
    assert_eq!(state["orders"], json!({"all": 6, "of_the_first_shop": 3}));
    for number in ["13100000000", "15000000000", "17000000001"] {
        assert!(!state.to_string().contains(number), "{state}");
    }
}

#[test]
fn the_clock_can_be_set_advanced_and_run() {
    let gateways = gateways();
    let clock = |body: Value| call(&gateways, "POST", "clock", &body);
    let at = |time: &str| (200, json!({"now": time, "running": false}));
    assert_eq!(clock(json!({"set": "2026-02-01T00:00:00+08:00"})), at("2026-01-31T16:00:00+00:00"));
    assert_eq!(clock(json!({"advance": 3600})), at("2026-01-31T17:00:00+00:00"));
    assert_eq!(clock(json!({"set": "2026-03-01T00:00:00Z", "advance": 1})), at("2026-03-01T00:00:01+00:00"));
    assert_eq!(clock(json!({"run": true})).1["running"], true);
    assert_eq!(get(&gateways, "clock")["running"], true);
    for wrong in [json!({}), json!({"set": "now"}), json!({"advance": -1}), json!({"run": 1}), json!({"stop": true})] {
        assert_eq!(clock(wrong.clone()).0, 400, "{wrong}");
    }
}

#[test]
fn info_has_everything_that_a_client_needs() {
    let info = get(&gateways(), "info");
    assert_eq!(info["top"], "http://localhost:8700/router/rest");
    assert_eq!(info["aliyun"], "http://localhost:8700");
    assert_eq!(info["orders"][0], json!({"tid": "2001", "oaid": "oaid-2001"}));
    for name in ["app_key", "app_secret", "session", "access_key_id", "access_key_secret", "pool_key"] {
        assert!(info[name].is_string(), "{name}");
    }
}

#[test]
fn unknown_endpoints_and_methods_are_refused() {
    assert_eq!(call(&gateways(), "PUT", "faults", &Value::Null).0, 405);
    assert_eq!(call(&gateways(), "POST", "info", &Value::Null).0, 405);
    let put = Request::put("/_emulator/faults").body(Bytes::new()).unwrap();
    assert_eq!(gateways().respond(put).headers()["allow"], "GET, POST, DELETE");
    assert_eq!(call(&gateways(), "GET", "elsewhere", &Value::Null).0, 404);
}

#[test]
fn the_endpoints_are_neither_in_the_ledger_nor_subject_to_faults() {
    let gateways = gateways();
    call(&gateways, "POST", "faults", &json!({"fault": "unavailable"}));
    get(&gateways, "state");
    assert!(gateways.ledger().entries().is_empty());
    let reply = Reply::from(gateways.respond(Request::get("/").body(Bytes::new()).unwrap()));
    assert_eq!(reply.status, 503);
}

#[tokio::test]
async fn connections_can_be_refused_over_http_and_are_accepted_again() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    let emulator = Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap();
    let address = emulator.aliyun_endpoint().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let body = r#"{"fault": "connection_refused", "milliseconds": 100}"#;
    let request = format!(
        "POST /_emulator/faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    let started = std::time::Instant::now();
    let mut refused = 0;
    while TcpStream::connect(&address).await.is_err() {
        refused += 1;
        assert!(started.elapsed().as_secs() < 20, "the port is still closed");
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert!(refused > 0);
}

#[test]
fn the_seed_decides_the_generated_orders_and_numbers() {
    let orders = |seed: u64| seeded(|builder| builder.seed(seed).generated_orders(50)).orders();
    assert_eq!(orders(7), orders(7));
    assert_ne!(orders(7)[3..], orders(8)[3..]);
    let mut tids: Vec<_> = orders(7).into_iter().map(|(tid, _)| tid).collect();
    tids.dedup();
    assert_eq!(tids.len(), 53);
    let mobiles = |seed: u64| {
        let gateways = seeded(|builder| builder.seed(seed));
        let answer = top("taobao.top.oaid.decrypt")
            .with("query_list", json!([{"tid": "2001", "oaid": "oaid-2001"}]))
            .answer(&gateways);
        answer["receiver_list"]["receiver"][0]["mobile"].clone()
    };
    assert_eq!(mobiles(7), mobiles(7));
    assert_ne!(mobiles(7), mobiles(8));
}

#[test]
fn generated_orders_can_be_decrypted_and_orders_lists_current_oaids() {
    let gateways = seeded(|builder| builder.generated_orders(20).orders([("3001", "stale-3001"), ("3002", "quota-1")]));
    let orders = gateways.orders();
    assert_eq!(orders.len(), 23);
    let queries: Vec<_> = orders[3..].iter().map(|(tid, oaid)| json!({"tid": tid, "oaid": oaid})).collect();
    let answer = top("taobao.top.oaid.decrypt").with("query_list", Value::from(queries)).answer(&gateways);
    let receivers = answer["receiver_list"]["receiver"].as_array().unwrap().clone();
    assert!(receivers.iter().all(|receiver| receiver["matched"] == true));
    gateways.change_oaid("2001", "oaid-new");
    assert_eq!(gateways.orders()[0], ("2001".to_owned(), "oaid-new".to_owned()));
}

#[test]
fn a_call_and_a_message_are_placed_in_json() {
    let gateways = gateways();
    let bind = aliyun("BindAxn").with("PoolKey", "FC100000000000001").with("PhoneNoA", "13900000001");
    bind.with("PhoneNoX", "17000000001").with("Expiration", "2026-01-07 10:00:00").ok(&gateways);
    let body = json!({"caller": "13900000003", "x": "17000000001", "course": "no_answer", "hung_up_by": "caller"});
    let placed = call(&gateways, "POST", "calls", &body).1;
    let expected =
        json!({"call_id": placed["call_id"], "rung": "13900000001", "shown": "17000000001", "refused": null});
    assert_eq!(placed, expected);
    let message = json!({"sender": "13900000003", "x": "17000000002", "content": "hello"});
    assert_eq!(call(&gateways, "POST", "sms", &message).1["refused"], "no_binding");
    let calls = get(&gateways, "calls");
    assert_eq!((&calls[0]["id"], &calls[0]["caller"]), (&placed["call_id"], &json!("139****0003")));
    assert_eq!((&calls[1]["kind"], get(&gateways, "state")["calls"].as_u64()), (&json!("message"), Some(2)));
    for wrong in [json!({"caller": "1"}), json!({"caller": "1", "x": "2", "course": "busy", "talks_for": 3})] {
        assert_eq!(call(&gateways, "POST", "calls", &wrong).0, 400, "{wrong}");
    }
}

#[test]
fn the_urls_of_receipts_are_set_in_json() {
    let gateways = gateways();
    let settings = json!({"base": "http://127.0.0.1:9/secret", "batch": 2, "duplicates": 1, "newest_first": true});
    assert_eq!(call(&gateways, "POST", "push", &settings), (200, json!({"pushes": [], "scheduled_receipts": 0})));
    for wrong in [json!({"base": "receiver"}), json!({"urls": {"SecretReport": ""}}), json!({"batch": 0})] {
        assert_eq!(call(&gateways, "POST", "push", &wrong).0, 400, "{wrong}");
    }
    assert_eq!(get(&gateways, "state")["pushes"], json!({"pending": 0, "delivered": 0, "lost": 0}));
}
