//! Blacklists: numbers that are not allowed to call.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Which number of a pair rejects calls from the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum WayControl {
    /// The first number rejects calls from the second.
    PhoneA,
    /// The second number rejects calls from the first.
    PhoneB,
    /// Both numbers reject calls from each other.
    Duplex,
}

/// The blacklist of one pool.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Blacklist {
    /// These numbers cannot call any X number of the pool.
    pub(crate) numbers: BTreeSet<String>,
    #[serde(with = "super::pairs")]
    pub(crate) pairs: BTreeMap<(String, String), WayControl>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Blacklists {
    by_pool: BTreeMap<String, Blacklist>,
}

impl WayControl {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "PHONEA_REJECT" => Some(Self::PhoneA),
            "PHONEB_REJECT" => Some(Self::PhoneB),
            "DUPLEX_REJECT" => Some(Self::Duplex),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PhoneA => "PHONEA_REJECT",
            Self::PhoneB => "PHONEB_REJECT",
            Self::Duplex => "DUPLEX_REJECT",
        }
    }
}

impl Blacklist {
    /// Whether `caller` can call `called`.
    pub(crate) fn allows(&self, caller: &str, called: &str) -> bool {
        let rejects = |first: &str, second: &str, way: WayControl| {
            let control = self.pairs.get(&(first.to_owned(), second.to_owned()));
            control.is_some_and(|control| [way, WayControl::Duplex].contains(control))
        };
        !(self.numbers.contains(caller)
            || rejects(caller, called, WayControl::PhoneB)
            || rejects(called, caller, WayControl::PhoneA))
    }
}

impl Blacklists {
    /// The blacklist of a pool. It is created if it does not exist.
    pub(crate) fn get_or_create(&mut self, pool_key: &str) -> &mut Blacklist {
        self.by_pool.entry(pool_key.to_owned()).or_default()
    }

    pub(crate) fn get(&self, pool_key: &str) -> Option<&Blacklist> {
        self.by_pool.get(pool_key)
    }
}
