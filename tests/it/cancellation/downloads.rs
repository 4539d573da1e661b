use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::DownloadRecording;
use privacy_number::emulator::{CallRecord, Clock, Emulator, Fault};

use super::{at_every_poll, drop_after};

async fn downloaded(download: DownloadRecording) -> Vec<u8> {
    let mut whole = Vec::new();
    download.to(&mut whole).await.unwrap();
    whole
}

#[tokio::test]
async fn waiting_for_a_recording_can_be_dropped_with_nothing_written() {
    let clock = Clock::stopped_at(Utc::now());
    let call = CallRecord::call("call-7").at(clock.now());
    let emulator = Emulator::builder().clock(clock.clone()).call_record(call).start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let download = || {
        let download = client.download_recording(emulator.pool_key(), "call-7", clock.now());
        download.poll_every(Duration::from_millis(1)).wait(Duration::from_millis(20))
    };
    at_every_poll(async |polls| {
        let mut written = Vec::new();
        let ready = drop_after(polls, download().to(&mut written)).await;
        assert!(written.is_empty(), "after {polls} polls");
        ready.map(Result::unwrap_err).is_some()
    })
    .await;
    let called = clock.now();
    clock.set(called + TimeDelta::minutes(2));
    let recording = client.download_recording(emulator.pool_key(), "call-7", called).to(&mut Vec::new()).await;
    assert!(recording.unwrap().bytes > 0);
}

#[tokio::test]
async fn a_resumed_download_can_be_dropped_at_any_poll() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let call_time = Utc::now() - TimeDelta::hours(1);
    let download = || client.download_recording(emulator.pool_key(), "call-1", call_time);
    let whole = downloaded(download()).await;
    at_every_poll(async |polls| {
        emulator.clear_faults();
        emulator.inject(Fault::torn_body().on("recording").times(1));
        let mut written = Vec::new();
        let ready = drop_after(polls, download().to(&mut written)).await;
        assert!(whole.starts_with(&written), "after {polls} polls");
        emulator.clear_faults();
        assert!(downloaded(download()).await == whole);
        ready.map(Result::unwrap).is_some_and(|_| written == whole)
    })
    .await;
}

#[tokio::test]
async fn a_dropped_download_leaves_a_prefix_of_the_recording() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    let call_time = Utc::now() - TimeDelta::hours(1);
    let download = || client.download_recording(emulator.pool_key(), "call-1", call_time);
    let whole = downloaded(download()).await;
    let folder = std::env::temp_dir().join(format!("privacy-number-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    at_every_poll(async |polls| {
        let path = folder.join(polls.to_string());
        let mut file = tokio::fs::File::create(&path).await.unwrap();
        let ready = drop_after(polls, download().to(&mut file)).await;
        // Writes that were accepted before the drop may still be in progress.
        tokio::io::AsyncWriteExt::flush(&mut file).await.unwrap();
        let written = std::fs::read(&path).unwrap();
        assert!(whole.starts_with(&written), "after {polls} polls");
        assert!(downloaded(download()).await == whole);
        ready.map(Result::unwrap).is_some_and(|_| written == whole)
    })
    .await;
    std::fs::remove_dir_all(&folder).unwrap();
}
