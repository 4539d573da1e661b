//! Searching for a binding, and renewing and removing one from a database.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::Error;
use privacy_number::aliyun::{Binding, FoundBinding, Unbound};
use privacy_number::emulator::Fault;

use super::{Kind, POOL, Setup, X};

#[tokio::test]
async fn a_binding_is_found_at_the_x_that_the_request_names() {
    let setup = Setup::start().await;
    let bind = setup.axg(Some(X), setup.end);
    assert_eq!(setup.client.find_binding(&bind, ..).await.unwrap(), FoundBinding::Absent);
    let binding = setup.client.bind_reconciled(&bind).await.unwrap();
    assert_eq!(setup.client.find_binding(&bind, ..).await.unwrap().one(), Some(binding.clone()));
    let other_end = setup.axg(Some(X), setup.end + TimeDelta::seconds(1));
    assert_eq!(setup.client.find_binding(&other_end, ..).await.unwrap(), FoundBinding::Absent);
    setup.client.unbind(&binding).await.unwrap();
    assert_eq!(setup.client.find_binding(&bind, ..).await.unwrap(), FoundBinding::Absent);
}

#[tokio::test]
async fn without_x_the_numbers_are_needed() {
    let setup = Setup::start().await;
    let bind = setup.axb(None, setup.end);
    let Err(Error::Invalid(invalid)) = setup.client.find_binding(&bind, ..).await else { panic!("no X") };
    assert_eq!(invalid.field(), "phone_no_x");
    let binding = setup.client.bind_reconciled(&bind).await.unwrap();
    let twice = POOL.iter().chain(&POOL).copied();
    let found = setup.client.find_binding_among(&bind, twice, ..).await.unwrap();
    assert_eq!(found, FoundBinding::One(binding), "a number that is given twice is queried once");
    let none = setup.client.find_binding_among(&bind, [] as [&str; 0], ..).await.unwrap();
    assert_eq!(none, FoundBinding::Absent);
}

#[tokio::test]
async fn the_window_distinguishes_bindings_that_differ_in_nothing_else() {
    let setup = Setup::start().await;
    let began = setup.emulator.clock().now();
    let bind = setup.axn_extension(Some(X), setup.end);
    let first = setup.client.bind_reconciled(&bind).await.unwrap();
    setup.emulator.clock().advance(Duration::from_secs(3600));
    let second = setup.client.bind_reconciled(&bind).await.unwrap();
    let between = began + TimeDelta::minutes(30);
    let find = async |window| setup.client.find_binding(&bind, window).await.unwrap();
    assert_eq!(find((std::ops::Bound::Unbounded, std::ops::Bound::Excluded(between))).await.one(), Some(first));
    let later = setup.client.find_binding(&bind, between..).await.unwrap();
    assert_eq!(later.one(), Some(second.clone()));
    let FoundBinding::Several(both) = setup.client.find_binding(&bind, began..).await.unwrap() else { panic!("two") };
    assert!(both.len() == 2 && both.contains(&second));
    assert_eq!(setup.client.find_binding(&bind, began + TimeDelta::hours(2)..).await.unwrap(), FoundBinding::Absent);
}

#[tokio::test]
async fn a_search_that_fails_is_an_error_and_not_an_absence() {
    let setup = Setup::start().await;
    setup.bind_to_x(Kind::Axb).await.unwrap();
    for search in ["QuerySubsId", "QuerySubscriptionDetail"] {
        setup.emulator.inject(Fault::unavailable().on(search));
        let error = setup.client.find_binding(&setup.axb(Some(X), setup.end), ..).await.unwrap_err();
        assert_eq!(error.operation(), Some(search));
        setup.emulator.clear_faults();
    }
}

#[tokio::test]
async fn a_binding_that_is_removed_during_the_search_is_absent() {
    let setup = Setup::start().await;
    setup.bind_to_x(Kind::Axb).await.unwrap();
    setup.emulator.inject(Fault::error("isv.SUBS_NOT_EXIST").on("QuerySubscriptionDetail").times(1));
    let found = setup.client.find_binding(&setup.axb(Some(X), setup.end), ..).await.unwrap();
    assert_eq!(found, FoundBinding::Absent);
}

#[tokio::test]
async fn a_binding_from_a_database_is_renewed_and_removed() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let json = serde_json::to_string(&setup.bind_to_x(kind).await.unwrap().exposed()).unwrap();
        let mut stored: Binding = serde_json::from_str(&json).unwrap();
        setup.client.renew(&mut stored, setup.end + TimeDelta::days(7)).await.unwrap();
        // The same from the columns of a row.
        let row = Binding::builder().kind(stored.kind).pool_key(&stored.pool_key).subs_id(&stored.subs_id).secret_no(X);
        let row = row.maybe_extension(stored.extension.clone()).expiration(setup.end + TimeDelta::days(7)).build();
        assert_eq!(row, stored, "{kind:?}");
        assert_eq!(setup.client.unbind(&row).await.unwrap(), Unbound::Removed, "{kind:?}");
        assert!(setup.live().await.is_empty(), "{kind:?}");
    }
}
