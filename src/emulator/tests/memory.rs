//! The bounds of the emulator's memory.

use chrono::TimeDelta;

use super::{gateways, start_time, top};
use crate::emulator::answer::Members;
use crate::emulator::store::nonce::Nonces;
use crate::emulator::store::req_id::{FirstRequest, ReqIds};

#[test]
fn a_nonce_is_remembered_for_fifteen_minutes() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("a", start_time()));
    assert!(!nonces.take("a", start_time() + TimeDelta::minutes(15)));
    assert!(nonces.take("a", start_time() + TimeDelta::minutes(15) + TimeDelta::seconds(1)));
}

#[test]
fn the_number_of_kept_nonces_is_bounded() {
    let mut nonces = Nonces::default();
    for number in 0..1_000_000_u32 {
        assert!(nonces.take(&format!("nonce-{number}"), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
    assert!(!nonces.take("nonce-999999", start_time()));
    assert!(nonces.take("nonce-0", start_time()), "the oldest nonces are removed");
}

#[test]
fn old_nonces_are_removed_even_if_the_clock_is_set_back() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("later", start_time() + TimeDelta::hours(1)));
    for number in 0..300_000_u32 {
        assert!(nonces.take(&number.to_string(), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
}

#[test]
fn attempts_are_counted_while_one_of_them_is_in_the_ledger() {
    let gateways = gateways();
    let query = |oaid: String| top("taobao.top.secret.group.query").with("oaid", oaid).with("app_key", "1").request();
    let send = |oaid: String| {
        let _ = gateways.respond(query(oaid));
    };
    let attempt = || gateways.ledger().entries().last().unwrap().attempt;
    let flood = || (0..9_999).for_each(|number| send(format!("o{number}")));
    send("x".into());
    flood();
    send("x".into());
    assert_eq!(attempt(), 2);
    flood();
    send("y".into());
    send("x".into());
    assert_eq!(attempt(), 1);
    assert_eq!(gateways.ledger().entries().len(), 10_000);
}

#[test]
fn the_number_of_kept_req_ids_is_bounded() {
    let mut req_ids = ReqIds::default();
    let request = || FirstRequest { parameters: Vec::new(), answer: Members::new() };
    for number in 0..20_000_u32 {
        req_ids.remember(&number.to_string(), request());
    }
    let kept = (0..20_000_u32).filter(|number| req_ids.first(&number.to_string()).is_some());
    assert!(kept.eq(10_000..20_000), "the oldest ones are removed");
}
