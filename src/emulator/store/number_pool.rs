//! Pools of X numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::binding::BindingKind;

/// An X number of a pool.
#[derive(Serialize, Deserialize)]
pub(crate) struct PoolNumber {
    pub(crate) city: String,
    pub(crate) number: String,
    pub(crate) bought: DateTime<Utc>,
    /// A locked number keeps its bindings and gets no new bindings.
    pub(crate) locked: bool,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Pool {
    /// The only kind of bindings that the pool supports. `None` stands for all kinds.
    pub(crate) kind: Option<BindingKind>,
    /// Whether a binding fails if the expected city has no free number.
    pub(crate) strict_city: bool,
    pub(crate) numbers: Vec<PoolNumber>,
}

/// Whether a number is of the range 700, which has bindings of its own.
pub(crate) fn is_700(number: &str) -> bool {
    number.len() == 15 && number.starts_with("700")
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct NumberPools {
    by_key: BTreeMap<String, Pool>,
}

impl NumberPools {
    /// The pool with this key. It is created if it does not exist.
    pub(crate) fn get_or_create(&mut self, pool_key: &str) -> &mut Pool {
        self.by_key.entry(pool_key.to_owned()).or_default()
    }

    pub(crate) fn exists(&self, pool_key: &str) -> bool {
        self.by_key.contains_key(pool_key)
    }

    /// Whether the pool supports bindings of this kind.
    pub(crate) fn supports(&self, pool_key: &str, kind: BindingKind) -> bool {
        self.by_key.get(pool_key).is_some_and(|pool| pool.kind.is_none_or(|supported| supported == kind))
    }

    pub(crate) fn contains(&self, pool_key: &str, number: &str) -> bool {
        self.get(pool_key, number).is_some()
    }

    /// Whether any pool contains this number.
    pub(crate) fn any_contains(&self, number: &str) -> bool {
        self.by_key.keys().any(|pool_key| self.contains(pool_key, number))
    }

    pub(crate) fn get(&self, pool_key: &str, number: &str) -> Option<&PoolNumber> {
        self.numbers(pool_key).iter().find(|candidate| candidate.number == number)
    }

    pub(crate) fn get_mut(&mut self, pool_key: &str, number: &str) -> Option<&mut PoolNumber> {
        let numbers = self.by_key.get_mut(pool_key).map(|pool| pool.numbers.iter_mut());
        numbers.into_iter().flatten().find(|candidate| candidate.number == number)
    }

    pub(crate) fn remove(&mut self, pool_key: &str, number: &str) {
        if let Some(pool) = self.by_key.get_mut(pool_key) {
            pool.numbers.retain(|candidate| candidate.number != number);
        }
    }

    /// The unlocked numbers of a pool that are no 700 numbers: those of the expected city first, then the others. A
    /// pool with `strict_city` returns the expected city only.
    pub(crate) fn by_preference(&self, pool_key: &str, city: Option<&str>) -> impl Iterator<Item = &str> {
        let numbers = self.numbers(pool_key);
        let is_strict = city.is_some() && self.by_key.get(pool_key).is_some_and(|pool| pool.strict_city);
        let is_expected = move |candidate: &&PoolNumber| Some(candidate.city.as_str()) == city;
        let first = numbers.iter().filter(is_expected);
        let then = numbers.iter().filter(move |candidate| !is_strict && !is_expected(candidate));
        let candidates = first.chain(then).filter(|candidate| !candidate.locked && !is_700(&candidate.number));
        candidates.map(|candidate| candidate.number.as_str())
    }

    /// The unlocked 700 numbers of a pool.
    pub(crate) fn numbers_700(&self, pool_key: &str) -> impl Iterator<Item = &str> {
        let candidates = self.numbers(pool_key).iter();
        let candidates = candidates.filter(|candidate| !candidate.locked && is_700(&candidate.number));
        candidates.map(|candidate| candidate.number.as_str())
    }

    /// All pools, sorted by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Pool)> {
        self.by_key.iter().map(|(pool_key, pool)| (pool_key.as_str(), pool))
    }

    fn numbers(&self, pool_key: &str) -> &[PoolNumber] {
        self.by_key.get(pool_key).map(|pool| pool.numbers.as_slice()).unwrap_or_default()
    }
}
