use std::fmt;
use std::ops::RangeFrom;

use chrono::{DateTime, FixedOffset, Utc};

use super::binding_kind::BindingKind;
use super::terms::BindTerms;
use crate::error::{Advice, Error};
use crate::number::VirtualNumber;
use crate::redact::Private;

/// A bind that failed, or whose outcome is unknown.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BindError {
    /// The last error. Its outcome and advice are those of the whole call. After an attempt that may have created the
    /// binding, they stay [`Outcome::Unknown`](crate::Outcome::Unknown) and [`Advice::Reconcile`] until a search shows
    /// the contrary, even if a later attempt was refused.
    pub error: Error,
    /// Why the last search failed, if it did.
    pub search_error: Option<Error>,
    /// The earliest time at which the request may have arrived, by this client's clock.
    pub sent_from: DateTime<FixedOffset>,
    /// The latest time at which the request was sent, by this client's clock.
    pub sent_until: DateTime<FixedOffset>,
    /// The kind of binding.
    pub kind: BindingKind,
    /// The number pool's key.
    pub pool_key: String,
    /// X, if the request named one.
    pub phone_no_x: Option<VirtualNumber>,
    /// The order, if the binding is one of a 700 number and the request had `order_id`.
    pub order_id: Option<String>,
    /// The order's identifier of the industrial internet, if the binding is one of a 700 number and the request had it.
    pub industrial_id: Option<String>,
    /// The `out_id` of the request. Call receipts contain it.
    pub out_id: Option<Private>,
    made_since: DateTime<Utc>,
}

impl BindError {
    pub(super) fn new(
        error: Error,
        terms: &BindTerms<'_>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        made_since: DateTime<Utc>,
    ) -> Self {
        Self {
            error,
            search_error: None,
            sent_from: from.with_timezone(&crate::china()),
            sent_until: until.with_timezone(&crate::china()),
            kind: terms.kind,
            pool_key: terms.pool_key.to_owned(),
            order_id: terms.order_id.map(ToOwned::to_owned),
            industrial_id: terms.industrial_id.map(ToOwned::to_owned),
            phone_no_x: terms.phone_no_x.cloned(),
            out_id: terms.out_id.cloned(),
            made_since,
        }
    }

    /// Whether a binding may exist that you have no record of.
    #[must_use]
    pub fn needs_reconciling(&self) -> bool {
        self.error.advice() == Advice::Reconcile
    }

    /// The time window in which the binding was created, if it was. It is in the gateway's time, for
    /// [`find_binding`](crate::aliyun::Client::find_binding) and
    /// [`find_binding_among`](crate::aliyun::Client::find_binding_among). It has no end, because the gateway may
    /// execute a request after the client has given up. Of no use for a binding of a 700 number, for which no search
    /// exists.
    #[must_use]
    pub fn window(&self) -> RangeFrom<DateTime<Utc>> {
        self.made_since..
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        if self.needs_reconciling() {
            write!(f, "; if it was bound, it was in pool {}", self.pool_key)?;
            if let Some(order) = self.order_id.as_ref().or(self.industrial_id.as_ref()) {
                write!(f, " for order {order}")?;
            }
            write!(f, " from {} to {}", self.sent_from, self.sent_until)?;
        }
        if let Some(error) = &self.search_error {
            write!(f, "; the search for it: {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
