//! Pools of X numbers.

use std::collections::HashMap;

/// An X number and the city it belongs to.
pub(crate) struct PoolNumber {
    pub(crate) city: String,
    pub(crate) number: String,
}

#[derive(Default)]
pub(crate) struct NumberPools {
    by_key: HashMap<String, Vec<PoolNumber>>,
}

impl NumberPools {
    pub(crate) fn add(&mut self, pool_key: String, numbers: Vec<PoolNumber>) {
        self.by_key.entry(pool_key).or_default().extend(numbers);
    }

    pub(crate) fn exists(&self, pool_key: &str) -> bool {
        self.by_key.contains_key(pool_key)
    }

    pub(crate) fn contains(&self, pool_key: &str, number: &str) -> bool {
        self.numbers(pool_key).iter().any(|candidate| candidate.number == number)
    }

    /// Whether any pool has this number.
    pub(crate) fn knows(&self, number: &str) -> bool {
        self.by_key.keys().any(|pool_key| self.contains(pool_key, number))
    }

    /// The numbers of a pool, those of the wanted city first.
    pub(crate) fn by_preference(&self, pool_key: &str, city: Option<&str>) -> impl Iterator<Item = &str> {
        let numbers = self.numbers(pool_key);
        let wanted = move |candidate: &&PoolNumber| Some(candidate.city.as_str()) == city;
        let first = numbers.iter().filter(wanted);
        let then = numbers.iter().filter(move |candidate| !wanted(candidate));
        first.chain(then).map(|candidate| candidate.number.as_str())
    }

    fn numbers(&self, pool_key: &str) -> &[PoolNumber] {
        self.by_key.get(pool_key).map(Vec::as_slice).unwrap_or_default()
    }
}
