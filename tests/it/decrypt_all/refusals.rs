//! Which refusals are isolated to an order, which end the stream, and which are retried later.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use privacy_number::top::Decrypted;
use privacy_number::{Advice, Outcome};

use super::{any_begins, assert_answers, call_sizes, decrypted, orders, query, refused, respond, valid_queries};
use crate::clients::{once, shop};
use crate::server::Server;

#[tokio::test]
async fn an_unlisted_code_is_isolated_to_its_order() {
    for (code, sub_code) in [
        (50, Some("isv.trade-not-exist")),
        (15, Some("isv.never-heard-of:7")),
        (41, None),
        (40, None),
        (43, None),
        (1234, None),
        (1234, Some("never-heard-of")),
    ] {
        let server = Server::start(move |request| match any_begins(request, "odd") {
            true => refused(code, sub_code),
            false => respond(request),
        })
        .await;
        let mut queries = valid_queries(0..200);
        for odd in [7, 60, 133] {
            queries[odd] = query(odd, "odd");
        }
        let results = decrypted(&server, queries).await;
        assert_eq!(results.len(), 200);
        for (order, one) in results.iter().enumerate() {
            match order {
                7 | 60 | 133 => {
                    let error = one.result.as_ref().unwrap_err();
                    let code = code.to_string();
                    assert_eq!((error.code(), error.sub_code()), (Some(code.as_str()), sub_code), "order {order}");
                    assert_eq!((error.attempts(), error.request_id()), (1, Some("15r6mock0002")));
                }
                _ => assert_answers(one),
            }
        }
    }
}

#[tokio::test]
async fn a_code_about_the_shop_or_the_application_ends_the_stream() {
    for (code, sub_code) in [
        (11, Some("isv.permission-api-package-limit")),
        (11, Some("isv.permission-ip-whitelist-limit")),
        (11, None),
        (12, None),
        (13, None),
        (22, None),
        (25, None),
        (27, Some("session-expired")),
        (29, Some("isv.appkey-not-exists")),
        (42, None),
        (50, Some("isv.decryption-quota-exceeded")),
        (50, Some("isv.decryption-disabled-by-seller")),
        (50, Some("isv.lack-of-balance")),
        (50, Some("isv.prohibit-application")),
        (50, Some("isv.prohibit-subaccount:detail")),
    ] {
        let server = Server::start(move |_| refused(code, sub_code)).await;
        let all = shop(server.top_endpoint(), once()).decrypt_all(valid_queries(0..200)).concurrency(1);
        let results: Vec<Decrypted> = all.collect().await;
        assert_eq!(call_sizes(&server).await, [20], "{code} {sub_code:?}");
        assert_eq!(results.len(), 200);
        for (order, one) in results.iter().enumerate() {
            let error = one.result.as_ref().unwrap_err();
            assert_eq!(error.sub_code(), sub_code);
            let sent = if order < 20 { (Outcome::Rejected, 1) } else { (Outcome::NotExecuted, 0) };
            assert_eq!((error.outcome(), error.attempts()), sent, "{code} {sub_code:?}, order {order}");
        }
    }
}

#[tokio::test]
async fn an_order_being_decrypted_elsewhere_is_retried_without_delaying_the_others() {
    // The other decryption ends soon after the first refusal.
    let elsewhere = Mutex::new(None::<Instant>);
    let server = Server::start(move |request| {
        if any_begins(request, "busy") {
            let began = *elsewhere.lock().unwrap().get_or_insert_with(Instant::now);
            if began.elapsed() < Duration::from_millis(700) {
                return refused(50, Some("isv.concurrent-query"));
            }
        }
        respond(request)
    })
    .await;
    let mut queries = valid_queries(0..20);
    queries[7] = query(7, "busy");
    let started = Instant::now();
    let mut results = shop(server.top_endpoint(), once()).decrypt_all(queries);
    for order in 0..20 {
        if order == 7 {
            // Meanwhile the others were decrypted.
            tokio::time::sleep(Duration::from_millis(300)).await;
            let answered = server.received().await.iter().filter(|one| !any_begins(one, "busy")).count();
            assert!(answered >= 4, "{answered} calls without the busy order");
        }
        assert_answers(&results.next().await.unwrap());
    }
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    let alone = server.received().await.iter().filter(|request| orders(request).len() == 1).count();
    assert!(alone >= 2, "{alone} calls for one order");
}

#[tokio::test]
async fn an_order_always_being_decrypted_elsewhere_fails_alone() {
    let server = Server::start(|request| match any_begins(request, "busy") {
        true => refused(50, Some("isv.concurrent-query")).insert_header("Retry-After", "0"),
        false => respond(request),
    })
    .await;
    let mut queries = valid_queries(0..40);
    queries[13] = query(13, "busy");
    let results = decrypted(&server, queries).await;
    for (order, one) in results.iter().enumerate() {
        match order {
            13 => {
                let error = one.result.as_ref().unwrap_err();
                assert_eq!(error.sub_code(), Some("isv.concurrent-query"));
                assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::WaitFor(Duration::ZERO)));
            }
            _ => assert_answers(one),
        }
    }
    let received = server.received().await;
    let alone = received.iter().filter(|one| orders(one).len() == 1 && any_begins(one, "busy")).count();
    assert_eq!(alone, 6, "once, and five retries");
}
