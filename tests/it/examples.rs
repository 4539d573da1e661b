//! The examples as users run them: what they charge, what they print, and what remains when they are interrupted.

mod arguments;
mod contacts;
mod messages;
mod order_files;
#[cfg(feature = "receipt-http")]
mod receipts;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use privacy_number::emulator::Emulator;

/// The variables of an environment with real keys.
const KEYS: [&str; 12] = [
    "TOP_APP_KEY",
    "TOP_APP_SECRET",
    "TOP_SESSION",
    "TOP_ENDPOINT",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIYUN_POOL_KEY",
    "ALIYUN_DYPLS_ENDPOINT",
    "ALIYUN_DYTNS_ENDPOINT",
    "ALIYUN_DYBASE_ENDPOINT",
    "ALIYUN_MNS_ENDPOINT",
    "ALIYUN_SIGNATURE_VERSION",
];

/// The built example, beside this test's own binary. Builds the examples first: running only the tests of this file
/// builds none, and those of an earlier build may be out of date.
pub(crate) fn built(example: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    let this = std::env::current_exe().unwrap();
    let profile = this.parent().and_then(Path::parent).unwrap();
    BUILT.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--locked", "--offline", "--quiet", "--examples", "--all-features", "--target-dir"]);
        build.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the examples must build");
    });
    let name = format!("{example}{}", std::env::consts::EXE_SUFFIX);
    profile.join("examples").join(name)
}

/// An example in an environment without keys.
pub(crate) fn command(example: &str) -> Command {
    let mut command = Command::new(built(example));
    KEYS.iter().for_each(|key| {
        command.env_remove(key);
    });
    command
}

/// An example in an environment with the keys of this emulator in place of real ones.
pub(crate) fn command_with_keys(example: &str, emulator: &Emulator) -> Command {
    let values = [
        emulator.app_key().to_owned(),
        emulator.app_secret().to_owned(),
        emulator.session().to_owned(),
        emulator.top_endpoint(),
        emulator.access_key_id().to_owned(),
        emulator.access_key_secret().to_owned(),
        emulator.pool_key().to_owned(),
        emulator.aliyun_endpoint(),
        emulator.aliyun_endpoint(),
        emulator.aliyun_endpoint(),
        emulator.mns_endpoint(),
    ];
    let mut command = command(example);
    command.envs(KEYS.into_iter().zip(values));
    command
}

/// The names of all examples, as Cargo finds them.
fn every_example() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_example = |path: &PathBuf| path.join("main.rs").exists() || path.extension().is_some_and(|end| end == "rs");
    let names = paths.filter(is_example).map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let names: Vec<String> = names.collect();
    assert!(names.len() >= 16 && names.iter().any(|name| name == "quickstart"), "{names:?}");
    names
}

#[test]
fn the_readme_names_every_example() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Examples\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let missing: Vec<_> = every_example().into_iter().filter(|name| !section.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Asserts that a run failed and printed what went wrong and what to do about it, in words.
fn assert_error_output(output: &Output, what: &[&str]) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stdout(output));
    assert!(text.contains("error: ") && text.contains("\nwhat to do: "), "{text}");
    for expected in what {
        assert!(text.contains(expected), "{expected} is not in: {text}");
    }
    for debug in ["Error(", "Error {", "Os {", "Deserialize", "kind: "] {
        assert!(!text.contains(debug), "{text}");
    }
}

fn assert_nothing_sent(emulator: &Emulator) {
    let entries = emulator.ledger().entries();
    assert!(entries.is_empty(), "nothing may reach the gateway of the environment's keys: {entries:?}");
}

/// A folder for each test, removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("privacy-number-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
