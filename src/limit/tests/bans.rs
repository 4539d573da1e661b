//! What a ban holds back, for how long, and how it ends.

use futures_util::FutureExt;

use super::*;
use crate::error::Code;
use crate::redact::Secret;

const OTHER: &str = "QuerySubsId";
const SECOND: Duration = Duration::from_secs(1);

fn reason(code: &str) -> BanReason {
    BanReason { code: Code::from(code.to_owned()), ..BanReason::unknown("flow control") }
}

async fn acquire(limits: &Limits, call: Call<'_>) -> Result<Permit, NoPermit> {
    let mut deadline = Instant::now().checked_add(Duration::from_millis(1));
    limits.permit(call, &mut deadline, PermitWait::UntilDeadline).await
}

#[tokio::test(start_paused = true)]
async fn a_ban_holds_back_what_it_names() {
    let (session, other_session) = (Secret::from("session-a"), Secret::from("session-b"));
    let banned = Call { session: Some(&session), ..call(NAME) };
    // The same operation, another session; another operation, the same session; neither; another gateway.
    let calls = [
        Call { session: Some(&other_session), ..call(NAME) },
        Call { session: Some(&session), ..call(OTHER) },
        Call { session: Some(&other_session), ..call(OTHER) },
        Call { gateway: "Another", ..call(OTHER) },
    ];
    for (scope, held) in [
        (BanScope::Operation, [true, false, false, false]),
        (BanScope::Account, [true, true, true, false]),
        (BanScope::Session, [false, true, false, false]),
    ] {
        let limits = Limits::none();
        limits.ban(banned, scope, Some(reason("7")), 3 * SECOND, None).await;
        assert!(acquire(&limits, banned).await.is_err(), "{scope:?}");
        for (call, held) in calls.into_iter().zip(held) {
            assert_eq!(acquire(&limits, call).await.is_err(), held, "{scope:?} {} {}", call.gateway, call.operation);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_fails_at_once_when_a_ban_begins_that_it_cannot_wait_for() {
    let limits = Limits::none().of(NAME, 1);
    limits.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    let patient = limits.permit_for(NAME, None, start.checked_add(60 * SECOND));
    let hasty = limits.permit_for(NAME, None, start.checked_add(5 * SECOND));
    let ban = async {
        tokio::time::sleep(SECOND / 2).await;
        limits.ban(call(NAME), BanScope::Account, Some(reason("8")), 20 * SECOND, None).await;
    };
    let hasty = async { (hasty.await.unwrap_err(), start.elapsed()) };
    let patient = async { (patient.await, start.elapsed()) };
    let ((patient, went), (refused, failed), ()) = tokio::join!(patient, hasty, ban);
    assert_eq!((failed, refused.wait), (SECOND / 2, 20 * SECOND));
    assert_eq!(refused.ban.unwrap().code.as_str(), "8");
    patient.unwrap();
    assert!(went >= SECOND / 2 + 20 * SECOND, "{went:?}");
}

#[tokio::test(start_paused = true)]
async fn a_ban_is_no_longer_than_its_cap() {
    let year = Duration::from_secs(365 * 24 * 3600);
    for (limits, longest) in
        [(Limits::new(), Duration::from_secs(24 * 3600)), (Limits::new().longest_ban(5 * SECOND), 5 * SECOND)]
    {
        limits.ban_of(NAME, year, None).await;
        assert_eq!(acquire(&limits, call(NAME)).await.err().unwrap().wait, longest);
        tokio::time::sleep(longest).await;
        acquire(&limits, call(NAME)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_shorter_ban_neither_ends_a_longer_one_nor_changes_its_code() {
    let limits = Limits::none();
    limits.ban(call(NAME), BanScope::Operation, Some(reason("long")), 100 * SECOND, None).await;
    limits.ban(call(NAME), BanScope::Operation, Some(reason("short")), SECOND, None).await;
    let refused = acquire(&limits, call(NAME)).await.err().unwrap();
    assert_eq!((refused.wait, refused.ban.unwrap().code.as_str()), (100 * SECOND, "long"));
}

#[tokio::test(start_paused = true)]
async fn one_call_probes_when_a_ban_should_be_over_and_the_others_wait_for_its_response() {
    for limits in [Limits::none(), Limits::none().of(NAME, 1000)] {
        limits.ban_of(NAME, SECOND, None).await;
        let start = Instant::now();
        let probe = limits.permit(call(NAME), &mut None, PermitWait::UntilDeadline).await.unwrap();
        assert!(start.elapsed() >= SECOND);
        let others: Vec<_> = (0..10)
            .map(|_| {
                let limits = limits.clone();
                tokio::spawn(async move { limits.permit_for(NAME, None, None).await.map(|()| start.elapsed()) })
            })
            .collect();
        tokio::time::sleep(SECOND / 2).await;
        assert!(others.iter().all(|other| !other.is_finished()), "they wait for the answer");
        probe.passed();
        for other in others {
            let went = other.await.unwrap().unwrap();
            assert!((1500..=1530).contains(&went.as_millis()), "{went:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_probe_renews_the_ban_and_a_lost_one_leaves_the_next_to_probe() {
    let limits = Limits::none();
    limits.ban_of(NAME, SECOND, None).await;
    let probe = limits.permit(call(NAME), &mut None, PermitWait::UntilDeadline).await.unwrap();
    limits.ban_of(NAME, 2 * SECOND, None).await;
    drop(probe);
    assert_eq!(acquire(&limits, call(NAME)).await.err().unwrap().wait, 2 * SECOND);
    // This one got no response.
    let start = Instant::now();
    drop(limits.permit(call(NAME), &mut None, PermitWait::UntilDeadline).await.unwrap());
    assert!(start.elapsed() >= 2 * SECOND);
    let probe = acquire(&limits, call(NAME)).await.unwrap();
    assert!(acquire(&limits, call(NAME)).await.is_err(), "one at a time");
    probe.passed();
    let _both = (acquire(&limits, call(NAME)).await.unwrap(), acquire(&limits, call(NAME)).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_nobody_polls_holds_the_others_up_for_a_second() {
    let limits = Limits::none();
    limits.ban_of(NAME, SECOND, None).await;
    let _probe = limits.permit(call(NAME), &mut None, PermitWait::UntilDeadline).await.unwrap();
    let start = Instant::now();
    limits.permit_for(NAME, None, None).await.unwrap();
    assert!((1000..=1010).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn bans_are_lifted_for_those_that_wait_and_those_that_come() {
    let limits = Limits::none().of(OTHER, 1);
    limits.ban_of(NAME, 100 * SECOND, None).await;
    limits.ban_of(OTHER, 100 * SECOND, None).await;
    limits.ban(call(NAME), BanScope::Account, None, 50 * SECOND, None).await;
    let waiting = [NAME, OTHER].map(|name| {
        let limits = limits.clone();
        tokio::spawn(async move { limits.permit_for(name, None, None).await })
    });
    tokio::time::sleep(SECOND).await;
    limits.lift_ban_of(NAME).await.unwrap();
    assert_eq!(acquire(&limits, call(NAME)).await.err().unwrap().wait, 49 * SECOND, "the account's is not lifted");
    limits.lift_ban_of(GATEWAY).await.unwrap();
    assert_eq!(acquire(&limits, call(OTHER)).await.err().unwrap().wait, 99 * SECOND, "nor another operation's");
    let start = Instant::now();
    limits.lift_bans().await.unwrap();
    for waiting in waiting {
        waiting.await.unwrap().unwrap();
    }
    assert!(start.elapsed() < Duration::from_millis(100), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn bans_of_sessions_that_are_no_longer_used_are_forgotten() {
    let limits = Limits::none();
    for number in 0..100 {
        let session = Secret::from(format!("session-{number}"));
        limits.ban(Call { session: Some(&session), ..call(NAME) }, BanScope::Session, None, SECOND, None).await;
        tokio::time::sleep(100 * SECOND).await;
    }
    assert!(limits.registry.bans.len() < 40, "{}", limits.registry.bans.len());
    assert!(limits.permit_for(NAME, None, None).now_or_never().unwrap().is_ok());
}
