//! Bindings of 700 numbers, which no operation reads: nothing is looked for, and nothing is sent twice.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{BindAxb700, BindError, BindGxb700, Binding, BindingKind, FoundBinding, Unbound};
use privacy_number::emulator::{Fault, Throttle};
use privacy_number::{Advice, Error, Outcome};

use super::{A, B, OUT_ID, Setup};

const X: &str = "700000000000001";
const ORDER: &str = "order-700-1";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Axb,
    Gxb,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Axb, Self::Gxb];

    fn action(self) -> &'static str {
        match self {
            Self::Axb => "BindAxb700",
            Self::Gxb => "BindGxb700",
        }
    }
}

fn axb(setup: &Setup, number_x: Option<&str>) -> BindAxb700 {
    let bind = BindAxb700::builder().pool_key(setup.emulator.pool_key()).tel_a(A).tel_b(B).order_id(ORDER);
    bind.out_id(OUT_ID).expiration(setup.end).maybe_tel_x(number_x).build()
}

fn gxb(setup: &Setup, number_x: Option<&str>) -> BindGxb700 {
    let bind = BindGxb700::builder().pool_key(setup.emulator.pool_key()).group_id(&setup.group_id).tel_b(A);
    let bind = bind.industrial_id("700.100.1/1").out_id(OUT_ID);
    bind.expiration(setup.end).maybe_tel_x(number_x).build()
}

async fn bind(setup: &Setup, kind: Kind, number_x: Option<&str>) -> Result<Binding, BindError> {
    match kind {
        Kind::Axb => setup.client.bind_reconciled(&axb(setup, number_x)).await,
        Kind::Gxb => setup.client.bind_reconciled(&gxb(setup, number_x)).await,
    }
}

/// How often the action was received, and how often it was executed.
fn arrived(setup: &Setup, action: &str) -> (u64, u64) {
    (setup.emulator.ledger().count(action), setup.emulator.ledger().executed(action))
}

fn queries(setup: &Setup) -> u64 {
    setup.emulator.ledger().count("QuerySubsId") + setup.emulator.ledger().count("QuerySubscriptionDetail")
}

/// The bindings of 700 numbers in force, as ids.
fn live(setup: &Setup) -> Vec<String> {
    let state = setup.emulator.gateways().phone_number_protection();
    let bindings = state["bindings"].as_object().unwrap().iter();
    let bindings = bindings.filter(|(_, it)| it["in_force"] == true && it["kind"].as_str().unwrap().ends_with("_700"));
    bindings.map(|(id, _)| id.clone()).collect()
}

#[tokio::test]
async fn a_binding_is_made_renewed_and_removed_by_the_operations_of_its_kind() {
    for (kind, expected) in [(Kind::Axb, BindingKind::Axb700), (Kind::Gxb, BindingKind::Gxb700)] {
        let setup = Setup::start().await;
        let mut binding = bind(&setup, kind, Some(X)).await.unwrap();
        assert_eq!((binding.kind, binding.secret_no.expose(), &binding.extension), (expected, X, &None));
        let order = (binding.order_id.as_deref(), binding.industrial_id.as_deref());
        assert_eq!(order, if kind == Kind::Axb { (Some(ORDER), None) } else { (None, Some("700.100.1/1")) });
        assert_eq!(live(&setup), [binding.subs_id.as_str()]);

        setup.emulator.inject(Fault::reset_after_execution().on("UpdateSubs700").times(1));
        let later = setup.end + TimeDelta::days(7);
        setup.client.renew(&mut binding, later).await.unwrap();
        assert_eq!((binding.expiration.to_utc(), arrived(&setup, "UpdateSubs700")), (later, (2, 2)));
        // A week after its first expiration it is still in force.
        setup.emulator.clock().advance(Duration::from_secs(13 * 86_400));
        assert_eq!(live(&setup), [binding.subs_id.as_str()], "{kind:?}");

        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::Removed);
        assert!(live(&setup).is_empty());
        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::AlreadyGone);
        for older in ["UpdateSubscription", "UnbindSubscription"] {
            assert_eq!(setup.emulator.ledger().count(older), 0, "{kind:?}");
        }
        assert_eq!(queries(&setup), 0);
    }
}

#[tokio::test]
async fn a_lost_answer_ends_with_all_that_a_person_needs_and_nothing_is_sent_twice() {
    for kind in Kind::ALL {
        for (fault, executed) in [
            (Fault::reset_before_execution(), 0),
            (Fault::internal_error(), 0),
            (Fault::reset_after_execution(), 1),
            (Fault::torn_body(), 1),
            (Fault::torn_json(), 1),
            (Fault::garbled(), 1),
            (Fault::internal_error().executed(), 1),
            (Fault::bad_gateway_page().executed(), 1),
        ] {
            for number_x in [Some(X), None] {
                let setup = Setup::start().await;
                let name = format!("{kind:?} {} {number_x:?}", fault.name());
                setup.emulator.inject(fault.clone().on(kind.action()).times(1));
                let error = bind(&setup, kind, number_x).await.unwrap_err();
                assert_eq!(arrived(&setup, kind.action()), (1, executed), "{name}");
                assert_eq!(queries(&setup), 0, "{name}");
                assert!(error.needs_reconciling(), "{name}: {error}");
                assert_eq!(error.error.advice(), Advice::Reconcile, "{name}");
                assert_eq!(error.error.outcome(), Outcome::Unknown, "{name}");
                assert_eq!(error.pool_key, setup.emulator.pool_key());
                assert_eq!(error.phone_no_x.as_ref().map(|number| number.expose()), number_x, "{name}");
                assert_eq!(error.out_id.as_ref().unwrap().expose(), OUT_ID);
                assert!(error.kind.is_700() && error.sent_from <= error.sent_until);
                let ids = (error.order_id.as_deref(), error.industrial_id.as_deref());
                assert_eq!(ids, if kind == Kind::Axb { (Some(ORDER), None) } else { (None, Some("700.100.1/1")) });
                let text = error.to_string();
                assert!(text.contains(ids.0.or(ids.1).unwrap()) && text.contains(&error.pool_key), "{text}");
                let shown = format!("{text} {error:?}");
                for private in [A, B, X, OUT_ID] {
                    assert!(!shown.contains(private), "{private}: {shown}");
                }
            }
        }
    }
}

#[tokio::test]
async fn known_numbers_of_the_pool_do_not_help_since_nothing_reads_the_binding() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxb700").times(1));
    let error = setup.client.bind_reconciled_among(&axb(&setup, None), [X, "700000000000002"]).await.unwrap_err();
    assert!(error.needs_reconciling());
    assert_eq!((arrived(&setup, "BindAxb700"), queries(&setup), live(&setup).len()), ((1, 1), 0, 1));
}

#[tokio::test]
async fn a_refused_bind_has_the_advice_of_its_code() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        setup.emulator.inject(Fault::error("isv.NO_AVAILABLE_NUMBER").on(kind.action()).times(1));
        let error = bind(&setup, kind, None).await.unwrap_err();
        assert_eq!((error.error.advice(), error.needs_reconciling()), (Advice::TopUp, false), "{kind:?}");
        assert!(!error.to_string().contains("if it was bound"));
        assert_eq!(arrived(&setup, kind.action()), (1, 0), "{kind:?}");
    }
}

#[tokio::test]
async fn a_conflict_may_be_the_binding_of_a_process_that_died_so_a_person_looks() {
    for kind in Kind::ALL {
        for number_x in [Some(X), None] {
            let setup = Setup::start().await;
            // The first process binds and ends before it stores the binding.
            bind(&setup, kind, number_x).await.unwrap();
            let error = bind(&setup, kind, number_x).await.unwrap_err();
            assert_eq!(error.error.code(), Some("isv.BIND_CONFLICT"), "{kind:?} {number_x:?}");
            assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Rejected, Advice::Reconcile));
            assert_eq!((arrived(&setup, kind.action()), queries(&setup)), ((2, 1), 0));
            assert_eq!(live(&setup).len(), 1);
        }
    }
}

#[tokio::test]
async fn a_bind_that_was_not_executed_is_retried() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let throttled = Fault::throttled(Throttle::Api, Duration::from_millis(1));
        setup.emulator.inject(throttled.on(kind.action()).times(2));
        let binding = bind(&setup, kind, None).await.unwrap();
        assert_eq!((arrived(&setup, kind.action()), live(&setup)), ((3, 1), vec![binding.subs_id]), "{kind:?}");
    }
}

#[tokio::test]
async fn a_binding_that_has_ended_is_not_renewed_and_keeps_its_end() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let mut binding = bind(&setup, kind, Some(X)).await.unwrap();
        let end = binding.expiration;
        setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
        let error = setup.client.renew(&mut binding, end + TimeDelta::days(7)).await.unwrap_err();
        assert_eq!((error.code(), binding.expiration), (Some("isv.FORBIDDEN_ACTION"), end), "{kind:?}");
        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::AlreadyGone, "{kind:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_to_removing_ends_with_the_binding_gone() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let binding = bind(&setup, kind, Some(X)).await.unwrap();
        setup.emulator.inject(Fault::reset_after_execution().on("UnbindSubs700").times(1));
        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::Removed, "{kind:?}");
        assert_eq!((arrived(&setup, "UnbindSubs700"), live(&setup).len()), ((2, 1), 0));
    }
}

#[tokio::test]
async fn another_refusal_of_removing_is_an_error() {
    let setup = Setup::start().await;
    let binding = bind(&setup, Kind::Axb, Some(X)).await.unwrap();
    setup.emulator.inject(Fault::error("isv.SUBS_NOT_BELONG").on("UnbindSubs700").times(1));
    assert_eq!(setup.client.unbind(&binding).await.unwrap_err().code(), Some("isv.SUBS_NOT_BELONG"));
    assert_eq!(live(&setup), [binding.subs_id]);
}

#[tokio::test]
async fn a_search_is_refused_before_anything_is_sent() {
    let setup = Setup::start().await;
    bind(&setup, Kind::Axb, Some(X)).await.unwrap();
    let refused = |result: Result<FoundBinding, Error>| match result {
        Err(Error::Invalid(error)) => error.field().to_owned(),
        other => panic!("{other:?}"),
    };
    for number_x in [Some(X), None] {
        let bind = axb(&setup, number_x);
        assert_eq!(refused(setup.client.find_binding(&bind, ..).await), "tel_x");
        assert_eq!(refused(setup.client.find_binding_among(&bind, [X], ..).await), "tel_x");
    }
    assert_eq!(refused(setup.client.find_binding(&gxb(&setup, Some(X)), ..).await), "tel_x");
    assert_eq!(queries(&setup), 0);
}

#[tokio::test]
async fn a_binding_from_a_database_is_renewed_and_removed_and_one_without_its_order_is_refused() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let json = serde_json::to_string(&bind(&setup, kind, Some(X)).await.unwrap().exposed()).unwrap();
        let mut stored: Binding = serde_json::from_str(&json).unwrap();
        let later = setup.end + TimeDelta::days(7);
        let mut without_order = stored.clone();
        (without_order.order_id, without_order.industrial_id) = (None, None);
        for error in [
            setup.client.renew(&mut without_order, later).await.unwrap_err(),
            setup.client.unbind(&without_order).await.unwrap_err(),
        ] {
            assert!(matches!(&error, Error::Invalid(why) if why.field() == "order_id"), "{error}");
        }
        assert_eq!((arrived(&setup, "UpdateSubs700"), arrived(&setup, "UnbindSubs700")), ((0, 0), (0, 0)));
        assert_eq!(without_order.expiration, stored.expiration);

        setup.client.renew(&mut stored, later).await.unwrap();
        // The same from the columns of a row.
        let row = Binding::builder().kind(stored.kind.as_str().parse().unwrap()).pool_key(&stored.pool_key);
        let row = row.subs_id(&stored.subs_id).secret_no(X).expiration(later);
        let row = row.maybe_order_id(stored.order_id.clone()).maybe_industrial_id(stored.industrial_id.clone()).build();
        assert_eq!(row, stored, "{kind:?}");
        assert_eq!(setup.client.unbind(&row).await.unwrap(), Unbound::Removed, "{kind:?}");
    }
}
