//! Who is rung: the binding decides.

use chrono::{DateTime, Utc};

use super::dialled_call::{CallRefusal, Rung};
use super::{number700, order_number};
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};

/// A number that was dialled, and where the call goes.
pub(super) struct Dialled {
    /// The number without the extension.
    pub(super) number_x: String,
    /// `None` for a number of no pool.
    pub(super) pool: Option<PoolOfNumber>,
    /// The binding with its id. It can be present although the call is refused.
    pub(super) binding: Option<(String, Binding)>,
    /// Whether party A is the caller.
    pub(super) is_from_a: bool,
    pub(super) result: Result<Rung, CallRefusal>,
}

pub(super) struct PoolOfNumber {
    pub(super) pool_key: String,
    pub(super) city: String,
}

impl Dialled {
    pub(super) fn find(
        state: &State,
        caller: &str,
        dialled: &str,
        extension: Option<&str>,
        now: DateTime<Utc>,
    ) -> Self {
        let (number_x, extension) = match (extension, dialled.split_once('-')) {
            (None, Some((number_x, extension))) => (number_x, Some(extension)),
            _ => (dialled, extension),
        };
        let mut found = Self {
            number_x: number_x.to_owned(),
            pool: None,
            binding: None,
            is_from_a: false,
            result: Err(CallRefusal::UnknownNumber),
        };
        let of_pool = state.pools.iter().find_map(|(pool_key, pool)| {
            let number = pool.numbers.iter().find(|number| number.number == number_x)?;
            let pool = PoolOfNumber { pool_key: pool_key.to_owned(), city: number.city.clone() };
            Some((pool, number.locked))
        });
        let Some((pool, is_locked)) = of_pool else {
            if let Some(result) = order_number::route(state, caller, number_x, extension) {
                found.result = result;
            }
            return found;
        };
        found.pool = Some(pool);
        match binding(state, caller, number_x, extension, now) {
            Ok((id, binding)) => {
                found.is_from_a = binding.number_a == caller;
                found.result = called(state, &binding, caller)
                    .map(|called| Rung { number: called.to_owned(), shown: number_x.to_owned() });
                found.binding = Some((id, binding));
            }
            Err(refusal) => found.result = Err(refusal),
        }
        if is_locked {
            found.result = Err(CallRefusal::NumberLocked);
        }
        found
    }

    pub(super) fn subs_id(&self) -> Option<&str> {
        self.binding.as_ref().map(|(id, _)| id.as_str())
    }

    pub(super) fn pool_key(&self) -> &str {
        self.pool.as_ref().map(|pool| pool.pool_key.as_str()).unwrap_or_default()
    }

    pub(super) fn out_id(&self) -> Option<&str> {
        self.binding.as_ref().and_then(|(_, binding)| binding.out_id.as_deref())
    }
}

/// The binding in force of an X number that this caller uses. If A has several, it is the latest.
fn binding(
    state: &State,
    caller: &str,
    number_x: &str,
    extension: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(String, Binding), CallRefusal> {
    let in_force: Vec<_> = state.bindings.by_number_x(number_x).filter(|(_, binding)| binding.in_force(now)).collect();
    let needs_extension = in_force.iter().any(|(_, binding)| binding.kind == BindingKind::AxnExtension);
    let uses = |binding: &Binding| match binding.kind {
        BindingKind::Axb => binding.number_a == caller || binding.number_b.as_deref() == Some(caller),
        BindingKind::Axn => true,
        BindingKind::AxnExtension => match extension {
            Some(extension) => binding.extension.as_deref() == Some(extension),
            None => binding.number_a == caller,
        },
        BindingKind::Axg => binding.number_a == caller || is_in_group(state, binding, caller),
        // They are kept apart.
        BindingKind::Axb700 | BindingKind::Gxb700 => false,
    };
    let found = in_force.into_iter().rfind(|(_, binding)| uses(binding));
    let found = found.map(|(id, binding)| (id.to_owned(), binding.clone()));
    let found = found.or_else(|| number700::bindings(state, caller, number_x, now).pop());
    found.ok_or(if needs_extension { CallRefusal::WrongExtension } else { CallRefusal::NoBinding })
}

/// Whom a binding connects the caller to.
fn called<'a>(state: &State, binding: &'a Binding, caller: &str) -> Result<&'a str, CallRefusal> {
    let is_from_a = binding.number_a == caller;
    let forbidden = match (is_from_a, binding.kind) {
        (true, BindingKind::Gxb700) => "CONTROL_GX_DISABLE",
        (true, _) => "CONTROL_AX_DISABLE",
        (false, _) => "CONTROL_BX_DISABLE",
    };
    if binding.call_restrict.as_deref() == Some(forbidden) {
        return Err(CallRefusal::Restricted);
    }
    let number_a = Some(binding.number_a.as_str()).filter(|number| !number.is_empty());
    let called = if is_from_a { binding.number_b.as_deref() } else { number_a };
    let blacklist = state.blacklists.get(&binding.pool_key);
    // A number that cannot call anybody is refused whoever would be rung.
    if blacklist.is_some_and(|blacklist| !blacklist.allows(caller, called.unwrap_or_default())) {
        return Err(CallRefusal::Blacklisted);
    }
    called.ok_or(CallRefusal::NoCalledNumber)
}

fn is_in_group(state: &State, binding: &Binding, number: &str) -> bool {
    let group = binding.group_id.as_deref().and_then(|id| state.groups.get(&binding.pool_key, id));
    group.is_some_and(|group| group.numbers.contains(number))
}
