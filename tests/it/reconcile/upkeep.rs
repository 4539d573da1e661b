//! Renewing and removing a binding.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{Binding, BindingStatus, QuerySubscriptionDetail, SecretBindDetail, Unbound};
use privacy_number::emulator::{Fault, Throttle};

use super::{Kind, Setup};

async fn detail(setup: &Setup, binding: &Binding) -> SecretBindDetail {
    let query = QuerySubscriptionDetail::builder()
        .pool_key(&binding.pool_key)
        .subs_id(&binding.subs_id)
        .phone_no_x(binding.secret_no.clone())
        .build();
    setup.client.send(&query).await.unwrap().secret_bind_detail
}

#[tokio::test]
async fn renewing_moves_the_end() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let mut binding = setup.bind_to_x(kind).await.unwrap();
        let now = setup.emulator.clock().now();
        assert!(binding.ends_within(TimeDelta::days(8), now) && !binding.ends_within(TimeDelta::days(6), now));
        let later = setup.end + TimeDelta::days(7);
        setup.emulator.inject(Fault::reset_after_execution().on("UpdateSubscription").times(1));
        setup.client.renew(&mut binding, later).await.unwrap();
        assert_eq!(binding.expiration, later);
        assert!(!binding.ends_within(TimeDelta::days(8), now));
        // A week after its first expiration it is still in force.
        setup.emulator.clock().advance(Duration::from_secs(13 * 86_400));
        let detail = detail(&setup, &binding).await;
        assert_eq!((detail.status, detail.expire_date), (BindingStatus::InForce, Some(later.into())), "{kind:?}");
    }
}

#[tokio::test]
async fn a_binding_that_has_ended_cannot_be_renewed_and_keeps_its_end() {
    let setup = Setup::start().await;
    let mut binding = setup.bind_to_x(Kind::Axb).await.unwrap();
    let end = binding.expiration;
    setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
    let error = setup.client.renew(&mut binding, end + TimeDelta::days(7)).await.unwrap_err();
    assert_eq!((error.code(), binding.expiration), (Some("isv.FORBIDDEN_ACTION"), end));
}

#[tokio::test]
async fn removing_what_is_gone_is_a_success() {
    for kind in Kind::ALL {
        let setup = Setup::start().await;
        let binding = setup.bind_to_x(kind).await.unwrap();
        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::Removed);
        assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::AlreadyGone);
        assert!(setup.live().await.is_empty());

        let ended = setup.bind_to_x(kind).await.unwrap();
        setup.emulator.clock().advance(Duration::from_secs(8 * 86_400));
        assert_eq!(setup.client.unbind(&ended).await.unwrap(), Unbound::AlreadyGone, "{kind:?}");
    }
}

#[tokio::test]
async fn a_lost_response_to_removing_ends_with_the_binding_gone() {
    let setup = Setup::start().await;
    let binding = setup.bind_to_x(Kind::Axn).await.unwrap();
    setup.emulator.inject(Fault::reset_after_execution().on("UnbindSubscription").times(1));
    assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::Removed);
    assert!(setup.live().await.is_empty());
}

#[tokio::test]
async fn a_binding_absent_before_the_first_attempt_is_not_taken_for_removed() {
    let setup = Setup::start().await;
    let binding = setup.bind_to_x(Kind::Axn).await.unwrap();
    setup.client.unbind(&binding).await.unwrap();
    setup.emulator.inject(Fault::throttled(Throttle::Product, Duration::ZERO).on("UnbindSubscription").times(1));
    assert_eq!(setup.client.unbind(&binding).await.unwrap(), Unbound::AlreadyGone);
}

#[tokio::test]
async fn another_refusal_of_removing_is_an_error() {
    let setup = Setup::start().await;
    let binding = setup.bind_to_x(Kind::Axn).await.unwrap();
    setup.emulator.inject(Fault::error("isv.SUBS_NOT_BELONG").on("UnbindSubscription").times(1));
    assert_eq!(setup.client.unbind(&binding).await.unwrap_err().code(), Some("isv.SUBS_NOT_BELONG"));
    assert_eq!(setup.live().await, [binding.subs_id]);
}
