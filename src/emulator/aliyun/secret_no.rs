//! X numbers from purchase to release: `QuerySecretNoRemain`, `BuySecretNo`, `ReleaseSecretNo`, `LockSecretNo`,
//! `UnlockSecretNo` and `QuerySecretNoDetail`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::number_status::Carrier;
use crate::emulator::answer::{Members, list, members};
use crate::emulator::calls::number_event::{self, NumberEvent};
use crate::emulator::china_time;
use crate::emulator::store::number_pool::PoolNumber;
use crate::emulator::store::number_stock::{NotSold, NumberSpec};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("QuerySecretNoRemain", query_remain),
    Action::new("BuySecretNo", buy),
    Action::new("ReleaseSecretNo", release),
    Action::new("LockSecretNo", lock),
    Action::new("UnlockSecretNo", unlock),
    Action::new("QuerySecretNoDetail", query_detail),
];

/// The city of all 95 numbers.
pub(crate) const NATIONWIDE: &str = "全国通用";
/// Queries the total stock of all cities.
const ALL_CITIES: &str = "全国";
/// Queries the stock of each city.
const LIST_OF_CITIES: &str = "全国列表";
const LONGEST_PREFIX: usize = 18;

const UNBOUND: u8 = 0;
const BOUND: u8 = 1;
const LOCKED: u8 = 2;

fn query_remain(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let query = StockQuery::read(call)?;
    let by_city = || call.state.stock.by_city(query.spec, query.prefix).filter(|(_, amount)| *amount > 0);
    let amount = match query.city {
        ALL_CITIES | LIST_OF_CITIES => by_city().map(|(_, amount)| amount).fold(0, usize::saturating_add),
        city => call.state.stock.count(query.spec, city, query.prefix),
    };
    let mut remain = remaining(query.city, amount);
    if query.city == LIST_OF_CITIES {
        let cities = by_city().map(|(city, amount)| Value::Object(remaining(city, amount))).collect();
        remain.insert("RemainDTOList".to_owned(), list("remainDTO", cities));
    }
    Ok(members([("SecretRemainDTO", Value::Object(remain))]))
}

fn buy(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let query = StockQuery::read(call)?;
    let pool_key = call.pool_key()?;
    call.boolean("DisplayPool")?;
    let sold = call.state.stock.sell(query.spec, query.city, query.prefix);
    let number = sold.map_err(|why| match why {
        NotSold::OverLimit => Refusal::business("isv.BUY_NUM_OVER_LIMIT", "the purchase limit is reached"),
        NotSold::OutOfStock => Refusal::business("isv.NO_AVAILABLE_NUMBER", "no such number is on sale"),
    })?;
    let bought = PoolNumber { city: query.city.to_owned(), number: number.clone(), bought: call.now, locked: false };
    let city = bought.city.clone();
    call.state.pools.get_or_create(pool_key).numbers.push(bought);
    publish(call, pool_key, &number, &city, NumberEvent::Created);
    let info = members([("SecretNo", Value::from(number))]);
    Ok(members([("SecretBuyInfoDTO", Value::Object(info))]))
}

/// A released number cannot be used again.
fn release(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (pool_key, number) = number_of_pool(call)?;
    if is_bound(call, number) {
        return Err(Refusal::forbidden("the number is bound"));
    }
    let city = call.state.pools.get(pool_key, number).map(|number| number.city.clone()).unwrap_or_default();
    call.state.pools.remove(pool_key, number);
    publish(call, pool_key, number, &city, NumberEvent::Deleted);
    Ok(Members::new())
}

/// Publishes the receipt about a number that was bought or released.
fn publish(call: &mut Call<'_>, pool_key: &str, number: &str, city: &str, event: NumberEvent) {
    let vendor = Carrier::from_number(number).vendor();
    let receipt = number_event::receipt(pool_key, number, city, vendor, event, call.now);
    call.state.publish(receipt, call.now);
}

fn lock(call: &mut Call<'_>) -> Result<Members, Refusal> {
    set_locked(call, true)
}

fn unlock(call: &mut Call<'_>) -> Result<Members, Refusal> {
    set_locked(call, false)
}

fn query_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (pool_key, number) = number_of_pool(call)?;
    let Some(pool_number) = call.state.pools.get(pool_key, number) else {
        return Ok(Members::new());
    };
    let status = match (pool_number.locked, is_bound(call, number)) {
        (true, _) => LOCKED,
        (false, true) => BOUND,
        (false, false) => UNBOUND,
    };
    let info = members([
        ("PurchaseTime", Value::from(china_time::format(pool_number.bought))),
        ("Vendor", Value::from(Carrier::from_number(number).vendor())),
        ("Province", Value::from(province(&pool_number.city))),
        ("City", Value::from(pool_number.city.as_str())),
        ("SecretStatus", Value::from(status)),
        ("CertifyStatus", Value::from(0)),
    ]);
    Ok(members([("SecretNoInfoDTO", Value::Object(info))]))
}

/// The numbers on sale that a call selects.
struct StockQuery<'a> {
    spec: NumberSpec,
    city: &'a str,
    prefix: &'a str,
}

impl<'a> StockQuery<'a> {
    fn read(call: &Call<'a>) -> Result<Self, Refusal> {
        let city = call.required("City")?;
        let spec = call.integer("SpecId")?.ok_or_else(|| Refusal::missing("SpecId"))?;
        let spec = NumberSpec::from_id(spec).ok_or_else(|| Refusal::illegal_argument("SpecId is unknown"))?;
        if (spec == NumberSpec::NinetyFive) != (city == NATIONWIDE) {
            return Err(Refusal::illegal_argument("only 95 numbers have the city 全国通用"));
        }
        let prefix = call.optional("SecretNo").unwrap_or_default();
        if prefix.len() > LONGEST_PREFIX || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::illegal_argument("SecretNo must be at most 18 digits"));
        }
        Ok(StockQuery { spec, city, prefix })
    }
}

fn remaining(city: &str, amount: usize) -> Members {
    members([("Amount", Value::from(amount)), ("City", Value::from(city))])
}

fn set_locked(call: &mut Call<'_>, locked: bool) -> Result<Members, Refusal> {
    let (pool_key, number) = number_of_pool(call)?;
    if let Some(pool_number) = call.state.pools.get_mut(pool_key, number) {
        pool_number.locked = locked;
    }
    Ok(Members::new())
}

/// Reads a pool, and a number that belongs to it.
fn number_of_pool<'a>(call: &Call<'a>) -> Result<(&'a str, &'a str), Refusal> {
    let number = call.required("SecretNo")?;
    let pool_key = call.pool_key()?;
    call.check_number_x(pool_key, number)?;
    Ok((pool_key, number))
}

fn is_bound(call: &Call<'_>, number: &str) -> bool {
    let state = &call.state;
    state.bindings.by_number_x(number).any(|(_, binding)| binding.in_force(call.now))
        || state.bindings_700.by_number_x(number).any(|(_, binding)| binding.in_force(call.now))
}

/// The province of a city. For an unknown city, it is the city itself.
fn province(city: &str) -> &str {
    match city {
        "杭州" => "浙江省",
        "武汉" => "湖北省",
        "西安" => "陕西省",
        other => other,
    }
}
