//! What a binding is asked to be, and whether another one is it.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::Binding;
use crate::aliyun::Dyplsapi;
use crate::aliyun::binding::{
    BindAxb, BindAxbResponse, BindAxg, BindAxgResponse, BindAxn, BindAxnExtension, BindAxnExtensionResponse,
    BindAxnResponse, SecretBind,
};
use crate::aliyun::subscription::{BindingStatus, SecretBindDetail};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;

/// An operation that makes one binding: [`BindAxb`], [`BindAxn`], [`BindAxnExtension`], [`BindAxg`].
pub trait Bind: Operation<Gateway = Dyplsapi> + sealed::Bind {
    #[doc(hidden)]
    const X_REFUSES_A_SECOND: bool = true;

    #[doc(hidden)]
    fn terms(&self) -> BindTerms<'_>;

    #[doc(hidden)]
    fn secret_bind(answer: Self::Output) -> SecretBind;
}

mod sealed {
    pub trait Bind {}
}

/// What a binding is asked to be.
#[doc(hidden)]
#[derive(Debug)]
pub struct BindTerms<'a> {
    pub(super) pool_key: &'a str,
    phone_no_a: &'a PhoneNumber,
    phone_no_b: Option<&'a PhoneNumber>,
    pub(super) phone_no_x: Option<&'a VirtualNumber>,
    group_id: Option<&'a str>,
    extension: Option<&'a Private>,
    expiration: DateTime<FixedOffset>,
    pub(super) out_id: Option<&'a Private>,
}

impl BindTerms<'_> {
    pub(super) fn binding(&self, secret_bind: SecretBind) -> Binding {
        let SecretBind { extension, secret_no, subs_id } = secret_bind;
        Binding { pool_key: self.pool_key.to_owned(), subs_id, secret_no, extension, expiration: self.expiration }
    }

    /// Whether a binding is the one asked for. The gateway's clock may be a little behind ours.
    pub(super) fn fit(&self, detail: &SecretBindDetail, since: DateTime<Utc>) -> bool {
        let made_since = |made: DateTime<FixedOffset>| made.signed_duration_since(since) > TimeDelta::minutes(-1);
        detail.status == BindingStatus::InForce
            && detail.phone_no_a.as_ref() == Some(self.phone_no_a)
            && self.phone_no_b.is_none_or(|number_b| detail.phone_no_b.as_ref() == Some(number_b))
            && self.group_id.is_none_or(|group_id| detail.group_id.as_deref() == Some(group_id))
            && self.extension.is_none_or(|extension| detail.extension.as_ref() == Some(extension))
            && detail.expire_date.is_some_and(|end| end.timestamp() == self.expiration.timestamp())
            && detail.gmt_create.is_none_or(made_since)
    }
}

macro_rules! bind {
    ($request:ident, $response:ident, $bind:ident => $phone_no_b:expr, $group_id:expr, $extension:expr, $x_refuses:literal) => {
        impl sealed::Bind for $request {}

        impl Bind for $request {
            const X_REFUSES_A_SECOND: bool = $x_refuses;

            fn terms(&self) -> BindTerms<'_> {
                let $bind = self;
                BindTerms {
                    pool_key: &self.pool_key,
                    phone_no_a: &self.phone_no_a,
                    phone_no_b: $phone_no_b,
                    phone_no_x: self.phone_no_x.as_ref(),
                    group_id: $group_id,
                    extension: $extension,
                    expiration: self.expiration,
                    out_id: self.out_id.as_ref(),
                }
            }

            fn secret_bind(answer: $response) -> SecretBind {
                answer.secret_bind
            }
        }
    };
}

bind!(BindAxb, BindAxbResponse, bind => Some(&bind.phone_no_b), None, None, true);
bind!(BindAxn, BindAxnResponse, bind => bind.phone_no_b.as_ref(), None, None, true);
bind!(BindAxg, BindAxgResponse, bind => bind.phone_no_b.as_ref(), Some(&bind.group_id), None, true);
bind!(BindAxnExtension, BindAxnExtensionResponse, bind => bind.phone_no_b.as_ref(), None, bind.extension.as_ref(), false);
