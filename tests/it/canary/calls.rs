//! Every operation, filled with sentinels.

use chrono::TimeDelta;
use privacy_number::aliyun::{
    BindAxb, QuerySubscriptionDetail, SubscriptionUpdate, UnbindSubscription, UpdateSubscription,
};
use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OperateType, ReceiverQuery, Scene, SecretGroupQuery,
    SecretGroupUpdate, WireShape, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Error, Operation, aliyun, top};

use super::sentinels::sentinel::*;
use super::{Clients, assert_shows_nothing};
use crate::clients::instant;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Call {
    OaidDecrypt,
    OaidClientDecrypt,
    SecretGroupUpdate,
    FlatSecretGroupUpdate,
    SecretGroupQuery,
    WorkcardVirtualphoneBind,
    BindAxb,
    BindAxbByGet,
    UpdateSubscription,
    UnbindSubscription,
    QuerySubscriptionDetail,
    QuerySubscriptionDetailByGet,
}

impl Call {
    pub(super) const ALL: [Self; 12] = [
        Self::OaidDecrypt,
        Self::OaidClientDecrypt,
        Self::SecretGroupUpdate,
        Self::FlatSecretGroupUpdate,
        Self::SecretGroupQuery,
        Self::WorkcardVirtualphoneBind,
        Self::BindAxb,
        Self::BindAxbByGet,
        Self::UpdateSubscription,
        Self::UnbindSubscription,
        Self::QuerySubscriptionDetail,
        Self::QuerySubscriptionDetailByGet,
    ];

    /// Sends it, and gives what `Debug` shows of the answer.
    pub(super) async fn send(self, clients: &Clients) -> Result<String, Error> {
        let Clients { shop, post, get } = clients;
        match self {
            Self::OaidDecrypt => on_top(shop, &OaidDecrypt::new([query(OAID)])).await,
            Self::OaidClientDecrypt => {
                let query = ClientReceiverQuery::builder().oaid(OAID).tid("2001").scene(Scene::AfterSales).build();
                on_top(shop, &OaidClientDecrypt::new(ONCE_TOKEN, query)).await
            }
            Self::SecretGroupUpdate => on_top(shop, &update([PHONE_A, PHONE_B], WireShape::Wrapped)).await,
            Self::FlatSecretGroupUpdate => on_top(shop, &update([PHONE_A, PHONE_B], WireShape::Flat)).await,
            Self::SecretGroupQuery => on_top(shop, &SecretGroupQuery::builder().oaid(OAID).build()).await,
            Self::WorkcardVirtualphoneBind => {
                let source = WorkcardRequestSource::builder().real_tp_nick(NICK).build();
                on_top(shop, &WorkcardVirtualphoneBind::new(1, source)).await
            }
            Self::BindAxb => on_aliyun(post, &bind(PHONE_A)).await,
            Self::BindAxbByGet => on_aliyun(get, &bind(PHONE_A)).await,
            Self::UpdateSubscription => on_aliyun(post, &change(PHONE_B)).await,
            Self::UnbindSubscription => {
                let unbind = UnbindSubscription::builder().pool_key("FC123456").subs_id("1").secret_no(PHONE_X);
                on_aliyun(post, &unbind.build()).await
            }
            Self::QuerySubscriptionDetail => on_aliyun(post, &detail()).await,
            Self::QuerySubscriptionDetailByGet => on_aliyun(get, &detail()).await,
        }
    }
}

fn query(oaid: &str) -> ReceiverQuery {
    ReceiverQuery::builder().oaid(oaid).tid("2001").build()
}

fn update(callers: [&'static str; 2], shape: WireShape) -> SecretGroupUpdate {
    let update = SecretGroupUpdate::builder().oaid(OAID).operate_type(OperateType::Add);
    update.mobile_list(callers).wire_shape(shape).build()
}

fn bind(phone: &str) -> BindAxb {
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a(phone).phone_no_b(PHONE_B).phone_no_x(PHONE_X);
    bind.expiration(instant() + TimeDelta::days(7)).build()
}

fn change(phone: &str) -> UpdateSubscription {
    let change = UpdateSubscription::builder().pool_key("FC123456").subs_id("1").phone_no_x(PHONE_X);
    change.update(SubscriptionUpdate::PhoneNoA(phone.into())).build()
}

fn detail() -> QuerySubscriptionDetail {
    QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x(PHONE_X).build()
}

async fn on_top<O>(shop: &top::Shop, operation: &O) -> Result<String, Error>
where
    O: Operation<Gateway = top::Top> + std::fmt::Debug,
    O::Output: std::fmt::Debug,
{
    assert_shows_nothing(operation, "request");
    shop.send(operation).await.map(|answer| format!("{answer:?}\n{answer:#?}"))
}

async fn on_aliyun<O>(client: &aliyun::Client, operation: &O) -> Result<String, Error>
where
    O: Operation<Gateway = aliyun::Dyplsapi> + std::fmt::Debug,
    O::Output: std::fmt::Debug,
{
    assert_shows_nothing(operation, "request");
    client.send(operation).await.map(|answer| format!("{answer:?}\n{answer:#?}"))
}

/// Requests that are refused before anything is sent, because of the sentinel itself.
pub(super) enum Invalid {
    Decrypt(OaidDecrypt),
    Update(SecretGroupUpdate),
    Bind(Box<BindAxb>),
    Change(Box<UpdateSubscription>),
}

impl Invalid {
    pub(super) async fn send(&self, clients: &Clients) -> Result<String, Error> {
        match self {
            Self::Decrypt(operation) => on_top(&clients.shop, operation).await,
            Self::Update(operation) => on_top(&clients.shop, operation).await,
            Self::Bind(operation) => on_aliyun(&clients.post, operation.as_ref()).await,
            Self::Change(operation) => on_aliyun(&clients.get, operation.as_ref()).await,
        }
    }
}

pub(super) fn invalid() -> Vec<Invalid> {
    let with_hyphen = format!("{}-{}", &PHONE_B[..3], &PHONE_B[3..]);
    let international = format!("+86{PHONE_A}");
    vec![
        Invalid::Decrypt(OaidDecrypt::new([query(&OAID.repeat(20))])),
        Invalid::Update(update([PHONE_A, EXTENSION], WireShape::Wrapped)),
        Invalid::Bind(Box::new(bind(&with_hyphen))),
        Invalid::Change(Box::new(change(&international))),
    ]
}
