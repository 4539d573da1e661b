//! Pools of X numbers and of work numbers, and their blacklists.

use std::collections::HashSet;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::{body, check_not_empty, check_number, default_pool};
use crate::emulator::aliyun::seed::NATIONWIDE;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::State;
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::number_pool::PoolNumber;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(
        "pools",
        "adds a pool of X numbers, or numbers to a pool: pool_key, numbers of number, city and locked, only, strict_city",
        add_pool,
        "NewPool",
        "Pool",
    )
    .creates()
    .refuses(&[StatusCode::CONFLICT]),
    Endpoint::post(
        "pools/lock",
        "locks an X number, or unlocks it: pool_key, number, locked",
        lock_number,
        "NumberLock",
        "Pool",
    )
    .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::post(
        "work_numbers",
        "adds work numbers to a pool: pool_key, numbers",
        add_work_numbers,
        "NewWorkNumbers",
        "WorkNumberPool",
    )
    .creates()
    .refuses(&[StatusCode::CONFLICT]),
    Endpoint::post(
        "blacklists/check",
        "whether the blacklist of a pool allows a call: pool_key, caller, called",
        may_call,
        "CallCheck",
        "CallPermission",
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPool {
    pool_key: String,
    #[serde(default)]
    numbers: Vec<NewNumber>,
    /// If it is left out, a new pool supports all kinds, and an existing one keeps its kind.
    only: Option<Kind>,
    /// The same.
    strict_city: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNumber {
    number: String,
    #[serde(default = "nationwide")]
    city: String,
    #[serde(default)]
    locked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    All,
    Axb,
    Axn,
    AxnExtension,
    Axg,
    #[serde(rename = "AXB_700")]
    Axb700,
    #[serde(rename = "GXB_700")]
    Gxb700,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberLock {
    #[serde(default = "default_pool")]
    pool_key: String,
    number: String,
    locked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWorkNumbers {
    #[serde(default = "default_pool")]
    pool_key: String,
    numbers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallCheck {
    #[serde(default = "default_pool")]
    pool_key: String,
    caller: String,
    called: String,
}

fn nationwide() -> String {
    NATIONWIDE.to_owned()
}

fn add_pool(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewPool { pool_key, numbers, only, strict_city } = body(request)?;
    check_not_empty("pool_key", &pool_key)?;
    let mut state = gateways.lock_state();
    let mut new = HashSet::new();
    for NewNumber { number, city, .. } in &numbers {
        check_number(number)?;
        check_not_empty("city", city)?;
        if state.pools.any_contains(number) || !new.insert(number) {
            return Err(number_taken());
        }
    }
    let bought = gateways.clock().now();
    let pool = state.pools.get_or_create(&pool_key);
    if let Some(kind) = only {
        pool.kind = kind.into();
    }
    if let Some(strict_city) = strict_city {
        pool.strict_city = strict_city;
    }
    let numbers =
        numbers.into_iter().map(|NewNumber { number, city, locked }| PoolNumber { city, number, bought, locked });
    pool.numbers.extend(numbers);
    Ok(created(&pool_json(&mut state, &pool_key)))
}

fn lock_number(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NumberLock { pool_key, number, locked } = body(request)?;
    let mut state = gateways.lock_state();
    let number = state.pools.get_mut(&pool_key, &number);
    number.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "the pool does not have this number"))?.locked = locked;
    Ok(ok(&pool_json(&mut state, &pool_key)))
}

fn add_work_numbers(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let NewWorkNumbers { pool_key, numbers } = body(request)?;
    check_not_empty("pool_key", &pool_key)?;
    let now = gateways.clock().now();
    let mut state = gateways.lock_state();
    let mut new = HashSet::new();
    for number in &numbers {
        check_number(number)?;
        if state.work_numbers.iter().any(|taken| taken.number == *number) || !new.insert(number) {
            return Err(number_taken());
        }
    }
    for number in &numbers {
        state.work_numbers.add(&pool_key, number, now);
    }
    let count = state.work_numbers.iter().filter(|number| number.pool_key == pool_key).count();
    Ok(created(&json!({"pool_key": pool_key, "numbers": count})))
}

fn may_call(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let CallCheck { pool_key, caller, called } = body(request)?;
    Ok(ok(&json!({"allowed": gateways.may_call(&pool_key, &caller, &called)})))
}

fn number_taken() -> Problem {
    Problem::new(StatusCode::CONFLICT, "a number can be in one pool once")
}

fn pool_json(state: &mut State, pool_key: &str) -> Value {
    let pool = state.pools.get_or_create(pool_key);
    json!({
        "pool_key": pool_key,
        "numbers": pool.numbers.len(),
        "locked": pool.numbers.iter().filter(|number| number.locked).count(),
    })
}

impl From<Kind> for Option<BindingKind> {
    fn from(kind: Kind) -> Self {
        Some(match kind {
            Kind::All => return None,
            Kind::Axb => BindingKind::Axb,
            Kind::Axn => BindingKind::Axn,
            Kind::AxnExtension => BindingKind::AxnExtension,
            Kind::Axg => BindingKind::Axg,
            Kind::Axb700 => BindingKind::Axb700,
            Kind::Gxb700 => BindingKind::Gxb700,
        })
    }
}
