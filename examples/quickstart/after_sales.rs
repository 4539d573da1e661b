//! A number over which customer service and a buyer reach each other, for the length of a case.

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{BindAxb, BindingStatus, Client, QuerySubscriptionDetail, UnbindSubscription};
use privacy_number::{Error, VirtualNumber};

pub(crate) struct Binding {
    pub(crate) subs_id: String,
    pub(crate) secret_no: VirtualNumber,
    pub(crate) status: BindingStatus,
}

pub(crate) async fn bind_read_unbind(client: &Client, pool_key: &str, parties: &[String]) -> Result<Binding, Error> {
    let party = |index: usize| parties.get(index).cloned().unwrap_or_default();
    let bind = BindAxb::builder()
        .pool_key(pool_key)
        .phone_no_a(party(0))
        .phone_no_b(party(1))
        .expiration(Utc::now() + TimeDelta::days(7))
        .build();
    let bound = client.send(&bind).await?.secret_bind;

    let query = QuerySubscriptionDetail::builder()
        .pool_key(pool_key)
        .subs_id(&bound.subs_id)
        .phone_no_x(bound.secret_no.clone())
        .build();
    let detail = client.send(&query).await;

    // Whatever became of reading it back, the number must not stay bound.
    let unbind = UnbindSubscription::builder()
        .pool_key(pool_key)
        .subs_id(&bound.subs_id)
        .secret_no(bound.secret_no.clone())
        .build();
    client.send(&unbind).await?;
    Ok(Binding { subs_id: bound.subs_id, secret_no: bound.secret_no, status: detail?.secret_bind_detail.status })
}
