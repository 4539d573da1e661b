//! X numbers on sale.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Serial numbers of generated numbers start here, so that they differ from the numbers of default pools.
const FIRST_SERIAL: u32 = 10_000_000;

/// A type of X numbers: `SpecId` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum NumberSpec {
    /// `1`: numbers of virtual operators. They begin with 170 or 171.
    VirtualOperator,
    /// `2`: numbers of the carriers.
    Carrier,
    /// `3`: numbers that begin with 95. They belong to no city: their city is always `全国通用`.
    NinetyFive,
}

/// The reason why no number can be bought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotSold {
    OverLimit,
    OutOfStock,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct NumberStock {
    #[serde(with = "super::pairs")]
    numbers: BTreeMap<(NumberSpec, String), Vec<String>>,
    generated_count: u32,
    sold: u32,
    /// The maximum number of sales.
    limit: Option<u32>,
}

impl NumberSpec {
    pub(crate) fn from_id(id: i64) -> Option<Self> {
        match id {
            1 => Some(Self::VirtualOperator),
            2 => Some(Self::Carrier),
            3 => Some(Self::NinetyFive),
            _ => None,
        }
    }

    fn prefix(self, serial: u32) -> &'static str {
        match self {
            Self::VirtualOperator if serial.is_multiple_of(2) => "170",
            Self::VirtualOperator => "171",
            Self::Carrier => "139",
            Self::NinetyFive => "95",
        }
    }
}

impl NumberStock {
    /// Sets how many numbers of a city are on sale.
    pub(crate) fn set(&mut self, spec: NumberSpec, city: String, amount: u32) {
        let first = FIRST_SERIAL.saturating_add(self.generated_count);
        let serials = first..first.saturating_add(amount);
        self.generated_count = self.generated_count.saturating_add(amount);
        let numbers = serials.map(|serial| format!("{}{serial}", spec.prefix(serial))).collect();
        self.numbers.insert((spec, city), numbers);
    }

    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.limit = Some(limit);
    }

    /// How many numbers were sold, and how many can be.
    pub(crate) fn sold(&self) -> (u32, Option<u32>) {
        (self.sold, self.limit)
    }

    /// The number of numbers on sale in a city that have this prefix.
    pub(crate) fn count(&self, spec: NumberSpec, city: &str, prefix: &str) -> usize {
        self.by_city(spec, prefix).find(|(candidate, _)| *candidate == city).map_or(0, |(_, amount)| amount)
    }

    /// The number of numbers on sale with this prefix, for every city that ever had numbers of this type.
    pub(crate) fn by_city(&self, spec: NumberSpec, prefix: &str) -> impl Iterator<Item = (&str, usize)> {
        self.numbers.iter().filter(move |((candidate, _), _)| *candidate == spec).map(move |((_, city), numbers)| {
            (city.as_str(), numbers.iter().filter(|number| number.starts_with(prefix)).count())
        })
    }

    /// Sells the first number with this prefix.
    pub(crate) fn sell(&mut self, spec: NumberSpec, city: &str, prefix: &str) -> Result<String, NotSold> {
        if self.limit.is_some_and(|limit| self.sold >= limit) {
            return Err(NotSold::OverLimit);
        }
        let numbers = self.numbers.get_mut(&(spec, city.to_owned())).ok_or(NotSold::OutOfStock)?;
        let position = numbers.iter().position(|number| number.starts_with(prefix)).ok_or(NotSold::OutOfStock)?;
        self.sold = self.sold.saturating_add(1);
        Ok(numbers.remove(position))
    }
}
