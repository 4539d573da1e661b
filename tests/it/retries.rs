//! How often a request goes out, by the operation's safety and by what went wrong.

mod clock;
mod matrix;
mod waiting;

use privacy_number::aliyun::{BindAxb, QuerySubscriptionDetail, UnbindSubscription};
use privacy_number::top::{
    OaidDecrypt, ReceiverQuery, SecretGroupQuery, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Error, Safety, Settings};

use crate::clients::{aliyun, instant, shop};
use crate::fixtures::read;

/// One operation of each safety on each gateway.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Call {
    SecretGroupQuery,
    OaidDecrypt,
    WorkcardVirtualphoneBind,
    QuerySubscriptionDetail,
    UnbindSubscription,
    BindAxb,
}

impl Call {
    const ALL: [Self; 6] = [
        Self::SecretGroupQuery,
        Self::OaidDecrypt,
        Self::WorkcardVirtualphoneBind,
        Self::QuerySubscriptionDetail,
        Self::UnbindSubscription,
        Self::BindAxb,
    ];

    fn safety(self) -> Safety {
        match self {
            Self::SecretGroupQuery | Self::QuerySubscriptionDetail => Safety::Safe,
            Self::OaidDecrypt | Self::UnbindSubscription => Safety::Idempotent,
            Self::WorkcardVirtualphoneBind | Self::BindAxb => Safety::Once,
        }
    }

    fn is_top(self) -> bool {
        matches!(self, Self::SecretGroupQuery | Self::OaidDecrypt | Self::WorkcardVirtualphoneBind)
    }

    /// What the gateway says when all is well.
    fn success(self) -> String {
        read(match self {
            Self::SecretGroupQuery => "top/group_query.success.json",
            Self::OaidDecrypt => "top/oaid_decrypt.virtual_700.json",
            Self::WorkcardVirtualphoneBind => "top/virtualphone_bind.success.json",
            Self::QuerySubscriptionDetail => "aliyun/QuerySubscriptionDetail.json",
            Self::UnbindSubscription => "aliyun/UnbindSubscription.json",
            Self::BindAxb => "aliyun/BindAxb.json",
        })
    }

    /// Sends it; the endpoint is the host's, `http://127.0.0.1:1/`.
    async fn send(self, endpoint: &str, settings: Settings) -> Result<(), Error> {
        let top = || shop(format!("{endpoint}router/rest"), settings.clone());
        let aliyun = || aliyun(endpoint, settings.clone());
        match self {
            Self::SecretGroupQuery => top().send(&SecretGroupQuery::builder().oaid("oaid-a").build()).await.map(drop),
            Self::OaidDecrypt => {
                let query = ReceiverQuery::builder().oaid("xxxx").tid("123456").build();
                top().send(&OaidDecrypt::new([query])).await.map(drop)
            }
            Self::WorkcardVirtualphoneBind => {
                let bind = WorkcardVirtualphoneBind::new(1, WorkcardRequestSource::default());
                top().send(&bind).await.map(drop)
            }
            Self::QuerySubscriptionDetail => {
                let read =
                    QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000");
                aliyun().send(&read.build()).await.map(drop)
            }
            Self::UnbindSubscription => {
                let unbind = UnbindSubscription::builder().pool_key("FC123456").subs_id("1").secret_no("17000000000");
                aliyun().send(&unbind.build()).await.map(drop)
            }
            Self::BindAxb => {
                let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
                let far_ahead = instant() + chrono::TimeDelta::days(36_500);
                aliyun().send(&bind.expiration(far_ahead).build()).await.map(drop)
            }
        }
    }
}
