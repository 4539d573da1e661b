//! The store fails in the middle.

use chrono::TimeDelta;
use privacy_number::binding_ledger::LedgerError;
use privacy_number::{Advice, Outcome};

use super::faulty_store::Fate::{Fails, FailsAfter, Succeeds};
use super::{KEY, Setup, lease_ends};

#[tokio::test]
async fn without_a_store_nothing_is_sent() {
    let setup = Setup::start().await;
    let (ledger, store) = setup.ledger_with(setup.settings()).await;
    store.next_writes([Fails; 3]);
    let error = ledger.bind(KEY, &setup.axb()).await.unwrap_err();
    assert!(matches!(error, LedgerError::Store(_)), "{error}");
    assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::Retry));
    assert!(setup.emulator.ledger().entries().is_empty());
    ledger.bind(KEY, &setup.axb()).await.unwrap();
}

#[tokio::test]
async fn a_store_that_comes_back_in_time_is_not_noticed() {
    for failure in [Fails, FailsAfter] {
        let setup = Setup::start().await;
        let (ledger, store) = setup.ledger_with(setup.settings()).await;
        store.next_writes([failure, Succeeds, failure, Succeeds]);
        let binding = ledger.bind(KEY, &setup.axb()).await.unwrap();
        store.next_writes([failure, Succeeds, failure, Succeeds]);
        ledger.renew(KEY, setup.end + TimeDelta::days(1)).await.unwrap();
        store.next_writes([failure, Succeeds, failure, Succeeds]);
        assert_eq!(setup.live(), [binding.subs_id]);
        ledger.unbind(KEY).await.unwrap();
        assert!(setup.live().is_empty());
        assert_eq!(setup.executed("BindAxb"), 1);
    }
}

#[tokio::test]
async fn a_store_that_goes_away_after_the_bind_says_so_and_recovery_adopts_it() {
    for failure in [Fails, FailsAfter] {
        let setup = Setup::start().await;
        let (ledger, store) = setup.ledger_with(setup.settings()).await;
        store.next_writes([Succeeds, failure, Fails, Fails]);
        let error = ledger.bind(KEY, &setup.axb()).await.unwrap_err();
        assert_eq!((error.outcome(), error.advice()), (Outcome::Executed, Advice::Retry), "{error}");
        let LedgerError::NotRecorded { binding, .. } = error else { panic!("{error}") };
        lease_ends().await;
        let recovered = ledger.recover().await.unwrap();
        assert_eq!(recovered.adopted, u64::from(failure == Fails));
        assert_eq!(ledger.bind(KEY, &setup.axb()).await.unwrap(), *binding);
        assert_eq!((setup.live(), setup.executed("BindAxb")), (vec![binding.subs_id], 1));
    }
}

#[tokio::test]
async fn a_store_that_goes_away_after_a_removal_or_a_renewal_says_so() {
    let setup = Setup::start().await;
    let (ledger, store) = setup.ledger_with(setup.settings()).await;
    ledger.bind(KEY, &setup.axb()).await.unwrap();
    let later = setup.end + TimeDelta::days(1);
    store.next_writes([Succeeds, Fails, Fails, Fails]);
    let error = ledger.renew(KEY, later).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Executed, "{error}");
    lease_ends().await;
    assert_eq!(ledger.recover().await.unwrap().renewed, 1);
    assert_eq!(ledger.get(KEY).await.unwrap().unwrap().expiration.to_utc(), later);
    store.next_writes([Succeeds, Fails, Fails, Fails]);
    assert_eq!(ledger.unbind(KEY).await.unwrap_err().outcome(), Outcome::Executed);
    assert!(setup.live().is_empty());
    lease_ends().await;
    assert_eq!(ledger.recover().await.unwrap().unbound, 1);
    assert_eq!(ledger.stats(TimeDelta::zero()).await.unwrap().unbinding, 0);
}
