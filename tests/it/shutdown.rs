//! A program that ends while calls are in flight: none is lost.

use std::time::Duration;

use privacy_number::aliyun::{DescribePhoneNumberStatus, NumberStatus};
use privacy_number::emulator::{Emulator, Fault};
use tokio::task::JoinSet;

#[tokio::test]
async fn calls_under_way_end_with_their_results_when_the_client_is_dropped() {
    const CALLS: u64 = 32;
    let emulator = Emulator::start().await.unwrap();
    // Longer than the start of all calls takes.
    emulator.inject(Fault::delay_after(Duration::from_millis(300)));
    let client = emulator.aliyun().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move {
            let query = DescribePhoneNumberStatus::builder().phone_number("15000000001").build();
            client.send(&query).await.unwrap().phone_status.status
        });
    }
    while emulator.ledger().count("DescribePhoneNumberStatus") < CALLS {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(calls.len() as u64, CALLS);
    drop(client);
    let results = calls.join_all().await;
    assert_eq!(results, vec![NumberStatus::Shutdown; CALLS as usize]);
    assert_eq!(emulator.ledger().executed("DescribePhoneNumberStatus"), CALLS);
}

#[cfg(unix)]
#[test]
fn a_process_that_gets_sigterm_finishes_its_calls_and_delivers_every_result() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Command, Stdio};

    /// Killed when the test fails.
    struct Process(Child);

    impl Drop for Process {
        fn drop(&mut self) {
            let _ = self.0.kill().and_then(|()| self.0.wait());
        }
    }

    let mut command = crate::examples::command("soak");
    let mut soak = Process(command.args(["--calls", "1000000"]).stdout(Stdio::piped()).spawn().unwrap());
    let mut output = BufReader::new(soak.0.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("the first result is there") {
        assert_ne!(output.read_line(&mut text).unwrap(), 0, "it ended before it was told to: {text}");
    }
    assert!(Command::new("kill").args(["-TERM", &soak.0.id().to_string()]).status().unwrap().success());
    output.read_to_string(&mut text).unwrap();
    assert!(soak.0.wait().unwrap().success(), "{text}");
    assert!(text.contains("SIGTERM: no call is started any more"), "{text}");
    let line = text.lines().find(|line| line.ends_with("results delivered")).unwrap();
    let counts: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert!(
        matches!(counts[..], [started, finished, delivered]
        if started == finished && finished == delivered && (1..1_000_000).contains(&delivered)),
        "{line}"
    );
}
