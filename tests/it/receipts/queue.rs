//! The protocol of the queues, on the wire.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use privacy_number::aliyun::receipt::{Receipt, ReceiptQueue, ReceiptType};
use privacy_number::{Error, Settings};
use sha1::Sha1;
use wiremock::{Request, ResponseTemplate};

use crate::clients::{aliyun_builder, once};
use crate::fixtures;
use crate::server::{Server, ok, response};

const QUEUE: &str = "Alicom-Queue-1000000000000001-SecretReport";
const EMPTY: &str = "receipts/mns_error_message_not_exist.xml";

/// A server that gives tokens and is the queue too. `respond` gets each request to the queue, counted from 0.
struct Service {
    server: Server,
    tokens: Arc<AtomicUsize>,
}

impl Service {
    /// `expire_time` is that of each token, by its number.
    async fn start(
        expire_time: impl Fn(usize) -> String + Send + Sync + 'static,
        respond: impl Fn(usize, &Request) -> ResponseTemplate + Send + Sync + 'static,
    ) -> Self {
        let tokens = Arc::new(AtomicUsize::new(0));
        let (issued, requests) = (Arc::clone(&tokens), AtomicUsize::new(0));
        let server = Server::start(move |request| {
            if request.url.path() == "/" {
                let number = issued.fetch_add(1, Ordering::SeqCst);
                return ok(&token(number, &expire_time(number)));
            }
            respond(requests.fetch_add(1, Ordering::SeqCst), request)
        })
        .await;
        Self { server, tokens }
    }

    fn queue(&self) -> ReceiptQueue {
        self.queue_with(once())
    }

    fn queue_with(&self, settings: Settings) -> ReceiptQueue {
        let client = aliyun_builder(self.server.aliyun_endpoint()).settings(settings).build().unwrap();
        client.receipt_queue(ReceiptType::SecretReport, QUEUE).endpoint(self.server.aliyun_endpoint()).build().unwrap()
    }

    fn tokens(&self) -> usize {
        self.tokens.load(Ordering::SeqCst)
    }

    async fn requests_to_the_queue(&self) -> Vec<Request> {
        self.server.received().await.into_iter().filter(|request| request.url.path() != "/").collect()
    }
}

fn token(number: usize, expire_time: &str) -> String {
    format!(
        r#"{{"Code":"OK","MessageTokenDTO":{{"AccessKeyId":"STS.id{number}","AccessKeySecret":"secret{number}","SecurityToken":"token{number}","CreateTime":"2026-01-06 09:00:00","ExpireTime":"{expire_time}"}}}}"#
    )
}

fn lasting(_: usize) -> String {
    // The clock of the tests stands at 10:00:00 in China.
    "2026-01-06 11:00:00".to_owned()
}

fn messages(bodies: &[&str]) -> ResponseTemplate {
    let messages: String = bodies
        .iter()
        .enumerate()
        .map(|(index, body)| {
            let body = STANDARD.encode(body);
            format!(
                "<Message><MessageId>id-{index}</MessageId><ReceiptHandle>handle-{index}</ReceiptHandle><MessageBody>{body}\
                 </MessageBody><DequeueCount>1</DequeueCount></Message>"
            )
        })
        .collect();
    ok(&format!(r#"<Messages xmlns="http://mns.aliyuncs.com/doc/v1/">{messages}</Messages>"#))
}

fn header<'r>(request: &'r Request, name: &str) -> &'r str {
    request.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// The signature that the service computes for a request, under this secret.
fn signature(request: &Request, secret: &str) -> String {
    let resource = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let text = format!(
        "{}\n{}\n{}\n{}\nx-mns-version:{}\n{resource}",
        request.method,
        header(request, "content-md5"),
        header(request, "content-type"),
        header(request, "date"),
        header(request, "x-mns-version"),
    );
    let mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text).finalize();
    STANDARD.encode(mac.into_bytes())
}

#[tokio::test]
async fn messages_are_received_by_a_signed_request_and_read() {
    let batch = fixtures::read("receipts/mns_batch_receive_response.xml");
    let service = Service::start(lasting, move |_, _| ok(&batch)).await;
    let messages = service.queue().receive().await.unwrap();

    let requests = service.server.received().await;
    let token_request = crate::form::decode(crate::server::body(&requests[0]));
    assert_eq!(token_request["Action"], "QueryTokenForMnsQueue");
    assert_eq!((&*token_request["MessageType"], &*token_request["QueueName"]), ("SecretReport", QUEUE));
    let request = &requests[1];
    assert_eq!(request.method.as_str(), "GET");
    assert_eq!(request.url.path(), format!("/queues/{QUEUE}/messages"));
    assert_eq!(request.url.query(), Some("numOfMessages=16&waitseconds=20"));
    assert_eq!(header(request, "date"), "Tue, 06 Jan 2026 02:00:00 GMT");
    assert_eq!(header(request, "x-mns-version"), "2015-06-06");
    assert_eq!(header(request, "security-token"), "token0");
    assert_eq!(header(request, "content-type"), "");
    assert_eq!(header(request, "authorization"), format!("MNS STS.id0:{}", signature(request, "secret0")));

    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].message_id, "00000000000000000000000000000001");
    assert_eq!((messages[0].dequeue_count, messages[1].dequeue_count), (Some(1), Some(2)));
    assert_eq!(messages[0].enqueue_time.unwrap().timestamp_millis(), 1_629_893_502_000);
    assert_eq!(messages[0].next_visible_time.unwrap().timestamp_millis(), 1_629_893_533_000);
    let receipts = messages[1].receipts.as_ref().unwrap();
    let [Receipt::SecretReport(report)] = receipts.as_slice() else { panic!("{receipts:?}") };
    assert_eq!(report.call_id.as_deref(), Some("43612633712c0002"));
}

#[tokio::test]
async fn a_single_message_an_empty_list_and_an_empty_queue_are_read() {
    let single = fixtures::read("receipts/mns_receive_response.xml");
    let empty = fixtures::read(EMPTY);
    let service = Service::start(lasting, move |number, _| match number {
        0 => ok(&single),
        1 => ok("<Messages/>"),
        _ => response(404, &empty),
    })
    .await;
    let queue = service.queue();
    assert_eq!(queue.receive().await.unwrap().len(), 1);
    assert!(queue.receive().await.unwrap().is_empty());
    assert!(queue.receive().await.unwrap().is_empty());
    assert_eq!(service.tokens(), 1, "one token serves all requests");
}

#[tokio::test]
async fn messages_are_deleted_by_their_handles_in_one_request() {
    let batch = fixtures::read("receipts/mns_batch_receive_response.xml");
    let partial = fixtures::read("receipts/mns_batch_delete_partial_failure.xml");
    let service = Service::start(lasting, move |number, _| match number {
        0 => ok(&batch),
        1 => ResponseTemplate::new(204),
        _ => response(404, &partial),
    })
    .await;
    let queue = service.queue();
    let messages = queue.receive().await.unwrap();
    assert_eq!(queue.delete(&messages).await.unwrap(), 2);
    assert_eq!(queue.delete(&messages).await.unwrap(), 1, "the other one comes again");

    let requests = service.requests_to_the_queue().await;
    let deletion = &requests[1];
    assert_eq!((deletion.method.as_str(), deletion.url.query()), ("DELETE", None));
    assert_eq!(header(deletion, "content-type"), "text/xml");
    assert_eq!(header(deletion, "authorization"), format!("MNS STS.id0:{}", signature(deletion, "secret0")));
    let expected = fixtures::read("receipts/mns_batch_delete_request.xml");
    assert_eq!(std::str::from_utf8(&deletion.body).unwrap(), expected);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let refusal = "<Error><Code>InvalidAccessKeyId</Code><RequestId>r1</RequestId></Error>";
    let empty = fixtures::read(EMPTY);
    let service = Service::start(lasting, move |_, request| {
        if header(request, "security-token") == "token1" { response(404, &empty) } else { response(403, refusal) }
    })
    .await;
    let queue = service.queue();
    assert!(queue.receive().await.unwrap().is_empty());
    assert_eq!((service.tokens(), service.requests_to_the_queue().await.len()), (2, 2));

    let service = Service::start(lasting, move |_, _| response(403, refusal)).await;
    let error = service.queue().receive().await.unwrap_err();
    assert_eq!((error.code(), error.is_permanent()), (Some("InvalidAccessKeyId"), false));
    assert_eq!((service.tokens(), service.requests_to_the_queue().await.len()), (2, 2));
}

#[tokio::test]
async fn a_token_is_replaced_two_minutes_early_while_the_old_one_serves() {
    let empty = fixtures::read(EMPTY);
    let expire_time = |number| if number == 0 { "2026-01-06 10:01:59".to_owned() } else { lasting(number) };
    let service = Service::start(expire_time, move |_, _| response(404, &empty)).await;
    let queue = service.queue();
    queue.receive().await.unwrap();
    queue.receive().await.unwrap();
    // The second request went out under the old token, and a task got the new one.
    for _ in 0..100 {
        if service.tokens() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    queue.receive().await.unwrap();
    let tokens: Vec<_> = service
        .requests_to_the_queue()
        .await
        .iter()
        .map(|request| header(request, "security-token").to_owned())
        .collect();
    assert_eq!(tokens, ["token0", "token0", "token1"]);
    assert_eq!(service.tokens(), 2);
}

#[tokio::test]
async fn what_the_service_refuses_is_told_apart() {
    for (status, body, code, is_permanent) in [
        (404, "<Error><Code>QueueNotExist</Code></Error>", Some("QueueNotExist"), true),
        (400, "<Error><Code>InvalidArgument</Code></Error>", Some("InvalidArgument"), true),
        (400, "<Error><Code>QpsLimitExceeded</Code></Error>", Some("QpsLimitExceeded"), false),
        (400, "<Error><Code>TimeExpired</Code></Error>", Some("TimeExpired"), false),
        (429, "<Error><Code>TooManyRequests</Code></Error>", Some("TooManyRequests"), false),
        (500, "<Error><Code>InternalError</Code></Error>", Some("InternalError"), false),
        (502, "<html></html>", None, false),
        (200, "<Other/>", None, false),
        (200, "{}", None, false),
    ] {
        let service = Service::start(lasting, move |_, _| response(status, body)).await;
        let error = service.queue().receive().await.unwrap_err();
        assert_eq!((error.code(), error.is_permanent()), (code, is_permanent), "{status} {body}");
    }
}

#[tokio::test]
async fn a_refused_token_request_is_the_cause_of_the_error() {
    let server = Server::always(r#"{"Code":"isv.FORBIDDEN_ACTION","RequestId":"r"}"#).await;
    let client = crate::clients::aliyun(server.aliyun_endpoint(), once());
    let queue = client.receipt_queue(ReceiptType::SecretReport, QUEUE).endpoint(server.aliyun_endpoint());
    let error = queue.build().unwrap().receive().await.unwrap_err();
    assert_eq!(error.code(), Some("isv.FORBIDDEN_ACTION"));
    assert!(std::error::Error::source(&error).unwrap().downcast_ref::<Error>().is_some());
}

#[tokio::test]
async fn a_message_that_is_not_json_is_given_with_its_text() {
    let service = Service::start(lasting, |_, _| messages(&["hello", r#"{"call_id":"1"}"#, "[7]"])).await;
    let messages = service.queue().receive().await.unwrap();
    assert!(messages[0].receipts.is_err());
    assert_eq!(messages[0].body.expose(), "hello");
    assert_eq!(messages[1].receipts.as_ref().unwrap()[0].call_id(), Some("1"));
    assert!(matches!(messages[2].receipts.as_ref().unwrap()[0], Receipt::Other(_)));
}

/// A service with three messages that come once; it counts the deleted handles.
async fn three_messages() -> (Service, Arc<Mutex<Vec<String>>>) {
    let empty = fixtures::read(EMPTY);
    let deleted = Arc::new(Mutex::new(Vec::new()));
    let handles = Arc::clone(&deleted);
    let received = AtomicUsize::new(0);
    let service = Service::start(lasting, move |_, request| {
        if request.method.as_str() == "DELETE" {
            let body = String::from_utf8(request.body.clone()).unwrap();
            let found = body.split("<ReceiptHandle>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
            handles.lock().unwrap().extend(found);
            return ResponseTemplate::new(204);
        }
        match received.fetch_add(1, Ordering::SeqCst) {
            0 => messages(&[r#"{"call_id":"0"}"#, r#"{"call_id":"1"}"#, "no JSON"]),
            _ => response(404, &empty),
        }
    })
    .await;
    (service, deleted)
}

#[tokio::test]
async fn a_consumer_deletes_what_its_handler_finished_and_nothing_else() {
    let (service, deleted) = three_messages().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = Mutex::new(Some(stop));
    let count = Arc::new(AtomicUsize::new(0));
    let handled = Arc::clone(&count);
    let run = service.queue().run(move |message| {
        if count.fetch_add(1, Ordering::SeqCst) == 2 {
            let _ = stop.lock().unwrap().take().unwrap().send(());
        }
        async move {
            // Longer than the shutdown takes: running handlers are finished.
            tokio::time::sleep(Duration::from_millis(200)).await;
            match message.receipts {
                Ok(receipts) if receipts[0].call_id() == Some("1") => Err("not now"),
                _ => Ok(()),
            }
        }
    });
    run.until(async move { stopped.await.unwrap() }).await.unwrap();
    assert_eq!(handled.load(Ordering::SeqCst), 3);
    let mut deleted = deleted.lock().unwrap().clone();
    deleted.sort();
    assert_eq!(deleted, ["handle-0", "handle-2"]);
}

#[tokio::test]
async fn a_consumer_runs_no_more_handlers_than_allowed() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let service = Service::start(lasting, |_, request| {
        if request.method.as_str() == "DELETE" {
            return ResponseTemplate::new(204);
        }
        let asked = request.url.query().unwrap().split(['=', '&']).nth(1).unwrap().parse().unwrap();
        messages(&vec!["{}"; asked])
    })
    .await;
    let (running_now, most_at_once) = (Arc::clone(&running), Arc::clone(&most));
    let run = service.queue().run(move |_| {
        let running = Arc::clone(&running_now);
        most_at_once.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            running.fetch_sub(1, Ordering::SeqCst);
            Ok::<(), ()>(())
        }
    });
    run.concurrency(5).until(tokio::time::sleep(Duration::from_millis(500))).await.unwrap();
    assert_eq!((most.load(Ordering::SeqCst), running.load(Ordering::SeqCst)), (5, 0));
}

#[tokio::test]
async fn a_consumer_goes_on_after_failures_and_ends_at_a_permanent_one() {
    let service = Service::start(lasting, |number, _| match number {
        0 => response(500, "<Error><Code>InternalError</Code></Error>"),
        _ => response(404, "<Error><Code>QueueNotExist</Code></Error>"),
    })
    .await;
    let error = service.queue().run(async |_| Ok::<(), ()>(())).await.unwrap_err();
    assert_eq!((error.code(), error.is_permanent()), (Some("QueueNotExist"), true));
    assert_eq!(service.requests_to_the_queue().await.len(), 2);
}

#[tokio::test]
async fn a_stream_gives_every_message_and_goes_on_after_an_error() {
    let service = Service::start(lasting, |number, _| match number {
        0 => messages(&["{}", "{}"]),
        1 => response(500, "<Error><Code>InternalError</Code></Error>"),
        _ => messages(&["{}"]),
    })
    .await;
    let results: Vec<_> = service.queue().into_stream().take(4).map(|result| result.is_ok()).collect().await;
    assert_eq!(results, [true, true, false, true]);
}

#[test]
fn a_password_in_the_endpoint_is_refused_and_not_shown() {
    let client = crate::clients::aliyun("http://127.0.0.1:1/", once());
    let queue =
        client.receipt_queue(ReceiptType::SecretReport, QUEUE).endpoint("https://user:hunter2@mns.example.com/");
    let shown = format!("{queue:?} {queue:#?}");
    let error = queue.build().unwrap_err();
    assert!(!format!("{shown} {error} {error:?}").contains("hunter2"));
}

#[test]
fn plain_http_is_taken_if_the_settings_of_the_client_allow_it() {
    let settings = once().allow_plain_http();
    let client = crate::clients::aliyun("http://127.0.0.1:1/", settings);
    let queue = client.receipt_queue(ReceiptType::SecretReport, QUEUE).endpoint("http://mns.internal/");
    assert!(queue.build().is_ok());
}

#[test]
fn a_queue_refuses_settings_that_the_service_would_refuse() {
    let client = crate::clients::aliyun("http://127.0.0.1:1/", once());
    let queue = || client.receipt_queue(ReceiptType::SecretReport, QUEUE);
    for (builder, field) in [
        (client.receipt_queue(ReceiptType::SecretReport, "a/b"), "queue_name"),
        (client.receipt_queue(ReceiptType::SecretReport, ""), "queue_name"),
        (queue().batch(0), "batch"),
        (queue().batch(17), "batch"),
        (queue().wait(Duration::from_secs(31)), "wait"),
        (queue().wait(Duration::from_millis(1500)), "wait"),
        (queue().endpoint("http://example.com/"), "endpoint"),
    ] {
        match builder.build().unwrap_err() {
            Error::Invalid(invalid) => assert_eq!(invalid.field(), field),
            error => panic!("{error}"),
        }
    }
}
