//! One group of orders through as few calls as possible: a refusal that may be one order's fault is narrowed down to
//! that order.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::Progress;
use crate::error::{Advice, Error, Outcome};
use crate::operation::Operation;
use crate::top::client::Shop;
use crate::top::error_code::{OAID_NOT_MATCHED, RECEIVER_MISSING, blames_one_order, own_error};
use crate::top::oaid::{OaidDecrypt, OaidDecryptResponse, Receiver, ReceiverQuery};

/// Each order asked for, with its result.
pub(super) type Asked = Vec<(ReceiverQuery, Result<Receiver, Error>)>;

/// A longer ban than this is not waited for: the orders that are left fail at once.
const LONGEST_SHORT_BAN_SECONDS: u64 = 30;

/// Part of a group that is still to be asked for.
struct Part {
    orders: Vec<ReceiverQuery>,
    /// The refusal of the whole that this part is the first half of.
    refusal_of_whole: Option<Error>,
    /// The refusal that must be this part's fault, since the other half was answered.
    blamed: Option<Error>,
}

/// Sends nothing more once the work has ended, and says so if one of its own calls ends it.
pub(super) async fn ask_and_isolate(
    shop: Shop,
    progress: Progress,
    ended_by: Arc<OnceLock<Error>>,
    group: Vec<ReceiverQuery>,
) -> Asked {
    let mut asked = Vec::with_capacity(group.len());
    let mut parts = vec![Part { orders: group, refusal_of_whole: None, blamed: None }];
    while let Some(Part { orders, refusal_of_whole, blamed }) = parts.pop() {
        let answer = match (blamed, ended_by.get()) {
            (Some(refusal), _) => Err(refusal),
            (None, Some(ending)) => Err(ending.unsent()),
            (None, None) => {
                progress.called();
                let answer = shop.send(&OaidDecrypt::new(orders.iter().cloned())).await;
                if let Err(error) = &answer
                    && ends_the_work(error)
                {
                    let _ = ended_by.set(error.clone());
                }
                answer
            }
        };
        match answer {
            Ok(answer) => {
                asked.extend(match_receivers(&answer, orders));
                // The first half is answered, so the refusal of the whole was the second half's fault.
                if let (Some(refusal), Some(second_half)) = (refusal_of_whole, parts.last_mut()) {
                    second_half.blamed = Some(refusal);
                }
            }
            Err(refusal) if orders.len() > 1 && refusal.sub_code().is_some_and(blames_one_order) => {
                let (first, second) = orders.split_at(orders.len() / 2);
                parts.push(Part { orders: second.to_vec(), refusal_of_whole: None, blamed: None });
                parts.push(Part { orders: first.to_vec(), refusal_of_whole: Some(refusal), blamed: None });
            }
            Err(error) => asked.extend(orders.into_iter().map(|query| (query, Err(error.clone())))),
        }
    }
    asked
}

/// Whether every other order of the shop would be refused as well.
fn ends_the_work(error: &Error) -> bool {
    match error.advice() {
        Advice::WaitUntil(_) | Advice::RefreshSession | Advice::AskSeller | Advice::TopUp => true,
        Advice::WaitFor(ban) => ban.as_secs() > LONGEST_SHORT_BAN_SECONDS,
        _ => {
            error.outcome() == Outcome::Rejected
                && error.http_status().is_some()
                && !error.sub_code().is_some_and(blames_one_order)
        }
    }
}

fn match_receivers(answer: &OaidDecryptResponse, orders: Vec<ReceiverQuery>) -> Asked {
    let receivers: HashMap<&str, &Receiver> =
        answer.receivers.iter().filter_map(|receiver| Some((receiver.tid.as_deref()?, receiver))).collect();
    let request_id = answer.request_id.as_deref();
    let result_of = |query: ReceiverQuery| {
        let result = match receivers.get(query.tid.as_str()) {
            None => Err(own_error(RECEIVER_MISSING, OaidDecrypt::NAME, request_id)),
            Some(receiver) if receiver.matched == Some(false) => {
                Err(own_error(OAID_NOT_MATCHED, OaidDecrypt::NAME, request_id))
            }
            Some(receiver) => Ok((*receiver).clone()),
        };
        (query, result)
    };
    orders.into_iter().map(result_of).collect()
}
