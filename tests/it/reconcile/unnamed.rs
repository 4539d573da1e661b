//! Binds that leave X to the platform: no search is possible, so nothing is sent twice.

use privacy_number::emulator::Fault;
use privacy_number::{Advice, Outcome};

use super::{A, B, Kind, OUT_ID, Setup, X};

#[tokio::test]
async fn without_x_the_error_of_a_lost_response_has_all_that_a_search_needs() {
    for kind in Kind::ALL {
        for (fault, executed) in [(Fault::reset_after_execution(), 1), (Fault::reset_before_execution(), 0)] {
            let setup = Setup::start().await;
            let before = setup.emulator.clock().now();
            setup.emulator.inject(fault.on(kind.action()).times(1));
            let error = setup.bind(kind, None, setup.end).await.unwrap_err();
            assert_eq!(setup.arrived(kind), (1, executed), "{kind:?}: never a second request");
            assert_eq!(setup.emulator.ledger().count("QuerySubsId"), 0);
            assert!(error.needs_reconciling());
            assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile));
            assert_eq!(error.pool_key, setup.emulator.pool_key());
            assert_eq!((error.phone_no_x.as_ref(), error.out_id.as_ref().unwrap().expose()), (None, OUT_ID));
            assert!(before <= error.sent_from && error.sent_from <= error.sent_until);
            assert!(error.sent_until <= setup.emulator.clock().now());
        }
    }
}

#[tokio::test]
async fn the_error_tells_where_to_look_and_shows_no_number() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxnExtension"));
    for number_x in [None, Some(X)] {
        let error = setup.bind(Kind::AxnExtension, number_x, setup.end).await.unwrap_err();
        assert_eq!(error.phone_no_x.as_ref().map(|number| number.expose()), number_x);
        let text = error.to_string();
        assert!(text.contains(setup.emulator.pool_key()) && text.contains(&error.sent_until.to_string()), "{text}");
        let shown = format!("{text} {error:?}");
        for private in [A, B, X, OUT_ID] {
            assert!(!shown.contains(private), "{private}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_throttled_bind_is_retried_even_without_x() {
    use privacy_number::emulator::Throttle;
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let throttled = Fault::throttled(Throttle::Api, std::time::Duration::from_millis(1));
        setup.emulator.inject(throttled.on(kind.action()).times(2));
        setup.bind(kind, None, setup.end).await.unwrap();
        assert_eq!(setup.arrived(kind), (3, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn a_refused_bind_needs_no_reconciling() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::error("isv.NO_AVAILABLE_NUMBER").on("BindAxn").times(1));
    let error = setup.bind(Kind::Axn, None, setup.end).await.unwrap_err();
    assert_eq!((error.error.advice(), error.needs_reconciling()), (Advice::TopUp, false));
    assert!(!error.to_string().contains("if it was bound"));
}
