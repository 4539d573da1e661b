//! Binds that leave X to the platform, with the pool's numbers known.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{BindError, Binding};
use privacy_number::emulator::Fault;
use privacy_number::{Advice, Outcome};

use super::{Kind, POOL, Scene, X};

async fn bind_among(scene: &Scene, kind: Kind, numbers: &[&str]) -> Result<Binding, BindError> {
    let (client, numbers) = (&scene.client, numbers.iter().copied());
    match kind {
        Kind::Axb => client.bind_reconciled_among(&scene.axb(None, scene.end), numbers).await,
        Kind::Axn => client.bind_reconciled_among(&scene.axn(None, scene.end), numbers).await,
        Kind::AxnExtension => client.bind_reconciled_among(&scene.axn_extension(None, scene.end), numbers).await,
        Kind::Axg => client.bind_reconciled_among(&scene.axg(None, scene.end), numbers).await,
    }
}

#[tokio::test]
async fn a_lost_binding_is_found_among_the_pools_numbers() {
    for kind in Kind::ALL {
        let scene = Scene::start().await;
        // The platform then picks another X than the first.
        scene.bind(Kind::Axn, Some(X), scene.end + TimeDelta::hours(1)).await.unwrap();
        scene.emulator.ledger().clear();
        scene.emulator.inject(Fault::reset_after_execution().on(kind.action()).times(1));
        let binding = bind_among(&scene, kind, &POOL).await.unwrap();
        assert_ne!(binding.secret_no.expose(), X, "{kind:?}");
        assert_eq!(scene.arrived(kind), (1, 1), "{kind:?}");
        assert_eq!(scene.emulator.ledger().count("QuerySubsId"), POOL.len() as u64, "{kind:?}: one for each number");
        assert_eq!(scene.live_at(binding.secret_no.expose()).await, [binding.subs_id.as_str()], "{kind:?}");
        scene.client.unbind(&binding).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_arrives_needs_no_search() {
    let scene = Scene::start().await;
    bind_among(&scene, Kind::Axb, &POOL).await.unwrap();
    assert_eq!(scene.emulator.ledger().count("QuerySubsId"), 0);
}

#[tokio::test]
async fn a_binding_found_at_none_of_the_numbers_is_reported_and_not_retried() {
    for (fault, executed) in [(Fault::reset_after_execution(), 1), (Fault::reset_before_execution(), 0)] {
        let scene = Scene::start().await;
        scene.emulator.inject(fault.on("BindAxn").times(1));
        let error = bind_among(&scene, Kind::Axn, &POOL[3..]).await.unwrap_err();
        assert_eq!((error.error.outcome(), error.error.advice()), (Outcome::Unknown, Advice::Reconcile));
        assert_eq!(scene.arrived(Kind::Axn), (1, executed));
        assert_eq!(error.search_error.map(|error| error.to_string()), None, "the search succeeded");
    }
}

#[tokio::test]
async fn an_older_binding_at_another_number_is_not_taken_for_the_lost_one() {
    let scene = Scene::start().await;
    let older = bind_among(&scene, Kind::Axn, &POOL).await.unwrap();
    scene.emulator.clock().advance(Duration::from_secs(120));
    scene.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    let found = bind_among(&scene, Kind::Axn, &POOL).await.unwrap();
    assert_ne!(found.subs_id, older.subs_id);
    scene.emulator.inject(Fault::reset_before_execution().on("BindAxn").times(1));
    scene.emulator.clock().advance(Duration::from_secs(120));
    assert!(bind_among(&scene, Kind::Axn, &POOL).await.unwrap_err().needs_reconciling());
}

#[tokio::test]
async fn two_matching_bindings_are_reported() {
    let scene = Scene::start().await;
    bind_among(&scene, Kind::Axn, &POOL).await.unwrap();
    scene.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    assert!(bind_among(&scene, Kind::Axn, &POOL).await.unwrap_err().needs_reconciling());
}

#[tokio::test]
async fn a_search_that_fails_at_one_number_is_an_error() {
    let scene = Scene::start().await;
    scene.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    scene.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").on("QuerySubsId").after(3).times(1));
    let error = bind_among(&scene, Kind::Axn, &POOL).await.unwrap_err();
    assert!(error.needs_reconciling());
    assert_eq!(error.search_error.unwrap().code(), Some("isv.OUT_OF_SERVICE"));
    assert_eq!(scene.arrived(Kind::Axn), (1, 1));
}

#[tokio::test]
async fn a_request_that_names_x_is_searched_at_that_x_only() {
    let scene = Scene::start().await;
    scene.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    let bind = scene.axb(Some(X), scene.end);
    let binding = scene.client.bind_reconciled_among(&bind, POOL).await.unwrap();
    assert_eq!(scene.emulator.ledger().count("QuerySubsId"), 1);
    assert_eq!(scene.live().await, [binding.subs_id]);
}
