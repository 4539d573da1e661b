//! The terms of a requested binding, and whether an existing binding has them.

use chrono::{DateTime, FixedOffset};

use super::Binding;
use crate::aliyun::binding::{
    BindAxb, BindAxbResponse, BindAxg, BindAxgResponse, BindAxn, BindAxnExtension, BindAxnExtensionResponse,
    BindAxnResponse, SecretBind,
};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::subscription::{BindingStatus, CallRestrict, SecretBindDetail};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;

/// An operation that makes one binding: [`BindAxb`], [`BindAxn`], [`BindAxnExtension`], [`BindAxg`].
pub trait Bind: Operation<Gateway = Dyplsapi> + sealed::Bind {
    #[doc(hidden)]
    fn terms(&self) -> BindTerms<'_>;

    #[doc(hidden)]
    fn secret_bind(answer: Self::Output) -> SecretBind;
}

mod sealed {
    pub trait Bind {}
}

/// The terms of a requested binding.
#[doc(hidden)]
#[derive(Debug)]
pub struct BindTerms<'a> {
    pub(super) pool_key: &'a str,
    exclusive: Exclusive,
    phone_no_a: &'a PhoneNumber,
    phone_no_b: Option<&'a PhoneNumber>,
    pub(super) phone_no_x: Option<&'a VirtualNumber>,
    group_id: Option<&'a str>,
    extension: Option<&'a Private>,
    expiration: DateTime<FixedOffset>,
    is_recording_enabled: Option<bool>,
    asr_status: Option<bool>,
    asr_model_id: Option<&'a str>,
    call_restrict: Option<&'a CallRestrict>,
    pub(super) out_id: Option<&'a Private>,
}

/// The part of an X number that only one binding can have.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Exclusive {
    /// A and B: pairs that share no party share an X.
    Parties,
    Number,
    Extension,
}

impl BindTerms<'_> {
    pub(super) fn binding(&self, secret_bind: SecretBind) -> Binding {
        let SecretBind { extension, secret_no, subs_id } = secret_bind;
        // Without meaning in the other kinds, where it may hold a whole number.
        let extension = extension.filter(|_| self.exclusive == Exclusive::Extension);
        Binding { pool_key: self.pool_key.to_owned(), subs_id, secret_no, extension, expiration: self.expiration }
    }

    /// Whether X refuses a second binding for this request, because the request names what only one binding can have.
    pub(super) fn x_refuses_a_second(&self) -> bool {
        self.phone_no_x.is_some() && (self.exclusive != Exclusive::Extension || self.extension.is_some())
    }

    /// Whether a binding is in force between the requested parties until the requested expiration.
    pub(super) fn matches(&self, detail: &SecretBindDetail) -> bool {
        detail.status == BindingStatus::InForce
            && detail.phone_no_a.as_ref() == Some(self.phone_no_a)
            && self.phone_no_b.is_none_or(|number_b| detail.phone_no_b.as_ref() == Some(number_b))
            && self.group_id.is_none_or(|group_id| detail.group_id.as_deref() == Some(group_id))
            && self.extension.is_none_or(|extension| detail.extension.as_ref() == Some(extension))
            && detail.expire_date.is_some_and(|end| end.timestamp() == self.expiration.timestamp())
    }

    /// Whether a matching binding also has no B if none is requested, and has the requested settings, as far as the
    /// gateway returns them.
    pub(super) fn matches_exactly(&self, detail: &SecretBindDetail) -> bool {
        let restriction = |restrict: Option<&CallRestrict>| restrict.filter(|it| **it != CallRestrict::Clear).cloned();
        (self.phone_no_b.is_some() || detail.phone_no_b.is_none())
            && equal_if_known(self.is_recording_enabled, detail.need_record)
            && equal_if_known(self.asr_status, detail.asr_status)
            && equal_if_known(self.asr_model_id, detail.asr_model_id.as_deref())
            && restriction(self.call_restrict) == restriction(detail.call_restrict.as_ref())
    }

    /// Whether a binding at X is the reason why X refuses the requested one.
    pub(super) fn collide(&self, detail: &SecretBindDetail) -> bool {
        let is_ours = |number: Option<&PhoneNumber>| {
            number.is_some_and(|number| number == self.phone_no_a || Some(number) == self.phone_no_b)
        };
        detail.status == BindingStatus::InForce
            && match self.exclusive {
                Exclusive::Parties => is_ours(detail.phone_no_a.as_ref()) || is_ours(detail.phone_no_b.as_ref()),
                Exclusive::Number => true,
                Exclusive::Extension => self.extension.is_some() && detail.extension.as_ref() == self.extension,
            }
    }
}

/// Whether two values are equal, as far as both are known.
fn equal_if_known<T: PartialEq>(requested: Option<T>, returned: Option<T>) -> bool {
    requested.is_none() || returned.is_none() || requested == returned
}

macro_rules! bind {
    ($request:ident, $response:ident, $exclusive:ident, $bind:ident => $phone_no_b:expr, $group_id:expr, $extension:expr) => {
        impl sealed::Bind for $request {}

        impl Bind for $request {
            fn terms(&self) -> BindTerms<'_> {
                let $bind = self;
                BindTerms {
                    pool_key: &self.pool_key,
                    exclusive: Exclusive::$exclusive,
                    phone_no_a: &self.phone_no_a,
                    phone_no_b: $phone_no_b,
                    phone_no_x: self.phone_no_x.as_ref(),
                    group_id: $group_id,
                    extension: $extension,
                    expiration: self.expiration,
                    is_recording_enabled: self.is_recording_enabled,
                    asr_status: self.asr_status,
                    asr_model_id: self.asr_model_id.as_deref(),
                    call_restrict: self.call_restrict.as_ref(),
                    out_id: self.out_id.as_ref(),
                }
            }

            fn secret_bind(answer: $response) -> SecretBind {
                answer.secret_bind
            }
        }
    };
}

bind!(BindAxb, BindAxbResponse, Parties, bind => Some(&bind.phone_no_b), None, None);
bind!(BindAxn, BindAxnResponse, Number, bind => bind.phone_no_b.as_ref(), None, None);
bind!(BindAxg, BindAxgResponse, Number, bind => bind.phone_no_b.as_ref(), Some(&bind.group_id), None);
bind!(BindAxnExtension, BindAxnExtensionResponse, Extension, bind => bind.phone_no_b.as_ref(), None, bind.extension.as_ref());
