//! The command line.

use std::path::PathBuf;

use crate::command_line;

/// Receives call receipts over HTTP, and writes them to a journal before it acknowledges them.
#[derive(clap::Parser)]
pub(crate) struct Options {
    /// The address to listen on; without it the example pushes one receipt to itself on loopback, and ends.
    #[arg(long, requires_all = ["journal", "secret"])]
    listen: Option<String>,
    /// The file that the pushes are added to; a temporary file by default.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// The secret segment of the path, 16 to 256 characters. Other users of the machine see arguments, so set the
    /// variable.
    #[arg(long, env = "RECEIPT_SECRET", hide_env_values = true)]
    secret: Option<String>,
    /// Measures the acknowledgements of this many pushes per second, while each handler takes 5 s.
    #[arg(long, conflicts_with = "listen", value_parser = command_line::at_least_one::<u32>)]
    pub(crate) load: Option<u32>,
    /// Seconds of the load.
    #[arg(long, default_value_t = 10, value_parser = command_line::at_least_one::<u32>)]
    pub(crate) seconds: u32,
}

impl Options {
    pub(crate) fn serves(&self) -> bool {
        self.listen.is_some()
    }

    pub(crate) fn listen(&self) -> &str {
        self.listen.as_deref().unwrap_or("127.0.0.1:0")
    }

    pub(crate) fn secret(&self) -> &str {
        self.secret.as_deref().unwrap_or("only-for-this-run-on-loopback")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        let temporary = || std::env::temp_dir().join(format!("receipts-{}.jsonl", std::process::id()));
        self.journal.clone().unwrap_or_else(temporary)
    }
}

impl Drop for Options {
    /// Removes the temporary journal.
    fn drop(&mut self) {
        if self.journal.is_none() {
            let _ = std::fs::remove_file(self.journal());
        }
    }
}
