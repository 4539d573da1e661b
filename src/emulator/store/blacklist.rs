//! Numbers that may not call.

use std::collections::{BTreeMap, BTreeSet};

/// Which of a pair's numbers rejects calls of the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WayControl {
    /// The first: the second may not call it.
    PhoneA,
    /// The second: the first may not call it.
    PhoneB,
    /// Both.
    Duplex,
}

/// One pool's.
#[derive(Default)]
pub(crate) struct Blacklist {
    /// May not call any X number of the pool.
    pub(crate) numbers: BTreeSet<String>,
    pub(crate) pairs: BTreeMap<(String, String), WayControl>,
}

#[derive(Default)]
pub(crate) struct Blacklists {
    by_pool: BTreeMap<String, Blacklist>,
}

impl WayControl {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
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
    /// Whether the list lets `caller` call `called`.
    pub(crate) fn lets(&self, caller: &str, called: &str) -> bool {
        let closes = |first: &str, second: &str, way: WayControl| {
            let control = self.pairs.get(&(first.to_owned(), second.to_owned()));
            control.is_some_and(|control| [way, WayControl::Duplex].contains(control))
        };
        !(self.numbers.contains(caller)
            || closes(caller, called, WayControl::PhoneB)
            || closes(called, caller, WayControl::PhoneA))
    }
}

impl Blacklists {
    /// The list of a pool, which is there from now on.
    pub(crate) fn open(&mut self, pool_key: &str) -> &mut Blacklist {
        self.by_pool.entry(pool_key.to_owned()).or_default()
    }

    pub(crate) fn get(&self, pool_key: &str) -> Option<&Blacklist> {
        self.by_pool.get(pool_key)
    }
}
