//! Text messages that were sent to the receivers of orders.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kept::{KEPT, push_bounded};
use super::shop::ShopId;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct TextMessages {
    sent: VecDeque<TextMessage>,
    calls: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TextMessage {
    /// The id in the answer of the call.
    pub(crate) module: String,
    pub(crate) shop: ShopId,
    pub(crate) tid: String,
    /// The receiver of the order.
    pub(crate) receiver: String,
    pub(crate) sign_name: String,
    pub(crate) template: String,
    pub(crate) params: Value,
    pub(crate) extend: Option<String>,
    pub(crate) task_sign: Option<String>,
    pub(crate) time: DateTime<Utc>,
}

impl TextMessages {
    /// The id of the next call.
    pub(crate) fn next_module(&mut self) -> String {
        self.calls = self.calls.saturating_add(1);
        format!("{}^0", 1_234_567_889_u64.saturating_add(self.calls))
    }

    pub(crate) fn add(&mut self, message: TextMessage) {
        push_bounded(&mut self.sent, message, KEPT);
    }

    /// Whether a receiver got a message of this task.
    pub(crate) fn is_done(&self, task_sign: &str, receiver: &str) -> bool {
        let is_of_task = |message: &&TextMessage| message.task_sign.as_deref() == Some(task_sign);
        self.sent.iter().filter(is_of_task).any(|message| message.receiver == receiver)
    }

    /// The latest messages, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &TextMessage> {
        self.sent.iter()
    }
}
