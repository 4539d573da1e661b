//! Tests that need a process of their own: the environment and the memory belong to a whole process.

use std::process::Command;

/// Runs a test of this binary in another process, after `prepare`, and asserts that it passes. Returns what it prints.
pub(crate) fn run_test(name: &str, prepare: impl FnOnce(&mut Command)) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--include-ignored", "--nocapture", "--test-threads=1"]);
    prepare(&mut command);
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let passed = output.status.success() && printed.contains("1 passed");
    assert!(passed, "{name}: {printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}
