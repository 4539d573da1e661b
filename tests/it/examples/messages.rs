//! What the examples print when something fails, or takes time.

use chrono::Utc;
use privacy_number::Advice;
use privacy_number::emulator::{Emulator, Fault};

use super::{assert_error_output, command, command_with_keys, stderr};

#[test]
fn the_wait_for_a_recording_is_shown_with_its_length() {
    // The emulator has a recording a minute after its call.
    let now = Utc::now().with_timezone(&privacy_number::china()).format("%Y-%m-%d %H:%M:%S").to_string();
    let mut command = command("download_recording");
    let output = command.args(["--call-time", &now, "--wait", "3", "--poll-every", "1"]).output().unwrap();
    assert_error_output(&output, &["no recording yet: waited 1 s, at most 3 s", "error: no recording after", "--wait"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_oaid_is_sent_once_and_reported_with_its_advice() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::error("isv.oaid-invalid").on("taobao.top.secret.group.query"));
    let mut command = command_with_keys("report_callers", &emulator);
    let output = command.args(["--live", "--oaid", "unknown", "--callers", "13100000000"]).output().unwrap();
    assert_error_output(&output, &["isv.oaid-invalid", "what to do: read the order again and use its current oaid"]);
    assert_eq!(emulator.ledger().entries().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_oaid_is_reported_with_the_advice_of_its_error() {
    let emulator = Emulator::start().await.unwrap();
    let error = emulator.shop().unwrap().ensure_callers("unknown", ["13100000000"]).await.unwrap_err();
    let asked = emulator.ledger().entries().len();
    let mut command = command_with_keys("report_callers", &emulator);
    let output = command.args(["--live", "--oaid", "unknown", "--callers", "13100000000"]).output().unwrap();
    let advice = match error.advice() {
        Advice::RefreshOaid => "what to do: read the order again and use its current oaid",
        _ => "what to do: try again",
    };
    assert_error_output(&output, &["gxb-group-query-error", advice]);
    assert_eq!(emulator.ledger().entries().len(), 2 * asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_the_gateway_is_printed_in_words() {
    let emulator = Emulator::start().await.unwrap();
    let mut command = command_with_keys("bind_for_courier", &emulator);
    command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "another secret");
    command.args(["--live", "--courier", "15000000000", "--buyer", "15000000001", "--number", "17000000001"]);
    assert_error_output(&command.output().unwrap(), &["BindAxb failed: SignatureDoesNotMatch", "correct the request"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_bind_of_a_700_number_tells_its_pool_and_order_and_is_not_repeated() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::reset_after_execution().on("BindAxb700"));
    let mut command = command_with_keys("bind_700", &emulator);
    command.args(["--live", "--courier", "15000000000", "--buyer", "15000000001", "--order", "order-4711"]);
    let where_to_look = format!("it was in pool {} for order order-4711", emulator.pool_key());
    let output = command.output().unwrap();
    assert_error_output(&output, &["BindAxb700 failed", &where_to_look, "find out whether it was done"]);
    assert!(!stderr(&output).contains("1500000000"), "{}", stderr(&output));
    assert_eq!(emulator.ledger().count("BindAxb700"), 1);
}
