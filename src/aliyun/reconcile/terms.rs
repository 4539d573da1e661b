//! The terms of a requested binding, and whether an existing binding has them.

use chrono::{DateTime, FixedOffset};

use super::binding::Binding;
use super::binding_kind::BindingKind;
use crate::aliyun::binding::{
    BindAxb, BindAxbResponse, BindAxg, BindAxgResponse, BindAxn, BindAxnExtension, BindAxnExtensionResponse,
    BindAxnResponse, SecretBind,
};
use crate::aliyun::number700::{BindAxb700, BindAxb700Response, BindGxb700, BindGxb700Response, SecretBind700};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::subscription::{BindingStatus, CallRestrict, SecretBindDetail};
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;

/// An operation that makes one binding: [`BindAxb`], [`BindAxn`], [`BindAxnExtension`], [`BindAxg`], [`BindAxb700`],
/// [`BindGxb700`].
pub trait Bind: Operation<Gateway = Dyplsapi> + sealed::Bind {
    #[doc(hidden)]
    fn terms(&self) -> BindTerms<'_>;

    #[doc(hidden)]
    fn secret_bind(answer: Self::Output) -> SecretBind;
}

pub(super) mod sealed {
    pub trait Bind {}
}

/// The terms of a requested binding.
#[doc(hidden)]
#[derive(Debug)]
pub struct BindTerms<'a> {
    pub(super) kind: BindingKind,
    pub(super) pool_key: &'a str,
    pub(super) phone_no_x: Option<&'a VirtualNumber>,
    pub(super) order_id: Option<&'a str>,
    pub(super) industrial_id: Option<&'a str>,
    pub(super) out_id: Option<&'a Private>,
    pub(super) expiration: DateTime<FixedOffset>,
    /// `None` if no operation reads bindings of this kind.
    pub(super) readable: Option<ReadableTerms<'a>>,
}

/// The terms that a query tells of a binding.
#[derive(Debug)]
pub(super) struct ReadableTerms<'a> {
    pub(super) exclusive: Exclusive,
    pub(super) phone_no_a: &'a PhoneNumber,
    pub(super) phone_no_b: Option<&'a PhoneNumber>,
    pub(super) group_id: Option<&'a str>,
    pub(super) extension: Option<&'a Private>,
    pub(super) is_recording_enabled: Option<bool>,
    pub(super) asr_status: Option<bool>,
    pub(super) asr_model_id: Option<&'a str>,
    pub(super) call_restrict: Option<&'a CallRestrict>,
}

/// The part of an X number that only one binding can have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Exclusive {
    /// A and B: pairs that share no party share an X.
    Parties,
    Number,
    Extension,
}

impl BindTerms<'_> {
    pub(super) fn binding(&self, secret_bind: SecretBind) -> Binding {
        let SecretBind { extension, secret_no, subs_id } = secret_bind;
        Binding {
            kind: self.kind,
            pool_key: self.pool_key.to_owned(),
            subs_id,
            secret_no,
            // Without meaning in the other kinds, where it may hold a whole number.
            extension: extension.filter(|_| self.kind == BindingKind::AxnExtension),
            order_id: self.order_id.map(ToOwned::to_owned),
            industrial_id: self.industrial_id.map(ToOwned::to_owned),
            expiration: self.expiration,
        }
    }

    /// Whether an operation reads bindings of this kind, so that one can be looked for.
    pub(super) fn is_readable(&self) -> bool {
        self.readable.is_some()
    }

    /// Refuses a search for a binding that no operation reads.
    pub(super) fn check_readable(&self) -> Result<(), InvalidRequest> {
        if self.is_readable() {
            return Ok(());
        }
        Err(InvalidRequest::new(
            "tel_x",
            "cannot be searched: no operation is known that reads bindings of 700 numbers",
        ))
    }

    /// Whether the request names what only one binding can have, so that X refuses a second one.
    pub(super) fn x_refuses_a_second(&self) -> bool {
        let has_own_part =
            |terms: &ReadableTerms<'_>| terms.exclusive != Exclusive::Extension || terms.extension.is_some();
        self.phone_no_x.is_some() && self.readable.as_ref().is_some_and(has_own_part)
    }

    /// Whether a binding is in force between the parties asked for until the end asked for.
    pub(super) fn matches(&self, detail: &SecretBindDetail) -> bool {
        detail.status == BindingStatus::InForce
            && self.readable.as_ref().is_some_and(|terms| terms.matches(detail))
            && detail.expire_date.is_some_and(|end| end.timestamp() == self.expiration.timestamp())
    }

    /// Whether a binding that fits also has no B where none is asked for, and the settings that the request names, as
    /// far as the gateway tells them.
    pub(super) fn matches_exactly(&self, detail: &SecretBindDetail) -> bool {
        self.readable.as_ref().is_some_and(|terms| terms.matches_exactly(detail))
    }

    /// Whether a binding at X is a reason for X to refuse the one asked for.
    pub(super) fn collide(&self, detail: &SecretBindDetail) -> bool {
        detail.status == BindingStatus::InForce && self.readable.as_ref().is_some_and(|terms| terms.collide(detail))
    }
}

impl ReadableTerms<'_> {
    fn matches(&self, detail: &SecretBindDetail) -> bool {
        detail.phone_no_a.as_ref() == Some(self.phone_no_a)
            && self.phone_no_b.is_none_or(|number_b| detail.phone_no_b.as_ref() == Some(number_b))
            && self.group_id.is_none_or(|group_id| detail.group_id.as_deref() == Some(group_id))
            && self.extension.is_none_or(|extension| detail.extension.as_ref() == Some(extension))
    }

    fn matches_exactly(&self, detail: &SecretBindDetail) -> bool {
        let restriction = |restrict: Option<&CallRestrict>| restrict.filter(|it| **it != CallRestrict::Clear).cloned();
        (self.phone_no_b.is_some() || detail.phone_no_b.is_none())
            && equal_if_known(self.is_recording_enabled, detail.need_record)
            && equal_if_known(self.asr_status, detail.asr_status)
            && equal_if_known(self.asr_model_id, detail.asr_model_id.as_deref())
            && restriction(self.call_restrict) == restriction(detail.call_restrict.as_ref())
    }

    fn collide(&self, detail: &SecretBindDetail) -> bool {
        let is_ours = |number: Option<&PhoneNumber>| {
            number.is_some_and(|number| number == self.phone_no_a || Some(number) == self.phone_no_b)
        };
        match self.exclusive {
            Exclusive::Parties => is_ours(detail.phone_no_a.as_ref()) || is_ours(detail.phone_no_b.as_ref()),
            Exclusive::Number => true,
            Exclusive::Extension => self.extension.is_some() && detail.extension.as_ref() == self.extension,
        }
    }
}

/// Whether two values are equal, as far as both are known.
fn equal_if_known<T: PartialEq>(asked: Option<T>, told: Option<T>) -> bool {
    asked.is_none() || told.is_none() || asked == told
}

macro_rules! bind {
    ($kind:ident: $request:ident, $response:ident, $exclusive:ident, $bind:ident => $phone_no_b:expr, $group_id:expr, $extension:expr) => {
        impl sealed::Bind for $request {}

        impl Bind for $request {
            fn terms(&self) -> BindTerms<'_> {
                let $bind = self;
                BindTerms {
                    kind: BindingKind::$kind,
                    pool_key: &self.pool_key,
                    phone_no_x: self.phone_no_x.as_ref(),
                    order_id: None,
                    industrial_id: None,
                    out_id: self.out_id.as_ref(),
                    expiration: self.expiration,
                    readable: Some(ReadableTerms {
                        exclusive: Exclusive::$exclusive,
                        phone_no_a: &self.phone_no_a,
                        phone_no_b: $phone_no_b,
                        group_id: $group_id,
                        extension: $extension,
                        is_recording_enabled: self.is_recording_enabled,
                        asr_status: self.asr_status,
                        asr_model_id: self.asr_model_id.as_deref(),
                        call_restrict: self.call_restrict.as_ref(),
                    }),
                }
            }

            fn secret_bind(answer: $response) -> SecretBind {
                answer.secret_bind
            }
        }
    };
}

bind!(Axb: BindAxb, BindAxbResponse, Parties, bind => Some(&bind.phone_no_b), None, None);
bind!(Axn: BindAxn, BindAxnResponse, Number, bind => bind.phone_no_b.as_ref(), None, None);
bind!(Axg: BindAxg, BindAxgResponse, Number, bind => bind.phone_no_b.as_ref(), Some(&bind.group_id), None);
bind!(AxnExtension: BindAxnExtension, BindAxnExtensionResponse, Extension, bind => bind.phone_no_b.as_ref(), None, bind.extension.as_ref());

macro_rules! bind_700 {
    ($kind:ident: $request:ident, $response:ident) => {
        impl sealed::Bind for $request {}

        impl Bind for $request {
            fn terms(&self) -> BindTerms<'_> {
                BindTerms {
                    kind: BindingKind::$kind,
                    pool_key: &self.pool_key,
                    phone_no_x: self.tel_x.as_ref(),
                    order_id: self.order_id.as_deref(),
                    industrial_id: self.industrial_id.as_deref(),
                    out_id: self.out_id.as_ref(),
                    expiration: self.expiration,
                    readable: None,
                }
            }

            fn secret_bind(answer: $response) -> SecretBind {
                let SecretBind700 { secret_no, subs_id } = answer.data;
                SecretBind { extension: None, secret_no, subs_id }
            }
        }
    };
}

bind_700!(Axb700: BindAxb700, BindAxb700Response);
bind_700!(Gxb700: BindGxb700, BindGxb700Response);
