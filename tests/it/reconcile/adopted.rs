//! A bind of an earlier process that ended before it could store the result.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{Bind, BindAxb, BindAxn, BindAxnExtension, CallRestrict, Unbound};
use privacy_number::emulator::Fault;
use privacy_number::{Advice, Outcome};

use super::{A, B, Kind, Setup, X, client};

/// Binds, ignores the response, and advances the clock by a day.
async fn bind_and_ignore_the_response<O: Bind>(setup: &Setup, bind: &O) {
    client(&setup.emulator).send(bind).await.unwrap();
    setup.emulator.clock().advance(Duration::from_secs(86_400));
}

async fn assert_adopted<O: Bind>(setup: &Setup, bind: &O, kind: Kind) {
    bind_and_ignore_the_response(setup, bind).await;
    let mut binding = setup.client.bind_reconciled(bind).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
    assert_eq!(setup.live().await, [binding.subs_id.as_str()], "{kind:?}: the only one");
    assert_eq!(setup.arrived(kind), (2, 1), "{kind:?}");
    assert_eq!((binding.secret_no.expose(), binding.expiration.to_utc()), (X, setup.end));
    setup.client.renew(&mut binding, setup.end + TimeDelta::days(1)).await.unwrap();
    assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::Removed);
}

fn with_extension(setup: &Setup, extension: &str) -> BindAxnExtension {
    let bind = BindAxnExtension::builder().pool_key(setup.emulator.pool_key()).phone_no_a(A).phone_no_x(X);
    bind.extension(extension).expiration(setup.end).build()
}

#[tokio::test]
async fn a_binding_of_a_dead_process_is_adopted_however_long_ago_it_was_made() {
    let setup = Setup::start().await;
    assert_adopted(&setup, &setup.axb(Some(X), setup.end), Kind::Axb).await;
    let setup = Setup::start().await;
    assert_adopted(&setup, &setup.axn(Some(X), setup.end), Kind::Axn).await;
    let setup = Setup::start().await;
    assert_adopted(&setup, &setup.axg(Some(X), setup.end), Kind::Axg).await;
    let setup = Setup::start().await;
    assert_adopted(&setup, &with_extension(&setup, "101"), Kind::AxnExtension).await;
}

#[tokio::test]
async fn a_binding_with_the_settings_asked_for_is_adopted() {
    let setup = Setup::start().await;
    let bind = BindAxb::builder().pool_key(setup.emulator.pool_key()).phone_no_a(A).phone_no_b(B).phone_no_x(X);
    let bind = bind.expiration(setup.end).is_recording_enabled(true).asr_status(true).asr_model_id("980abddb");
    assert_adopted(&setup, &bind.call_restrict(CallRestrict::A).build(), Kind::Axb).await;
}

#[tokio::test]
async fn among_many_bindings_of_a_shared_x_the_own_one_is_adopted() {
    let setup = Setup::start().await;
    for pair in 0..20 {
        let other = BindAxb::builder().pool_key(setup.emulator.pool_key()).phone_no_x(X).expiration(setup.end);
        let other = other.phone_no_a(format!("1510000{pair:04}")).phone_no_b(format!("1520000{pair:04}"));
        setup.client.send(&other.build()).await.unwrap();
    }
    let bind = setup.axb(Some(X), setup.end);
    bind_and_ignore_the_response(&setup, &bind).await;
    let binding = setup.client.bind_reconciled(&bind).await.unwrap();
    let live = setup.live().await;
    assert_eq!((live.len(), live.last()), (21, Some(&binding.subs_id)));
}

/// Asserts that X is in use on other terms: nothing is adopted, nothing is bound, and the error is the gateway's own.
async fn assert_refused<O: Bind>(setup: &Setup, bind: &O, what: &str) {
    let before = setup.live().await;
    let error = setup.client.bind_reconciled(bind).await.unwrap_err();
    assert_eq!((error.error.code(), error.error.outcome()), (Some("isv.BIND_CONFLICT"), Outcome::Rejected), "{what}");
    assert_eq!((error.error.advice(), error.needs_reconciling()), (Advice::FixRequest, false), "{what}");
    assert_eq!(setup.live().await, before, "{what}");
}

#[tokio::test]
async fn a_binding_on_other_terms_is_not_adopted() {
    let setup = Setup::start().await;
    let axb = || {
        let bind = BindAxb::builder().pool_key(setup.emulator.pool_key()).phone_no_a(A).phone_no_b(B).phone_no_x(X);
        bind.expiration(setup.end)
    };
    bind_and_ignore_the_response(&setup, &axb().is_recording_enabled(true).call_restrict(CallRestrict::A).build())
        .await;
    // The unchanged request is adopted, so each refusal below is due to its difference.
    let same = axb().is_recording_enabled(true).call_restrict(CallRestrict::A).build();
    setup.client.bind_reconciled(&same).await.unwrap();
    assert_refused(&setup, &axb().call_restrict(CallRestrict::A).is_recording_enabled(false).build(), "recording")
        .await;
    assert_refused(&setup, &axb().call_restrict(CallRestrict::B).build(), "another restriction").await;
    assert_refused(&setup, &axb().build(), "no restriction").await;
    assert_refused(&setup, &axb().call_restrict(CallRestrict::A).asr_status(true).build(), "transcription").await;
    let mut other = same.clone();
    other.phone_no_b = "15000000009".into();
    assert_refused(&setup, &other, "another B").await;
    let mut other = same.clone();
    (other.phone_no_a, other.phone_no_b) = (B.into(), A.into());
    assert_refused(&setup, &other, "A and B exchanged").await;
    let mut other = same.clone();
    other.expiration += TimeDelta::seconds(1);
    assert_refused(&setup, &other, "another end").await;

    let setup = Setup::start().await;
    let axn = || BindAxn::builder().pool_key(setup.emulator.pool_key()).phone_no_a(A).phone_no_x(X);
    bind_and_ignore_the_response(&setup, &axn().phone_no_b(B).expiration(setup.end).build()).await;
    assert_refused(&setup, &axn().expiration(setup.end).build(), "a B that the request does not have").await;

    let setup = Setup::start().await;
    bind_and_ignore_the_response(&setup, &with_extension(&setup, "101")).await;
    let mut other = with_extension(&setup, "101");
    other.phone_no_a = "15000000009".into();
    assert_refused(&setup, &other, "another A").await;
}

#[tokio::test]
async fn a_refusal_whose_search_fails_may_hide_a_binding() {
    for search in ["QuerySubsId", "QuerySubscriptionDetail"] {
        let setup = Setup::start().await;
        let bind = setup.axb(Some(X), setup.end);
        bind_and_ignore_the_response(&setup, &bind).await;
        setup.emulator.inject(Fault::unavailable().on(search));
        let error = setup.client.bind_reconciled(&bind).await.unwrap_err();
        // This request was refused; the one before it may have been executed.
        assert_eq!((error.error.code(), error.error.outcome()), (Some("isv.BIND_CONFLICT"), Outcome::Rejected));
        assert!(error.needs_reconciling(), "{search}");
        assert_eq!(error.search_error.as_ref().unwrap().operation(), Some(search));
        // It is adopted when it is bound again later.
        setup.emulator.clear_faults();
        let binding = setup.client.bind_reconciled(&bind).await.unwrap();
        assert_eq!(setup.live().await, [binding.subs_id]);
    }
}

#[tokio::test]
async fn an_extension_that_the_platform_picks_is_never_adopted() {
    let setup = Setup::start().await;
    let bind = setup.axn_extension(Some(X), setup.end);
    bind_and_ignore_the_response(&setup, &bind).await;
    let binding = setup.client.bind_reconciled(&bind).await.unwrap();
    let live = setup.live().await;
    assert_eq!((live.len(), live.last()), (2, Some(&binding.subs_id)), "it has its own extension");
    setup.emulator.inject(Fault::error("isv.BIND_CONFLICT").on("BindAxnExtension").times(1));
    assert_refused(&setup, &bind, "an extension left to the platform").await;
}
