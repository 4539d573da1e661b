//! Runs the program of an example in a child process, so that the example can measure or kill one process alone.
#![allow(dead_code)] // no example uses all of it

use std::error::Error;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// This program in a child process, with its standard input and output. The process is killed when this is dropped.
pub(crate) struct ChildProcess {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl ChildProcess {
    pub(crate) fn start(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Self, Box<dyn Error>> {
        Self::start_program(std::env::current_exe()?, arguments)
    }

    /// The same with another program.
    pub(crate) fn start_program(
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(program);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("the process has no standard input")?;
        let output = BufReader::new(child.stdout.take().ok_or("the process has no standard output")?);
        Ok(Self { child, input, output })
    }

    /// The resident memory of the process in megabytes; `None` if the system does not provide it.
    pub(crate) fn resident_megabytes(&self) -> Option<f64> {
        megabytes_of(&self.child.id().to_string(), "VmRSS:")
    }

    /// Reads the next line that the process prints.
    pub(crate) fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err("a process of this program ended early".into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Writes a line and reads the response line.
    pub(crate) fn ask(&mut self, line: &str) -> Result<String, Box<dyn Error>> {
        writeln!(self.input, "{line}")?;
        self.input.flush()?;
        self.line()
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// The peak resident memory of this process in megabytes; `None` if the system does not provide it.
pub(crate) fn peak_megabytes() -> Option<f64> {
    megabytes_of("self", "VmHWM:")
}

fn megabytes_of(process: &str, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let size = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: f64 = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
