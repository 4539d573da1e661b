//! Searching for a binding, and renewing and removing one from a database.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::Error;
use privacy_number::aliyun::{Binding, FoundBinding, Unbound};
use privacy_number::emulator::Fault;

use super::{Kind, POOL, Scene, X};

#[tokio::test]
async fn a_binding_is_found_at_the_x_that_the_request_names() {
    let scene = Scene::start().await;
    let bind = scene.axg(Some(X), scene.end);
    assert_eq!(scene.client.find_binding(&bind, ..).await.unwrap(), FoundBinding::Absent);
    let binding = scene.client.bind_reconciled(&bind).await.unwrap();
    assert_eq!(scene.client.find_binding(&bind, ..).await.unwrap().one(), Some(binding.clone()));
    let other_end = scene.axg(Some(X), scene.end + TimeDelta::seconds(1));
    assert_eq!(scene.client.find_binding(&other_end, ..).await.unwrap(), FoundBinding::Absent);
    scene.client.unbind(&binding).await.unwrap();
    assert_eq!(scene.client.find_binding(&bind, ..).await.unwrap(), FoundBinding::Absent);
}

#[tokio::test]
async fn without_x_the_numbers_are_needed() {
    let scene = Scene::start().await;
    let bind = scene.axb(None, scene.end);
    let Err(Error::Invalid(invalid)) = scene.client.find_binding(&bind, ..).await else { panic!("no X") };
    assert_eq!(invalid.field(), "phone_no_x");
    let binding = scene.client.bind_reconciled(&bind).await.unwrap();
    let twice = POOL.iter().chain(&POOL).copied();
    let found = scene.client.find_binding_among(&bind, twice, ..).await.unwrap();
    assert_eq!(found, FoundBinding::One(binding), "a number that is given twice is queried once");
    let none = scene.client.find_binding_among(&bind, [] as [&str; 0], ..).await.unwrap();
    assert_eq!(none, FoundBinding::Absent);
}

#[tokio::test]
async fn the_window_distinguishes_bindings_that_differ_in_nothing_else() {
    let scene = Scene::start().await;
    let began = scene.emulator.clock().now();
    let bind = scene.axn_extension(Some(X), scene.end);
    let first = scene.client.bind_reconciled(&bind).await.unwrap();
    scene.emulator.clock().advance(Duration::from_secs(3600));
    let second = scene.client.bind_reconciled(&bind).await.unwrap();
    let between = began + TimeDelta::minutes(30);
    let find = async |window| scene.client.find_binding(&bind, window).await.unwrap();
    assert_eq!(find((std::ops::Bound::Unbounded, std::ops::Bound::Excluded(between))).await.one(), Some(first));
    let later = scene.client.find_binding(&bind, between..).await.unwrap();
    assert_eq!(later.one(), Some(second.clone()));
    let FoundBinding::Several(both) = scene.client.find_binding(&bind, began..).await.unwrap() else { panic!("two") };
    assert!(both.len() == 2 && both.contains(&second));
    assert_eq!(scene.client.find_binding(&bind, began + TimeDelta::hours(2)..).await.unwrap(), FoundBinding::Absent);
}

#[tokio::test]
async fn a_search_that_fails_is_an_error_and_not_an_absence() {
    let scene = Scene::start().await;
    scene.bind_to_x(Kind::Axb).await.unwrap();
    for search in ["QuerySubsId", "QuerySubscriptionDetail"] {
        scene.emulator.inject(Fault::unavailable().on(search));
        let error = scene.client.find_binding(&scene.axb(Some(X), scene.end), ..).await.unwrap_err();
        assert_eq!(error.operation(), Some(search));
        scene.emulator.clear_faults();
    }
}

#[tokio::test]
async fn a_binding_that_is_removed_during_the_search_is_absent() {
    let scene = Scene::start().await;
    scene.bind_to_x(Kind::Axb).await.unwrap();
    scene.emulator.inject(Fault::error("isv.SUBS_NOT_EXIST").on("QuerySubscriptionDetail").times(1));
    let found = scene.client.find_binding(&scene.axb(Some(X), scene.end), ..).await.unwrap();
    assert_eq!(found, FoundBinding::Absent);
}

#[tokio::test]
async fn a_binding_from_a_database_is_renewed_and_removed() {
    for kind in Kind::ALL {
        let scene = Scene::start().await;
        let json = serde_json::to_string(&scene.bind_to_x(kind).await.unwrap().exposed()).unwrap();
        let mut stored: Binding = serde_json::from_str(&json).unwrap();
        scene.client.renew(&mut stored, scene.end + TimeDelta::days(7)).await.unwrap();
        // The same from the columns of a row.
        let row = Binding::builder().pool_key(&stored.pool_key).subs_id(&stored.subs_id).secret_no(X);
        let row = row.maybe_extension(stored.extension.clone()).expiration(scene.end + TimeDelta::days(7)).build();
        assert_eq!(row, stored, "{kind:?}");
        assert_eq!(scene.client.unbind(&row).await.unwrap(), Unbound::Removed, "{kind:?}");
        assert!(scene.live().await.is_empty(), "{kind:?}");
    }
}
