//! Numbers on sale.

use std::collections::BTreeMap;

/// Numbers that the stock makes up begin behind this one, so that they are not those of a seeded pool.
const FIRST_SERIAL: u32 = 10_000_000;

/// A type of X numbers, `SpecId` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum NumberSpec {
    /// `1`: numbers of virtual operators, which begin with 170 or 171.
    VirtualOperator,
    /// `2`: numbers of the carriers.
    Carrier,
    /// `3`: numbers that begin with 95. They belong to no city: their one city is `全国通用`.
    NinetyFive,
}

/// Why no number can be bought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotSold {
    OverLimit,
    OutOfStock,
}

#[derive(Default)]
pub(crate) struct NumberStock {
    numbers: BTreeMap<(NumberSpec, String), Vec<String>>,
    made: u32,
    sold: u32,
    /// How many may be sold in all.
    limit: Option<u32>,
}

impl NumberSpec {
    pub(crate) fn of_id(id: i64) -> Option<Self> {
        match id {
            1 => Some(Self::VirtualOperator),
            2 => Some(Self::Carrier),
            3 => Some(Self::NinetyFive),
            _ => None,
        }
    }

    fn beginning(self, serial: u32) -> &'static str {
        match self {
            Self::VirtualOperator if serial.is_multiple_of(2) => "170",
            Self::VirtualOperator => "171",
            Self::Carrier => "139",
            Self::NinetyFive => "95",
        }
    }
}

impl NumberStock {
    /// Puts this many numbers of a city on sale, in the place of what was there.
    pub(crate) fn fill(&mut self, spec: NumberSpec, city: String, amount: u32) {
        let first = FIRST_SERIAL.saturating_add(self.made);
        let serials = first..first.saturating_add(amount);
        self.made = self.made.saturating_add(amount);
        let numbers = serials.map(|serial| format!("{}{serial}", spec.beginning(serial))).collect();
        self.numbers.insert((spec, city), numbers);
    }

    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.limit = Some(limit);
    }

    /// How many numbers of a city are on sale that begin like this.
    pub(crate) fn count(&self, spec: NumberSpec, city: &str, beginning: &str) -> usize {
        self.by_city(spec, beginning).find(|(candidate, _)| *candidate == city).map_or(0, |(_, amount)| amount)
    }

    /// Every city that ever had numbers of this type, and how many are on sale.
    pub(crate) fn by_city(&self, spec: NumberSpec, beginning: &str) -> impl Iterator<Item = (&str, usize)> {
        self.numbers.iter().filter(move |((own, _), _)| *own == spec).map(move |((_, city), numbers)| {
            (city.as_str(), numbers.iter().filter(|number| number.starts_with(beginning)).count())
        })
    }

    pub(crate) fn sell(&mut self, spec: NumberSpec, city: &str, beginning: &str) -> Result<String, NotSold> {
        if self.limit.is_some_and(|limit| self.sold >= limit) {
            return Err(NotSold::OverLimit);
        }
        let numbers = self.numbers.get_mut(&(spec, city.to_owned())).ok_or(NotSold::OutOfStock)?;
        let position = numbers.iter().position(|number| number.starts_with(beginning)).ok_or(NotSold::OutOfStock)?;
        self.sold = self.sold.saturating_add(1);
        Ok(numbers.remove(position))
    }
}
