//! Binds a number with which customer service and a buyer call each other, reads the binding and unbinds it.

use std::error::Error;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{BindAxb, BindingStatus, Client, QuerySubscriptionDetail, UnbindSubscription};
use privacy_number::{InvalidRequest, Operation, PhoneNumber, VirtualNumber};

use crate::command_line::{Problem, what_to_do};

pub(crate) struct Binding {
    pub(crate) subs_id: String,
    pub(crate) secret_no: VirtualNumber,
    pub(crate) status: BindingStatus,
}

/// Builds the request and checks it, before anything is sent.
pub(crate) fn checked(pool_key: &str, parties: &[PhoneNumber]) -> Result<BindAxb, privacy_number::Error> {
    let party = |index: usize| {
        let missing = || InvalidRequest::new("parties", "must be two numbers");
        parties.get(index).cloned().ok_or_else(missing)
    };
    let bind = BindAxb::builder()
        .pool_key(pool_key)
        .phone_no_a(party(0)?)
        .phone_no_b(party(1)?)
        .expiration(Utc::now() + TimeDelta::days(7))
        .build();
    bind.validate(Utc::now())?;
    Ok(bind)
}

pub(crate) async fn bind_read_unbind(client: &Client, bind: &BindAxb) -> Result<Binding, Box<dyn Error>> {
    let bound = client.send(bind).await?.secret_bind;

    let query = QuerySubscriptionDetail::builder()
        .pool_key(&bind.pool_key)
        .subs_id(&bound.subs_id)
        .phone_no_x(bound.secret_no.clone())
        .build();
    let detail = client.send(&query).await;

    // The number is unbound even if the query failed.
    let unbind = UnbindSubscription::builder()
        .pool_key(&bind.pool_key)
        .subs_id(&bound.subs_id)
        .secret_no(bound.secret_no.clone())
        .build();
    if let Err(error) = client.send(&unbind).await {
        let what = format!("the binding {} may still be in force for 7 days: {error}", bound.subs_id);
        return Err(Problem::new(what, format_args!("unbind it; {}", what_to_do(error.advice()))).into());
    }
    Ok(Binding { subs_id: bound.subs_id, secret_no: bound.secret_no, status: detail?.secret_bind_detail.status })
}
