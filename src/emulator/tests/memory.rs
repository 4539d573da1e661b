//! What keeps the memory flat.

use chrono::TimeDelta;

use super::start_time;
use crate::emulator::store::nonce::Nonces;

#[test]
fn a_nonce_is_remembered_for_fifteen_minutes() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("a", start_time()));
    assert!(!nonces.take("a", start_time() + TimeDelta::minutes(15)));
    assert!(nonces.take("a", start_time() + TimeDelta::minutes(15) + TimeDelta::seconds(1)));
}

#[test]
fn a_million_nonces_need_no_more_room_than_those_that_are_kept() {
    let mut nonces = Nonces::default();
    for number in 0..1_000_000_u32 {
        assert!(nonces.take(&format!("nonce-{number}"), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
    assert!(!nonces.take("nonce-999999", start_time()));
    assert!(nonces.take("nonce-0", start_time()), "the oldest are forgotten");
}

#[test]
fn a_clock_that_is_put_back_does_not_stop_the_forgetting() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("later", start_time() + TimeDelta::hours(1)));
    for number in 0..300_000_u32 {
        assert!(nonces.take(&number.to_string(), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
}
