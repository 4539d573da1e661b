//! Orders that are all refused alike: when calls are no longer split, and that no good order is lost.

use futures_util::StreamExt;
use privacy_number::top::{Decrypted, ReceiverQuery};
use privacy_number::{Advice, Error, Outcome};

use super::{assert_answers, decrypted, orders, query, respond, valid_queries};
use crate::clients::{once, shop};
use crate::server::Server;

/// Whether the error says that its order was not sent alone.
fn was_not_alone(error: &Error) -> bool {
    let Error::Service(error) = error else { panic!("{error}") };
    error.hint().is_some_and(|hint| hint.contains("not asked for alone"))
}

fn with_foreign(length: usize, foreign: impl Fn(usize) -> bool) -> Vec<ReceiverQuery> {
    let mut queries = valid_queries(0..length);
    for order in (0..length).filter(|order| foreign(*order)) {
        queries[order] = query(order, "foreign");
    }
    queries
}

fn assert_refused(one: &Decrypted) {
    let error = one.result.as_ref().unwrap_err();
    assert_eq!((error.code(), error.sub_code()), (Some("50"), Some("isv.no-permission:oaid")));
    assert_eq!((error.outcome(), error.advice(), error.attempts()), (Outcome::Rejected, Advice::FixRequest, 1));
}

#[tokio::test]
async fn two_hundred_orders_of_another_shop_take_at_most_sixty_calls() {
    for concurrency in [1, 4, 16] {
        let server = Server::start(respond).await;
        let all = shop(server.top_endpoint(), once()).decrypt_all(with_foreign(200, |_| true));
        let mut all = all.concurrency(concurrency);
        let results: Vec<Decrypted> = all.by_ref().collect().await;
        assert_eq!(results.len(), 200);
        results.iter().for_each(assert_refused);
        let calls = server.received().await.len();
        assert_eq!(calls, 57, "39 for the first 20, and 2 for each 20 more, at concurrency {concurrency}");
        assert_eq!(all.progress().calls(), 57);
        let not_alone = results.iter().filter(|one| was_not_alone(one.result.as_ref().unwrap_err())).count();
        assert_eq!(not_alone, 9 * 19, "each error says whether its order was sent alone");
    }
}

#[tokio::test]
async fn every_good_order_among_bad_ones_is_decrypted() {
    let scattered = |order: usize| order % 20 == (order / 20 * 7) % 20;
    let first_ten = |order: usize| order < 10;
    let all_but_one_of_the_first_group = |order: usize| order < 20 && order != 13;
    let first_group_and_then_one_of_each = |order: usize| order < 20 || order % 20 == 3;
    let every_other = |order: usize| order.is_multiple_of(2);
    let all_but_the_first = |order: usize| order > 0;
    let arrangements: [(&str, &dyn Fn(usize) -> bool); 6] = [
        ("scattered", &scattered),
        ("the first ten", &first_ten),
        ("all but one of the first group", &all_but_one_of_the_first_group),
        ("the first group and then one of each", &first_group_and_then_one_of_each),
        ("every other", &every_other),
        ("all but the first", &all_but_the_first),
    ];
    for (arrangement, foreign) in arrangements {
        let server = Server::start(respond).await;
        let results = decrypted(&server, with_foreign(200, foreign)).await;
        assert_eq!(results.len(), 200);
        for (order, one) in results.iter().enumerate() {
            match foreign(order) {
                true => {
                    assert_refused(one);
                    assert!(!was_not_alone(one.result.as_ref().unwrap_err()), "{arrangement}, order {order}");
                }
                false => assert!(one.result.is_ok(), "{arrangement}, order {order}"),
            }
        }
    }
}

#[tokio::test]
async fn a_good_order_refused_with_its_call_has_an_error_that_says_it_was_not_sent_alone() {
    // The last order of the second call, which is tried for the whole call, is bad; the 19 others are good.
    let server = Server::start(respond).await;
    let results = decrypted(&server, with_foreign(40, |order| order < 20 || order == 39)).await;
    results.iter().for_each(assert_refused);
    for (order, one) in results.iter().enumerate() {
        let error = one.result.as_ref().unwrap_err();
        assert_eq!(was_not_alone(error), (20..39).contains(&order), "order {order}: {error}");
    }
    let asked_alone: Vec<_> = server.received().await.iter().map(orders).filter(|call| call.len() == 1).collect();
    assert_eq!(asked_alone.len(), 21);
    // They are decrypted when they are sent again.
    let again = decrypted(&server, valid_queries(20..39)).await;
    again.iter().for_each(assert_answers);
}

#[tokio::test]
async fn two_kinds_of_refusal_are_no_evidence_that_all_are_alike() {
    let server = Server::start(respond).await;
    let kinds = ["wrong", "foreign"];
    let queries: Vec<ReceiverQuery> = (0..60).map(|order| query(order, kinds[order % 2])).collect();
    let results = decrypted(&server, queries).await;
    for one in &results {
        let error = one.result.as_ref().unwrap_err();
        let advice = if one.query.oaid.expose() == "wrong" { Advice::RefreshOaid } else { Advice::FixRequest };
        assert_eq!(error.advice(), advice, "order {}", one.query.tid);
        assert!(!was_not_alone(error));
    }
}
