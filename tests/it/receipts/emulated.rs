//! A queue of the emulator, from publishing to deletion.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use privacy_number::aliyun::receipt::{Progress, ReceiptType};
use privacy_number::emulator::{Emulator, Fault};
use serde_json::json;

const TYPE: &str = "SecretReport";

fn publish(emulator: &Emulator, calls: std::ops::Range<usize>) {
    for call in calls {
        emulator.publish_receipt(TYPE, &json!({"call_id": format!("call-{call}")}));
    }
}

/// How many messages are in the queue, visible and hidden ones.
fn depth(emulator: &Emulator) -> u64 {
    let queue = &emulator.gateways().queues()[emulator.queue_name(TYPE)];
    queue["visible"].as_u64().unwrap() + queue["hidden"].as_u64().unwrap()
}

#[tokio::test]
async fn every_receipt_is_handled_and_deleted_and_a_failed_one_comes_again() {
    let emulator = Emulator::start().await.unwrap();
    emulator.set_visibility_timeout(Duration::from_secs(1));
    publish(&emulator, 0..100);
    emulator.publish_text(TYPE, "no JSON");
    let handled = Arc::new(Mutex::new(Vec::new()));
    let keys = Arc::clone(&handled);
    let emulator = Arc::new(emulator);
    let emptied = Arc::clone(&emulator);
    let run = emulator.receipt_queue(ReceiptType::SecretReport).unwrap().run(move |message| {
        let key = message.receipts.map_or("unreadable".to_owned(), |receipts| receipts[0].key().to_string());
        let mut keys = keys.lock().unwrap();
        // The first delivery of this receipt fails.
        let result = if key.ends_with("call-7") && !keys.contains(&key) { Err("not now") } else { Ok(()) };
        keys.push(key);
        std::future::ready(result)
    });
    let empty = async move {
        while depth(&emptied) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), run.until(empty)).await.unwrap().unwrap();
    let handled = handled.lock().unwrap();
    assert_eq!((handled.len(), handled.iter().collect::<HashSet<_>>().len()), (102, 101));
}

#[tokio::test]
async fn a_consumer_survives_faults_of_the_queue_and_of_the_token() {
    let emulator = Emulator::start().await.unwrap();
    emulator.set_visibility_timeout(Duration::from_secs(1));
    publish(&emulator, 0..50);
    emulator.inject(Fault::internal_error().on("QueryTokenForMnsQueue").times(1));
    emulator.inject(Fault::internal_error().on("BatchReceiveMessage").times(2));
    emulator.inject(Fault::reset_after_execution().on("BatchDeleteMessage").times(1));
    let (deleted, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (deletions, failures) = (Arc::clone(&deleted), Arc::clone(&failed));
    let emulator = Arc::new(emulator);
    let emptied = Arc::clone(&emulator);
    let run = emulator.receipt_queue(ReceiptType::SecretReport).unwrap().run(async |_| Ok::<(), ()>(()));
    let run = run.on_progress(move |progress| match progress {
        Progress::Deleted(count) => _ = deletions.fetch_add(count, Ordering::SeqCst),
        Progress::Failed(_) => _ = failures.fetch_add(1, Ordering::SeqCst),
        _ => {}
    });
    let empty = async move {
        while depth(&emptied) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), run.until(empty)).await.unwrap().unwrap();
    assert!(failed.load(Ordering::SeqCst) >= 3, "{failed:?}");
    assert!(deleted.load(Ordering::SeqCst) <= 50);
}

/// The consumer is a process of its own, killed at any moment. The lines that it printed are the handled receipts.
#[test]
fn a_consumer_killed_fifty_times_loses_none_of_ten_thousand_receipts() {
    const KILLS: usize = 50;
    const PER_ROUND: usize = 200;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let emulator = runtime.block_on(Emulator::start()).unwrap();
    emulator.set_visibility_timeout(Duration::from_secs(1));
    let (mut handled, mut deliveries, mut killed_at_work) = (HashSet::new(), 0, 0);
    for round in 0..=KILLS {
        if round < KILLS {
            publish(&emulator, round * PER_ROUND..(round + 1) * PER_ROUND);
        }
        let mut command = crate::examples::command_with_keys("receipts_queue", &emulator);
        let queue = emulator.queue_name(TYPE);
        let mut consumer =
            command.args(["--live", "--queue", &queue]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(consumer.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
        if round < KILLS {
            std::thread::sleep(Duration::from_millis(fastrand::u64(30..300)));
            killed_at_work += usize::from(depth(&emulator) > 0);
        } else {
            // The last one works until nothing is left.
            for _ in 0..600 {
                if depth(&emulator) == 0 {
                    break;
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        // Kill means SIGKILL here.
        consumer.kill().unwrap();
        consumer.wait().unwrap();
        for line in reader.join().unwrap() {
            deliveries += 1;
            handled.insert(line.trim_end_matches(" came again").to_owned());
        }
    }
    println!("{} receipts, {deliveries} deliveries, {killed_at_work} of {KILLS} kills at work", handled.len());
    assert_eq!((handled.len(), depth(&emulator)), (KILLS * PER_ROUND, 0));
    assert!(handled.contains("SecretReport:call-0") && killed_at_work > 5);
}
