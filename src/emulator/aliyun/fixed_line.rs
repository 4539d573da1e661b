//! Bindings of the fixed-line platform: bind, update, delete and query, each for AXB, AXN and AXN with extension.

mod bind;
mod parameters;
mod query;
mod update;

use super::action::Action;
use crate::emulator::store::fixed_line::FixedLineKind::{Axb, Axn, AxnExtension};

/// The outer code of success, as the samples have it for two actions each.
const BOUND: &str = "0";
const CHANGED: &str = "OK";

pub(super) const ACTIONS: &[Action] = &[
    Action::newer("BindAxbFixedLine", BOUND, |call| bind::bind(call, Axb)),
    Action::newer("BindAxnFixedLine", BOUND, |call| bind::bind(call, Axn)),
    Action::newer("BindAxnExtensionFixedLine", BOUND, |call| bind::bind(call, AxnExtension)),
    Action::newer("UpdateAxbBindFixedLine", CHANGED, |call| update::update(call, Axb)),
    Action::newer("UpdateAxnBindFixedLine", CHANGED, |call| update::update(call, Axn)),
    Action::newer("UpdateAxnExtensionBindFixedLine", CHANGED, |call| update::update(call, AxnExtension)),
    Action::newer("DeleteAxbBindFixedLine", CHANGED, |call| update::delete(call, Axb)),
    Action::newer("DeleteAxnBindFixedLine", CHANGED, |call| update::delete(call, Axn)),
    Action::newer("DeleteAxnExtensionBindFixedLine", CHANGED, |call| update::delete(call, AxnExtension)),
    Action::newer("QueryAxbBindFixedLine", BOUND, |call| query::query(call, Axb)),
    Action::newer("QueryAxnBindFixedLine", BOUND, |call| query::query(call, Axn)),
    Action::newer("QueryAxnExtensionBindFixedLine", BOUND, |call| query::query(call, AxnExtension)),
];
