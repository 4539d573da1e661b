//! Decrypted contacts are kept: they are written as they arrive, and a second run continues where the first stopped.

use std::collections::HashSet;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use privacy_number::emulator::{Emulator, Fault};

use super::{Folder, assert_error_output, assert_nothing_sent, command_with_keys, stderr, stdout};

const DECRYPT: &str = "taobao.top.oaid.decrypt";
const ORDERS: usize = 400;

fn order(index: usize) -> (String, String) {
    (format!("43{index:017}"), format!("oaid-{index}"))
}

fn csv_of(orders: usize) -> String {
    let lines = (0..orders).map(order).map(|(tid, oaid)| format!("{tid},{oaid}\n"));
    std::iter::once("tid,oaid\n".to_owned()).chain(lines).collect()
}

/// A gateway that decrypts this many orders a day: an order that is sent twice counts twice.
async fn gateway(decryptions: usize) -> Emulator {
    Emulator::builder().orders((0..ORDERS).map(order)).decryptions_per_day(decryptions as u64).start().await.unwrap()
}

fn decrypt_orders(emulator: &Emulator, orders: &str, out: &str) -> Command {
    let mut command = command_with_keys("decrypt_orders", emulator);
    command.args(["--live", "--orders", orders, "--out", out, "--concurrency", "1"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The contacts of a file: complete lines without a problem.
fn contacts(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
    whole.lines().skip(1).filter(|line| line.ends_with(",,")).map(str::to_owned).collect()
}

/// Starts a run at a gateway that is slow from the third call on, and waits for the contacts of the first two calls:
/// they must be in the file while the third is in flight.
fn begin(emulator: &Emulator, orders: &str, out: &str) -> std::process::Child {
    emulator.inject(Fault::delay_after(Duration::from_secs(1)).on(DECRYPT).after(2));
    let child = decrypt_orders(emulator, orders, out).spawn().unwrap();
    let started = Instant::now();
    while contacts(out).len() < 40 {
        assert!(started.elapsed() < Duration::from_secs(60), "no contact is written");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(emulator.ledger().executed(DECRYPT) <= 3, "contacts are written later than they come");
    child
}

/// Runs once more, and asserts that the contacts of the first run stayed and those of all orders are there.
fn continue_run(emulator: &Emulator, orders: &str, out: &str, first_run: &[String]) -> Output {
    emulator.clear_faults();
    let output = decrypt_orders(emulator, orders, out).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let skipped = format!("{} orders skipped: their contacts are in the file", first_run.len());
    assert!(stdout(&output).contains(&skipped), "{}", stdout(&output));
    let all = contacts(out);
    assert_eq!(all[..first_run.len()], *first_run);
    let tids: HashSet<&str> = all.iter().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!((all.len(), tids.len()), (ORDERS, ORDERS), "each order is there once");
    output
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ctrl_c_every_decrypted_order_is_in_the_file_and_none_is_decrypted_twice() {
    let folder = Folder::new("ctrl-c");
    let (orders, out) = (folder.file("orders.csv", csv_of(ORDERS)), folder.path("contacts.csv"));
    let emulator = gateway(ORDERS).await;
    let child = begin(&emulator, &orders, &out);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_error_output(
        &output,
        &["Ctrl-C: the orders that were asked for are finished", "run the same again to go on"],
    );
    let first_run = contacts(&out);
    assert!((40..ORDERS).contains(&first_run.len()), "{} of {ORDERS}", first_run.len());

    // The daily quota is as large as the file: if one order were sent twice, the last one would fail.
    let output = continue_run(&emulator, &orders, &out, &first_run);
    assert!(stdout(&output).contains(" 0 failed"), "{}", stdout(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_run_has_written_its_contacts_and_the_next_run_continues() {
    let folder = Folder::new("killed");
    let (orders, out) = (folder.file("orders.csv", csv_of(ORDERS)), folder.path("contacts.csv"));
    // Calls in flight are lost: at most two of 20 orders.
    let emulator = gateway(ORDERS + 40).await;
    let mut child = begin(&emulator, &orders, &out);
    child.kill().unwrap();
    child.wait().unwrap();
    // An order whose line was not written to its end is sent again.
    let mut text = std::fs::read_to_string(&out).unwrap();
    let first_run = contacts(&out);
    text.truncate(text.rfind('\n').unwrap() + 1);
    text.push_str("4300000000000000399,oaid-399,production,张");
    std::fs::write(&out, text).unwrap();

    continue_run(&emulator, &orders, &out, &first_run);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_order_is_reported_with_its_advice_and_sent_again_by_the_next_run() {
    let folder = Folder::new("again");
    let (orders, out) = (folder.file("orders.csv", csv_of(5)), folder.path("contacts.csv"));
    let emulator = gateway(ORDERS).await;
    emulator.inject(Fault::error("isv.decryption-quota-exceeded").on(DECRYPT).times(1));
    let mut command = decrypt_orders(&emulator, &orders, &out);
    assert!(stdout(&command.output().unwrap()).contains("5 orders, 5 failed"));
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text.matches("isv.decryption-quota-exceeded").count(), 5, "{text}");
    assert_eq!(text.matches(",try again at 2").count(), 5, "{text}");

    let output = decrypt_orders(&emulator, &orders, &out).output().unwrap();
    assert!(stdout(&output).contains("5 orders, 0 failed"), "{}", stdout(&output));
    assert_eq!((contacts(&out).len(), std::fs::read_to_string(&out).unwrap().lines().count()), (5, 6));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_with_contacts_and_recordings_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("mode");
    let orders = folder.file("orders.csv", csv_of(2));
    let emulator = gateway(ORDERS).await;
    let [contacts, sheet, sound] = ["contacts.csv", "sheet.csv", "call.wav"].map(|name| folder.path(name));
    // Existing files with read permission for everybody.
    folder.file("call.wav", "an older one");
    std::fs::write(&contacts, "").unwrap();
    for (example, arguments) in [
        ("decrypt_orders", ["--orders", &orders, "--out", &contacts]),
        ("quickstart", ["--orders", &orders, "--out", &sheet]),
        ("download_recording", ["--call-id", "call-1", "--out", &sound]),
    ] {
        let mut command = command_with_keys(example, &emulator);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let path = arguments[3];
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
        assert!(std::fs::metadata(path).unwrap().len() > 20, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_holds_something_else_is_left_as_it_is() {
    let folder = Folder::new("other");
    let orders = folder.file("orders.csv", csv_of(2));
    let emulator = gateway(ORDERS).await;
    let mut command = decrypt_orders(&emulator, &orders, &orders);
    assert_error_output(&command.output().unwrap(), &["orders.csv is no file of contacts", "give --out another file"]);
    assert_eq!(std::fs::read_to_string(&orders).unwrap(), csv_of(2));

    // Contacts of the emulator must not be mixed with real ones.
    let out = folder.path("contacts.csv");
    let mut trial = command_with_keys("decrypt_orders", &emulator);
    assert!(trial.args(["--orders", &orders, "--out", &out]).output().unwrap().status.success());
    let before = std::fs::read_to_string(&out).unwrap();
    let output = decrypt_orders(&emulator, &orders, &out).output().unwrap();
    assert_error_output(&output, &["holds contacts of the gateway `emulator`, and this run talks to `production`"]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), before);
    assert_nothing_sent(&emulator);
}

fn quickstart(emulator: &Emulator, orders: &str, out: &str, more: &[&str]) -> Command {
    let mut command = command_with_keys("quickstart", emulator);
    command.args(["--live", "--json", "--orders", orders, "--out", out]).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

const PARTIES: [&str; 3] = ["--parties", "15000000000", "15000000001"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_numbers_are_refused_before_the_quickstart_decrypts_anything() {
    let folder = Folder::new("bad-numbers");
    let (orders, out) = (folder.file("orders.csv", csv_of(2)), folder.path("contacts.csv"));
    let emulator = gateway(ORDERS).await;
    let many = (0..21).map(|index| format!("131000000{index:02}")).collect::<Vec<_>>().join(",");
    for (arguments, code, text) in [
        (&["--parties", "15000000000", "buyer"][..], 2, "must be ASCII digits only"),
        (&["--parties", "15000000000"], 2, "2 values required"),
        (&["--callers", "01012345678,desk"], 2, "must be ASCII digits only"),
        (&["--callers", ""], 2, "is empty"),
        (&["--callers", &many], 1, "21 callers are more than 20"),
    ] {
        let parties: &[&str] = if arguments[0] == "--parties" { &[] } else { &PARTIES };
        let mut command = quickstart(&emulator, &orders, &out, &[arguments, parties].concat());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(text), "{arguments:?}: {}", stderr(&output));
        assert_nothing_sent(&emulator);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_after_the_decryption_loses_no_contact() {
    let folder = Folder::new("later");
    let (orders, out) = (folder.file("orders.csv", csv_of(30)), folder.path("contacts.csv"));
    let emulator = gateway(30).await;
    emulator.inject(Fault::error("isv.NO_AVAILABLE_NUMBER").on("BindAxb"));
    emulator.inject(Fault::error("gxb-group-update-failed").on("taobao.top.secret.group.update").times(1));
    let arguments = [&["--callers", "010-12345678"], &PARTIES[..]].concat();
    let mut command = quickstart(&emulator, &orders, &out, &arguments);
    let output = command.output().unwrap();
    assert_error_output(
        &output,
        &["callers were not reported for 1 orders", "gxb-group-update-failed", "BindAxb failed"],
    );
    let first: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&first["decrypted"], &first["binding"]), (&30.into(), &serde_json::Value::Null));
    assert_eq!(contacts(&out).len(), 30);
    let reported = first["callers_reported"].as_u64().unwrap();
    assert_eq!(reported + 1, first["numbers"]["range_700"].as_u64().unwrap(), "the others are reported all the same");

    // The daily quota is used up: the contacts come from the file.
    emulator.clear_faults();
    let output = quickstart(&emulator, &orders, &out, &arguments).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let second: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&second["skipped"], &second["decrypted"], &second["decrypt_calls"]),
        (&30.into(), &30.into(), &0.into())
    );
    assert_eq!(second["numbers"], first["numbers"]);
    assert_eq!(second["callers_reported"], second["numbers"]["range_700"]);
    assert_eq!(second["binding"]["status"], 1);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_quickstart_binds_nothing_and_keeps_its_contacts() {
    let folder = Folder::new("stopped");
    let (orders, out) = (folder.file("orders.csv", csv_of(ORDERS)), folder.path("contacts.csv"));
    let emulator = gateway(ORDERS).await;
    emulator.inject(Fault::delay_after(Duration::from_millis(300)).on(DECRYPT));
    let mut command = quickstart(&emulator, &orders, &out, &PARTIES);
    let child = command.spawn().unwrap();
    let started = Instant::now();
    while contacts(&out).len() < 20 {
        assert!(started.elapsed() < Duration::from_secs(60), "no contact is written while the others are asked for");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_error_output(&output, &["stopped after", "run the same again to go on"]);
    assert_eq!(emulator.ledger().count("BindAxb"), 0);
    let first_run = contacts(&out).len();
    assert!((20..ORDERS).contains(&first_run), "{first_run} of {ORDERS}");

    // The daily quota is as large as the file: a contact that was lost would be missing now.
    emulator.clear_faults();
    let output = quickstart(&emulator, &orders, &out, &PARTIES).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["skipped"], &summary["decrypted"]), (&first_run.into(), &ORDERS.into()));
    assert_eq!(emulator.ledger().executed("BindAxb"), 1);
}
