//! Waybill numbers of AXN bindings.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct TrackNos {
    ids_by_track_no: HashMap<String, Vec<String>>,
    track_nos_by_id: HashMap<String, Vec<String>>,
}

impl TrackNos {
    /// Adds a waybill number to a binding. A repeated call changes nothing.
    pub(crate) fn add(&mut self, track_no: &str, binding_id: &str) {
        let ids = self.ids_by_track_no.entry(track_no.to_owned()).or_default();
        if !ids.iter().any(|id| id == binding_id) {
            ids.push(binding_id.to_owned());
            self.track_nos_by_id.entry(binding_id.to_owned()).or_default().push(track_no.to_owned());
        }
    }

    /// The ids of the bindings that have this waybill number.
    pub(crate) fn binding_ids(&self, track_no: &str) -> &[String] {
        self.ids_by_track_no.get(track_no).map(Vec::as_slice).unwrap_or_default()
    }

    /// The waybill numbers of a binding.
    pub(crate) fn by_binding(&self, binding_id: &str) -> &[String] {
        self.track_nos_by_id.get(binding_id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Removes all waybill numbers of a binding.
    pub(crate) fn remove_binding(&mut self, binding_id: &str) {
        for track_no in self.track_nos_by_id.remove(binding_id).unwrap_or_default() {
            let Some(ids) = self.ids_by_track_no.get_mut(&track_no) else {
                continue;
            };
            ids.retain(|id| id != binding_id);
            if ids.is_empty() {
                self.ids_by_track_no.remove(&track_no);
            }
        }
    }
}
