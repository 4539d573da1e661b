//! Joins the requests of one process for the same order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::flight::Flight;
use super::found::{Found, Source};
use crate::provider::{SharedTask, lock};
use crate::store::Store;
use crate::top::ReceiverQuery;

/// How often a request starts again after its work was lost with its runtime.
const ATTEMPTS: usize = 3;

type Results = Arc<HashMap<String, Found>>;

/// The work that is under way in this process, by the keys of its orders.
#[derive(Default)]
pub(super) struct InFlight {
    tasks: Mutex<HashMap<String, Work>>,
}

#[derive(Clone)]
struct Work {
    id: u64,
    task: SharedTask<Results>,
}

impl InFlight {
    /// The results of all orders, by their keys. What is under way already is waited for; the rest is done in one task
    /// of its own, which goes on if this caller is dropped: what was paid for is kept.
    pub(super) async fn decrypt<S: Store>(
        self: &Arc<Self>,
        flight: &Flight<S>,
        mut open: HashMap<String, ReceiverQuery>,
    ) -> HashMap<String, Found> {
        let mut found = HashMap::new();
        for _ in 0..ATTEMPTS {
            let (mine, others) = self.join_or_start(flight, &open);
            for (work, is_mine) in mine.into_iter().map(|work| (work, true)).chain(others.map(|work| (work, false))) {
                let Some(results) = work.task.result().await else { continue };
                for (key, result) in &*results {
                    if open.remove(key).is_some() {
                        let is_from_call = result.source == Source::Call;
                        let source = if is_from_call && !is_mine { Source::Other } else { result.source };
                        found.insert(key.clone(), Found { source, ..result.clone() });
                    }
                }
            }
            if open.is_empty() {
                break;
            }
        }
        found
    }

    /// The work that is started for what is not under way, and the work to wait for.
    fn join_or_start<S: Store>(
        self: &Arc<Self>,
        flight: &Flight<S>,
        open: &HashMap<String, ReceiverQuery>,
    ) -> (Option<Work>, impl Iterator<Item = Work> + use<S>) {
        let (mut mine, mut others) = (HashMap::new(), HashMap::new());
        let mut tasks = lock(&self.tasks);
        for (key, query) in open {
            match tasks.get(key).filter(|work| work.task.is_alive()) {
                Some(work) => drop(others.insert(work.id, work.clone())),
                None => drop(mine.insert(key.clone(), query.clone())),
            }
        }
        let started = (!mine.is_empty()).then(|| {
            let id = fastrand::u64(..);
            let keys: Vec<_> = mine.keys().cloned().collect();
            let registered = Registered { in_flight: Arc::clone(self), id, keys: keys.clone() };
            let flight = flight.clone();
            let task = SharedTask::start(async move {
                let _registered = registered;
                Arc::new(flight.decrypt(mine).await)
            });
            let work = Work { id, task };
            tasks.extend(keys.into_iter().map(|key| (key, work.clone())));
            work
        });
        (started, others.into_values())
    }
}

/// Ends with its work, also if that is dropped.
struct Registered {
    in_flight: Arc<InFlight>,
    id: u64,
    keys: Vec<String>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut tasks = lock(&self.in_flight.tasks);
        for key in &self.keys {
            if tasks.get(key).is_some_and(|work| work.id == self.id) {
                tasks.remove(key);
            }
        }
    }
}
