//! The file that keeps the state while the command does not run.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use privacy_number::emulator::{Emulator, Snapshot};
use tokio::task::spawn_blocking;

use crate::problem::Problem;

/// The time between two looks whether the state has changed.
const INTERVAL: Duration = Duration::from_millis(500);
/// The interval is at least so many times as long as taking the state takes: requests wait meanwhile.
const PAUSE: u32 = 20;
/// How often the state is written again at the end, if a request that was still running has changed it.
const LAST_ATTEMPTS: u32 = 5;
const REMEDY: &str = "give another file with --state, or move this one away to begin with a new state";

/// A file that only its owner can read and write. It is replaced as a whole, so that it is always complete.
pub(crate) struct StateFile {
    path: PathBuf,
    /// Locked as long as this process runs.
    _lock: File,
    /// Held while the file is written, so that an older state never replaces a newer one.
    writing: Mutex<()>,
}

impl StateFile {
    /// Takes the file for this process.
    pub(crate) fn open(path: PathBuf) -> Result<Self, Problem> {
        let beside = with_suffix(&path, ".lock");
        let lock = private_file(&beside).map_err(|error| Problem::of_file(&beside, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock, writing: Mutex::new(()) }),
            Err(TryLockError::WouldBlock) => {
                Err(Problem::of_text(&path, "another emulator uses this file", "give another file with --state"))
            }
            Err(TryLockError::Error(error)) => Err(Problem::of_file(&beside, &error)),
        }
    }

    /// The stored state. `None` if there is no file.
    pub(crate) fn load(&self) -> Result<Option<Snapshot>, Problem> {
        let bytes = match std::fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| Problem::of_file(&self.path, &error))?,
        };
        let text = String::from_utf8(bytes).map_err(|_| Problem::of_text(&self.path, "it is not UTF-8", REMEDY))?;
        let snapshot = Snapshot::from_json(&text).map_err(|error| Problem::of_text(&self.path, error, REMEDY))?;
        Ok(Some(snapshot))
    }

    /// Writes the state.
    pub(crate) fn save(&self, emulator: &Emulator) -> Result<Saved, Problem> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let revision = emulator.gateways().revision();
        let start = Instant::now();
        let text = emulator.gateways().snapshot();
        let taken_in = start.elapsed();
        let text = text.map_err(|error| Problem::of_text(&self.path, error, "report this as a bug"))?;
        self.replace(text.as_bytes()).map_err(|error| Problem::of_file(&self.path, &error))?;
        Ok(Saved { revision, taken_in })
    }

    fn replace(&self, content: &[u8]) -> io::Result<()> {
        let part = with_suffix(&self.path, ".part");
        let mut file = private_file(&part)?;
        file.set_len(0)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&part, &self.path)?;
        sync_folder(&self.path)
    }
}

/// A state in the file.
pub(crate) struct Saved {
    pub(crate) revision: u64,
    /// How long it took to take the state.
    taken_in: Duration,
}

/// Writes the state half a second after a change, a large one later, until it is aborted. `saved` is the revision in the file.
pub(crate) async fn keep(file: Arc<StateFile>, emulator: Arc<Emulator>, mut saved: u64) {
    let mut is_failing = false;
    let mut interval = INTERVAL;
    loop {
        tokio::time::sleep(interval).await;
        if emulator.gateways().revision() == saved {
            continue;
        }
        match save(&file, &emulator).await {
            Ok(Saved { revision, taken_in }) => {
                (saved, is_failing) = (revision, false);
                interval = taken_in.saturating_mul(PAUSE).max(INTERVAL);
            }
            // Once, not twice a second. The attempts go on.
            Err(problem) if !is_failing => {
                is_failing = true;
                let _ = writeln!(io::stderr(), "{problem}");
            }
            Err(_) => {}
        }
    }
}

/// Writes the state at the end, with the requests that were still running.
pub(crate) async fn save_last(file: &Arc<StateFile>, emulator: &Arc<Emulator>) -> Result<(), Problem> {
    for _ in 0..LAST_ATTEMPTS {
        let saved = save(file, emulator).await?;
        if emulator.gateways().revision() == saved.revision {
            break;
        }
    }
    Ok(())
}

async fn save(file: &Arc<StateFile>, emulator: &Arc<Emulator>) -> Result<Saved, Problem> {
    let (file, emulator) = (Arc::clone(file), Arc::clone(emulator));
    let saved = spawn_blocking(move || file.save(&emulator)).await;
    saved.unwrap_or_else(|_| Err(Problem::new("the state was not written", "report this as a bug")))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// A file that only its owner can read and write, with the content that it has.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // A file that exists keeps its mode when it is opened.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Makes the new name of a file survive a power failure.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
