//! Reading one order, and checking that the answer is about it.

use chrono::Utc;

use super::error_code::{RECEIVER_MISSING, own_fault};
use super::order::{Trade, TradeFullinfoGet};
use super::shop::Shop;
use crate::error::Error;
use crate::operation::Operation;
use crate::send::{Failure, OperationInfo};

impl Shop {
    /// The order that was asked for. An answer without it, or with another one, is the error [`RECEIVER_MISSING`].
    pub(crate) async fn read_order(&self, get: &TradeFullinfoGet) -> Result<Trade, Error> {
        let mut state = self.new_call();
        let answer = self.send_as(get, &mut state).await?;
        let is_asked_for = |trade: &Trade| trade.order_id().is_none_or(|tid| *tid == get.tid);
        answer.trade.filter(is_asked_for).ok_or_else(|| {
            let fault = own_fault(RECEIVER_MISSING, TradeFullinfoGet::NAME, answer.request_id.as_deref());
            let operation = OperationInfo::of::<TradeFullinfoGet>();
            Failure::new(fault).into_error(operation, state.history_of_success(), Utc::now())
        })
    }
}
