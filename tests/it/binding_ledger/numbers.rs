//! Which X a binding gets.

use std::collections::{BTreeMap, BTreeSet};

use privacy_number::aliyun::BindAxn;
use privacy_number::binding_ledger::LedgerError;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Advice, Outcome};

use super::{KEY, LedgerSettings, POOL, Setup};
use crate::stores::databases::{SqliteFile, TestDatabase, on_each_database};

on_each_database!(the_cap_holds_for_calls_of_two_machines_at_once);

fn pair<D: TestDatabase>(setup: &Setup<D>, number: usize) -> privacy_number::aliyun::BindAxb {
    let mut bind = setup.axb();
    bind.phone_no_a = format!("1510000{number:04}").as_str().into();
    bind.phone_no_b = format!("1520000{number:04}").as_str().into();
    bind
}

#[tokio::test]
async fn the_number_with_the_fewest_bindings_comes_first_up_to_the_cap() {
    let setup = Setup::start().await;
    let (ledger, _) = setup.ledger_with(setup.settings().bindings_per_number(2)).await;
    let mut counts = BTreeMap::new();
    for number in 0..12 {
        let binding = ledger.bind(&format!("key-{number}"), &pair(&setup, number)).await.unwrap();
        *counts.entry(binding.secret_no.expose().to_owned()).or_insert(0) += 1;
        if number == 5 {
            assert_eq!(counts.len(), 6, "each number once");
        }
    }
    assert_eq!(counts, POOL.map(|number| (number.to_owned(), 2)).into());
    let error = ledger.bind("key-12", &pair(&setup, 12)).await.unwrap_err();
    assert!(matches!(error, LedgerError::NoNumber { refusal: None, .. }), "{error}");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::FixRequest));
    ledger.unbind("key-3").await.unwrap();
    ledger.bind("key-12", &pair(&setup, 12)).await.unwrap();
    assert_eq!(setup.emulator.ledger().count("BindAxb"), 13);
}

async fn the_cap_holds_for_calls_of_two_machines_at_once<D: TestDatabase>(database: D) {
    let setup = Setup::on(database).await;
    let settings =
        || LedgerSettings::new().pool(setup.emulator.pool_key(), POOL[..2].iter().copied()).bindings_per_number(3);
    let ledgers = [setup.ledger_with(settings()).await.0, setup.ledger_with(settings()).await.0];
    let calls: Vec<_> = (0..20)
        .map(|number| {
            let (ledger, bind) = (ledgers[number % 2].clone(), pair(&setup, number));
            tokio::spawn(async move { ledger.bind(&format!("key-{number}"), &bind).await })
        })
        .collect();
    let mut bound = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => bound += 1,
            Err(error) => assert!(matches!(error, LedgerError::NoNumber { .. }), "{error}"),
        }
    }
    for number in &POOL[..2] {
        assert!(setup.ids_at(number).await.len() <= 3);
    }
    assert_eq!(setup.live().len(), bound);
    // Calls for the last place may all step back; one call at a time fills it.
    for number in 20..26 {
        let _ = ledgers[0].bind(&format!("key-{number}"), &pair(&setup, number)).await;
    }
    assert_eq!(setup.live().len(), 6);
}

#[tokio::test]
async fn a_large_pool_is_compared_in_parts_until_a_number_has_room() {
    let numbers: Vec<_> = (0..130).map(|number| format!("171{number:08}")).collect();
    let emulator = Emulator::builder().pool("FC-large", numbers.iter().map(|number| ("北京", number)));
    let setup = Setup::with(emulator.start().await.unwrap(), SqliteFile::start().unwrap());
    let settings = LedgerSettings::new().pool("FC-large", numbers.clone()).bindings_per_number(1);
    let (ledger, _) = setup.ledger_with(settings).await;
    let mut bound = BTreeSet::new();
    for number in 0..131 {
        let mut bind = pair(&setup, number);
        "FC-large".clone_into(&mut bind.pool_key);
        match ledger.bind(&format!("key-{number}"), &bind).await {
            Ok(binding) => assert!(bound.insert(binding.secret_no.expose().to_owned())),
            Err(error) => assert!(matches!(error, LedgerError::NoNumber { refusal: None, .. }), "{error}"),
        }
    }
    assert_eq!(bound, BTreeSet::from_iter(numbers));
}

#[tokio::test]
async fn a_conflict_or_an_empty_pool_leads_to_the_next_number() {
    let setup = Setup::start().await;
    // Others use these numbers: the ledger does not know that.
    for number in &POOL[..5] {
        let bind = BindAxn::builder().pool_key(setup.emulator.pool_key()).phone_no_a("15900000000");
        let bind = bind.phone_no_x(*number).expiration(setup.end).build();
        setup.emulator.aliyun().unwrap().send(&bind).await.unwrap();
    }
    let ledger = setup.ledger().await;
    let binding = ledger.bind(KEY, &setup.axn()).await.unwrap();
    assert_eq!(binding.secret_no.expose(), POOL[5]);
    let error = ledger.bind("second", &setup.axn()).await.unwrap_err();
    assert!(matches!(&error, LedgerError::NoNumber { refusal: Some(_), .. }), "{error}");
    assert!(error.to_string().contains("isv.BIND_CONFLICT"), "{error}");
    assert_eq!(ledger.get("second").await.unwrap(), None);
    assert_eq!(setup.live().len(), 6);

    let setup = Setup::start().await;
    setup.emulator.inject(Fault::error("isv.NO_AVAILABLE_NUMBER").on("BindAxb").times(3));
    let ledger = setup.ledger().await;
    ledger.bind(KEY, &setup.axb()).await.unwrap();
    assert_eq!((setup.emulator.ledger().count("BindAxb"), setup.live().len()), (4, 1));
    setup.emulator.inject(Fault::error("isv.NO_AVAILABLE_NUMBER").on("BindAxn"));
    let (ledger, _) = setup.ledger_with(setup.settings().numbers_per_bind(2)).await;
    assert!(matches!(ledger.bind("second", &setup.axn()).await, Err(LedgerError::NoNumber { .. })));
    assert_eq!(setup.emulator.ledger().count("BindAxn"), 2);
}

#[tokio::test]
async fn a_named_number_is_used_and_no_other() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let mut bind = setup.axn();
    bind.phone_no_x = Some(POOL[3].into());
    assert_eq!(ledger.bind(KEY, &bind).await.unwrap().secret_no.expose(), POOL[3]);
    let mut other = bind.clone();
    other.phone_no_a = "15000000007".into();
    let error = ledger.bind("other", &other).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected, "{error}");
    assert!(matches!(error, LedgerError::Bind(_)));
    // An equal request of another key does not share the binding.
    let error = ledger.bind("equal", &bind).await.unwrap_err();
    assert!(matches!(error, LedgerError::OtherKey), "{error}");
    assert_eq!(setup.live().len(), 1);
    assert_eq!(ledger.unbind("equal").await.unwrap(), privacy_number::aliyun::Unbound::AlreadyGone);
}

#[tokio::test]
async fn extensions_of_one_number_are_chosen_until_one_is_free() {
    let setup = Setup::start().await;
    let (ledger, _) = setup
        .ledger_with(
            LedgerSettings::new().pool(setup.emulator.pool_key(), POOL[..1].iter().copied()).numbers_per_bind(100),
        )
        .await;
    for number in 0..60 {
        ledger.bind(&format!("key-{number}"), &setup.extension()).await.unwrap();
    }
    assert_eq!(setup.live().len(), 60);
    let mut named = setup.extension();
    named.phone_no_x = Some(POOL[0].into());
    ledger.bind("named", &named).await.unwrap();
    assert_eq!(setup.live().len(), 61);
}

#[tokio::test]
async fn a_pool_without_known_numbers_needs_a_named_one() {
    let setup = Setup::start().await;
    let ledger = setup.ledger_with(LedgerSettings::new()).await.0;
    let error = ledger.bind(KEY, &setup.axb()).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Invalid(invalid) if invalid.field() == "phone_no_x"), "{error}");
    assert!(setup.emulator.ledger().entries().is_empty());
}
