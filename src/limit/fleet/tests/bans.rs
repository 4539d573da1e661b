//! Bans that machines share.

use super::*;
use crate::limit::{BANNED, NoPermit};
use crate::redact::Secret;

async fn refused(limits: &Limits, call: Call<'_>) -> NoPermit {
    let mut deadline = Some(Instant::now() + Duration::from_millis(1));
    limits.permit(call, &mut deadline, PermitWait::UntilDeadline).await.err().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_ban_of_the_account_holds_back_all_its_operations_on_all_machines_within_a_tenth_of_a_second() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 100), machine(&shared, 100));
    other.permit_for(NAME, None, None).await.unwrap();
    one.ban(call(NAME), BanScope::Account, None, 60 * SECOND, None).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    for operation in [NAME, "QueryCallStatus"] {
        let refused = refused(&other, call(operation)).await;
        assert_eq!(refused.wait, 60 * SECOND - Duration::from_millis(100), "{operation}");
        assert_eq!(refused.ban.unwrap().code.as_str(), BANNED, "the gateway's code is not known here");
    }
    let elsewhere = Call { gateway: "Another", ..call("QueryCallStatus") };
    drop(other.permit(elsewhere, &mut None, PermitWait::UntilDeadline).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_ban_of_a_session_is_not_told_to_the_others() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 100), machine(&shared, 100));
    let session = Secret::from("session-a");
    let call = Call { session: Some(&session), ..call(NAME) };
    one.ban(call, BanScope::Session, None, 60 * SECOND, None).await;
    assert_eq!(refused(&one, call).await.wait, 60 * SECOND);
    drop(other.permit(call, &mut None, PermitWait::UntilDeadline).await.unwrap());
    assert!(!shared.names().iter().any(|name| name.contains("session")), "{:?}", shared.names());
}

#[tokio::test(start_paused = true)]
async fn a_ban_heard_of_is_no_longer_than_the_cap() {
    let shared = InMemory::default();
    machine(&shared, 100).longest_ban(1000 * SECOND).ban_of(NAME, 1000 * SECOND, None).await;
    let capped = machine(&shared, 100).longest_ban(5 * SECOND);
    assert_eq!(refused(&capped, call(NAME)).await.wait, 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn bans_that_one_machine_lifts_are_lifted_on_all() {
    for scope in [BanScope::Operation, BanScope::Account] {
        let shared = InMemory::default();
        let (one, other) = (machine(&shared, 100), machine(&shared, 100));
        one.ban(call(NAME), scope, None, 1000 * SECOND, None).await;
        let waiting = other.clone();
        let waiting = tokio::spawn(async move { waiting.permit_for(NAME, None, None).await });
        tokio::time::sleep(10 * SECOND).await;
        assert!((989..=990).contains(&refused(&other, call(NAME)).await.wait.as_secs()));
        let start = Instant::now();
        // By a program that made no call.
        match scope {
            BanScope::Operation => machine(&shared, 100).lift_ban_of(NAME).await.unwrap(),
            _ => one.lift_bans().await.unwrap(),
        }
        waiting.await.unwrap().unwrap();
        assert!(start.elapsed() <= SECOND + SECOND / 10, "{scope:?} {:?}", start.elapsed());
        one.permit_for(NAME, None, Some(Instant::now() + SECOND / 2)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_lift_bans_is_told_of() {
    struct Fixed(InMemory);

    impl SharedLimit for Fixed {
        async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
            SharedLimit::reserve(&self.0, wanted).await
        }

        async fn ban(&self, operation: &str, ban: Duration, timeout: Duration) -> Result<(), Unavailable> {
            SharedLimit::ban(&self.0, operation, ban, timeout).await
        }
    }

    let limits = Limits::none().shared(Fleet::new(Fixed(InMemory::default())));
    limits.ban_of(NAME, 60 * SECOND, None).await;
    assert_eq!(limits.lift_bans().await, Err(Unavailable::new("it cannot lift bans")));
}

#[tokio::test(start_paused = true)]
async fn a_ban_that_only_this_machine_knows_is_not_ended_by_a_store_that_does_not() {
    let shared = InMemory::default();
    let limits = machine(&shared, 100);
    shared.fail(super::in_memory::Failing::AtOnce);
    limits.ban(call(NAME), BanScope::Account, None, 60 * SECOND, None).await;
    shared.fail(None);
    tokio::time::sleep(10 * SECOND).await;
    assert_eq!(refused(&limits, call(NAME)).await.wait, 50 * SECOND);
}
