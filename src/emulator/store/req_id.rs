//! The requests of the work-number family that were executed, by their `ReqId`.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The maximum number of requests that are kept, so that memory is bounded. Older ones are executed again.
const KEPT: usize = 10_000;

/// The first request with a `ReqId`.
#[derive(Serialize, Deserialize)]
pub(crate) struct FirstRequest {
    /// The action and its parameters.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) answer: Map<String, Value>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ReqIds {
    first: HashMap<String, FirstRequest>,
    oldest_first: VecDeque<String>,
}

impl ReqIds {
    pub(crate) fn first(&self, req_id: &str) -> Option<&FirstRequest> {
        self.first.get(req_id)
    }

    pub(crate) fn remember(&mut self, req_id: &str, request: FirstRequest) {
        if self.first.insert(req_id.to_owned(), request).is_none() {
            self.oldest_first.push_back(req_id.to_owned());
        }
        while self.oldest_first.len() > KEPT
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.first.remove(&oldest);
        }
    }
}
