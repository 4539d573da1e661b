//! The longest duration of a reconciled bind, counted in call timeouts.

use std::time::{Duration, Instant};

use privacy_number::TransportKind;
use privacy_number::emulator::Fault;

use super::{Kind, POOL, Setup, X, settings};

const CALL_TIMEOUT: Duration = Duration::from_millis(400);

/// A margin for a busy machine.
const LATE: Duration = Duration::from_millis(1500);

impl Setup {
    async fn start_with_time_limit() -> Self {
        let mut setup = Self::start().await;
        let settings = settings(&setup.emulator).call_timeout(CALL_TIMEOUT).attempt_timeout(CALL_TIMEOUT);
        setup.use_client(settings);
        setup
    }
}

fn assert_took(began: Instant, at_least: u32, at_most: u32) {
    let took = began.elapsed();
    assert!(CALL_TIMEOUT * at_least <= took && took <= CALL_TIMEOUT * at_most + LATE, "{took:?}");
}

fn hang() -> Fault {
    Fault::delay_after(Duration::from_secs(60))
}

#[tokio::test]
async fn a_gateway_that_hangs_ends_a_bind_after_two_calls() {
    for number_x in [Some(X), None] {
        let setup = Setup::start_with_time_limit().await;
        setup.emulator.inject(hang());
        let began = Instant::now();
        let error = setup.bind(Kind::Axb, number_x, setup.end).await.unwrap_err();
        // The bind and, if X is named, the first query of the search.
        assert_took(began, 1 + u32::from(number_x.is_some()), 2);
        assert!(error.needs_reconciling());
    }
}

#[tokio::test]
async fn binds_that_hang_end_after_three_attempts_and_three_searches() {
    let setup = Setup::start_with_time_limit().await;
    setup.emulator.inject(Fault::delay_before(Duration::from_secs(60)).on("BindAxb"));
    let began = Instant::now();
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_took(began, 3, 9);
    assert_eq!((error.needs_reconciling(), setup.emulator.ledger().executed("BindAxb")), (true, 0));
}

/// Bindings at X whose details take longer together than a search may.
async fn fill_x(setup: &Setup) {
    for pair in 0..160 {
        let other = privacy_number::aliyun::BindAxb::builder().pool_key(setup.emulator.pool_key()).phone_no_x(X);
        let other = other.phone_no_a(format!("1510000{pair:04}")).phone_no_b(format!("1520000{pair:04}"));
        setup.client.send(&other.expiration(setup.end).build()).await.unwrap();
    }
    // 160 details of 200 ms, 8 at once, are 4 s: ten call timeouts.
    setup.emulator.inject(Fault::delay_after(CALL_TIMEOUT / 2).on("QuerySubscriptionDetail"));
}

#[tokio::test]
async fn a_search_ends_after_two_calls_however_many_bindings_there_are() {
    let setup = Setup::start_with_time_limit().await;
    fill_x(&setup).await;
    let began = Instant::now();
    let error = setup.client.find_binding(&setup.axb(Some(X), setup.end), ..).await.unwrap_err();
    assert_took(began, 2, 2);
    let privacy_number::Error::Transport(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), TransportKind::DeadlineOver);

    setup.emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
    let began = Instant::now();
    let error = setup.bind_to_x(Kind::Axb).await.unwrap_err();
    assert_took(began, 2, 3);
    assert!(error.needs_reconciling() && error.search_error.is_some());
}

#[tokio::test]
async fn a_search_among_numbers_ends_after_two_calls_too() {
    let setup = Setup::start_with_time_limit().await;
    fill_x(&setup).await;
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
    let began = Instant::now();
    let bind = setup.axn(None, setup.end);
    let error = setup.client.bind_reconciled_among(&bind, POOL).await.unwrap_err();
    assert_took(began, 2, 3);
    assert!(error.needs_reconciling() && error.search_error.is_some());
}
