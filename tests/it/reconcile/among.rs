//! Binds that leave X to the platform, with the pool's numbers known.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{BindError, Binding};
use privacy_number::emulator::Fault;
use privacy_number::{Advice, Outcome};

use super::{Kind, POOL, Setup, X};

async fn bind_among(setup: &Setup, kind: Kind, numbers: &[&str]) -> Result<Binding, BindError> {
    let (client, numbers) = (&setup.client, numbers.iter().copied());
    match kind {
        Kind::Axb => client.bind_reconciled_among(&setup.axb(None, setup.end), numbers).await,
        Kind::Axn => client.bind_reconciled_among(&setup.axn(None, setup.end), numbers).await,
        Kind::AxnExtension => client.bind_reconciled_among(&setup.axn_extension(None, setup.end), numbers).await,
        Kind::Axg => client.bind_reconciled_among(&setup.axg(None, setup.end), numbers).await,
    }
}

#[tokio::test]
async fn a_lost_binding_is_found_among_the_pools_numbers() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        // The platform then picks another X than the first.
        setup.bind(Kind::Axn, Some(X), setup.end + TimeDelta::hours(1)).await.unwrap();
        setup.emulator.ledger().clear();
        setup.emulator.inject(Fault::reset_after_execution().on(kind.action()).times(1));
        let binding = bind_among(&setup, kind, &POOL).await.unwrap();
        assert_ne!(binding.secret_no.expose(), X, "{kind:?}");
        assert_eq!(setup.arrived(kind), (1, 1), "{kind:?}");
        assert_eq!(setup.emulator.ledger().count("QuerySubsId"), POOL.len() as u64, "{kind:?}: one for each number");
        assert_eq!(setup.live_at(binding.secret_no.expose()).await, [binding.subs_id.as_str()], "{kind:?}");
        setup.client.unbind(&binding).await.unwrap();
    }
}

#[tokio::test]
async fn a_response_that_arrives_needs_no_search() {
    let setup = Setup::start().await;
    bind_among(&setup, Kind::Axb, &POOL).await.unwrap();
    assert_eq!(setup.emulator.ledger().count("QuerySubsId"), 0);
}

#[tokio::test]
async fn a_binding_found_at_none_of_the_numbers_is_reported_and_not_retried() {
    for (fault, executed) in [(Fault::reset_after_execution(), 1), (Fault::reset_before_execution(), 0)] {
        let setup = Setup::start().await;
        setup.emulator.inject(fault.on("BindAxn").times(1));
        let error = bind_among(&setup, Kind::Axn, &POOL[3..]).await.unwrap_err();
        assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile));
        assert_eq!(setup.arrived(Kind::Axn), (1, executed));
        assert_eq!(error.search_error.map(|error| error.to_string()), None, "the search succeeded");
    }
}

#[tokio::test]
async fn an_older_binding_at_another_number_is_not_taken_for_the_lost_one() {
    let setup = Setup::start().await;
    let older = bind_among(&setup, Kind::Axn, &POOL).await.unwrap();
    setup.emulator.clock().advance(Duration::from_secs(120));
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    let found = bind_among(&setup, Kind::Axn, &POOL).await.unwrap();
    assert_ne!(found.subs_id, older.subs_id);
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxn").times(1));
    setup.emulator.clock().advance(Duration::from_secs(120));
    assert!(bind_among(&setup, Kind::Axn, &POOL).await.unwrap_err().needs_reconciling());
}

#[tokio::test]
async fn two_matching_bindings_are_reported() {
    let setup = Setup::start().await;
    bind_among(&setup, Kind::Axn, &POOL).await.unwrap();
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    assert!(bind_among(&setup, Kind::Axn, &POOL).await.unwrap_err().needs_reconciling());
}

#[tokio::test]
async fn a_search_that_fails_at_one_number_is_an_error() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    setup.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").on("QuerySubsId").after(3).times(1));
    let error = bind_among(&setup, Kind::Axn, &POOL).await.unwrap_err();
    assert!(error.needs_reconciling());
    assert_eq!(error.search_error.unwrap().code(), Some("isv.OUT_OF_SERVICE"));
    assert_eq!(setup.arrived(Kind::Axn), (1, 1));
}

#[tokio::test]
async fn a_request_that_names_x_is_searched_at_that_x_only() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    let bind = setup.axb(Some(X), setup.end);
    let binding = setup.client.bind_reconciled_among(&bind, POOL).await.unwrap();
    assert_eq!(setup.emulator.ledger().count("QuerySubsId"), 1);
    assert_eq!(setup.live().await, [binding.subs_id]);
}
