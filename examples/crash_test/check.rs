//! Compares the gateway with the ledger, key by key.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::TimeDelta;
use privacy_number::aliyun::QuerySubscriptionDetail;
use privacy_number::emulator::Emulator;
use serde_json::Value;

use crate::orders::{Goal, LEASE, Orders};

/// A binding in force at the gateway: its id and X.
type AtGateway = (String, String);

/// All differences, in words.
pub(crate) async fn compare(emulator: &Emulator, orders: &Orders) -> Result<Vec<String>, Box<dyn Error>> {
    let mut findings = Vec::new();
    let ledger = orders.ledger().await?;
    tokio::time::sleep(LEASE).await;
    let recovered = ledger.recover().await?;
    println!(
        "the last recovery: {} adopted, {} bound, {} renewed, {} removed",
        recovered.adopted, recovered.bound, recovered.renewed, recovered.unbound
    );
    findings.extend(recovered.failed.iter().map(|(key, error)| format!("{key} cannot be recovered: {error}")));
    findings.extend(recovered.unresolved.iter().map(|(key, _)| format!("{key} is unresolved")));
    let stats = ledger.stats(TimeDelta::zero()).await?;
    if stats.binding + stats.renewing + stats.unbinding + stats.unresolved > 0 {
        findings.push(format!("something is still open: {stats:?}"));
    }

    let mut gateway = at_gateway(emulator);
    let (mut bound, mut renewed, mut unbound) = (0, 0, 0);
    let client = orders.client()?;
    for index in 0..orders.keys {
        let (key, goal) = (Orders::key(index), Orders::goal(index));
        let there = gateway.remove(&Orders::number_a(index)).unwrap_or_default();
        if there.len() > 1 {
            findings.push(format!("{key} is bound {} times", there.len()));
        }
        match (ledger.get(&key).await?, there.first(), goal) {
            (None, None, Goal::Unbound) => unbound += 1,
            (Some(here), Some((subs_id, number_x)), Goal::Bound | Goal::Renewed) => {
                if here.subs_id != *subs_id || here.secret_no.expose() != number_x {
                    findings.push(format!("{key} has another binding in the ledger than at the gateway"));
                    continue;
                }
                let query = QuerySubscriptionDetail::builder().pool_key(&*here.pool_key).subs_id(&*here.subs_id);
                let query = query.phone_no_x(here.secret_no.clone()).build();
                let end = client.send(&query).await?.secret_bind_detail.expire_date;
                let expected = orders.day(if goal == Goal::Renewed { 14 } else { 7 });
                if end != Some(here.expiration) || end.is_none_or(|end| end.to_utc() != expected) {
                    findings.push(format!("{key} does not end when it should"));
                }
                *if goal == Goal::Renewed { &mut renewed } else { &mut bound } += 1;
            }
            (here, there, goal) => {
                let (here, there) = (here.is_some(), there.is_some());
                findings.push(format!("{key}: in the ledger {here}, at the gateway {there}, wanted {goal:?}"));
            }
        }
    }
    findings.extend(gateway.keys().map(|number| format!("nobody asked for the binding of {number}")));
    let sweep = ledger.sweep().await?;
    if !(sweep.unknown_here.is_empty() && sweep.unknown_there.is_empty() && sweep.expired == 0) {
        findings.push(format!("the sweep found {sweep:?}"));
    }
    let requests = emulator.ledger();
    println!("{bound} bound, {renewed} renewed, {unbound} removed");
    println!(
        "the gateway made {} bindings and removed {}; it was asked to bind {} times",
        requests.executed("BindAxb"),
        requests.executed("UnbindSubscription"),
        requests.count("BindAxb")
    );
    Ok(findings)
}

/// The bindings in force, by their A.
fn at_gateway(emulator: &Emulator) -> BTreeMap<String, Vec<AtGateway>> {
    let state = emulator.gateways().phone_number_protection();
    let mut found: BTreeMap<String, Vec<AtGateway>> = BTreeMap::new();
    for (id, binding) in state.get("bindings").and_then(Value::as_object).into_iter().flatten() {
        let text = |name: &str| binding.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if binding.get("in_force") == Some(&Value::Bool(true)) {
            found.entry(text("number_a")).or_default().push((id.clone(), text("number_x")));
        }
    }
    found
}
