//! A process that dies before or after any of its writes. Another one finishes what it began.

use chrono::TimeDelta;
use privacy_number::aliyun::Unbound;
use privacy_number::binding_ledger::LedgerError;
use std::time::Duration;

use super::faulty_store::Fate;
use super::{KEY, Ledger, Setup, lease_ends};

/// Starts a call that dies at the chosen write.
async fn dies<T>(call: impl Future<Output = Result<T, LedgerError>>) {
    assert!(tokio::time::timeout(Duration::from_millis(500), call).await.is_err(), "the call must not return");
}

/// The places where a call with two writes can die, and whether the gateway was called by then.
const DEATHS: [(&[Fate], bool); 4] = [
    (&[Fate::DiesBefore], false),
    (&[Fate::DiesAfter], false),
    (&[Fate::Succeeds, Fate::DiesBefore], true),
    (&[Fate::Succeeds, Fate::DiesAfter], true),
];

/// A ledger whose next call dies, and one of another process.
async fn two(setup: &Setup) -> (Ledger, super::FaultyStore, Ledger) {
    let (first, store) = setup.ledger_with(setup.settings()).await;
    (first, store, setup.ledger().await)
}

#[tokio::test]
async fn a_bind_is_finished_once_by_recovery_or_by_the_next_call() {
    for by_recovery in [true, false] {
        for (index, (fates, was_sent)) in DEATHS.into_iter().enumerate() {
            let setup = Setup::start().await;
            let (first, store, second) = two(&setup).await;
            store.next_writes(fates.iter().copied());
            dies(first.bind(KEY, &setup.axb())).await;
            assert_eq!(setup.executed("BindAxb"), u64::from(was_sent), "{index}");
            if by_recovery {
                lease_ends().await;
                let recovered = second.recover().await.unwrap();
                assert!(recovered.failed.is_empty() && recovered.unresolved.is_empty(), "{recovered:?}");
                let expected = [(0, 0), (0, 1), (1, 0), (0, 0)][index];
                assert_eq!((recovered.adopted, recovered.bound), expected, "{index}");
                assert_eq!(second.get(KEY).await.unwrap().is_some(), index != 0);
            }
            // It waits for the lease, and finishes the bind itself.
            let binding = second.bind(KEY, &setup.axb()).await.unwrap();
            assert_eq!((setup.live(), setup.executed("BindAxb")), (vec![binding.subs_id.clone()], 1), "{index}");
            assert!(second.sweep().await.unwrap().unknown_here.is_empty());
        }
    }
}

#[tokio::test]
async fn a_renewal_and_a_removal_are_finished() {
    for (index, (fates, _)) in DEATHS.into_iter().enumerate() {
        let setup = Setup::start().await;
        let (first, store, second) = two(&setup).await;
        first.bind(KEY, &setup.axb()).await.unwrap();
        let later = setup.end + TimeDelta::days(7);
        store.next_writes(fates.iter().copied());
        dies(first.renew(KEY, later)).await;
        lease_ends().await;
        assert_eq!(second.recover().await.unwrap().renewed, [0, 1, 1, 0][index], "{index}");
        let binding = second.get(KEY).await.unwrap().unwrap();
        assert_eq!(binding.expiration.to_utc(), if index == 0 { setup.end } else { later }, "{index}");

        store.next_writes(fates.iter().copied());
        dies(first.unbind(KEY)).await;
        lease_ends().await;
        assert_eq!(second.recover().await.unwrap().unbound, [0, 1, 1, 0][index], "{index}");
        assert_eq!(setup.live().len(), usize::from(index == 0), "{index}");
        let expected = if index == 0 { Unbound::Removed } else { Unbound::AlreadyGone };
        assert_eq!(second.unbind(KEY).await.unwrap(), expected, "{index}");
    }
}

#[tokio::test]
async fn a_removal_that_was_left_is_finished_before_the_key_is_bound_again() {
    let setup = Setup::start().await;
    let (first, store, second) = two(&setup).await;
    let before = first.bind(KEY, &setup.axb()).await.unwrap();
    store.next_writes([Fate::DiesAfter]);
    dies(first.unbind(KEY)).await;
    let binding = second.bind(KEY, &setup.axb()).await.unwrap();
    assert_ne!(binding.subs_id, before.subs_id);
    assert_eq!(setup.live(), [binding.subs_id]);
}

#[tokio::test]
async fn a_bind_whose_time_is_over_is_dropped() {
    let setup = Setup::start().await;
    let (first, store, second) = two(&setup).await;
    store.next_writes([Fate::Succeeds, Fate::DiesBefore]);
    dies(first.bind(KEY, &setup.axb())).await;
    setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
    lease_ends().await;
    let recovered = second.recover().await.unwrap();
    assert_eq!(recovered.failed.len(), 1);
    assert!(second.recover().await.unwrap().failed.is_empty());
    assert_eq!(second.stats(TimeDelta::zero()).await.unwrap().binding, 0);
}

#[tokio::test]
async fn a_call_at_work_is_reported_if_nobody_waits() {
    let setup = Setup::start().await;
    let (first, store) = setup.ledger_with(setup.settings().lease(Duration::from_secs(600))).await;
    store.next_writes([Fate::Succeeds, Fate::DiesBefore]);
    dies(first.bind(KEY, &setup.axb())).await;
    let (second, _) = setup.ledger_with(setup.settings().wait(Duration::ZERO)).await;
    let error = second.bind(KEY, &setup.axb()).await.unwrap_err();
    assert!(matches!(error, LedgerError::InProgress { .. }), "{error}");
    assert!(matches!(second.unbind(KEY).await, Err(LedgerError::InProgress { .. })));
    assert!(matches!(second.forget(KEY).await, Err(LedgerError::InProgress { .. })));
    let recovered = second.recover().await.unwrap();
    assert_eq!((recovered.adopted, recovered.bound, setup.executed("BindAxb")), (0, 0, 1));
}

#[tokio::test]
async fn a_slow_call_keeps_its_lease() {
    let setup = Setup::start().await;
    setup.emulator.inject(privacy_number::emulator::Fault::delay_after(4 * super::LEASE).on("BindAxb").times(1));
    let (first, second) = (setup.ledger().await, setup.ledger().await);
    let bind = setup.axb();
    let (one, other, recovered) = tokio::join!(first.bind(KEY, &bind), second.bind(KEY, &bind), async {
        tokio::time::sleep(2 * super::LEASE).await;
        second.recover().await.unwrap()
    });
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!((recovered.adopted, recovered.bound), (0, 0));
    assert_eq!(setup.emulator.ledger().count("BindAxb"), 1);
}
