//! A file that replaces another one when it is complete.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::Problem;

/// A file that only its owner can read and write. It is written beside the file that it replaces, so that an incomplete
/// file never replaces a complete one.
pub(crate) struct PartFile {
    file: File,
    part: PathBuf,
    path: PathBuf,
}

impl PartFile {
    /// Creates or truncates the file that will replace the one at `path`.
    pub(crate) fn create(path: &Path) -> Result<Self, Problem> {
        // In the same folder, so that it can be renamed.
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = private_file(&part).map_err(|error| Problem::of_file(&part, &error))?;
        Ok(Self { file, part, path: path.to_owned() })
    }

    /// A handle for writing.
    pub(crate) fn writer(&self) -> Result<File, Problem> {
        self.file.try_clone().map_err(|error| Problem::of_file(&self.part, &error))
    }

    /// Replaces the file. Handles stay valid.
    pub(crate) fn replace(self) -> Result<(), Problem> {
        let replaced = self.file.sync_all().and_then(|()| std::fs::rename(&self.part, &self.path));
        replaced.map_err(|error| Problem::of_file(&self.path, &error))
    }
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // A file that exists keeps its mode when it is opened.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}
