//! Bindings of the fixed-line platform.

use std::collections::{BTreeMap, HashSet, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{EndedBindings, KEPT, push_bounded};

/// The kind of a binding.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum FixedLineKind {
    /// A and B call each other through X. Pairs without a common party can share an X number.
    Axb,
    /// Anybody calls A through X.
    Axn,
    /// Anybody calls A through X and an extension. Many bindings share an X number.
    AxnExtension,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FixedLineBinding {
    pub(crate) kind: FixedLineKind,
    pub(crate) app_id: String,
    pub(crate) number_x: String,
    /// Present in an AXN extension binding.
    pub(crate) extension: Option<String>,
    pub(crate) number_a: String,
    /// Always present in an AXB binding. In an AXN binding, the number that A calls through X.
    pub(crate) number_b: Option<String>,
    /// In seconds; 0 if the binding never ends by itself.
    pub(crate) expiration: u64,
    /// `None` if the binding never ends by itself.
    pub(crate) ends: Option<DateTime<Utc>>,
    /// The time of binding as the request wrote it.
    pub(crate) subts: String,
    pub(crate) terms: Terms,
}

/// What a binding and its change have in common. It has no effect in the emulator, but queries show it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) anucode: Option<String>,
    pub(crate) anucodecalled: Option<String>,
    pub(crate) t_anucode_connect: Option<String>,
    pub(crate) remark: Option<String>,
    pub(crate) callback: Option<String>,
    pub(crate) callrecording: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct FixedLines {
    by_id: BTreeMap<String, FixedLineBinding>,
    created_count: u64,
    /// Pairs of number pool and id of a request that was executed: the latest ones.
    order_ids: HashSet<(String, String)>,
    order_ids_by_age: VecDeque<(String, String)>,
    #[serde(skip)]
    ended: EndedBindings,
}

impl FixedLineBinding {
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }

    pub(crate) fn has_party(&self, number: &str) -> bool {
        self.number_a == number || self.number_b.as_deref() == Some(number)
    }

    /// Whether only one of two bindings of the same X number can be in force.
    fn excludes(&self, other: &Self) -> bool {
        self.kind != other.kind
            || match self.kind {
                FixedLineKind::Axb => {
                    other.has_party(&self.number_a)
                        || self.number_b.as_deref().is_some_and(|number| other.has_party(number))
                }
                FixedLineKind::Axn => true,
                FixedLineKind::AxnExtension => self.extension == other.extension,
            }
    }
}

impl Terms {
    /// Replaces what the change has.
    pub(crate) fn replace(&mut self, change: Self) {
        for (term, change) in [
            (&mut self.anucode, change.anucode),
            (&mut self.anucodecalled, change.anucodecalled),
            (&mut self.t_anucode_connect, change.t_anucode_connect),
            (&mut self.remark, change.remark),
            (&mut self.callback, change.callback),
            (&mut self.callrecording, change.callrecording),
        ] {
            if change.is_some() {
                *term = change;
            }
        }
    }
}

impl FixedLines {
    /// Whether a binding can have its X number, extension and parties, beside all others than that with the id `own`.
    pub(crate) fn is_free(&self, binding: &FixedLineBinding, own: Option<&str>, now: DateTime<Utc>) -> bool {
        let others = self.by_id.iter().filter(|(id, _)| own != Some(id.as_str()));
        let mut of_number = others.filter(|(_, other)| other.number_x == binding.number_x && other.in_force(now));
        !of_number.any(|(_, other)| binding.excludes(other))
    }

    /// Adds a binding, which must be free. Returns its id.
    pub(crate) fn insert(&mut self, binding: FixedLineBinding, now: DateTime<Utc>) -> String {
        let ends = |binding: &FixedLineBinding| binding.ends.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let all = self.by_id.iter().map(|(id, binding)| (ends(binding), id.clone()));
        for id in self.ended.surplus(self.by_id.len(), all, now) {
            self.by_id.remove(&id);
        }
        self.created_count = self.created_count.saturating_add(1);
        let id = format!("SUB{:012}", self.created_count);
        self.by_id.insert(id.clone(), binding);
        id
    }

    /// Replaces the binding with this id.
    pub(crate) fn replace(&mut self, id: &str, binding: FixedLineBinding) {
        self.by_id.insert(id.to_owned(), binding);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// The binding in force with this kind, number pool and id.
    pub(crate) fn get(
        &self,
        kind: FixedLineKind,
        app_id: &str,
        id: &str,
        now: DateTime<Utc>,
    ) -> Option<&FixedLineBinding> {
        self.by_id.get(id).filter(|binding| binding.kind == kind && binding.app_id == app_id && binding.in_force(now))
    }

    /// The bindings in force of this kind and number pool, oldest first.
    pub(crate) fn of_pool(
        &self,
        kind: FixedLineKind,
        app_id: &str,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = (&str, &FixedLineBinding)> {
        let is_wanted =
            move |binding: &FixedLineBinding| binding.kind == kind && binding.app_id == app_id && binding.in_force(now);
        self.iter().filter(move |(_, binding)| is_wanted(binding))
    }

    /// All bindings, oldest first, including expired ones.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &FixedLineBinding)> {
        self.by_id.iter().map(|(id, binding)| (id.as_str(), binding))
    }

    /// Whether a request with this id was executed.
    pub(crate) fn has_order_id(&self, app_id: &str, order_id: &str) -> bool {
        self.order_ids.contains(&(app_id.to_owned(), order_id.to_owned()))
    }

    pub(crate) fn record_order_id(&mut self, app_id: &str, order_id: &str) {
        let key = (app_id.to_owned(), order_id.to_owned());
        if !self.order_ids.insert(key.clone()) {
            return;
        }
        if let Some(oldest) = push_bounded(&mut self.order_ids_by_age, key, KEPT) {
            self.order_ids.remove(&oldest);
        }
    }
}
