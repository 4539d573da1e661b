//! Blacklists: `OperateBlackNo`, `AddSecretBlacklist` and `DeleteSecretBlacklist`.

use super::action::Action;
use super::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::Members;
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::blacklist::WayControl;

pub(super) const ACTIONS: &[Action] = &[
    Action::new("OperateBlackNo", operate),
    Action::new("AddSecretBlacklist", add),
    Action::new("DeleteSecretBlacklist", delete),
];

/// An entry of the API with pairs.
enum Entry {
    Number(String),
    Pair((String, String), WayControl),
}

fn operate(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let number = call.required("BlackNo")?;
    let operate_type = call.required("OperateType")?;
    let pool_key = call.pool_key()?;
    call.check_pool_kind(pool_key, &[BindingKind::Axn, BindingKind::AxnExtension])?;
    check_phone_number(number)?;
    let numbers = &mut call.state.blacklists.get_or_create(pool_key).numbers;
    match operate_type {
        "AddBlack" => numbers.insert(number.to_owned()),
        "DeleteBlack" => numbers.remove(number),
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    };
    Ok(Members::new())
}

fn add(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (pool_key, entry) = read(call)?;
    let blacklist = call.state.blacklists.get_or_create(pool_key);
    match entry {
        Entry::Number(number) => {
            blacklist.numbers.insert(number);
        }
        Entry::Pair(pair, way_control) => {
            blacklist.pairs.insert(pair, way_control);
        }
    }
    Ok(Members::new())
}

/// A pair is deleted exactly as it was written, for every `WayControl`. Deleting a missing entry succeeds.
fn delete(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (pool_key, entry) = read(call)?;
    let blacklist = call.state.blacklists.get_or_create(pool_key);
    match entry {
        Entry::Number(number) => {
            blacklist.numbers.remove(&number);
        }
        Entry::Pair(pair, _) => {
            blacklist.pairs.remove(&pair);
        }
    }
    Ok(Members::new())
}

fn read<'a>(call: &Call<'a>) -> Result<(&'a str, Entry), Refusal> {
    let text = call.required("BlackNo")?;
    let black_type = call.required("BlackType")?;
    let pool_key = call.pool_key()?;
    let way_control = match call.optional("WayControl") {
        None => WayControl::Duplex,
        Some(name) => WayControl::from_name(name).ok_or_else(|| Refusal::illegal_argument("WayControl is unknown"))?,
    };
    let entry = match black_type {
        "PARTNER_GLOBAL_NUMBER_BLACK" => {
            check_phone_number(text)?;
            Entry::Number(text.to_owned())
        }
        "POINT_TO_POINT_BLACK" => {
            let pair = text.split_once(':').filter(|(first, second)| first != second);
            let (first, second) =
                pair.ok_or_else(|| Refusal::illegal_argument("BlackNo must be two numbers separated by a colon"))?;
            check_phone_number(first)?;
            check_phone_number(second)?;
            Entry::Pair((first.to_owned(), second.to_owned()), way_control)
        }
        _ => return Err(Refusal::illegal_argument("BlackType is unknown")),
    };
    Ok((pool_key, entry))
}
