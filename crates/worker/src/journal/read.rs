//! Reading the journal back, after a restore.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Line, files};

/// Why the journal can't be trusted.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The operating system refused.
    #[error("the journal {path} can't be read: {error}", path = path.display())]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// There is nothing to read.
    #[error("{path} holds no journal; is it the folder that journal.path named?", path = .0.display())]
    Empty(PathBuf),
    /// A line in the middle of a file is damaged: what it said is not known.
    #[error("{path}, line {line}, can't be read: the file was damaged or changed", path = path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
}

/// Reads every line of a folder's files. A torn last line is left out: its batch never got to the disk, so nothing of it
/// was called.
pub fn read(folder: &Path) -> Result<Vec<Line>, JournalError> {
    let refused = |path: &Path, error| JournalError::Io { path: path.to_owned(), error };
    let paths = files(folder).map_err(|error| refused(folder, error))?;
    if paths.is_empty() {
        return Err(JournalError::Empty(folder.to_owned()));
    }
    let mut lines = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).map_err(|error| refused(&path, error))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (index, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let line = serde_json::from_slice(line);
            lines.push(line.map_err(|_| JournalError::Damaged { path: path.clone(), line: index + 1 })?);
        }
    }
    Ok(lines)
}
