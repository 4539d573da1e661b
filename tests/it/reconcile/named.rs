//! Binds that name X: a search can find their result.

use chrono::TimeDelta;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Advice, Outcome};

use super::{A, B, Kind, Setup, X};

#[tokio::test]
async fn a_binding_whose_response_was_lost_is_found_and_there_is_exactly_one() {
    for kind in Kind::ALL {
        for fault in [
            Fault::reset_after_execution(),
            Fault::torn_body(),
            Fault::torn_json(),
            Fault::garbled(),
            Fault::internal_error().executed(),
            Fault::bad_gateway_page().executed(),
        ] {
            let setup = Setup::start().await;
            let name = fault.name();
            setup.emulator.inject(fault.on(kind.action()).times(1));
            let binding = setup.bind_to_x(kind).await.unwrap();
            assert_eq!(setup.live().await, [binding.subs_id.as_str()], "{kind:?} {name}");
            assert_eq!(setup.arrived(kind), (1, 1), "{kind:?} {name}: it was not sent again");
            assert_eq!((binding.secret_no.expose(), binding.expiration.to_utc()), (X, setup.end));
            assert_eq!(kind == Kind::AxnExtension, binding.extension.is_some_and(|text| text.expose() != "130"));
        }
    }
}

#[tokio::test]
async fn a_bind_that_was_not_executed_is_retried_if_x_refuses_a_second_one() {
    for kind in Kind::REFUSED_TWICE {
        for fault in [Fault::reset_before_execution(), Fault::internal_error(), Fault::bad_gateway_page()] {
            let setup = Setup::start().await;
            let name = fault.name();
            setup.emulator.inject(fault.on(kind.action()).times(1));
            let binding = setup.bind_to_x(kind).await.unwrap();
            assert_eq!(setup.live().await, [binding.subs_id.as_str()], "{kind:?} {name}");
            assert_eq!(setup.arrived(kind).1, 1, "{kind:?} {name}");
        }
    }
}

#[tokio::test]
async fn an_extension_that_is_not_found_is_not_bound_again_since_x_would_take_it_twice() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxnExtension").times(1));
    let error = setup.bind_to_x(Kind::AxnExtension).await.unwrap_err();
    assert!(error.needs_reconciling());
    assert_eq!(setup.arrived(Kind::AxnExtension), (1, 0));
}

#[tokio::test]
async fn a_bind_whose_response_is_lost_many_times_ends_with_exactly_one_binding() {
    for kind in Kind::REFUSED_TWICE {
        let setup = Setup::start().await;
        setup.emulator.inject(Fault::reset_before_execution().on(kind.action()).times(2));
        setup.emulator.inject(Fault::reset_after_execution().on(kind.action()).times(1));
        let binding = setup.bind_to_x(kind).await.unwrap();
        assert_eq!((setup.live().await, setup.arrived(kind)), (vec![binding.subs_id], (3, 1)), "{kind:?}");
    }
}

#[tokio::test]
async fn a_bind_whose_connections_are_always_reset_needs_reconciling() {
    for kind in Kind::REFUSED_TWICE {
        let setup = Setup::start().await;
        setup.emulator.inject(Fault::reset_before_execution().on(kind.action()));
        let error = setup.bind_to_x(kind).await.unwrap_err();
        assert_eq!((error.error.outcome(), error.needs_reconciling()), (Outcome::Unknown, true), "{kind:?}");
        assert_eq!(setup.arrived(kind), (3, 0), "{kind:?}");
    }
}

#[tokio::test]
async fn lost_responses_of_the_search_are_retried() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    setup.emulator.inject(Fault::reset_after_execution().on("QuerySubsId").times(2));
    setup.emulator.inject(Fault::torn_body().on("QuerySubscriptionDetail").times(2));
    let binding = setup.bind_to_x(Kind::Axb).await.unwrap();
    assert_eq!(setup.live().await, [binding.subs_id]);
}

#[tokio::test]
async fn a_search_that_fails_proves_nothing_so_nothing_is_bound_again() {
    for search in ["QuerySubsId", "QuerySubscriptionDetail"] {
        let setup = Setup::start().await;
        setup.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
        setup.emulator.inject(Fault::unavailable().on(search));
        let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
        assert!(error.needs_reconciling(), "{search}");
        assert_eq!(setup.arrived(Kind::Axb), (1, 1), "{search}");
    }
}

#[tokio::test]
async fn two_matching_bindings_are_reported() {
    let setup = Setup::start().await;
    let first = setup.bind_to_x(Kind::AxnExtension).await.unwrap();
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxnExtension").times(1));
    let error = setup.bind_to_x(Kind::AxnExtension).await.unwrap_err();
    assert!(error.needs_reconciling());
    let live = setup.live().await;
    assert!(live.len() == 2 && live.contains(&first.subs_id), "{live:?}");
}

#[tokio::test]
async fn an_older_binding_that_fits_is_not_taken_for_the_lost_one() {
    let setup = Setup::start().await;
    let end = setup.end;
    setup.bind(Kind::AxnExtension, Some(X), end).await.unwrap();
    setup.emulator.clock().advance(std::time::Duration::from_secs(600));
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxnExtension").times(1));
    let error = setup.bind(Kind::AxnExtension, Some(X), end).await.unwrap_err();
    assert!(error.needs_reconciling());
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxnExtension").times(1));
    let found = setup.bind(Kind::AxnExtension, Some(X), end).await.unwrap();
    assert_eq!(setup.live().await.last(), Some(&found.subs_id));
}

#[tokio::test]
async fn a_conflict_with_another_binding_after_a_lost_response_is_not_adopted() {
    let setup = Setup::start().await;
    // The same A is bound to another B at this X, and the first request is lost before execution.
    let other = privacy_number::aliyun::BindAxb::builder()
        .pool_key(setup.emulator.pool_key())
        .phone_no_a(A)
        .phone_no_b("15000000009")
        .phone_no_x(X)
        .expiration(setup.end);
    let other = setup.client.bind_reconciled(&other.build()).await.unwrap();
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb").times(1));
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_eq!((error.error.code(), error.needs_reconciling()), (Some("isv.BIND_CONFLICT"), false));
    assert_eq!(setup.live().await, [other.subs_id]);
}

/// The first bind is lost before execution; the search finds nothing; the second bind is refused with a conflict.
fn lose_then_refuse(setup: &Setup) {
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb").times(1));
    setup.emulator.inject(Fault::error("isv.BIND_CONFLICT").on("BindAxb").times(1));
}

#[tokio::test]
async fn a_conflict_after_a_lost_response_is_unknown_while_the_search_fails() {
    for search in ["QuerySubsId", "QuerySubscriptionDetail"] {
        let setup = Setup::start().await;
        let other = privacy_number::aliyun::BindAxb::builder().pool_key(setup.emulator.pool_key());
        let other = other.phone_no_a("15000000008").phone_no_b("15000000009").phone_no_x(X).expiration(setup.end);
        setup.client.send(&other.build()).await.unwrap();
        lose_then_refuse(&setup);
        // The search after the lost response succeeds and finds no matching binding.
        setup.emulator.inject(Fault::unavailable().on(search).after(1));
        let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
        assert_eq!(error.error.code(), Some("isv.BIND_CONFLICT"), "{search}");
        assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile), "{search}");
        assert!(error.needs_reconciling());
        assert_eq!(error.search_error.as_ref().unwrap().operation(), Some(search));
        assert!(error.to_string().contains(search), "{error}");
    }
}

#[tokio::test]
async fn a_conflict_after_a_lost_response_is_unknown_while_nothing_at_x_explains_it() {
    let setup = Setup::start().await;
    lose_then_refuse(&setup);
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_eq!((error.error.code(), error.search_error.is_none()), (Some("isv.BIND_CONFLICT"), true));
    assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile));
}

#[tokio::test]
async fn an_error_after_a_lost_response_and_an_empty_search_starts_another_search() {
    // Refused for another reason: the second search proves that nothing was bound.
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb").times(1));
    setup.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").on("BindAxb").times(1));
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Rejected, Advice::TopUp));
    assert_eq!(setup.emulator.ledger().count("QuerySubsId"), 2);

    // The same while the search fails.
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb").times(1));
    setup.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").on("BindAxb").times(1));
    setup.emulator.inject(Fault::unavailable().on("QuerySubsId").after(1));
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile));

    // Refused because the lost one was bound after all: the second search finds it.
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb").times(1));
    setup.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").executed().on("BindAxb").times(1));
    let binding = setup.bind_to_x(Kind::Axb).await.unwrap();
    assert_eq!(setup.live().await, [binding.subs_id]);
}

#[tokio::test]
async fn other_bindings_at_a_shared_x_are_not_taken_for_the_lost_one() {
    let setup = Setup::start().await;
    for pair in 0..20 {
        let other = privacy_number::aliyun::BindAxb::builder()
            .pool_key(setup.emulator.pool_key())
            .phone_no_a(format!("1510000{pair:04}"))
            .phone_no_b(format!("1520000{pair:04}"))
            .phone_no_x(X)
            .expiration(setup.end);
        setup.client.send(&other.build()).await.unwrap();
    }
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    let binding = setup.bind_to_x(Kind::Axb).await.unwrap();
    let live = setup.live().await;
    assert_eq!((live.len(), live.last()), (21, Some(&binding.subs_id)));
}

#[tokio::test]
async fn a_refused_connection_is_retried() {
    let emulator = Emulator::start().await.unwrap();
    let policy = privacy_number::RetryPolicy::new().max_attempts(1000);
    let pause = std::time::Duration::from_millis(5);
    let settings = emulator.settings().retry(policy.first_backoff(pause).max_backoff(pause));
    let client = emulator.aliyun_builder().settings(settings).build().unwrap();
    emulator.inject(Fault::connection_refused(std::time::Duration::from_millis(50)));
    let bind = privacy_number::aliyun::BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a(A).phone_no_b(B);
    let bind = bind.expiration(emulator.clock().now() + TimeDelta::days(1)).build();
    client.bind_reconciled(&bind).await.unwrap();
    assert_eq!(emulator.ledger().executed("BindAxb"), 1);
}
