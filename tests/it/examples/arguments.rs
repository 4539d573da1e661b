//! Arguments, and what is sent to a gateway whose keys are in the environment.

use std::process::Output;

use privacy_number::emulator::Emulator;

use super::{Folder, assert_nothing_sent, command, command_with_keys, every_example, stderr, stdout};

/// Arguments that shorten the long examples.
fn short(example: &str) -> &'static [&'static str] {
    match example {
        "rate_limit" => &["--seconds", "1", "--limit", "50", "--callers", "4"],
        "soak" => &["--calls", "100", "--concurrency", "4", "--patience", "1"],
        "throughput" => &["--calls", "8", "--rounds", "1", "--warmup", "0", "--concurrency", "2"],
        "outage" => &["--calls", "20"],
        "order_stream" => &["--orders", "200"],
        "store_load" => &["--rows", "1500", "--bindings", "200", "--samples", "10"],
        _ => &[],
    }
}

/// Runs every example with keys in the environment, and asserts that nothing reaches the gateway of those keys.
async fn run_all(arguments: impl Fn(&str) -> Vec<String> + Sync, check: impl Fn(&str, &Output) + Sync) {
    let emulator = Emulator::start().await.unwrap();
    std::thread::scope(|scope| {
        for example in every_example() {
            let (emulator, arguments, check) = (&emulator, &arguments, &check);
            scope.spawn(move || {
                let mut command = command_with_keys(&example, emulator);
                check(&example, &command.args(arguments(&example)).output().unwrap());
            });
        }
    });
    assert_nothing_sent(&emulator);
}

fn always(arguments: &[&str]) -> impl Fn(&str) -> Vec<String> {
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    move |_| arguments.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_describes_itself_and_sends_nothing() {
    run_all(always(&["--help"]), |example, output| {
        let help = stdout(output);
        assert!(output.status.success(), "{example}: {}", stderr(output));
        let description = help.lines().next().unwrap_or_default();
        assert!(
            description.len() > 20 && !description.starts_with("Usage"),
            "{example} does not describe itself: {help}"
        );
        assert!(help.contains("--help") && help.contains("--version"), "{example}: {help}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_tells_its_version() {
    run_all(always(&["--version"]), |example, output| {
        assert!(output.status.success(), "{example}: {}", stderr(output));
        let version = stdout(output);
        assert!(version.ends_with(concat!(" ", env!("CARGO_PKG_VERSION"), "\n")), "{example}: {version}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_refuses_arguments_that_it_does_not_know_and_sends_nothing() {
    for unknown in ["--no-such-argument", "no-such-argument"] {
        run_all(always(&[unknown]), |example, output| {
            assert_eq!(output.status.code(), Some(2), "{example} {unknown}: {}", stderr(output));
            assert!(stderr(output).contains(unknown), "{example}: {}", stderr(output));
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_live_no_example_sends_to_the_gateway_whose_keys_are_set() {
    let arguments = |example: &str| short(example).iter().map(|text| (*text).to_owned()).collect();
    run_all(arguments, |example, output| {
        assert!(output.status.success(), "{example}: {}{}", stdout(output), stderr(output));
    })
    .await;
}

/// The examples that can use real gateways, with the arguments that this needs.
fn live(folder: &Folder) -> Vec<(&'static str, Vec<String>)> {
    let orders = folder.file("orders.csv", "tid,oaid\n2001,oaid-2001\n2002,oaid-2002\n");
    let person = "王XX,15900000000,浙江省,杭州市,西湖区,XX小区XX号";
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let call_time = (chrono::Utc::now() - chrono::TimeDelta::hours(1)).with_timezone(&privacy_number::china());
    let call_time = call_time.format("%Y-%m-%d %H:%M:%S").to_string();
    let [sheet, contacts, sound] = ["sheet.csv", "contacts.csv", "call.wav"].map(|name| folder.path(name));
    let identity = folder.file("person.txt", "张某某\n000000000000000000\n");
    let portrait = folder.file("portrait.jpg", b"\xFF\xD8\xFF\xE0");
    let binding = ["--buyer", "15000000001", "--number", "17000000001"];
    vec![
        ("quickstart", owned(&["--orders", &orders, "--out", &sheet, "--parties", "15000000000", "15000000001"])),
        ("decrypt_orders", owned(&["--orders", &orders, "--out", &contacts])),
        ("report_callers", owned(&["--oaid", "oaid-2001", "--callers", "010-12345678"])),
        ("bind_for_courier", owned(&[&["--courier", "15000000000"], &binding[..]].concat())),
        ("bind_700", owned(&["--courier", "15000000000", "--buyer", "15000000001", "--order", "order-4711"])),
        ("g_group", owned(&[&["--lines", "01012345678", "4001234567"], &binding[..]].concat())),
        ("number_status", owned(&["15000001234"])),
        ("download_recording", owned(&["--call-id", "call-1", "--call-time", &call_time, "--out", &sound])),
        (
            "report_number",
            owned(&["--white-group", "19", "--number", "15000000001", "--wait", "0"])
                .into_iter()
                .chain(owned(&["--person", &identity, "--portrait", &portrait]))
                .collect(),
        ),
        ("pickup_waybill", owned(&["--sender", person, "--receiver", person, "--order-code", "return-7"])),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_live_an_example_prints_what_is_charged_and_sends_to_the_gateway_of_the_keys() {
    let folder = Folder::new("live");
    for (example, arguments) in live(&folder) {
        let emulator = Emulator::start().await.unwrap();
        let mut command = command_with_keys(example, &emulator);
        let output = command.arg("--live").args(&arguments).output().unwrap();
        let error_output = stderr(&output);
        assert!(output.status.success(), "{example}: {error_output}{}", stdout(&output));
        let first = error_output.lines().next().unwrap_or_default();
        assert!(first.starts_with("live: ") && first.contains("; charged: "), "{example}: {error_output}");
        assert!(first.contains("_ENDPOINT http://127.0.0.1:"), "{example} does not say where it goes: {error_output}");
        assert!(!emulator.ledger().entries().is_empty(), "{example}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_without_an_input_file_or_keys_sends_nothing() {
    let folder = Folder::new("live-input");
    for (example, arguments) in live(&folder) {
        let emulator = Emulator::start().await.unwrap();
        let mut command = command_with_keys(example, &emulator);
        let output = command.arg("--live").output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{example} runs on made-up input: {}", stderr(&output));

        let mut command = command_with_keys(example, &emulator);
        command.env_remove("TOP_APP_KEY").env_remove("ALIYUN_POOL_KEY");
        let output = command.arg("--live").args(&arguments).output().unwrap();
        super::assert_error_output(&output, &["is not set in the environment", "leave --live out"]);
        assert_nothing_sent(&emulator);
    }
}

#[test]
fn a_count_of_none_and_arguments_that_exclude_each_other_are_refused_with_a_reason() {
    const NONE: &str = "must be at least 1";
    for (example, arguments, reason) in [
        ("decrypt_orders", &["--concurrency", "0"][..], NONE),
        ("decrypt_orders", &["--generate", "0"], NONE),
        ("decrypt_orders", &["--generate", "3", "--orders", "orders.csv"], "cannot be used with"),
        ("decrypt_orders", &["--generate", "3", "--live", "--out", "out.csv"], "cannot be used with"),
        ("order_stream", &["--orders", "0"], NONE),
        ("order_stream", &["--concurrency", "0"], NONE),
        ("soak", &["--calls", "0"], NONE),
        ("soak", &["--concurrency", "0"], NONE),
        ("soak", &["--patience", "0"], NONE),
        ("soak", &["--fault-percent", "101"], "must be from 0 to 100"),
        ("outage", &["--calls", "0"], NONE),
        ("rate_limit", &["--limit", "0"], NONE),
        ("rate_limit", &["--seconds", "0"], NONE),
        ("rate_limit", &["--callers", "0"], NONE),
        ("receipts_http", &["--load", "0"], NONE),
        ("receipts_http", &["--load", "1", "--seconds", "0"], NONE),
        ("receipts_http", &["--listen", "127.0.0.1:0"], "--journal"),
        ("store_load", &["--rows", "0"], NONE),
        ("store_load", &["--bindings", "0"], NONE),
        ("store_load", &["--samples", "0"], NONE),
        ("throughput", &["--calls", "0"], NONE),
        ("throughput", &["--concurrency", "0"], NONE),
        ("throughput", &["--rounds", "0"], NONE),
        ("download_recording", &["--poll-every", "0"], NONE),
        ("download_recording", &["--call-time", "yesterday"], "must be written like 2026-01-06 10:00:00"),
        ("pickup_waybill", &["--sender", "王XX"], "must have six parts"),
    ] {
        let mut command = command(example);
        let output = command.args(arguments).output().unwrap();
        let error_output = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{example} {arguments:?}: {error_output}");
        assert!(error_output.contains(reason), "{example} {arguments:?}: {error_output}");
    }
}
