//! The key file: 64 hexadecimal digits outside the database that unlock what is known about people.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bansou_core::ambient::Ambient;
use bansou_store::crypto::MasterKey;

/// Why the key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The operating system refused.
    #[error("the key file {path} can't be {what}: {error}", path = path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Read or written.
        what: &'static str,
        /// Why.
        error: io::Error,
    },
    /// Others on this machine may read it.
    #[error(
        "the key file {path} can be read by others (mode {mode:03o}); allow only its owner: chmod 600 {path}",
        path = path.display()
    )]
    Open {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a key.
    #[error("the key file {path} must hold 64 hexadecimal digits and nothing else", path = .0.display())]
    Shape(PathBuf),
}

/// Reads the key; `None` when there is no such file.
pub fn read(path: &Path) -> Result<Option<MasterKey>, KeyFileError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(KeyFileError::Shape(path.to_owned())),
        Err(error) => return Err(KeyFileError::Io { path: path.to_owned(), what: "read", error }),
    };
    refuse_if_open(path)?;
    let bytes = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(|bytes| Some(MasterKey::new(bytes))).ok_or_else(|| KeyFileError::Shape(path.to_owned()))
}

/// A new key's bytes. They are written by [`write()`] when it is certain that no other key is in use.
pub fn fresh(ambient: &Ambient) -> [u8; 32] {
    ambient.bytes()
}

/// Writes a new key file that only its owner may read; a file that is there is never overwritten.
pub fn write(path: &Path, key: &[u8; 32]) -> Result<(), KeyFileError> {
    let refused = |error| KeyFileError::Io { path: path.to_owned(), what: "written", error };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut file = make_private(path).map_err(refused)?;
    writeln!(file, "{}", hex::encode(key)).and_then(|()| file.sync_all()).map_err(refused)
}

/// Makes an empty file that only its owner may read; one that is there is never touched.
pub(crate) fn make_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn refuse_if_open(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path);
    let metadata = metadata.map_err(|error| KeyFileError::Io { path: path.to_owned(), what: "read", error })?;
    let mode = metadata.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 { Ok(()) } else { Err(KeyFileError::Open { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_if_open(_: &Path) -> Result<(), KeyFileError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_key_reads_back_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/bansou.key");
        assert!(read(&path).unwrap().is_none());
        write(&path, &[7; 32]).unwrap();
        assert_eq!(read(&path).unwrap().unwrap().derive("x"), MasterKey::new([7; 32]).derive("x"));
        assert!(matches!(write(&path, &[8; 32]), Err(KeyFileError::Io { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bansou.key");
        write(&path, &[7; 32]).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let words = read(&path).unwrap_err().to_string();
        assert!(words.contains("644") && words.contains("chmod 600"), "{words}");
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bansou.key");
        write(&path, &[7; 32]).unwrap();
        std::fs::write(&path, "abcd").unwrap();
        assert!(matches!(read(&path), Err(KeyFileError::Shape(_))));
    }
}
