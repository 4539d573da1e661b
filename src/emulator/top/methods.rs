//! The table of all methods that the gateway knows.

use super::method::Method;
use super::{auth, billing, extend, merge, oaid, once_token, secret_group, sms, tmc, trade, workcard};

/// The methods of each family. No two methods have the same name.
static FAMILIES: [&[Method]; 11] = [
    oaid::METHODS,
    once_token::METHODS,
    trade::METHODS,
    merge::METHODS,
    extend::METHODS,
    billing::METHODS,
    sms::METHODS,
    tmc::METHODS,
    auth::METHODS,
    secret_group::METHODS,
    workcard::METHODS,
];

/// Returns the method with this name. The name is case-sensitive.
pub(super) fn method_by_name(name: &str) -> Option<&'static Method> {
    FAMILIES.into_iter().flatten().find(|method| method.name == name)
}

/// The names of all methods.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.into_iter().flatten().map(|method| method.name)
}
