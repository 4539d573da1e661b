//! A binding from its first call to its end.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{BindingKind, Unbound};
use privacy_number::binding_ledger::LedgerError;
use privacy_number::{Advice, Outcome};

use super::{A, B, KEY, POOL, Setup};
use crate::stores::databases::TestDatabase;

#[tokio::test]
async fn a_second_bind_with_the_key_returns_the_binding_that_exists() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let binding = ledger.bind(KEY, &setup.axb()).await.unwrap();
    assert!(POOL.contains(&binding.secret_no.expose()));
    assert_eq!((binding.kind, binding.expiration.to_utc()), (BindingKind::Axb, setup.end));
    assert_eq!(setup.live(), [binding.subs_id.as_str()]);
    // The same process, and another one; with a later expiration too.
    let mut later = setup.axb();
    later.expiration += TimeDelta::days(1);
    assert_eq!(ledger.bind(KEY, &later).await.unwrap(), binding);
    let other = setup.ledger().await;
    assert_eq!(other.bind(KEY, &setup.axb()).await.unwrap(), binding);
    assert_eq!(other.get(KEY).await.unwrap(), Some(binding));
    assert_eq!(setup.emulator.ledger().count("BindAxb"), 1);
}

#[tokio::test]
async fn another_request_under_the_key_is_refused_before_anything_is_sent() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    ledger.bind(KEY, &setup.axb()).await.unwrap();
    let mut other = setup.axb();
    other.phone_no_b = "15000000002".into();
    for error in [ledger.bind(KEY, &other).await.unwrap_err(), ledger.bind(KEY, &setup.axn()).await.unwrap_err()] {
        assert!(matches!(error, LedgerError::KeyInUse), "{error}");
        assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::FixRequest));
        assert!(!format!("{error:?} {error}").contains(KEY));
    }
    assert_eq!((setup.executed("BindAxb"), setup.executed("BindAxn")), (1, 0));
}

#[tokio::test]
async fn every_kind_is_bound_renewed_and_removed() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    ledger.bind("axb", &setup.axb()).await.unwrap();
    ledger.bind("axn", &setup.axn()).await.unwrap();
    ledger.bind("axg", &setup.axg().await).await.unwrap();
    let extension = ledger.bind("extension", &setup.extension()).await.unwrap();
    assert_eq!(extension.extension.unwrap().expose().len(), 3);
    assert_eq!(setup.live().len(), 4);
    let later = setup.end + TimeDelta::days(7);
    for key in ["axb", "axn", "axg", "extension"] {
        assert_eq!(ledger.renew(key, later).await.unwrap().expiration.to_utc(), later, "{key}");
    }
    setup.emulator.clock().advance(Duration::from_secs(10 * 86_400));
    assert_eq!(setup.live().len(), 4);
    for key in ["axb", "axn", "axg", "extension"] {
        assert_eq!(ledger.unbind(key).await.unwrap(), Unbound::Removed, "{key}");
        assert_eq!(ledger.unbind(key).await.unwrap(), Unbound::AlreadyGone, "{key}");
        assert_eq!(ledger.get(key).await.unwrap(), None);
    }
    assert!(setup.live().is_empty());
    let error = ledger.renew("axb", later).await.unwrap_err();
    assert!(matches!(error, LedgerError::UnknownKey), "{error}");
    // The key is free.
    let mut again = setup.axb();
    again.expiration = later.into();
    ledger.bind("axb", &again).await.unwrap();
    assert_eq!(setup.live().len(), 1);
}

#[tokio::test]
async fn a_binding_that_has_ended_leaves_its_key_free() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let first = ledger.bind(KEY, &setup.axb()).await.unwrap();
    setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
    assert_eq!(ledger.get(KEY).await.unwrap(), None);
    let mut second = setup.axb();
    second.phone_no_a = "15000000009".into();
    second.expiration = (setup.end + TimeDelta::days(7)).into();
    let binding = ledger.bind(KEY, &second).await.unwrap();
    assert_ne!(binding.subs_id, first.subs_id);
    assert_eq!(setup.live(), [binding.subs_id]);
}

#[tokio::test]
async fn what_ends_soon_is_renewed_and_counted() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    for (key, days) in [("soon", 0), ("later", 30)] {
        let mut bind = setup.axn();
        bind.expiration += TimeDelta::days(days);
        ledger.bind(key, &bind).await.unwrap();
    }
    let within = TimeDelta::days(8);
    let stats = ledger.stats(within).await.unwrap();
    assert_eq!((stats.bound, stats.renewals_due, stats.first_end), (2, 1, Some(setup.end)));
    assert_eq!((stats.binding, stats.unresolved, stats.first_lease_end), (0, 0, None));
    let until = setup.end + TimeDelta::days(20);
    let renewals = ledger.renew_due(within, until).await.unwrap();
    assert!(renewals.failed.is_empty());
    let renewed: Vec<_> = renewals.renewed.iter().map(|(key, it)| (key.as_str(), it.expiration.to_utc())).collect();
    assert_eq!(renewed, [("soon", until)]);
    assert!(ledger.renew_due(within, until).await.unwrap().renewed.is_empty());
    assert_eq!(ledger.stats(within).await.unwrap().renewals_due, 0);
    let error = ledger.renew_due(within, setup.end).await.unwrap_err();
    assert!(error.to_string().contains("`expiration`"), "{error}");
}

#[tokio::test]
async fn a_dropped_call_still_comes_to_its_end() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let bind = setup.axb();
    let call = ledger.bind(KEY, &bind);
    assert!(tokio::time::timeout(Duration::from_millis(1), call).await.is_err());
    let binding = ledger.bind(KEY, &bind).await.unwrap();
    assert_eq!((setup.live(), setup.executed("BindAxb")), (vec![binding.subs_id], 1));
}

#[tokio::test]
async fn the_database_shows_no_number_and_no_key() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let binding = ledger.bind(KEY, &setup.axb()).await.unwrap();
    let files: Vec<_> =
        ["store.db", "store.db-wal"].map(|name| std::fs::read(setup.database.folder().join(name))).into();
    let bytes: Vec<u8> = files.into_iter().flatten().flatten().collect();
    let table = setup.database.table("bindings");
    assert!(bytes.windows(table.len()).any(|window| window == table.as_bytes()));
    for text in [A, B, KEY, binding.secret_no.expose(), &binding.subs_id, setup.emulator.pool_key()] {
        assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    assert!(!format!("{ledger:?}").contains(POOL[0]));
}

#[tokio::test]
async fn the_workflows_run_in_tasks() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let until = setup.end + TimeDelta::days(1);
    let work = tokio::spawn(async move {
        ledger.recover().await?;
        ledger.renew_due(TimeDelta::days(1), until).await?;
        ledger.sweep().await?;
        ledger.stats(TimeDelta::days(1)).await
    });
    assert_eq!(work.await.unwrap().unwrap().bound, 0);
}
