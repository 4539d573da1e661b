//! Comparing the ledger with the gateway.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::Client;

use super::{KEY, POOL, Setup};

fn client(setup: &Setup) -> Client {
    setup.emulator.aliyun().unwrap()
}

#[tokio::test]
async fn what_only_one_side_knows_is_found() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let kept = ledger.bind("kept", &setup.axb()).await.unwrap();
    let removed = ledger.bind("removed", &setup.axn()).await.unwrap();
    let sweep = ledger.sweep().await.unwrap();
    assert!(sweep.expired == 0 && sweep.unknown_here.is_empty() && sweep.unknown_there.is_empty(), "{sweep:?}");

    client(&setup).unbind(&removed).await.unwrap();
    let mut foreign = setup.axn();
    foreign.phone_no_x = Some(POOL.into_iter().find(|number| kept.secret_no.expose() != *number).unwrap().into());
    let foreign = client(&setup).bind_reconciled(&foreign).await.unwrap();
    let sweep = ledger.sweep().await.unwrap();
    assert_eq!(sweep.unknown_there, ["removed"]);
    let [unknown] = &sweep.unknown_here[..] else { panic!("{sweep:?}") };
    assert_eq!((&unknown.subs_id, &unknown.number_x), (&foreign.subs_id, &foreign.secret_no));
    assert_eq!(unknown.pool_key, setup.emulator.pool_key());
    assert!(!format!("{sweep:?}").contains(foreign.secret_no.expose()));

    assert!(ledger.forget("removed").await.unwrap());
    assert!(ledger.sweep().await.unwrap().unknown_there.is_empty());
    assert_eq!(ledger.get("kept").await.unwrap(), Some(kept));
}

#[tokio::test]
async fn what_has_ended_is_removed_unless_somebody_else_renewed_it() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    ledger.bind(KEY, &setup.axb()).await.unwrap();
    let mut outlived = ledger.bind("outlived", &setup.axn()).await.unwrap();
    client(&setup).renew(&mut outlived, setup.end + TimeDelta::days(30)).await.unwrap();
    setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
    let sweep = ledger.sweep().await.unwrap();
    assert_eq!((sweep.expired, sweep.outlived), (1, vec!["outlived".to_owned()]));
    assert_eq!(ledger.stats(TimeDelta::zero()).await.unwrap().bound, 1);
    assert_eq!(ledger.sweep().await.unwrap().expired, 0);
}

#[tokio::test]
async fn calls_at_work_are_no_findings() {
    let setup = Setup::start().await;
    let (ledger, store) = setup.ledger_with(setup.settings()).await;
    store.next_writes([super::faulty_store::Fate::Succeeds, super::faulty_store::Fate::DiesBefore]);
    let bind = setup.axb();
    let call = ledger.bind(KEY, &bind);
    assert!(tokio::time::timeout(Duration::from_millis(500), call).await.is_err());
    assert_eq!(setup.live().len(), 1);
    let sweep = ledger.sweep().await.unwrap();
    assert!(sweep.unknown_here.is_empty() && sweep.unknown_there.is_empty(), "{sweep:?}");
}
