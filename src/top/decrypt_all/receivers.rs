use chrono::Utc;

use super::decrypted::Decrypted;
use crate::error::Error;
use crate::operation::Operation;
use crate::send::{CallHistory, Failure, OperationInfo};
use crate::top::error_code::{OAID_NOT_MATCHED, RECEIVER_MISSING, own_fault};
use crate::top::oaid::{OaidDecrypt, OaidDecryptResponse, Receiver, ReceiverQuery};

/// The answer of a call, with the call's attempts and time.
pub(super) struct Answer {
    pub(super) response: OaidDecryptResponse,
    pub(super) call: CallHistory,
}

impl Answer {
    /// The result of each order: its own receiver, or an error.
    pub(super) fn match_receivers(&self, orders: Vec<ReceiverQuery>) -> impl Iterator<Item = Decrypted> {
        orders.into_iter().map(|query| Decrypted { result: self.receiver_of(&query), query })
    }

    fn receiver_of(&self, query: &ReceiverQuery) -> Result<Receiver, Error> {
        let of_order = || self.response.receivers.iter().filter(|one| one.tid.as_deref() == Some(query.tid.as_str()));
        let mut own = of_order().filter(|one| one.oaid.as_ref().is_none_or(|oaid| *oaid == query.oaid));
        let Some(receiver) = own.next() else {
            // An OAID that is not the order's current one may be answered with the current one in its place.
            let is_stale = of_order().any(|one| one.matched == Some(false));
            return Err(self.error(if is_stale { OAID_NOT_MATCHED } else { RECEIVER_MISSING }));
        };
        if own.any(|other| other != receiver) {
            // Of two different receivers for one order, the right one is not known.
            return Err(self.error(RECEIVER_MISSING));
        }
        match receiver.matched {
            Some(false) => Err(self.error(OAID_NOT_MATCHED)),
            _ => Ok(receiver.clone()),
        }
    }

    /// An error with one of this crate's own codes, for an order of this answer.
    fn error(&self, code: &'static str) -> Error {
        let fault = own_fault(code, OaidDecrypt::NAME, self.response.request_id.as_deref());
        Failure::new(fault).into_error(OperationInfo::of::<OaidDecrypt>(), self.call, Utc::now())
    }
}
