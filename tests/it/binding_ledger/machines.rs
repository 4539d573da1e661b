//! Several ledgers over one store at once.

use std::collections::BTreeSet;

use super::{KEY, Setup};
use crate::stores::databases::{TestDatabase, on_each_database};

on_each_database!(
    many_calls_with_one_key_make_one_binding,
    equal_requests_of_different_keys_get_bindings_of_their_own,
    recovery_in_two_places_at_once_does_each_thing_once,
);

async fn many_calls_with_one_key_make_one_binding<D: TestDatabase>(database: D) {
    let setup = Setup::on(database).await;
    let (first, second) = (setup.ledger().await, setup.ledger().await);
    let calls = (0..20).map(|call| {
        let (ledger, bind) = (if call % 2 == 0 { first.clone() } else { second.clone() }, setup.axb());
        tokio::spawn(async move { ledger.bind(KEY, &bind).await.unwrap().subs_id })
    });
    let calls: Vec<_> = calls.collect();
    let mut ids = BTreeSet::new();
    for call in calls {
        ids.insert(call.await.unwrap());
    }
    assert_eq!(Vec::from_iter(ids), setup.live());
    assert_eq!(setup.emulator.ledger().count("BindAxb"), 1);
}

async fn equal_requests_of_different_keys_get_bindings_of_their_own<D: TestDatabase>(database: D) {
    let setup = Setup::on(database).await;
    let (first, second) = (setup.ledger().await, setup.ledger().await);
    let calls: Vec<_> = (0..6)
        .map(|call| {
            let (ledger, bind) = (if call % 2 == 0 { first.clone() } else { second.clone() }, setup.axb());
            tokio::spawn(async move { ledger.bind(&format!("key-{call}"), &bind).await.unwrap() })
        })
        .collect();
    let mut ids = BTreeSet::new();
    for call in calls {
        ids.insert(call.await.unwrap().subs_id);
    }
    assert_eq!(ids.len(), 6);
    assert_eq!(setup.live(), Vec::from_iter(ids));
    let sweep = first.sweep().await.unwrap();
    assert!(sweep.unknown_here.is_empty() && sweep.unknown_there.is_empty(), "{sweep:?}");
}

async fn recovery_in_two_places_at_once_does_each_thing_once<D: TestDatabase>(database: D) {
    let setup = Setup::on(database).await;
    let (dying, store) = setup.ledger_with(setup.settings()).await;
    for key in 0..5 {
        store.next_writes([super::faulty_store::Fate::DiesAfter]);
        let mut bind = setup.axb();
        bind.phone_no_a = format!("1500000{:04}", 1000 + key).as_str().into();
        let key = format!("key-{key}");
        let call = dying.bind(&key, &bind);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(200), call).await.is_err());
    }
    super::lease_ends().await;
    let (first, second) = (setup.ledger().await, setup.ledger().await);
    let (one, other) = tokio::join!(first.recover(), second.recover());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!((one.bound + other.bound, one.adopted + other.adopted), (5, 0), "{one:?} {other:?}");
    assert_eq!((setup.live().len(), setup.executed("BindAxb")), (5, 5));
}
