//! Bindings of 700 numbers, which nothing reads back: nothing is sent twice, and a person decides.

use chrono::TimeDelta;
use privacy_number::aliyun::{BindAxb700, Binding, BindingKind, Unbound};
use privacy_number::binding_ledger::LedgerError;
use privacy_number::emulator::Fault;
use privacy_number::{Advice, Outcome};

use super::faulty_store::Fate;
use super::{A, B, KEY, Setup, lease_ends};

const X: [&str; 2] = ["700000000000001", "700000000000002"];

fn axb(setup: &Setup) -> BindAxb700 {
    let bind = BindAxb700::builder().pool_key(setup.emulator.pool_key()).tel_a(A).tel_b(B).order_id("order-700-1");
    bind.expiration(setup.end).build()
}

#[tokio::test]
async fn it_is_bound_renewed_and_removed() {
    let setup = Setup::start().await;
    let ledger = setup.ledger_with(super::LedgerSettings::new().pool(setup.emulator.pool_key(), X)).await.0;
    let binding = ledger.bind(KEY, &axb(&setup)).await.unwrap();
    assert!(X.contains(&binding.secret_no.expose()));
    assert_eq!(ledger.bind(KEY, &axb(&setup)).await.unwrap(), binding);
    ledger.renew(KEY, setup.end + TimeDelta::days(1)).await.unwrap();
    assert_eq!(ledger.unbind(KEY).await.unwrap(), Unbound::Removed);
    // Without known numbers the platform chooses.
    let ledger = setup.ledger_with(super::LedgerSettings::new()).await.0;
    let mut bind = axb(&setup);
    bind.order_id = Some("order-700-2".into());
    ledger.bind(KEY, &bind).await.unwrap();
    assert_eq!(setup.live().len(), 1);
}

#[tokio::test]
async fn after_a_lost_response_or_a_crash_a_person_decides() {
    for dies in [true, false] {
        let setup = Setup::start().await;
        let (first, store) = setup.ledger_with(super::LedgerSettings::new().lease(super::LEASE)).await;
        let bind = axb(&setup);
        if dies {
            store.next_writes([Fate::Succeeds, Fate::DiesBefore]);
            let call = first.bind(KEY, &bind);
            assert!(tokio::time::timeout(std::time::Duration::from_millis(500), call).await.is_err());
            lease_ends().await;
        } else {
            setup.emulator.inject(Fault::reset_after_execution().on("BindAxb700").times(1));
            let error = first.bind(KEY, &bind).await.unwrap_err();
            assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile), "{error}");
        }
        let second = setup.ledger_with(super::LedgerSettings::new().lease(super::LEASE)).await.0;
        for _ in 0..2 {
            let recovered = second.recover().await.unwrap();
            let keys: Vec<_> = recovered.unresolved.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!((keys, recovered.failed.len()), (vec![KEY], 0));
        }
        let stats = second.stats(TimeDelta::zero()).await.unwrap();
        assert!(stats.unresolved == 1 && stats.unresolved_since.is_some(), "{stats:?}");
        let error = second.bind(KEY, &bind).await.unwrap_err();
        assert!(matches!(error, LedgerError::Unresolved { since: Some(_) }), "{error}");
        assert_eq!(error.advice(), Advice::Reconcile);
        assert_eq!(setup.emulator.ledger().count("BindAxb700"), 1);

        let [id] = &setup.live()[..] else { panic!("one binding") };
        let found = Binding::builder().kind(BindingKind::Axb700).pool_key(setup.emulator.pool_key()).subs_id(id);
        let found = found.secret_no(X[0]).order_id("order-700-1").expiration(setup.end).build();
        second.adopt(KEY, &found).await.unwrap();
        assert_eq!(second.bind(KEY, &bind).await.unwrap(), found);
        assert!(second.recover().await.unwrap().unresolved.is_empty());
        assert!(matches!(second.adopt(KEY, &found).await, Err(LedgerError::UnknownKey)));
    }
}

#[tokio::test]
async fn forgetting_an_unresolved_key_makes_it_free() {
    let setup = Setup::start().await;
    let ledger = setup.ledger_with(super::LedgerSettings::new()).await.0;
    setup.emulator.inject(Fault::reset_before_execution().on("BindAxb700").times(1));
    assert_eq!(ledger.bind(KEY, &axb(&setup)).await.unwrap_err().outcome(), Outcome::Unknown);
    assert!(ledger.forget(KEY).await.unwrap());
    assert!(!ledger.forget(KEY).await.unwrap());
    ledger.bind(KEY, &axb(&setup)).await.unwrap();
}
