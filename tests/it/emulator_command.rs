//! The command `privacy-number-emulator` as a process: what it prints, what it keeps, and what it refuses.

mod options;
mod orders;
mod state;

use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use privacy_number::aliyun;
use serde_json::Value;

const TOKEN_VARIABLE: &str = "PRIVACY_NUMBER_EMULATOR_TOKEN";

/// The command, without what the environment of the test sets.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_privacy-number-emulator"));
    command.env_remove(TOKEN_VARIABLE);
    command
}

/// Runs the command until it ends by itself.
fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

/// Asserts that the command does not start, and says why and what to do. Returns what it prints.
fn refused(arguments: &[&str]) -> String {
    let defaults = if arguments.contains(&"--port") { &["--for", "1"][..] } else { &["--port", "0", "--for", "1"] };
    let output = run(&[defaults, arguments].concat());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
    assert!(text.starts_with("error: ") && text.contains("\nwhat to do: "), "{text}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    text
}

/// A running server. It is killed when it is dropped.
struct Server {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The first line.
    info: Value,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        Self::spawn(command().args(["--port", "0", "--json"]).args(arguments))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server must start").unwrap();
        Self { process, lines, info: serde_json::from_str(&first).unwrap() }
    }

    fn text(&self, name: &str) -> &str {
        self.info[name].as_str().unwrap()
    }

    /// A client with the keys of the first line.
    fn aliyun(&self) -> aliyun::Client {
        let client = aliyun::Client::builder().access_key(self.text("access_key_id"), self.text("access_key_secret"));
        client.endpoint_of_all(self.text("aliyun")).build().unwrap()
    }

    fn url(&self, endpoint: &str) -> String {
        format!("{}/_emulator/{endpoint}", self.text("aliyun"))
    }

    async fn get(&self, endpoint: &str) -> Value {
        let response = reqwest::get(self.url(endpoint)).await.unwrap();
        assert_eq!(response.status(), 200, "{endpoint}");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    async fn post(&self, endpoint: &str, body: Value) -> Value {
        let request = reqwest::Client::new().post(self.url(endpoint)).header("Content-Type", "application/json");
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{endpoint}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The next line that it prints.
    fn line(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }

    /// Asks it to stop.
    #[cfg(unix)]
    fn terminate(mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// A folder for each test, removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("privacy-number-emulator-{test}-{}", std::process::id()));
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
