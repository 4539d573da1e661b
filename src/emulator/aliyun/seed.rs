//! The initial state of Phone Number Protection.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

pub(crate) use super::secret_no::NATIONWIDE;
use crate::emulator::store::State;
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::call_record::CallRecord;
use crate::emulator::store::number_pool::PoolNumber;
use crate::emulator::store::number_stock::NumberSpec;

/// The key of the default pool.
pub(crate) const POOL_KEY: &str = "FC100000000000001";

/// The id of the default white list of A numbers.
pub(crate) const WHITE_GROUP: i64 = 19;

/// The X numbers of the default pool: two in each of three cities.
const NUMBERS: [(&str, &str); 6] = [
    ("北京", "17000000001"),
    ("北京", "17000000002"),
    ("上海", "17000000003"),
    ("上海", "17000000004"),
    ("杭州", "17000000005"),
    ("杭州", "17000000006"),
];

/// The 700 numbers of the default pool.
const NUMBERS_700: [(&str, &str); 2] = [(NATIONWIDE, "700000000000001"), (NATIONWIDE, "700000000000002")];

/// The numbers on sale by default.
const STOCK: [(NumberSpec, &str, u32); 6] = [
    (NumberSpec::VirtualOperator, "武汉", 120),
    (NumberSpec::VirtualOperator, "北京", 20),
    (NumberSpec::VirtualOperator, "杭州", 0),
    (NumberSpec::Carrier, "武汉", 20),
    (NumberSpec::Carrier, "西安", 20),
    (NumberSpec::NinetyFive, NATIONWIDE, 20),
];

/// The work numbers of the default pool.
const WORK_NUMBERS: [&str; 3] = ["16500000001", "16500000002", "16500000003"];

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

/// The settings of the builder.
#[derive(Default)]
pub(crate) struct Seed {
    pub(crate) pools: Vec<NumberPool>,
    pub(crate) stock: Vec<(NumberSpec, String, u32)>,
    pub(crate) purchase_limit: Option<u32>,
    pub(crate) call_records: Vec<CallRecord>,
    /// The key of a pool and a number of it.
    pub(crate) work_numbers: Vec<(String, String)>,
    pub(crate) white_groups: Vec<i64>,
    pub(crate) report_review_time: Option<TimeDelta>,
}

impl NumberPool {
    /// An empty pool for all kinds of bindings.
    pub fn new(pool_key: impl Into<String>) -> Self {
        Self { pool_key: pool_key.into(), numbers: Vec::new(), kind: None, strict_city: false }
    }

    /// Adds X numbers as pairs of city and number.
    pub fn numbers<C, N>(mut self, numbers: impl IntoIterator<Item = (C, N)>) -> Self
    where
        C: Into<String>,
        N: Into<String>,
    {
        self.numbers.extend(numbers.into_iter().map(|(city, number)| (city.into(), number.into())));
        self
    }

    /// Supports only this kind of bindings, as a pool of the real service does.
    pub fn only(mut self, kind: BindingKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// A binding fails if its expected city has no free number. Without this call it gets a number of another city.
    pub fn strict_city(mut self) -> Self {
        self.strict_city = true;
        self
    }
}

impl Seed {
    pub(crate) fn apply_to(&self, state: &mut State, now: DateTime<Utc>) {
        let default = NumberPool::new(POOL_KEY).numbers(NUMBERS).numbers(NUMBERS_700);
        for pool in std::iter::once(&default).chain(&self.pools) {
            let added = state.pools.get_or_create(&pool.pool_key);
            added.kind = pool.kind;
            added.strict_city = pool.strict_city;
            let number = |(city, number): &(String, String)| PoolNumber {
                city: city.clone(),
                number: number.clone(),
                bought: now,
                locked: false,
            };
            added.numbers.extend(pool.numbers.iter().map(number));
        }
        let default = STOCK.map(|(spec, city, amount)| (spec, city.to_owned(), amount));
        for (spec, city, amount) in default.iter().chain(&self.stock) {
            state.stock.set(*spec, city.clone(), *amount);
        }
        state.stock.set_limit(self.purchase_limit);
        state.number_reports.groups.extend(self.white_groups.iter().copied().chain([WHITE_GROUP]));
        if let Some(time) = self.report_review_time {
            state.number_reports.review_time = time;
        }
        let default = [CallRecord::call("call-1"), CallRecord::message("sms-1")];
        for record in default.iter().chain(&self.call_records) {
            state.call_records.insert(record.clone(), POOL_KEY);
        }
        let default = WORK_NUMBERS.iter().map(|number| (POOL_KEY, *number));
        let added = self.work_numbers.iter().map(|(pool_key, number)| (pool_key.as_str(), number.as_str()));
        for (pool_key, number) in default.chain(added) {
            state.work_numbers.add(pool_key, number, now);
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
