//! Timeouts of single calls, and how long the workflows that make several calls can take.

use std::time::{Duration, Instant};

use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Outcome, aliyun, top};

const CALL_TIMEOUT: Duration = Duration::from_millis(500);
/// The delay that a busy machine adds.
const LATE: Duration = Duration::from_millis(1500);

fn decryption() -> OaidDecrypt {
    OaidDecrypt::new([ReceiverQuery::builder().tid("2001").oaid("oaid-2001").build()])
}

#[tokio::test]
async fn some_calls_can_have_a_timeout_of_their_own() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::delay_before(Duration::from_secs(60)));
    let patient = emulator.settings().call_timeout(Duration::from_secs(40)).attempt_timeout(Duration::from_secs(40));
    let top = emulator.top_builder().settings(patient.clone()).build().unwrap();
    let shop = top.shop(emulator.session());
    let aliyun = emulator.aliyun_builder().settings(patient).build().unwrap();
    let client_decryption = top::OaidClientDecrypt::new(
        "token",
        top::ClientReceiverQuery::builder().oaid("oaid-2001").tid("2001").scene(top::Scene::AfterSales).build(),
    );
    let query = aliyun::QuerySubsId::builder().pool_key(emulator.pool_key()).phone_no_x("17000000001").build();

    let began = Instant::now();
    let errors = [
        shop.with_call_timeout(CALL_TIMEOUT).send(&decryption()).await.unwrap_err(),
        top.with_call_timeout(CALL_TIMEOUT).send(&client_decryption).await.unwrap_err(),
        aliyun.with_call_timeout(CALL_TIMEOUT).send(&query).await.unwrap_err(),
    ];
    let took = began.elapsed();
    assert!(CALL_TIMEOUT * 3 <= took && took <= CALL_TIMEOUT * 3 + LATE, "{took:?}");
    for error in errors {
        assert!(error.is_timeout() && error.outcome() == Outcome::Unknown, "{error}");
    }
}

#[tokio::test]
async fn a_change_of_callers_takes_five_call_timeouts_at_most() {
    let emulator = Emulator::start().await.unwrap();
    let settings = emulator.settings().call_timeout(CALL_TIMEOUT).attempt_timeout(CALL_TIMEOUT);
    let shop = emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session());
    let slow = CALL_TIMEOUT * 4 / 5;
    emulator.inject(Fault::delay_after(slow));
    let callers: Vec<_> = (0..80).map(|caller| format!("131000000{caller:02}")).collect();
    let began = Instant::now();
    let report = shop.ensure_callers("oaid-2001", &callers).await.unwrap();
    let took = began.elapsed();
    assert_eq!(report.added.len(), 80, "{:?}", report.failure);
    assert!(slow * 5 <= took && took <= CALL_TIMEOUT * 5 + LATE, "{took:?}");
}
