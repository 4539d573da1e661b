//! Hosts whose clock is off, within the tolerance of the gateway.

use std::time::Duration;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{BindAxnExtension, FoundBinding};
use privacy_number::emulator::Fault;

use super::{A, Kind, POOL, Setup, X, settings};
use crate::clients::{aliyun, fast_retries};
use crate::raw_server::{RawServer, Reply};

/// Minutes that the host's clock is ahead of the gateway's. None of them is refused.
const MINUTES_AHEAD: [i64; 6] = [2, 8, 14, -2, -8, -14];

impl Setup {
    /// A client on a host whose clock is off.
    fn set_ahead(&mut self, minutes: i64) {
        let clock = self.emulator.clock().clone();
        self.use_client(settings(&self.emulator).clock(move || clock.now() + TimeDelta::minutes(minutes)));
    }
}

#[tokio::test]
async fn a_lost_binding_is_found_although_the_hosts_clock_is_off() {
    for ahead in MINUTES_AHEAD {
        for kind in Kind::ALL {
            let mut setup = Setup::start().await;
            setup.set_ahead(ahead);
            setup.emulator.inject(Fault::reset_after_execution().on(kind.action()).times(1));
            let binding = setup.bind_to_x(kind).await;
            let binding = binding.unwrap_or_else(|error| panic!("{kind:?}, {ahead} minutes ahead: {error}"));
            assert_eq!(setup.live().await, [binding.subs_id], "{kind:?}, {ahead} minutes ahead");
            assert_eq!(setup.arrived(kind), (1, 1), "{kind:?}, {ahead} minutes ahead");
        }
    }
}

#[tokio::test]
async fn a_lost_binding_is_found_among_numbers_although_the_hosts_clock_is_off() {
    for ahead in MINUTES_AHEAD {
        let mut setup = Setup::start().await;
        setup.set_ahead(ahead);
        setup.emulator.inject(Fault::reset_after_execution().on("BindAxn").times(1));
        let bind = setup.axn(None, setup.end);
        let binding = setup.client.bind_reconciled_among(&bind, POOL).await;
        let binding = binding.unwrap_or_else(|error| panic!("{ahead} minutes ahead: {error}"));
        assert_eq!(setup.all_live().await, [binding.subs_id]);
    }
}

#[tokio::test]
async fn an_older_binding_is_distinguished_from_the_lost_one_although_the_hosts_clock_is_off() {
    for ahead in MINUTES_AHEAD {
        let mut setup = Setup::start().await;
        setup.bind_to_x(Kind::AxnExtension).await.unwrap();
        // Less than the error of the host's clock, more than the gateway's clocks may differ.
        setup.emulator.clock().advance(Duration::from_secs(90));
        setup.set_ahead(ahead);
        setup.emulator.inject(Fault::reset_before_execution().on("BindAxnExtension").times(1));
        let error = setup.bind_to_x(Kind::AxnExtension).await.unwrap_err();
        assert!(error.needs_reconciling(), "{ahead} minutes ahead");
    }
}

#[tokio::test]
async fn the_window_of_an_error_finds_the_lost_binding_although_the_hosts_clock_is_off() {
    for ahead in MINUTES_AHEAD {
        let mut setup = Setup::start().await;
        setup.bind_to_x(Kind::AxnExtension).await.unwrap();
        setup.emulator.clock().advance(Duration::from_secs(90));
        setup.set_ahead(ahead);
        setup.emulator.inject(Fault::reset_after_execution().on("BindAxnExtension").times(1));
        setup.emulator.inject(Fault::unavailable().on("QuerySubscriptionDetail"));
        let error = setup.bind_to_x(Kind::AxnExtension).await.unwrap_err();
        setup.emulator.clear_faults();
        let bind = setup.axn_extension(Some(X), setup.end);
        let found = setup.client.find_binding(&bind, error.window()).await.unwrap();
        let FoundBinding::One(binding) = found else { panic!("{ahead} minutes ahead: {found:?}") };
        assert_eq!(setup.live().await.last(), Some(&binding.subs_id), "{ahead} minutes ahead");
    }
}

#[tokio::test]
async fn a_lost_binding_is_found_although_the_hosts_clock_is_corrected_during_the_bind() {
    let mut setup = Setup::start().await;
    let ahead = Arc::new(AtomicI64::new(10));
    let (clock, minutes) = (setup.emulator.clock().clone(), Arc::clone(&ahead));
    let now = move || clock.now() + TimeDelta::minutes(minutes.load(Ordering::Relaxed));
    setup.use_client(settings(&setup.emulator).clock(now));
    setup.emulator.inject(Fault::reset_after_execution().on("BindAxnExtension").times(1));
    setup.emulator.inject(Fault::delay_before(Duration::from_millis(300)).on("QuerySubsId").times(1));
    let bound = setup.bind_to_x(Kind::AxnExtension);
    let correction = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        ahead.store(0, Ordering::Relaxed);
    };
    let (binding, ()) = tokio::join!(bound, correction);
    assert_eq!(setup.live().await, [binding.unwrap().subs_id]);
}

#[tokio::test]
async fn without_any_date_a_host_may_be_a_quarter_of_an_hour_ahead() {
    for (ahead, is_found) in [(0, true), (15, true), (20, false)] {
        let made = DateTime::parse_from_rfc3339("2026-01-06T10:00:00+08:00").unwrap().to_utc();
        let detail = r#"{"Code":"OK","RequestId":"1","SecretBindDetailDTO":{"Status":1,"PhoneNoA":"15000000000",
            "PhoneNoX":"17000000001","Extension":"101","SubsId":"4711","GmtCreate":"2026-01-06 10:00:00",
            "ExpireDate":"2026-01-13 10:00:00"}}"#;
        let ids = r#"{"Code":"OK","RequestId":"1","SubsId":"4711"}"#;
        let server = RawServer::start([Reply::Reset, Reply::ok(ids), Reply::ok(detail)]).await;
        let now: DateTime<Utc> = made + TimeDelta::minutes(ahead);
        let client = aliyun(server.aliyun_endpoint(), fast_retries(1).clock(move || now));
        let bind = BindAxnExtension::builder().pool_key("FC1").phone_no_a(A).phone_no_x(X);
        let bind = bind.expiration(made + TimeDelta::days(7)).build();
        let result = client.bind_reconciled(&bind).await;
        assert_eq!(result.is_ok(), is_found, "{ahead} minutes ahead: {result:?}");
        assert!(result.is_ok() || result.is_err_and(|error| error.needs_reconciling()));
    }
}
