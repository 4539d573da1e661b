//! Which receiver of a response belongs to an order, and what an error inside a response has of its call.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use privacy_number::top::{Decrypted, OAID_NOT_MATCHED, RECEIVER_MISSING};
use privacy_number::{Advice, Outcome};
use serde_json::{Value, json};

use super::{query, refused, respond};
use crate::clients::{fast_retries, shop};
use crate::server::Server;

/// The result of an order if the response has these receivers: the name of its receiver, or the code of its error.
async fn result_of(receivers: Value) -> Result<String, String> {
    let members = json!({"receiver_list": {"receiver": receivers}, "request_id": "r"});
    let server = Server::always(json!({"top_oaid_decrypt_response": members}).to_string()).await;
    let results = super::decrypted(&server, vec![query(1, "oaid-own")]).await;
    let result = results.into_iter().next().unwrap().result;
    result.map(|receiver| receiver.name.unwrap().into_exposed()).map_err(|error| error.code().unwrap().to_owned())
}

#[tokio::test]
async fn a_receiver_is_matched_by_tid_and_where_the_response_has_it_by_oaid() {
    let own = json!({"tid": "1", "oaid": "oaid-own", "name": "own", "matched": true});
    let bare = json!({"tid": "1", "name": "own", "matched": true});
    let other_oaid = json!({"tid": "1", "oaid": "oaid-other", "name": "other", "matched": true});
    let other_tid = json!({"tid": "2", "oaid": "oaid-own", "name": "other", "matched": true});
    for receivers in [
        json!([own]),
        json!([bare]),
        json!([own, own]),
        json!([own, other_oaid]),
        json!([other_oaid, own]),
        json!([other_oaid, bare]),
        json!([other_tid, other_oaid, own]),
    ] {
        assert_eq!(result_of(receivers.clone()).await, Ok("own".to_owned()), "{receivers}");
    }
    for receivers in [json!([]), json!([other_oaid]), json!([other_tid]), json!([other_tid, other_oaid])] {
        assert_eq!(result_of(receivers.clone()).await, Err(RECEIVER_MISSING.to_owned()), "{receivers}");
    }
}

#[tokio::test]
async fn an_order_with_two_different_receivers_gets_neither() {
    let one = json!({"tid": "1", "oaid": "oaid-own", "name": "one", "matched": true});
    let other = json!({"tid": "1", "oaid": "oaid-own", "name": "other", "matched": true});
    let stale = json!({"tid": "1", "oaid": "oaid-own", "matched": false});
    let bare = json!({"tid": "1", "name": "other", "matched": true});
    for receivers in [json!([one, other]), json!([other, one]), json!([one, stale]), json!([bare, one])] {
        assert_eq!(result_of(receivers.clone()).await, Err(RECEIVER_MISSING.to_owned()), "{receivers}");
    }
}

#[tokio::test]
async fn a_receiver_that_does_not_match_is_stale_whichever_oaid_it_has() {
    for oaid in [json!("oaid-own"), json!("oaid-current"), Value::Null] {
        let receivers = json!([{"tid": "1", "oaid": oaid, "matched": false}]);
        assert_eq!(result_of(receivers).await, Err(OAID_NOT_MATCHED.to_owned()), "{oaid}");
    }
}

#[tokio::test]
async fn an_error_found_in_a_response_has_the_facts_of_its_call() {
    let pause = Duration::from_millis(60);
    let asked = AtomicUsize::new(0);
    // The first attempt fails with a temporary fault, the second is answered after a pause.
    let server = Server::start(move |request| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => refused(50, Some("isp.service-error")),
        _ => respond(request).set_delay(pause),
    })
    .await;
    let queries = [query(1, "oaid-1"), query(2, "missing"), query(3, "stale")];
    let results: Vec<Decrypted> = shop(server.top_endpoint(), fast_retries(3)).decrypt_all(queries).collect().await;
    assert!(results[0].result.is_ok());
    for (one, code, outcome) in
        [(&results[1], RECEIVER_MISSING, Outcome::Executed), (&results[2], OAID_NOT_MATCHED, Outcome::Rejected)]
    {
        let error = one.result.as_ref().unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), outcome));
        assert_eq!((error.attempts(), error.request_id()), (2, Some("15r6mock0001")), "{error}");
        assert!((pause..Duration::from_secs(5)).contains(&error.elapsed()), "{:?}", error.elapsed());
        assert!(error.to_string().contains("request 15r6mock0001; 2 attempts in "), "{error}");
    }
    assert_eq!(results[1].result.as_ref().unwrap_err().advice(), Advice::Report);
}
