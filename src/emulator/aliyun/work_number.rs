//! Work numbers: bindings to employees and customers, options, lists, recordings and tags of SMS.

mod binding;
mod checks;
mod config;
mod queries;
mod repeats;
mod sms_sign;
pub(super) mod state;

use super::action::Action;
use repeats::once;

pub(super) const ACTIONS: &[Action] = &[
    Action::newer("BindXB", "0000", |call| once(call, binding::bind_employee)),
    Action::newer("UnBindXB", "0000", |call| once(call, binding::unbind_employee)),
    Action::newer("BindAXBCall", "0000", |call| once(call, binding::bind_call)),
    Action::newer("UnBindAXB", "0000", |call| once(call, binding::unbind_call)),
    Action::newer("ConfigX", "0000", |call| once(call, config::set)),
    Action::newer("GetXConfig", "0000", config::get),
    Action::newer("GetXDefaultConfig", "0000", config::get_default),
    Action::newer("ListXTelephones", "0000", queries::list),
    Action::newer("QuerySoundRecord", "0000", queries::find_recording),
    Action::newer("CreateSmsSign", "0000", |call| once(call, sms_sign::create)),
];
