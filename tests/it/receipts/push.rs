//! Pushes over HTTP: what a sink gets, and what the platform is answered.

mod receiver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use privacy_number::Error;
use privacy_number::aliyun::receipt::{
    self, ParseReceiptError, PushService, PushServiceBuilder, PushedMessages, ReceiptSink, ReceiptType, SinkError,
};
use tokio::io::AsyncWriteExt;
use tokio::sync::{Notify, mpsc};

use self::receiver::{Answer, Failing, Kept, Receiver, SECRET, Stuck, head, rest_of, service};
use crate::capture::logs_of;
use crate::fixtures;

const END: ReceiptType = ReceiptType::SecretReport;
/// A time limit that passes soon.
const SHORT: Duration = Duration::from_millis(50);
/// A time that no test reaches if the code is right.
const LONG: Duration = Duration::from_secs(60);

/// The stored pushes, with their types.
fn stored_pushes() -> Vec<(ReceiptType, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/receipts");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let types = names.filter_map(|name| Some(name.strip_prefix("http_")?.strip_suffix(".json")?.to_owned()));
    let types: Vec<_> = types.filter(|name| name != "push_response").collect();
    assert!(types.len() >= 8, "{types:?}");
    types
        .iter()
        .map(|name| (ReceiptType::from(&**name), fixtures::read(&format!("receipts/http_{name}.json"))))
        .collect()
}

#[tokio::test]
async fn every_stored_push_reaches_the_sink_whole_through_hyper_and_axum() {
    let documented = fixtures::read_json("receipts/http_push_response.json");
    let kept = Kept::default();
    for receiver in [Receiver::hyper(service(kept.clone())).await, Receiver::axum(service(kept.clone())).await] {
        for (receipt_type, text) in stored_pushes() {
            let answer = receiver.push(&receipt_type, text.clone()).await;
            answer.assert_taken();
            assert_eq!(Some(answer.code()), documented["code"].as_u64());
            let [pushed] = <[PushedMessages; 1]>::try_from(kept.take()).unwrap();
            assert_eq!(pushed.receipt_type, receipt_type);
            assert_eq!(pushed.body.expose(), text);
            let receipts = pushed.receipts.unwrap();
            assert!(!receipts.is_empty(), "{receipt_type}");
            assert_eq!(receipts, receipt::parse(&receipt_type, text.as_bytes()).unwrap());
        }
    }
}

/// A sink that says when a write begins, and ends it when it is told to.
#[derive(Default)]
struct Gate {
    begun: Notify,
    open: Notify,
    kept: Kept,
}

impl ReceiptSink for Gate {
    async fn write(&self, messages: PushedMessages) -> Result<(), SinkError> {
        self.begun.notify_one();
        self.open.notified().await;
        self.kept.write(messages).await
    }
}

#[tokio::test]
async fn a_push_is_acknowledged_after_the_sink_has_written_and_not_before() {
    let gate = Arc::new(Gate::default());
    let receiver = Receiver::axum(service(Arc::clone(&gate)).write_timeout(LONG)).await;
    let mut push = tokio::spawn(async move { receiver.push(&END, "[{}]").await });
    gate.begun.notified().await;
    assert!(tokio::time::timeout(SHORT, &mut push).await.is_err(), "acknowledged before it was written");
    assert_eq!(gate.kept.take().len(), 0);
    gate.open.notify_one();
    push.await.unwrap().assert_taken();
    assert_eq!(gate.kept.take().len(), 1);
}

#[tokio::test]
async fn what_was_not_written_is_answered_so_that_the_platform_sends_it_again() {
    Receiver::axum(service(Failing("disk full".to_owned()))).await.push(&END, "[{}]").await.assert_sent_again();

    let started = Instant::now();
    Receiver::hyper(service(Stuck).write_timeout(SHORT)).await.push(&END, "[{}]").await.assert_sent_again();
    assert!(started.elapsed() >= SHORT && started.elapsed() < LONG, "{:?}", started.elapsed());

    let (sender, receiver) = mpsc::channel::<PushedMessages>(1);
    drop(receiver);
    let started = Instant::now();
    Receiver::axum(service(sender).write_timeout(LONG)).await.push(&END, "[{}]").await.assert_sent_again();
    assert!(started.elapsed() < LONG, "a closed channel is not waited for");
}

#[tokio::test]
async fn a_full_channel_refuses_a_push_and_takes_it_once_when_it_comes_again() {
    let (sender, mut handler) = mpsc::channel(1);
    let receiver = Receiver::axum(service(sender).write_timeout(SHORT)).await;
    let taken = async |handler: &mut mpsc::Receiver<PushedMessages>| handler.recv().await.unwrap().body.into_exposed();
    receiver.push(&END, "[1]").await.assert_taken();
    receiver.push(&END, "[2]").await.assert_sent_again();
    assert_eq!(taken(&mut handler).await, "[1]");
    assert!(handler.try_recv().is_err(), "the refused push is not in the channel");
    receiver.push(&END, "[2]").await.assert_taken();
    assert_eq!(taken(&mut handler).await, "[2]");
    assert!(handler.try_recv().is_err());
}

#[tokio::test]
async fn a_wrong_path_or_method_is_refused_and_nothing_is_written() {
    let kept = Kept::default();
    let (hyper, axum) = (Receiver::hyper(service(kept.clone())).await, Receiver::axum(service(kept.clone())).await);
    let client = reqwest::Client::new();
    let status = async |method: &str, receiver: Receiver, path: &str| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        Answer::of(client.request(method, receiver.url(path)).body("[{}]")).await
    };
    let other = SECRET.replace('3', "4");
    for path in [
        format!("/receipts/{other}/SecretReport"),
        format!("/receipts/{}/SecretReport", &SECRET[1..]),
        format!("/receipts/{SECRET}0/SecretReport"),
        format!("/receipts/{}/SecretReport", SECRET.to_uppercase()),
        "/receipts//SecretReport".to_owned(),
        format!("/receipts/{SECRET}"),
        format!("/receipts/{SECRET}/"),
        format!("/receipts/{SECRET}/SecretReport/"),
        format!("/receipts/{SECRET}/Secret%52eport"),
        format!("/receipts/{SECRET}/{}", "x".repeat(65)),
        format!("/receipts/SecretReport/{SECRET}"),
        format!("/receipts/SecretReport?secret={SECRET}"),
        "/".to_owned(),
    ] {
        assert_eq!(status("POST", hyper, &path).await.status, 404, "{path}");
        assert_eq!(status("POST", axum, &path).await.status, 404, "{path}");
    }
    let path = format!("/receipts/{SECRET}/SecretReport");
    for method in ["GET", "PUT", "DELETE"] {
        let answer = status(method, axum, &path).await;
        assert_eq!((answer.status, answer.code()), (405, 1), "{method}");
        assert_eq!(answer.headers["allow"], "POST");
        // Who does not know the secret does not learn that the path is right either.
        assert_eq!(status(method, hyper, &format!("/receipts/{other}/SecretReport")).await.status, 404);
    }
    assert_eq!(kept.take().len(), 0);

    for (receiver, path) in [
        (hyper, format!("/{SECRET}/SecretReport")),
        (hyper, format!("/a/b/{SECRET}/SecretReport?from=platform")),
        (axum, format!("/nested/{SECRET}/SecretReport")),
    ] {
        status("POST", receiver, &path).await.assert_taken();
        assert_eq!(kept.take()[0].receipt_type, END, "{path}");
    }
    status("POST", hyper, &format!("/{SECRET}/SomeNewReport")).await.assert_taken();
    assert_eq!(kept.take()[0].receipt_type, ReceiptType::from("SomeNewReport"));
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken_and_a_larger_one_is_not() {
    let kept = Kept::default();
    for receiver in [
        Receiver::hyper(service(kept.clone()).max_body(64)).await,
        Receiver::axum(service(kept.clone()).max_body(64)).await,
    ] {
        receiver.push(&END, format!("[{}]", " ".repeat(62))).await.assert_taken();
        assert_eq!(kept.take().len(), 1);
        let answer = receiver.push(&END, format!("[{}]", " ".repeat(63))).await;
        assert_eq!((answer.status, answer.code()), (413, 1));

        // Without a declared length, in chunks.
        let chunks = |count: usize| "10\r\n0123456789abcdef\r\n".repeat(count);
        for (count, status) in [(4, "HTTP/1.1 200 "), (5, "HTTP/1.1 413 ")] {
            let request = head("Transfer-Encoding: chunked") + &chunks(count) + "0\r\n\r\n";
            let answer = rest_of(&mut receiver.connect(request).await).await;
            assert!(answer.starts_with(status), "{answer}");
        }
        assert_eq!(kept.take().len(), 1);

        // A declared length is refused before the body is sent.
        let answer = rest_of(&mut receiver.connect(head("Content-Length: 65\r\nExpect: 100-continue")).await).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }
    assert_eq!(kept.take().len(), 0);
}

#[tokio::test]
async fn pushes_over_the_rate_are_refused_and_wrong_requests_do_not_count() {
    let kept = Kept::default();
    let receiver = Receiver::axum(service(kept.clone()).max_per_second(3)).await;
    for _ in 0..10 {
        let wrong = reqwest::Client::new().post(receiver.url("/receipts/0000000000000000/SecretReport"));
        assert_eq!(Answer::of(wrong).await.status, 404);
    }
    let started = Instant::now();
    let answers = futures_util::future::join_all((0..40).map(|_| receiver.push(&END, "[]"))).await;
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    // Three at first, and three more in each second that the test took.
    let most = 3 + (started.elapsed().as_secs_f64() * 3.0).ceil() as usize;
    assert!((3..=most).contains(&taken), "{taken} of at most {most}");
    assert_eq!(kept.take().len(), taken);
    answers.iter().filter(|answer| answer.status != 200).for_each(Answer::assert_sent_again);
}

#[tokio::test]
async fn more_concurrent_pushes_than_allowed_are_refused_at_once() {
    let gate = Arc::new(Gate::default());
    let receiver = Receiver::hyper(service(Arc::clone(&gate)).max_concurrent(2).write_timeout(LONG)).await;
    let pushes = [(); 2].map(|()| tokio::spawn(async move { receiver.push(&END, "[]").await }));
    for _ in &pushes {
        gate.begun.notified().await;
    }
    receiver.push(&END, "[]").await.assert_sent_again();
    for push in pushes {
        gate.open.notify_one();
        push.await.unwrap().assert_taken();
    }
    gate.open.notify_one();
    receiver.push(&END, "[]").await.assert_taken();
    assert_eq!(gate.kept.take().len(), 3);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_given_to_the_sink() {
    let kept = Kept::default();
    let receiver = Receiver::axum(service(kept.clone())).await;
    for (body, text, is_expected) in [
        (&b"<html>"[..], "<html>", (|error| matches!(error, ParseReceiptError::NotJson { .. })) as fn(_) -> bool),
        (b"", "", |error| matches!(error, ParseReceiptError::NotJson { .. })),
        (b"[{\"call_id\":", "[{\"call_id\":", |error| matches!(error, ParseReceiptError::NotJson { .. })),
        (b"[\"\xd6\xd0\"]", "[\"\u{fffd}\u{fffd}\"]", |error| error == ParseReceiptError::NotUtf8),
    ] {
        receiver.push(&END, body).await.assert_taken();
        let [pushed] = <[PushedMessages; 1]>::try_from(kept.take()).unwrap();
        assert_eq!(pushed.body.expose(), text);
        assert!(is_expected(pushed.receipts.unwrap_err()), "{text}");
    }
}

#[tokio::test]
async fn a_slow_body_is_cut_at_the_time_limit_and_delays_no_other_push() {
    let kept = Kept::default();
    let receiver = Receiver::hyper(service(kept.clone()).write_timeout(Duration::from_millis(300))).await;
    let started = Instant::now();
    let mut slow = receiver.connect(head("Content-Length: 1000") + "[").await;
    let (read, mut write) = slow.split();
    let dripping = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        while write.write_all(b" ").await.is_ok() {
            ticks.tick().await;
        }
    };
    let mut read = tokio::io::BufReader::new(read);
    let mut status = String::new();
    let answered = async {
        receiver.push(&END, "[]").await.assert_taken();
        assert!(started.elapsed() < LONG);
        tokio::io::AsyncBufReadExt::read_line(&mut read, &mut status).await.unwrap();
    };
    tokio::select! {
        () = answered => {}
        () = dripping => panic!("the server answers before it closes the connection"),
    }
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable\r\n");
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
    assert_eq!(kept.take().len(), 1, "only the other push is written");
}

#[tokio::test]
async fn a_body_that_ends_early_is_not_written() {
    let kept = Kept::default();
    let receiver = Receiver::hyper(service(kept.clone())).await;
    let mut stream = receiver.connect(head("Transfer-Encoding: chunked") + "5\r\n[{}]\r\nnot a chunk\r\n").await;
    let answer = rest_of(&mut stream).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut stream = receiver.connect(head("Content-Length: 1000") + "[{}]").await;
    stream.shutdown().await.unwrap();
    let answer = rest_of(&mut stream).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(kept.take().len(), 0);
}

#[tokio::test]
async fn pushes_are_acknowledged_while_all_handlers_are_busy() {
    let (sender, mut pushed) = mpsc::channel(1000);
    let receiver = Receiver::axum(service(sender)).await;
    let (begun, mut begins) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(messages) = pushed.recv().await {
            let begun = begun.clone();
            tokio::spawn(async move {
                begun.send(messages.body.into_exposed()).unwrap();
                std::future::pending::<()>().await;
            });
        }
    });
    for number in 0..100 {
        receiver.push(&END, format!("[{number}]")).await.assert_taken();
        assert_eq!(begins.recv().await.unwrap(), format!("[{number}]"));
    }
}

#[tokio::test]
async fn logs_debug_and_answers_show_neither_the_secret_nor_a_receipt() {
    const PHONE: &str = "13912345678";
    let body = format!(r#"[{{"call_id":"c-1","phone_no":"{PHONE}","out_id":"order-of-{PHONE}"}}]"#);
    let kept = Kept::default();
    let (answers, logs) = logs_of(async {
        let mut answers = String::new();
        for receiver in [
            Receiver::axum(service(kept.clone())).await,
            Receiver::axum(service(Failing(format!("cannot write {PHONE}")))).await,
            Receiver::hyper(service(Stuck).write_timeout(SHORT)).await,
            Receiver::hyper(service(kept.clone()).max_body(10)).await,
            Receiver::hyper(service(kept.clone()).max_per_second(1)).await,
        ] {
            for body in [&body, PHONE] {
                // Not by an HTTP client: its own logs would show the URL.
                let request = head(&format!("Content-Length: {}", body.len())) + body;
                answers += &rest_of(&mut receiver.connect(request).await).await;
            }
        }
        answers
    })
    .await;
    for status in ["200", "413", "503"] {
        assert!(answers.contains(&format!("HTTP/1.1 {status} ")), "{answers}");
    }
    assert!(logs.contains("pushed receipts were not written in time"), "{logs}");
    assert!(logs.contains("pushed receipts could not be written"), "{logs}");
    let builder = service(kept.clone());
    let shown = format!("{builder:?} {:?}", kept.take()) + &format!("{:?}", builder.build().unwrap());
    for text in [answers, logs, shown] {
        assert!(!text.contains(PHONE) && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let with = |secret: &str| PushService::builder(Kept::default()).secret_path(secret);
    let valid = || service(Kept::default());
    let refused: [(PushServiceBuilder<Kept>, &str); 10] = [
        (PushService::builder(Kept::default()), "secret_path"),
        (with("fifteen-letters"), "secret_path"),
        (with(&"x".repeat(257)), "secret_path"),
        (with("3f9c1d5e8a7b4602/d1c"), "secret_path"),
        (with("3f9c1d5e8a7b4602%20"), "secret_path"),
        (valid().max_body(0), "max_body"),
        (valid().write_timeout(Duration::ZERO), "write_timeout"),
        (valid().max_concurrent(0), "max_concurrent"),
        (valid().max_concurrent(usize::MAX), "max_concurrent"),
        (valid().max_per_second(0), "max_per_second"),
    ];
    for (builder, field) in refused {
        match builder.build().unwrap_err() {
            Error::Invalid(invalid) => assert_eq!(invalid.field(), field),
            error => panic!("{error}"),
        }
    }
    for secret in ["x".repeat(16), "x".repeat(256), "A-z_0".repeat(4)] {
        assert!(with(&secret).max_concurrent(1_000_000).build().is_ok(), "{secret}");
    }
}
