use super::error::CacheError;
use crate::store::StoreError;
use crate::top::Receiver;

/// The result of one order.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) result: Result<Receiver, CacheError>,
    pub(super) source: Source,
}

/// Where a result is from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The store had it.
    Store,
    /// It was asked for here.
    Call,
    /// Another task, process or machine asked for it meanwhile.
    Other,
}

impl Found {
    pub(super) fn failed(error: &StoreError) -> Self {
        Self { result: Err(error.clone().into()), source: Source::Call }
    }
}
