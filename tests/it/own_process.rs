//! Tests that need a process of their own: the environment and the memory belong to a whole process, and only a process
//! can be killed.

use std::process::{Child, Command, Stdio};

/// Runs a test of this binary in another process, after `prepare`, and asserts that it passes. Returns what it prints.
pub(crate) fn run_test(name: &str, prepare: impl FnOnce(&mut Command)) -> String {
    finish(name, start_test(name, prepare))
}

/// Starts a test of this binary in another process, after `prepare`.
pub(crate) fn start_test(name: &str, prepare: impl FnOnce(&mut Command)) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--include-ignored", "--nocapture", "--test-threads=1"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    prepare(&mut command);
    command.spawn().unwrap()
}

/// Waits for the end of a test that was started, and asserts that it passed. Returns what it printed.
pub(crate) fn finish(name: &str, test: Child) -> String {
    let output = test.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let passed = output.status.success() && printed.contains("1 passed");
    assert!(passed, "{name}: {printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}
