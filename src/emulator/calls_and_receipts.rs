//! What happens to virtual numbers beside the calls of an application: phone calls, text messages, reviews; and the
//! receipts about it.

use std::time::Duration;

use serde_json::Value;

use super::calls::{self, DialledCall, PlacedCall, SentMessage, SmsMessage};
use super::gateways::Gateways;
use super::store::call_record::CallRecord;
use super::store::number_report::ReportReview;
use super::store::push_settings::PushSettings;
use super::store::queue::queue_name;
use super::{aliyun, mns};

impl Gateways {
    /// Adds a finished call or an intercepted message.
    pub fn add_call_record(&self, record: CallRecord) {
        self.lock_state().call_records.insert(record, &self.accounts().pool_key);
    }

    /// Decides the review of the report of an A number, or changes the decision. `group` is the id of the white list.
    /// Returns `false` if there is no such report.
    pub fn review_report(&self, group: i64, number: &str, review: ReportReview) -> bool {
        self.lock_state().number_reports.decide(group, number, review)
    }

    /// Whether the blacklist of a pool allows `caller` to call `called` through its X numbers.
    #[must_use]
    pub fn may_call(&self, pool_key: &str, caller: &str, called: &str) -> bool {
        let state = self.lock_state();
        state.blacklists.get(pool_key).is_none_or(|blacklist| blacklist.allows(caller, called))
    }

    /// Publishes a receipt to the queue of its type, for example `SecretReport`. Returns `false` if there is no queue
    /// for this type.
    pub fn publish_receipt(&self, message_type: &str, body: &Value) -> bool {
        self.lock_state().queues.publish(message_type, body, self.clock().now())
    }

    /// Publishes any text to the queue of a type, for example one that is not JSON. Returns `false` if there is no
    /// queue for this type.
    pub fn publish_text(&self, message_type: &str, text: &str) -> bool {
        self.lock_state().queues.publish_text(message_type, text, self.clock().now())
    }

    /// The name of the queue for receipts of a type.
    #[must_use]
    pub fn queue_name(&self, message_type: &str) -> String {
        queue_name(message_type)
    }

    /// Sets how long later receives hide a message, rounded down to seconds. The gateway allows 1 second to 12 hours: a
    /// value outside is replaced by the nearest one. [`reset`](Self::reset) restores the value of the builder.
    pub fn set_visibility_timeout(&self, timeout: Duration) {
        self.lock_state().queues.set_visibility_timeout(timeout);
    }

    /// The queues of receipts as JSON: for each name, how many messages are `visible` and how many are `hidden` until
    /// their visibility timeout ends.
    #[must_use]
    pub fn queues(&self) -> Value {
        let now = self.clock().now();
        mns::state(&self.lock_state(), now)
    }

    /// Places a call: rings the phone that the binding of the X number decides. What follows is scheduled: the receipts
    /// of the whole call come as the clock passes their times, and its recording and its text can be queried.
    ///
    /// ```
    /// use privacy_number::emulator::{CallRefusal, Emulator, PlacedCall};
    ///
    /// let gateways = Emulator::builder().build();
    /// let call = gateways.place_call(&PlacedCall::new("13800000000", "17000000001"));
    /// assert_eq!(call.result, Err(CallRefusal::NoBinding));
    /// assert_eq!(gateways.receipts()[0]["pushed"]["unconnected_cause"], 2);
    /// ```
    #[doc(alias("拨打", "话单"))]
    pub fn place_call(&self, call: &PlacedCall) -> DialledCall {
        let now = self.clock().now();
        calls::place_call(&mut self.lock_state(), call, now)
    }

    /// Sends a text message to an X number. The platform intercepts it and reports it with `SecretSmsIntercept`, a
    /// receipt of former documents. `ConfirmSendSms` can send it on for a day.
    #[doc(alias = "短信拦截")]
    pub fn send_message(&self, message: &SmsMessage) -> SentMessage {
        let now = self.clock().now();
        calls::send_message(&mut self.lock_state(), message, now)
    }

    /// Sets where and how receipts are pushed. It also applies to pushes that are pending. [`reset`](Self::reset)
    /// restores the settings of the builder.
    pub fn push_receipts(&self, settings: PushSettings) {
        self.lock_state().pushes.set(settings);
    }

    /// The latest 10,000 receipts whose time has come, oldest first, as a list of JSON objects: the `type`, the `time`,
    /// the `call_id`, and the body in both forms, `pushed` and `queued`. They contain complete phone numbers: do not
    /// log them.
    #[must_use]
    pub fn receipts(&self) -> Value {
        let now = self.clock().now();
        self.lock_state().receipts.to_json(now)
    }

    /// The latest 10,000 pushes and all pending ones as JSON: the number of `scheduled_receipts`, whose time has not
    /// come, and a list of `pushes` with `type`, `call_ids`, number of `receipts`, `status` (`pending`, `delivered`,
    /// `lost`), `duplicate`, `due` and `attempts`.
    #[must_use]
    pub fn pushes(&self) -> Value {
        calls::state::pushes(&self.lock_state())
    }

    /// The state of Phone Number Protection as JSON.
    ///
    /// `pools` has the `numbers`, `groups`, `black_numbers` and `black_pairs` of each pool under its key. `bindings`
    /// has every binding under its id, including expired ones, and `fixed_line_bindings` those of the fixed-line
    /// platform. `waybills` is the list of all pick-up orders. `work_numbers` has the `numbers` with their employees
    /// and options, the `call_bindings` under their ids, and the `sms_signs`. `reports` is the list of all reported A
    /// numbers, `photos` has the SHA-256 of each uploaded photo under its path. `calls` has the latest 10,000 calls and
    /// messages, oldest first. The JSON contains complete phone numbers: do not log it.
    #[must_use]
    pub fn phone_number_protection(&self) -> Value {
        let now = self.clock().now();
        aliyun::state::to_json(&self.lock_state(), now, str::to_owned)
    }
}
