use chrono::TimeDelta;
use privacy_number::aliyun::{QuerySubsId, QuerySubscriptionDetail, Unbound};
use privacy_number::emulator::{Emulator, Fault};

use super::{at_every_poll, bind, drop_after, lose_next_bind, remaining};

#[tokio::test]
async fn a_dropped_renewal_changes_the_binding_whole_or_not_at_all() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    at_every_poll(async |polls| {
        emulator.clear_faults();
        let mut binding = client.bind_reconciled(&bind(polls, None)).await.unwrap();
        emulator.inject(Fault::reset_after_execution().on("UpdateSubscription").times(1));
        let before = binding.expiration;
        let after = before + TimeDelta::minutes(1);
        let ready = drop_after(polls, client.renew(&mut binding, after)).await;
        assert_eq!(binding.expiration, if ready.is_some() { after } else { before }, "after {polls} polls");
        // Whether or not the gateway has renewed it, a second renewal succeeds.
        emulator.clear_faults();
        client.renew(&mut binding, after).await.unwrap();
        let detail = QuerySubscriptionDetail::builder().pool_key(emulator.pool_key()).subs_id(&binding.subs_id);
        let detail = client.send(&detail.phone_no_x(binding.secret_no.clone()).build()).await.unwrap();
        let end = detail.secret_bind_detail.expire_date.unwrap();
        assert_eq!(end.timestamp(), after.timestamp(), "after {polls} polls");
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_unbinding_can_be_made_again() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    at_every_poll(async |polls| {
        emulator.clear_faults();
        let binding = client.bind_reconciled(&bind(polls, None)).await.unwrap();
        emulator.inject(Fault::reset_after_execution().on("UnbindSubscription").times(1));
        let ready = drop_after(polls, client.unbind(&binding)).await;
        emulator.clear_faults();
        let again = client.unbind(&binding).await.unwrap();
        assert!(ready.is_none() || again == Unbound::AlreadyGone, "after {polls} polls");
        client.send(&remaining()).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_bind_dropped_at_any_poll_is_adopted_when_it_is_made_again() {
    const X: &str = "17000000001";
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let ids = QuerySubsId::builder().pool_key(emulator.pool_key()).phone_no_x(X).build();
    at_every_poll(async |polls| {
        lose_next_bind(&emulator);
        let bind = bind(polls, Some(X));
        let ready = drop_after(polls, client.bind_reconciled(&bind)).await;
        emulator.clear_faults();
        let binding = client.bind_reconciled(&bind).await.unwrap();
        assert_eq!(client.send(&ids).await.unwrap().subs_ids, [binding.subs_id.as_str()], "after {polls} polls");
        client.unbind(&binding).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_search_among_numbers_affects_no_later_search() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let numbers = ["17000000001", "17000000002", "17000000003"];
    at_every_poll(async |polls| {
        lose_next_bind(&emulator);
        let bind = bind(polls, None);
        let ready = drop_after(polls, client.bind_reconciled_among(&bind, numbers)).await;
        let found = drop_after(polls, client.find_binding_among(&bind, numbers, ..)).await;
        client.send(&remaining()).await.unwrap();
        assert!(emulator.ledger().executed("BindAxb") <= polls as u64 + 1);
        ready.map(Result::unwrap).is_some() && found.map(Result::unwrap).is_some()
    })
    .await;
}
