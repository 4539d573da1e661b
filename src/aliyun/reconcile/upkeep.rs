//! Renewing and removing a binding, by the operations of its kind.

use chrono::{DateTime, FixedOffset};

use super::binding::Binding;
use crate::aliyun::client::Client;
use crate::aliyun::number700::{SubsUpdate700, UnbindSubs700, UpdateSubs700};
use crate::aliyun::subscription::{SubscriptionUpdate, UnbindSubscription, UpdateSubscription};
use crate::error::Error;

impl Client {
    /// Changes the expiration of a binding: by [`UpdateSubscription`], and by [`UpdateSubs700`] for a 700 number.
    ///
    /// # Errors
    /// See these operations; a binding that has ended cannot be renewed (`isv.FORBIDDEN_ACTION`). No document says
    /// which code a 700 number gives then.
    pub async fn renew(
        &self,
        binding: &mut Binding,
        expiration: impl Into<DateTime<FixedOffset>>,
    ) -> Result<(), Error> {
        let expiration = expiration.into();
        if binding.kind.is_700() {
            let update = UpdateSubs700::builder()
                .pool_key(&binding.pool_key)
                .subs_id(&binding.subs_id)
                .tel_x(binding.secret_no.clone())
                .maybe_order_id(binding.order_id.as_deref())
                .maybe_industrial_id(binding.industrial_id.as_deref())
                .update(SubsUpdate700::Expiration(expiration))
                .build();
            self.send(&update).await?;
        } else {
            let update = UpdateSubscription::builder()
                .pool_key(&binding.pool_key)
                .subs_id(&binding.subs_id)
                .phone_no_x(binding.secret_no.clone())
                .update(SubscriptionUpdate::Expiration(expiration))
                .build();
            self.send(&update).await?;
        }
        binding.expiration = expiration;
        Ok(())
    }

    /// Removes a binding: by [`UnbindSubscription`], and by [`UnbindSubs700`] for a 700 number. A binding that does not
    /// exist any more (`isv.SUBS_NOT_EXIST`) is a success: an earlier attempt, whose response was lost, may have
    /// removed it. No document says that a 700 number gives this code; another one is an error.
    ///
    /// # Errors
    /// See these operations.
    pub async fn unbind(&self, binding: &Binding) -> Result<Unbound, Error> {
        let sent = if binding.kind.is_700() {
            let unbind = UnbindSubs700::builder()
                .pool_key(&binding.pool_key)
                .subs_id(&binding.subs_id)
                .tel_x(binding.secret_no.clone())
                .maybe_order_id(binding.order_id.as_deref())
                .maybe_industrial_id(binding.industrial_id.as_deref())
                .build();
            self.send(&unbind).await.map(drop)
        } else {
            let unbind = UnbindSubscription::builder()
                .pool_key(&binding.pool_key)
                .subs_id(&binding.subs_id)
                .secret_no(binding.secret_no.clone())
                .build();
            self.send(&unbind).await.map(drop)
        };
        match sent {
            Ok(()) => Ok(Unbound::Removed),
            Err(error) if error.code() == Some("isv.SUBS_NOT_EXIST") => Ok(Unbound::AlreadyGone),
            Err(error) => Err(error),
        }
    }
}

/// The result of [`Client::unbind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unbound {
    /// This call removed it.
    Removed,
    /// There was no such binding any more: unbound before, or expired.
    AlreadyGone,
}
