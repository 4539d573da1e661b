//! Prints how to call each receiver, and what to do about the orders that failed.

use std::collections::HashSet;
use std::error::Error as StdError;

use privacy_number::top::{OperateType, ReceiverQuery, SecretGroupUpdate, Shop};
use privacy_number::{Error, NumberKind, PhoneNumber, VirtualNumber};
use serde_json::json;

use crate::after_sales::Binding;
use crate::command_line::{Problem, what_to_do};
use crate::contacts::{Contact, Outcome};

#[derive(Default)]
pub(crate) struct ContactSheet {
    contacts: Vec<Contact>,
    failed: Vec<(ReceiverQuery, Error)>,
    /// How many contacts are from an earlier run.
    skipped: usize,
}

/// For how many orders callers were reported, and the first failure.
pub(crate) struct CallersReported {
    pub(crate) orders: usize,
    pub(crate) failure: Option<Box<dyn StdError>>,
}

impl ContactSheet {
    /// A sheet with the contacts of an earlier run that belong to these orders.
    pub(crate) fn of(orders: &[ReceiverQuery], mut contacts: Vec<Contact>) -> Self {
        let orders: HashSet<_> = orders.iter().map(|order| (&*order.tid, order.oaid.expose())).collect();
        contacts.retain(|contact| orders.contains(&(&*contact.tid, contact.oaid.expose())));
        Self { skipped: contacts.len(), contacts, failed: Vec::new() }
    }

    pub(crate) fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    pub(crate) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Ok(contact) => self.contacts.push(contact),
            Err(failed) => self.failed.push(failed),
        }
    }

    /// Reports the shop's callers for every order with a 700 number. Continues after a failure.
    pub(crate) async fn report_callers(&self, shop: &Shop, callers: &[PhoneNumber]) -> CallersReported {
        let (mut reported, mut failed, mut first_failure) = (0, 0, None);
        for contact in &self.contacts {
            let number = contact.number.as_ref();
            if callers.is_empty() || !number.is_some_and(VirtualNumber::needs_caller_report) {
                continue;
            }
            let report = SecretGroupUpdate::builder()
                .oaid(contact.oaid.clone())
                .operate_type(OperateType::Add)
                .mobile_list(callers.iter().cloned())
                .build();
            match shop.send(&report).await {
                Ok(_) => reported += 1,
                Err(error) => {
                    failed += 1;
                    first_failure.get_or_insert((&contact.tid, error));
                }
            }
        }
        let failure = first_failure.map(|(tid, error)| {
            let what = format!("callers were not reported for {failed} orders, the first of which is {tid}: {error}");
            Box::new(Problem::new(what, what_to_do(error.advice()))) as Box<dyn StdError>
        });
        CallersReported { orders: reported, failure }
    }

    pub(crate) fn print(
        &self,
        gateway: &str,
        decrypt_calls: u64,
        callers_reported: &CallersReported,
        binding: Option<&Binding>,
    ) {
        if self.skipped > 0 {
            println!("{} orders skipped: an earlier run has their contacts", self.skipped);
        }
        println!("{:<20} {:<6} {:<10} {:<28} valid until", "tid", "name", "number", "dial");
        for contact in &self.contacts {
            let (kind, dial) = contact
                .number
                .as_ref()
                .map_or_else(Default::default, |number| (kind(number.kind()), number.dial().to_string()));
            let Contact { tid, name, valid_until, .. } = contact;
            println!("{tid:<20} {:<6} {kind:<10} {dial:<28} {valid_until}", name.masked());
        }
        for (order, error) in &self.failed {
            println!("{:<20} {}: {}", order.tid, code(error), what_to_do(error.advice()));
        }
        println!("{gateway}: {decrypt_calls} calls, callers reported for {} orders", callers_reported.orders);
        if let Some(binding) = binding {
            println!("after-sales number {} bound, read back, unbound", binding.secret_no.expose());
        }
    }

    /// Prints one JSON object.
    pub(crate) fn print_json(
        &self,
        gateway: &str,
        decrypt_calls: u64,
        callers_reported: &CallersReported,
        binding: Option<&Binding>,
    ) {
        let of_kind = |kind| {
            let numbers = self.contacts.iter().filter_map(|contact| contact.number.as_ref());
            numbers.filter(|number| number.kind() == kind).count()
        };
        let failed = self.failed.iter().map(
            |(order, error)| json!({"tid": order.tid, "code": code(error), "advice": format!("{:?}", error.advice())}),
        );
        let binding = binding.map(|binding| {
            json!({
                "subs_id": binding.subs_id,
                "secret_no": binding.secret_no,
                "status": binding.status.as_str().parse::<i64>().ok(),
            })
        });
        let summary = json!({
            "gateway": gateway,
            "orders": self.contacts.len() + self.failed.len(),
            "skipped": self.skipped,
            "decrypted": self.contacts.len(),
            "failed": failed.collect::<Vec<_>>(),
            "decrypt_calls": decrypt_calls,
            "numbers": {"extension": of_kind(NumberKind::Extension), "range_700": of_kind(NumberKind::Range700)},
            "callers_reported": callers_reported.orders,
            "binding": binding,
        });
        println!("{summary}");
    }
}

fn kind(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Extension => "extension",
        NumberKind::Range700 => "700",
        NumberKind::Plain => "mobile",
        NumberKind::Landline => "landline",
        NumberKind::Masked => "masked",
        _ => "other",
    }
}

fn code(error: &Error) -> &str {
    let without_code = match error {
        Error::Invalid(_) => "invalid-request",
        Error::Transport(_) => "no-answer",
        _ => "unreadable-answer",
    };
    error.sub_code().or(error.code()).unwrap_or(without_code)
}
