//! Downloads from the emulator, which has the recording of a call within a minute.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::emulator::{CallRecord, Clock, Emulator};

/// SHA-256 of the emulator's recording of ten seconds, by another program.
const DIGEST: &str = "72ace6c0fcf8b69e29ea5afc213ec500935cefd23ade3a9962ba22c1aefd8597";

#[tokio::test]
async fn a_recording_is_downloaded_as_soon_as_it_is_made() {
    let clock = Clock::stopped_at(Utc::now());
    let call = CallRecord::call("call-7").at(clock.now());
    let emulator = Emulator::builder().clock(clock.clone()).call_record(call).start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let download = client.download_recording(emulator.pool_key(), "call-7", clock.now());
    let download = download.poll_every(Duration::from_millis(5)).wait(Duration::from_secs(10));
    let downloading = tokio::spawn(async move { download.to(&mut Vec::new()).await });
    while emulator.ledger().count("QueryRecordFileDownloadUrl") < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.ledger().count("recording"), 0);
    clock.set(clock.now() + TimeDelta::minutes(2));
    let recording = downloading.await.unwrap().unwrap();
    assert_eq!((recording.bytes, recording.sha256.as_str()), (80_044, DIGEST));
    assert_eq!(emulator.ledger().executed("recording"), 1);
}
