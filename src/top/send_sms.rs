//! Sending text messages: one, or any number with one template.

use std::collections::HashSet;

use chrono::Utc;

use super::decrypt_all::ends_the_work;
use super::shop::Shop;
use super::sms::{
    SendMessageByOaidRequest, SmsEntry, SmsMessageDirectBatchsend, SmsOaidMessageSend, SmsOaidMessageSendResponse,
};
use crate::error::{Error, Outcome};
use crate::invalid::InvalidRequest;
use crate::operation::Operation;

impl Shop {
    /// Sends one text message to the receiver of an order, by [`SmsOaidMessageSend`]. Charged per message.
    ///
    /// The request is never sent a second time after an unknown outcome. A success means accepted, not delivered.
    ///
    /// # Errors
    /// [`Advice::Reconcile`](crate::Advice::Reconcile) if it may have been sent, such as after a lost response. No
    /// method tells: decide whether a second message does less harm than none. Otherwise those of
    /// [`SmsOaidMessageSend`].
    #[doc(alias = "短信")]
    pub async fn send_sms(&self, message: SendMessageByOaidRequest) -> Result<SmsOaidMessageSendResponse, Error> {
        self.send(&SmsOaidMessageSend::new(message)).await
    }

    /// Sends any number of text messages with one template, in batches of 50, by [`SmsMessageDirectBatchsend`]: one
    /// result for each batch. Charged per message.
    ///
    /// A batch is accepted or refused as a whole. The batches are sent one after another, and none is sent a second
    /// time after an unknown outcome: see [`SentSmsBatch::may_have_been_sent`]. A batch that fails does not stop the
    /// others. After an error that concerns all batches, such as an account without balance, the others fail without
    /// being sent.
    ///
    /// # Errors
    /// [`InvalidRequest`] with the field, before anything is sent: no entry, an entry that breaks a rule, the same
    /// order twice with different texts, values or extension codes for some entries only. Equal entries are sent once.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::emulator::Emulator;
    /// use privacy_number::top::{SmsEntry, SmsMessageDirectBatchsend};
    ///
    /// let orders = (0..120).map(|order| (format!("30{order:03}"), format!("oaid-{order}")));
    /// let emulator = Emulator::builder().orders(orders.clone()).start().await?;
    /// let entries = orders.map(|(tid, oaid)| SmsEntry::builder().order_id(tid).oaid(oaid).sign_name("测试旗舰店").build());
    /// let messages = SmsMessageDirectBatchsend::builder().sms_template_code("SMS_12345").entries(entries).build();
    ///
    /// for batch in emulator.shop()?.send_sms_batches(messages).await? {
    ///     match &batch.result {
    ///         Ok(receipt) => println!("{} messages as {receipt}", batch.entries.len()),
    ///         Err(_) if batch.may_have_been_sent() => println!("store them as unknown, never repeat them blindly"),
    ///         Err(error) => println!("{} messages were not sent: {error}", batch.entries.len()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "批量短信")]
    pub async fn send_sms_batches(
        &self,
        messages: SmsMessageDirectBatchsend,
    ) -> Result<Vec<SentSmsBatch>, InvalidRequest> {
        let batches = batches(&messages)?;
        let shop = self.clone().in_workflow();
        let mut ended_by: Option<Error> = None;
        let mut sent = Vec::with_capacity(batches.len());
        for batch in batches {
            let result = match &ended_by {
                Some(error) => Err(error.unsent()),
                None => shop.send(&batch).await.map(|answer| answer.module),
            };
            if let Err(error) = &result
                && ends_the_work(error)
            {
                ended_by.get_or_insert_with(|| error.clone());
            }
            sent.push(SentSmsBatch { entries: batch.entries, result });
        }
        Ok(sent)
    }
}

/// The result of one batch: [`Shop::send_sms_batches`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SentSmsBatch {
    /// Its messages.
    pub entries: Vec<SmsEntry>,
    /// The receipt code of the batch, or why there is none.
    pub result: Result<String, Error>,
}

impl SentSmsBatch {
    /// Whether there is an error, and the messages may have been sent nevertheless: the outcome is
    /// [unknown](Outcome::Unknown) or [executed](Outcome::Executed).
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.result.as_ref().is_err_and(|error| matches!(error.outcome(), Outcome::Unknown | Outcome::Executed))
    }
}

/// The messages in calls of 50. All are checked, so that nothing is sent if one breaks a rule.
fn batches(messages: &SmsMessageDirectBatchsend) -> Result<Vec<SmsMessageDirectBatchsend>, InvalidRequest> {
    let Some(first) = messages.entries.first() else {
        return Err(InvalidRequest::new("entries", "must hold 1 message or more"));
    };
    let mut orders = HashSet::new();
    for (index, entry) in messages.entries.iter().enumerate() {
        let refuse = |field, reason| Err(InvalidRequest::new(format!("entries[{index}].{field}"), reason));
        if !orders.insert((&entry.oaid, &entry.order_id)) {
            return refuse("order_id", "must not be among the messages twice");
        }
        if entry.content.is_some() != first.content.is_some() {
            return refuse("content", "must be given for all entries or for none");
        }
        if entry.extend_num.is_some() != first.extend_num.is_some() {
            return refuse("extend_num", "must be given for all entries or for none");
        }
    }
    let calls = messages.entries.chunks(SmsMessageDirectBatchsend::MAX_ENTRIES);
    let calls: Vec<_> =
        calls.map(|entries| SmsMessageDirectBatchsend { entries: entries.to_vec(), ..messages.clone() }).collect();
    for (index, call) in calls.iter().enumerate() {
        call.validate(Utc::now()).map_err(|error| error.within(format_args!("batch[{index}]")))?;
    }
    Ok(calls)
}
