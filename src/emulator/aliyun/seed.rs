//! What Phone Number Protection knows before the first request.

use std::fmt;

use chrono::{DateTime, Utc};

use super::secret_no::NATIONWIDE;
use crate::emulator::store::State;
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::call_record::CallRecord;
use crate::emulator::store::number_pool::PoolNumber;
use crate::emulator::store::number_stock::NumberSpec;

/// The pool that is always there.
pub(crate) const POOL_KEY: &str = "FC100000000000001";

/// Its X numbers: two in each of three cities.
const NUMBERS: [(&str, &str); 6] = [
    ("北京", "17000000001"),
    ("北京", "17000000002"),
    ("上海", "17000000003"),
    ("上海", "17000000004"),
    ("杭州", "17000000005"),
    ("杭州", "17000000006"),
];

/// Numbers on sale.
const STOCK: [(NumberSpec, &str, u32); 6] = [
    (NumberSpec::VirtualOperator, "武汉", 120),
    (NumberSpec::VirtualOperator, "北京", 20),
    (NumberSpec::VirtualOperator, "杭州", 0),
    (NumberSpec::Carrier, "武汉", 20),
    (NumberSpec::Carrier, "西安", 20),
    (NumberSpec::NinetyFive, NATIONWIDE, 20),
];

/// A pool of X numbers.
///
/// ```
/// use privacy_number::emulator::{BindingKind, Emulator, NumberPool};
///
/// let pool = NumberPool::new("FC123456").numbers([("西安", "17000000000")]).only(BindingKind::Axg).strict_city();
/// let gateways = Emulator::builder().number_pool(pool).build();
/// ```
#[must_use]
pub struct NumberPool {
    pool_key: String,
    numbers: Vec<(String, String)>,
    kind: Option<BindingKind>,
    strict_city: bool,
}

/// What the builder collects.
#[derive(Default)]
pub(crate) struct Seed {
    pub(crate) pools: Vec<NumberPool>,
    pub(crate) stock: Vec<(NumberSpec, String, u32)>,
    pub(crate) purchase_limit: Option<u32>,
    pub(crate) call_records: Vec<CallRecord>,
}

impl NumberPool {
    /// An empty pool for bindings of all kinds.
    pub fn new(pool_key: impl Into<String>) -> Self {
        Self { pool_key: pool_key.into(), numbers: Vec::new(), kind: None, strict_city: false }
    }

    /// Adds X numbers, as pairs of city and number.
    pub fn numbers<C, N>(mut self, numbers: impl IntoIterator<Item = (C, N)>) -> Self
    where
        C: Into<String>,
        N: Into<String>,
    {
        self.numbers.extend(numbers.into_iter().map(|(city, number)| (city.into(), number.into())));
        self
    }

    /// Refuses bindings of other kinds, as the service's pools do.
    pub fn only(mut self, kind: BindingKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Takes the expected city for a must: without a free number there, a binding fails.
    pub fn strict_city(mut self) -> Self {
        self.strict_city = true;
        self
    }
}

impl Seed {
    pub(crate) fn plant(&self, state: &mut State, now: DateTime<Utc>) {
        let usual = NumberPool::new(POOL_KEY).numbers(NUMBERS);
        for pool in std::iter::once(&usual).chain(&self.pools) {
            let own = state.pools.open(&pool.pool_key);
            own.kind = pool.kind;
            own.strict_city = pool.strict_city;
            let number = |(city, number): &(String, String)| PoolNumber {
                city: city.clone(),
                number: number.clone(),
                bought: now,
                locked: false,
            };
            own.numbers.extend(pool.numbers.iter().map(number));
        }
        let usual = STOCK.map(|(spec, city, amount)| (spec, city.to_owned(), amount));
        for (spec, city, amount) in usual.iter().chain(&self.stock) {
            state.stock.fill(*spec, city.clone(), *amount);
        }
        if let Some(limit) = self.purchase_limit {
            state.stock.set_limit(limit);
        }
        let usual = [CallRecord::call("call-1"), CallRecord::message("sms-1")];
        for record in usual.iter().chain(&self.call_records) {
            state.call_records.insert(record.clone(), POOL_KEY);
        }
    }
}

impl fmt::Debug for NumberPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NumberPool")
            .field("numbers", &self.numbers.len())
            .field("kind", &self.kind)
            .field("strict_city", &self.strict_city)
            .finish_non_exhaustive()
    }
}
