//! An example that runs itself a second time, so that what it measures of a process is that process's alone.
#![allow(dead_code)] // no example uses all of it

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// This program in another process, spoken to line by line. It stops when dropped.
pub(crate) struct Twin {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Twin {
    pub(crate) fn start(arguments: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = child.stdin.take().ok_or("no way in")?;
        let answers = BufReader::new(child.stdout.take().ok_or("no way out")?);
        Ok(Self { child, questions, answers })
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("a process of this program ended early".into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Says a line to it, and waits for the line that it answers.
    pub(crate) fn ask(&mut self, question: &str) -> Result<String, Box<dyn Error>> {
        writeln!(self.questions, "{question}")?;
        self.questions.flush()?;
        self.line()
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// The most memory this process ever held, in megabytes; `None` where the system does not say.
pub(crate) fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = peak.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
