//! The table of all actions that the gateway knows.

use super::action::Action;
use super::{
    batch, binding, blacklist, call_status, fixed_line, group, number_status, number700, queue_token, recording,
    report, secret_no, sms, subscription, tracking, waybill, work_number,
};

/// The actions of each family. No two actions have the same name.
static FAMILIES: &[&[Action]] = &[
    binding::ACTIONS,
    batch::ACTIONS,
    number700::ACTIONS,
    group::ACTIONS,
    subscription::ACTIONS,
    call_status::ACTIONS,
    sms::ACTIONS,
    recording::ACTIONS,
    secret_no::ACTIONS,
    blacklist::ACTIONS,
    tracking::ACTIONS,
    waybill::ACTIONS,
    fixed_line::ACTIONS,
    number_status::ACTIONS,
    queue_token::ACTIONS,
    report::ACTIONS,
    work_number::ACTIONS,
];

/// Returns the action with this name. The name is case-sensitive.
pub(super) fn action_by_name(name: &str) -> Option<&'static Action> {
    FAMILIES.iter().copied().flatten().find(|action| action.name == name)
}

/// The names of all actions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().copied().flatten().map(|action| action.name)
}
