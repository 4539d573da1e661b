use crate::ledger::error::LedgerError;
use crate::top::Receiver;

/// What is known of one order.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) result: Result<Receiver, LedgerError>,
    pub(super) is_cached: bool,
}
