//! Work numbers: their pools, their employees, their call bindings and their options.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kept::{EndedBindings, KEPT, push_bounded};

/// The id of the first binding of X and B is one more than this.
const BEFORE_FIRST_AUTH_ID: u64 = 1_000_000_000;
/// The id of the first call binding is one more than this.
const BEFORE_FIRST_BIND_ID: u64 = 2_000_000_000;

#[derive(Serialize, Deserialize)]
pub(crate) struct WorkNumber {
    pub(crate) pool_key: String,
    pub(crate) number: String,
    pub(crate) bought: DateTime<Utc>,
    pub(crate) bound: Option<DateTime<Utc>>,
    pub(crate) unbound: Option<DateTime<Utc>>,
    pub(crate) employee: Option<Employee>,
    pub(crate) options: Options,
}

/// The employee B to whom a work number is bound.
#[derive(Serialize, Deserialize)]
pub(crate) struct Employee {
    pub(crate) auth_id: String,
    pub(crate) number_b: String,
    pub(crate) user_data: Option<String>,
}

/// What a work number can do, in the values of the wire.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Options {
    pub(crate) call_ability: String,
    pub(crate) sms_ability: String,
    pub(crate) gn_flag: String,
    pub(crate) sms_sign_mode: String,
    pub(crate) sequence_mode: String,
    pub(crate) sequence_calls: Vec<Map<String, Value>>,
}

/// The permission to call a customer A for some time.
#[derive(Serialize, Deserialize)]
pub(crate) struct CallBinding {
    pub(crate) pool_key: String,
    pub(crate) auth_id: String,
    pub(crate) number_a: String,
    pub(crate) user_data: Option<String>,
    pub(crate) expires: DateTime<Utc>,
}

/// A tag of an SMS, and the numbers that it stands for.
#[derive(Serialize, Deserialize)]
pub(crate) struct SmsSign {
    pub(crate) sign: String,
    pub(crate) calling_no: String,
    pub(crate) called_no: String,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct WorkNumbers {
    /// In the order in which they were added.
    numbers: Vec<WorkNumber>,
    call_bindings: BTreeMap<String, CallBinding>,
    /// The latest ones.
    sms_signs: VecDeque<SmsSign>,
    sms_signs_made: u64,
    employees_bound: u64,
    calls_bound: u64,
    #[serde(skip)]
    ended: EndedBindings,
}

impl Default for Options {
    /// The defaults of the documents; they name none for the two abilities.
    fn default() -> Self {
        Self {
            call_ability: "1".to_owned(),
            sms_ability: "1".to_owned(),
            gn_flag: "00".to_owned(),
            sms_sign_mode: "0".to_owned(),
            sequence_mode: "0".to_owned(),
            sequence_calls: Vec::new(),
        }
    }
}

impl CallBinding {
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        now < self.expires
    }
}

impl WorkNumbers {
    pub(crate) fn add(&mut self, pool_key: &str, number: &str, now: DateTime<Utc>) {
        self.numbers.push(WorkNumber {
            pool_key: pool_key.to_owned(),
            number: number.to_owned(),
            bought: now,
            bound: None,
            unbound: None,
            employee: None,
            options: Options::default(),
        });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &WorkNumber> {
        self.numbers.iter()
    }

    pub(crate) fn has_pool(&self, pool_key: &str) -> bool {
        self.numbers.iter().any(|number| number.pool_key == pool_key)
    }

    pub(crate) fn get(&self, pool_key: &str, number: &str) -> Option<&WorkNumber> {
        self.numbers.iter().find(|candidate| candidate.pool_key == pool_key && candidate.number == number)
    }

    pub(crate) fn get_mut(&mut self, pool_key: &str, number: &str) -> Option<&mut WorkNumber> {
        self.numbers.iter_mut().find(|candidate| candidate.pool_key == pool_key && candidate.number == number)
    }

    /// The work number of a pool that is bound under this id.
    pub(crate) fn by_auth_id(&self, pool_key: &str, auth_id: &str) -> Option<&WorkNumber> {
        let is_bound = |number: &&WorkNumber| number.employee.as_ref().is_some_and(|one| one.auth_id == auth_id);
        self.numbers.iter().filter(|number| number.pool_key == pool_key).find(is_bound)
    }

    /// An id for a binding of X and B.
    pub(crate) fn new_auth_id(&mut self) -> String {
        self.employees_bound = self.employees_bound.saturating_add(1);
        BEFORE_FIRST_AUTH_ID.saturating_add(self.employees_bound).to_string()
    }

    /// Takes a number back from its employee. Ends its call bindings.
    pub(crate) fn unbind(&mut self, pool_key: &str, number: &str, now: DateTime<Utc>) {
        let Some(number) = self.get_mut(pool_key, number) else { return };
        number.unbound = Some(now);
        if let Some(employee) = number.employee.take() {
            self.call_bindings.retain(|_, binding| binding.auth_id != employee.auth_id);
        }
    }

    /// Adds a call binding and returns its id.
    pub(crate) fn bind_call(&mut self, binding: CallBinding, now: DateTime<Utc>) -> String {
        let all = self.call_bindings.iter().map(|(id, binding)| (binding.expires, id.clone()));
        for id in self.ended.surplus(self.call_bindings.len(), all, now) {
            self.call_bindings.remove(&id);
        }
        self.calls_bound = self.calls_bound.saturating_add(1);
        let id = BEFORE_FIRST_BIND_ID.saturating_add(self.calls_bound).to_string();
        self.call_bindings.insert(id.clone(), binding);
        id
    }

    pub(crate) fn call_binding(&self, id: &str) -> Option<&CallBinding> {
        self.call_bindings.get(id)
    }

    pub(crate) fn remove_call_binding(&mut self, id: &str) {
        self.call_bindings.remove(id);
    }

    /// All call bindings, sorted by id.
    pub(crate) fn call_bindings(&self) -> impl Iterator<Item = (&str, &CallBinding)> {
        self.call_bindings.iter().map(|(id, binding)| (id.as_str(), binding))
    }

    /// Adds a tag. The same numbers get another one each time.
    pub(crate) fn add_sms_sign(&mut self, calling_no: &str, called_no: &str) -> String {
        self.sms_signs_made = self.sms_signs_made.saturating_add(1);
        let sign = format!("sign{:04}", self.sms_signs_made);
        let (calling_no, called_no) = (calling_no.to_owned(), called_no.to_owned());
        push_bounded(&mut self.sms_signs, SmsSign { sign: sign.clone(), calling_no, called_no }, KEPT);
        sign
    }

    pub(crate) fn sms_signs(&self) -> impl Iterator<Item = &SmsSign> {
        self.sms_signs.iter()
    }
}
