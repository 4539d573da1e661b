//! Receipts on their way to the URL of a receiver.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use super::kept::{KEPT, push_bounded};
use super::push_settings::PushSettings;
use super::receipt::{Receipt, ReceiptKey};

/// The time between an attempt and the next one. After the last one, the push is lost.
const RETRIES: [TimeDelta; 3] = [TimeDelta::minutes(1), TimeDelta::minutes(5), TimeDelta::minutes(10)];
/// The number of requests at a time.
const CONCURRENT: usize = 64;
/// The number of due pushes among which the next requests are chosen.
const LOOKED_AT: usize = 2_000;

/// All pushes.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Pushes {
    settings: PushSettings,
    /// The receipts that are not pushed yet.
    #[serde(with = "super::pairs")]
    scheduled: BTreeMap<ReceiptKey, Arc<Receipt>>,
    /// The pushes that are neither delivered nor lost.
    pending: BTreeMap<u64, Push>,
    /// The pending pushes of which no request is sent at the moment.
    #[serde(skip)]
    waiting: BTreeSet<(DateTime<Utc>, u64)>,
    /// The pending pushes of which a request is sent at the moment.
    #[serde(skip)]
    sending: BTreeSet<u64>,
    /// The latest pushes that are delivered or lost.
    finished: VecDeque<Push>,
    started: u64,
    /// Another state has another one.
    #[serde(skip)]
    generation: Arc<()>,
    /// Changes with everything here. It is closed when the state is replaced.
    #[serde(skip)]
    changes: watch::Sender<()>,
}

/// One HTTP request with receipts, and its retries.
#[derive(Serialize, Deserialize)]
pub(crate) struct Push {
    pub(crate) id: u64,
    pub(crate) message_type: Cow<'static, str>,
    receipts: Vec<Arc<Receipt>>,
    /// When the next attempt begins.
    pub(crate) due: DateTime<Utc>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) status: PushStatus,
    /// Whether it repeats a delivered push.
    pub(crate) is_duplicate: bool,
    duplicates_left: u32,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) time: DateTime<Utc>,
    pub(crate) result: PushResult,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum PushStatus {
    Pending,
    Delivered,
    Lost,
}

/// The result of one attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum PushResult {
    /// HTTP 200 in time, with a numeric `code`.
    Acknowledged,
    /// HTTP 200 in time, but the body has no numeric `code`.
    NoCode,
    /// Another HTTP status.
    Status(u16),
    /// No response in time.
    TimedOut,
    /// The connection failed.
    Failed,
}

/// A request to send now.
pub(crate) struct DuePush {
    generation: Arc<()>,
    id: u64,
    pub(crate) url: String,
    pub(crate) body: Value,
}

impl Pushes {
    pub(crate) fn set(&mut self, settings: PushSettings) {
        self.settings = settings;
        self.changes.send_replace(());
    }

    pub(crate) fn schedule(&mut self, key: ReceiptKey, receipt: Arc<Receipt>) {
        self.scheduled.insert(key, receipt);
        self.changes.send_replace(());
    }

    /// Continues the pushes of a stored state. A push of which a request was being sent is sent again.
    pub(super) fn resume(&mut self) {
        self.waiting = self.pending.values().map(|push| (push.due, push.id)).collect();
    }

    /// The receiver changes with the pushes, and is closed when the state is replaced.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Whether everything that is due was sent and answered.
    pub(crate) fn is_settled(&self, now: DateTime<Utc>) -> bool {
        self.next_due().is_none_or(|due| due > now) && self.sending.is_empty()
    }

    /// When the next request has to be sent.
    pub(crate) fn next_due(&self) -> Option<DateTime<Utc>> {
        let scheduled = self.scheduled.first_key_value().map(|((time, _), _)| *time);
        let waiting = self.waiting.first().map(|(due, _)| *due);
        scheduled.into_iter().chain(waiting).min()
    }

    /// The number of receipts whose time has not come.
    pub(crate) fn scheduled(&self) -> usize {
        self.scheduled.len()
    }

    /// All pushes that are kept: first those that are delivered or lost.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Push> {
        self.finished.iter().chain(self.pending.values())
    }

    /// The requests to send now. Requests about one call are sent one after the other.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Vec<DuePush> {
        self.start_scheduled(now);
        let due = self.waiting.range(..=(now, u64::MAX)).map(|(_, id)| *id);
        let ids: Vec<u64> = if self.settings.newest_first {
            due.rev().take(LOOKED_AT).collect()
        } else {
            due.take(LOOKED_AT).collect()
        };
        let mut free = CONCURRENT.saturating_sub(self.sending.len());
        let mut taken = Vec::new();
        let mut busy = self.calls_of_requests();
        for id in ids {
            if free == 0 {
                break;
            }
            let Some(push) = self.pending.get(&id) else { continue };
            let is_busy = push.call_ids().any(|call_id| busy.contains(call_id));
            // A later request about the same call waits even if this one is held back.
            busy.extend(push.call_ids().map(str::to_owned));
            if is_busy {
                continue;
            }
            free = free.saturating_sub(1);
            self.waiting.remove(&(push.due, id));
            let Some(url) = self.settings.url(&push.message_type) else {
                self.pending.remove(&id);
                continue;
            };
            self.sending.insert(id);
            let body = push.receipts.iter().map(|receipt| receipt.pushed.clone()).collect();
            taken.push(DuePush { generation: Arc::clone(&self.generation), id, url, body });
        }
        self.changes.send_replace(());
        taken
    }

    /// Records the result of a request.
    pub(crate) fn record(&mut self, sent: &DuePush, result: PushResult, now: DateTime<Utc>) {
        if !Arc::ptr_eq(&self.generation, &sent.generation) {
            return;
        }
        self.sending.remove(&sent.id);
        let Some(mut push) = self.pending.remove(&sent.id) else { return };
        push.attempts.push(Attempt { time: now, result });
        if result == PushResult::Acknowledged {
            push.status = PushStatus::Delivered;
            self.start_duplicate(&push);
            self.finish(push);
        } else if let Some(wait) = push.attempts.len().checked_sub(1).and_then(|retry| RETRIES.get(retry)) {
            push.due = push.due.checked_add_signed(*wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
            self.wait(push);
        } else {
            push.status = PushStatus::Lost;
            self.finish(push);
        }
        self.changes.send_replace(());
    }

    /// Makes pushes of the receipts whose time has come. A receipt of a type without a URL is not pushed.
    fn start_scheduled(&mut self, now: DateTime<Utc>) {
        let mut due = Vec::new();
        while self.scheduled.first_key_value().is_some_and(|((time, _), _)| *time <= now) {
            due.extend(self.scheduled.pop_first().map(|(_, receipt)| receipt));
        }
        due.retain(|receipt| self.settings.url(&receipt.message_type).is_some());
        let mut batches: Vec<Vec<Arc<Receipt>>> = Vec::new();
        let mut open: BTreeMap<Cow<'static, str>, usize> = BTreeMap::new();
        for receipt in due {
            let batch = open.get(&receipt.message_type).and_then(|index| batches.get_mut(*index));
            match batch.filter(|batch| batch.len() < self.settings.batch) {
                Some(batch) => batch.push(receipt),
                None => {
                    open.insert(receipt.message_type.clone(), batches.len());
                    batches.push(vec![receipt]);
                }
            }
        }
        for batch in batches {
            let Some((message_type, due)) = batch.first().map(|first| (first.message_type.clone(), first.time)) else {
                continue;
            };
            self.start(Push {
                id: 0,
                message_type,
                receipts: batch,
                due,
                attempts: Vec::new(),
                status: PushStatus::Pending,
                is_duplicate: false,
                duplicates_left: self.settings.duplicates,
            });
        }
    }

    fn start_duplicate(&mut self, push: &Push) {
        if let Some(duplicates_left) = push.duplicates_left.checked_sub(1) {
            self.start(Push {
                id: 0,
                message_type: push.message_type.clone(),
                receipts: push.receipts.clone(),
                due: push.due,
                attempts: Vec::new(),
                status: PushStatus::Pending,
                is_duplicate: true,
                duplicates_left,
            });
        }
    }

    fn start(&mut self, push: Push) {
        self.started = self.started.saturating_add(1);
        self.wait(Push { id: self.started, ..push });
    }

    fn wait(&mut self, push: Push) {
        self.waiting.insert((push.due, push.id));
        self.pending.insert(push.id, push);
    }

    fn finish(&mut self, push: Push) {
        push_bounded(&mut self.finished, push, KEPT);
    }

    /// The calls about which a request is sent at the moment.
    fn calls_of_requests(&self) -> HashSet<String> {
        let sending = self.sending.iter().filter_map(|id| self.pending.get(id));
        sending.flat_map(|push| push.call_ids().map(str::to_owned)).collect()
    }
}

impl Push {
    pub(crate) fn call_ids(&self) -> impl Iterator<Item = &str> {
        self.receipts.iter().filter_map(|receipt| receipt.call_id.as_deref())
    }

    /// The number of receipts in its body.
    pub(crate) fn size(&self) -> usize {
        self.receipts.len()
    }
}

impl PushStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Lost => "lost",
        }
    }
}

impl PushResult {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Acknowledged => "acknowledged".to_owned(),
            Self::NoCode => "200 without a numeric code".to_owned(),
            Self::Status(status) => status.to_string(),
            Self::TimedOut => "timed out".to_owned(),
            Self::Failed => "failed".to_owned(),
        }
    }
}
