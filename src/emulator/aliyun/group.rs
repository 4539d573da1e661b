//! G groups: `CreateAxgGroup`, `OperateAxgGroup` and `DeleteAxgGroup`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::number_group::TooManyGroups;

pub(super) const ACTIONS: &[Action] = &[
    Action::new("CreateAxgGroup", create),
    Action::new("OperateAxgGroup", operate),
    Action::new("DeleteAxgGroup", delete),
];

/// The maximum number of numbers of a call, and of a group that can be overwritten.
const NUMBERS_PER_CALL: usize = 200;
const LONGEST_NAME: usize = 128;
const LONGEST_REMARK: usize = 256;

fn create(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = axg_pool_key(call)?;
    let is_longer = |name, longest| call.optional(name).is_some_and(|text| text.chars().count() > longest);
    if is_longer("Name", LONGEST_NAME) || is_longer("Remark", LONGEST_REMARK) {
        return Err(Refusal::illegal_argument("Name or Remark is too long"));
    }
    let numbers = call.optional("Numbers").map_or_else(|| Ok(BTreeSet::new()), numbers)?;
    let created = call.state.groups.create(pool_key, numbers);
    let id = created.map_err(|TooManyGroups| Refusal::forbidden("the pool has 2000 groups"))?;
    // Documented as a number, sent as text.
    Ok(members([("GroupId", Value::from(id))]))
}

fn operate(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let group_id = group_id(call)?;
    let operate_type = call.required("OperateType")?;
    let numbers = call.required("Numbers")?;
    let pool_key = axg_pool_key(call)?;
    let group = call.state.groups.get_mut(pool_key, group_id).ok_or_else(no_such_group)?;
    let numbers = self::numbers(numbers)?;
    match operate_type {
        "addNumbers" => group.numbers.extend(numbers),
        "deleteNumbers" => group.numbers.retain(|number| !numbers.contains(number)),
        "overwriteNumbers" if group.numbers.len() > NUMBERS_PER_CALL => {
            return Err(Refusal::forbidden("a group of more than 200 numbers cannot be overwritten"));
        }
        "overwriteNumbers" => group.numbers = numbers,
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    }
    Ok(Members::new())
}

fn delete(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let group_id = group_id(call)?;
    let pool_key = axg_pool_key(call)?;
    call.state.groups.get(pool_key, group_id).ok_or_else(no_such_group)?;
    let (mut bindings, mut bindings_700) = (call.state.bindings.iter(), call.state.bindings_700.iter());
    if bindings.any(|(_, binding)| binding.in_force(call.now) && binding.group_id.as_deref() == Some(group_id))
        || bindings_700.any(|(_, binding)| binding.in_force(call.now) && binding.group_id() == Some(group_id))
    {
        return Err(Refusal::forbidden("the group is bound"));
    }
    call.state.groups.remove(group_id);
    Ok(Members::new())
}

/// Checks that a group can be bound: it belongs to the pool and is not empty.
pub(super) fn check_group(call: &Call<'_>, pool_key: &str, group_id: &str) -> Result<(), Refusal> {
    let group = call.state.groups.get(pool_key, group_id).ok_or_else(no_such_group)?;
    if group.numbers.is_empty() {
        return Err(Refusal::forbidden("the group is empty"));
    }
    Ok(())
}

/// The pool of a call about a group. Pools of 700 numbers for GXB have groups too, presumably.
fn axg_pool_key<'a>(call: &Call<'a>) -> Result<&'a str, Refusal> {
    let pool_key = call.pool_key()?;
    call.check_pool_kind(pool_key, &[BindingKind::Axg, BindingKind::Gxb700])?;
    Ok(pool_key)
}

/// `GroupId` must be a number here. It is a text where groups are bound.
fn group_id<'a>(call: &Call<'a>) -> Result<&'a str, Refusal> {
    call.integer("GroupId")?;
    call.required("GroupId")
}

fn numbers(text: &str) -> Result<BTreeSet<String>, Refusal> {
    if text.split(',').count() > NUMBERS_PER_CALL {
        return Err(Refusal::illegal_argument("more than 200 numbers"));
    }
    text.split(',').map(|number| check_phone_number(number).map(|()| number.to_owned())).collect()
}

fn no_such_group() -> Refusal {
    Refusal::illegal_argument("the group does not exist in this pool")
}
