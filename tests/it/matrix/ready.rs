//! A request of each operation that succeeds when nothing goes wrong: its fully set sample, or a simpler one where the
//! sample names what the gateway does not know.

use std::future::Future;

use privacy_number::aliyun::{self, SecretBind, SubscriptionUpdate};
use privacy_number::top;

use crate::conformance::sample::{Clients, Sample, expiration};

pub(super) const POOL: &str = "FC123456";

pub(super) trait Ready: Sample {
    /// How a second run is refused because the first has ended what it would end.
    const GONE: Option<&'static str> = None;

    /// Whether a document says what that refusal means after a lost answer; otherwise it takes the caller to see it.
    const GONE_IS_DONE: bool = false;

    /// Prepares what the request is about, and gives the request.
    fn ready(clients: &Clients) -> impl Future<Output = Self> {
        let _ = clients;
        std::future::ready(Self::requests().swap_remove(0))
    }
}

macro_rules! by_sample {
    ($($operation:ty),* $(,)?) => { $(impl Ready for $operation {})* };
}

by_sample! {
    aliyun::BindAxb,
    aliyun::BindAxn,
    aliyun::BindAxnExtension,
    aliyun::CreateAxgGroup,
    aliyun::QuerySubsId,
    aliyun::QueryRecordFileDownloadUrl,
    aliyun::GetTotalPublicUrl,
    aliyun::GetSecretAsrDetail,
    aliyun::QuerySecretNoRemain,
    aliyun::BuySecretNo,
    aliyun::LockSecretNo,
    aliyun::UnlockSecretNo,
    aliyun::QuerySecretNoDetail,
    aliyun::OperateBlackNo,
    aliyun::AddSecretBlacklist,
    aliyun::DeleteSecretBlacklist,
    aliyun::QueryPhoneNoAByTrackNo,
    aliyun::CreatePickUpWaybillPreQuery,
    aliyun::DescribePhoneNumberStatus,
    top::OaidDecrypt,
    top::OaidClientDecrypt,
    top::WorkcardVirtualphoneBind,
}

async fn group(clients: &Clients) -> String {
    let create = aliyun::CreateAxgGroup::builder().pool_key(POOL).numbers(["13900001234"]).build();
    clients.aliyun.send(&create).await.unwrap().group_id.to_string()
}

async fn axb(clients: &Clients) -> SecretBind {
    let bind = aliyun::BindAxb::builder().pool_key(POOL).phone_no_a("15000000000").phone_no_b("15000000001");
    clients.aliyun.send(&bind.expiration(expiration()).build()).await.unwrap().secret_bind
}

impl Ready for aliyun::BindAxg {
    async fn ready(clients: &Clients) -> Self {
        let bind = Self::builder().pool_key(POOL).phone_no_a("15000000000").group_id(group(clients).await);
        bind.expiration(expiration()).build()
    }
}

impl Ready for aliyun::BindBatchAxg {
    async fn ready(clients: &Clients) -> Self {
        let bind = aliyun::AxgBind::builder().phone_no_a("15000000000").group_id(group(clients).await);
        Self::builder().pool_key(POOL).axg_bind_list([bind.expiration(expiration()).build()]).build()
    }
}

impl Ready for aliyun::OperateAxgGroup {
    async fn ready(clients: &Clients) -> Self {
        let change = Self::builder().pool_key(POOL).group_id(group(clients).await);
        change.operate_type(aliyun::GroupOperateType::AddNumbers).numbers(["13900001111"]).build()
    }
}

impl Ready for aliyun::ReleaseSecretNo {
    const GONE: Option<&'static str> = Some("isv.NO_NOT_EXIST");
    const GONE_IS_DONE: bool = true;
}

impl Ready for aliyun::DeleteAxgGroup {
    const GONE: Option<&'static str> = Some("isv.ILLEGAL_ARGUMENT");

    async fn ready(clients: &Clients) -> Self {
        Self::builder().pool_key(POOL).group_id(group(clients).await).build()
    }
}

impl Ready for aliyun::UpdateSubscription {
    async fn ready(clients: &Clients) -> Self {
        let bound = axb(clients).await;
        let update = Self::builder().pool_key(POOL).subs_id(bound.subs_id).phone_no_x(bound.secret_no);
        update.update(SubscriptionUpdate::PhoneNoB("15000000003".into())).build()
    }
}

impl Ready for aliyun::UnbindSubscription {
    const GONE: Option<&'static str> = Some("isv.SUBS_NOT_EXIST");
    const GONE_IS_DONE: bool = true;

    async fn ready(clients: &Clients) -> Self {
        let bound = axb(clients).await;
        Self::builder().pool_key(POOL).subs_id(bound.subs_id).secret_no(bound.secret_no).build()
    }
}

impl Ready for aliyun::QuerySubscriptionDetail {
    async fn ready(clients: &Clients) -> Self {
        let bound = axb(clients).await;
        Self::builder().pool_key(POOL).subs_id(bound.subs_id).phone_no_x(bound.secret_no).build()
    }
}

impl Ready for aliyun::QueryCallStatus {
    async fn ready(clients: &Clients) -> Self {
        Self::builder().pool_key(POOL).subs_id(axb(clients).await.subs_id).build()
    }
}

impl Ready for aliyun::AddAxnTrackNo {
    async fn ready(clients: &Clients) -> Self {
        let bind = aliyun::BindAxn::builder().pool_key(POOL).phone_no_a("15000000000").expiration(expiration());
        let bound = clients.aliyun.send(&bind.build()).await.unwrap().secret_bind;
        let add = Self::builder().pool_key(POOL).phone_no_x(bound.secret_no).subs_id(bound.subs_id);
        add.track_no("YT0000000001").build()
    }
}

impl Ready for aliyun::ConfirmSendSms {
    async fn ready(_: &Clients) -> Self {
        Self::builder().pool_key(POOL).secret_no("17000000000").call_id("message-1").build()
    }
}

impl Ready for aliyun::CreatePickUpWaybill {
    /// Without an appointment: the sample's is sold out.
    async fn ready(_: &Clients) -> Self {
        Self::requests().swap_remove(1)
    }
}

impl Ready for aliyun::CancelPickUpWaybill {
    const GONE: Option<&'static str> = Some("isv.ILLEGAL_ARGUMENT");

    async fn ready(clients: &Clients) -> Self {
        let order = aliyun::CreatePickUpWaybill::ready(clients).await;
        clients.aliyun.send(&order).await.unwrap();
        Self::requests().swap_remove(0)
    }
}

/// An order whose number is a 700 one, which callers are reported for.
const ORDER_WITH_CALLERS: &str = "oaid-2001";

impl Ready for top::SecretGroupUpdate {
    async fn ready(_: &Clients) -> Self {
        let update = Self::builder().oaid(ORDER_WITH_CALLERS).operate_type(top::OperateType::Add);
        update.mobile_list(["13100000000"]).build()
    }
}

impl Ready for top::SecretGroupQuery {
    async fn ready(_: &Clients) -> Self {
        Self::builder().oaid(ORDER_WITH_CALLERS).build()
    }
}
