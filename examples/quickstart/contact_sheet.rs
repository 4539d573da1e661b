//! Who can be called how, and what to do about the orders that failed.

use privacy_number::top::{Decrypted, OperateType, Receiver, ReceiverQuery, SecretGroupUpdate, Shop};
use privacy_number::{Advice, Error, NumberKind, Private, VirtualNumber};
use serde_json::{Value, json};

use crate::after_sales::Binding;

#[derive(Default)]
pub(crate) struct ContactSheet {
    decrypted: Vec<(ReceiverQuery, Receiver)>,
    failed: Vec<(ReceiverQuery, Error)>,
}

impl ContactSheet {
    pub(crate) fn add(&mut self, decrypted: Decrypted) {
        match decrypted.result {
            Ok(receiver) => self.decrypted.push((decrypted.query, receiver)),
            Err(error) => self.failed.push((decrypted.query, error)),
        }
    }

    /// Reports the shop's callers for every order with a 700 number; says for how many.
    pub(crate) async fn report_callers(&self, shop: &Shop, callers: &[String]) -> Result<usize, Error> {
        let mut reported = 0;
        for (order, receiver) in &self.decrypted {
            let number = receiver.mobile.as_ref();
            if callers.is_empty() || !number.is_some_and(VirtualNumber::needs_caller_report) {
                continue;
            }
            let report = SecretGroupUpdate::builder()
                .oaid(order.oaid.clone())
                .operate_type(OperateType::Add)
                .mobile_list(callers.iter().map(String::as_str))
                .build();
            shop.send(&report).await?;
            reported += 1;
        }
        Ok(reported)
    }

    pub(crate) fn print(&self) {
        println!("{:<20} {:<6} {:<10} {:<28} valid until", "tid", "name", "number", "dial");
        for (order, receiver) in &self.decrypted {
            let name = receiver.name.as_ref().map(Private::masked).unwrap_or_default();
            let (kind, dial) = receiver
                .mobile
                .as_ref()
                .map_or_else(Default::default, |number| (format!("{:?}", number.kind()), number.dial().to_string()));
            let until = receiver.secret_no_expire_time.map(|time| time.format("%Y-%m-%d %H:%M").to_string());
            println!("{:<20} {name:<6} {kind:<10} {dial:<28} {}", order.tid, until.unwrap_or_default());
        }
        for (order, error) in &self.failed {
            println!("{:<20} {}: {}", order.tid, code(error), what_to_do(error.advice()));
        }
    }

    pub(crate) fn summary(
        &self,
        gateway: &str,
        decrypt_calls: u64,
        callers_reported: usize,
        binding: &Binding,
    ) -> Value {
        let of_kind = |kind| {
            let numbers = self.decrypted.iter().filter_map(|(_, receiver)| receiver.mobile.as_ref());
            numbers.filter(|number| number.kind() == kind).count()
        };
        let failed = self.failed.iter().map(
            |(order, error)| json!({"tid": order.tid, "code": code(error), "advice": format!("{:?}", error.advice())}),
        );
        json!({
            "gateway": gateway,
            "orders": self.decrypted.len() + self.failed.len(),
            "decrypted": self.decrypted.len(),
            "failed": failed.collect::<Vec<_>>(),
            "decrypt_calls": decrypt_calls,
            "numbers": {"extension": of_kind(NumberKind::Extension), "range_700": of_kind(NumberKind::Range700)},
            "callers_reported": callers_reported,
            "binding": {
                "subs_id": binding.subs_id,
                "secret_no": binding.secret_no,
                "status": binding.status.as_str().parse::<i64>().ok(),
            },
        })
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

fn what_to_do(advice: Advice) -> String {
    match advice {
        Advice::Retry => "try again later".to_owned(),
        Advice::WaitFor(pause) => format!("try again in {} s", pause.as_secs()),
        Advice::WaitUntil(time) => format!("try again at {time}"),
        Advice::RefreshSession => "let the seller authorise the application again".to_owned(),
        Advice::RefreshOaid => "read the order again and use its current oaid".to_owned(),
        Advice::AskSeller => "ask the seller to allow it".to_owned(),
        Advice::TopUp => "top up the account".to_owned(),
        Advice::FixRequest => "correct the order's data".to_owned(),
        Advice::Reconcile => "find out whether it was done before trying again".to_owned(),
        _ => "report it to the platform".to_owned(),
    }
}
