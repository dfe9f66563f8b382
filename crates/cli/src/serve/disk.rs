//! How full the file system under the `SQLite` file is (trust.md section 6), and how long the write-ahead log has become.

use std::path::Path;

/// More than this in use, and less than [`LITTLE`] left: nothing is sent, because what was sent couldn't be written down. On a
/// large disk five parts in a hundred are room for years.
const FULL: f64 = 0.95;
/// Bytes that a day of an office needs many times over.
const LITTLE: u64 = 1024 * 1024 * 1024;
/// From here on somebody should make room.
pub const HIGH: f64 = 0.80;

/// A file system, and the log of the database on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disk {
    /// The part in use, 0 to 1, of what a program without privileges may use.
    pub used: f64,
    /// Bytes that are left.
    pub left: u64,
    /// Bytes of the write-ahead log.
    pub log: u64,
}

impl Disk {
    /// Whether sending has to stop.
    pub fn is_full(&self) -> bool {
        self.used > FULL && self.left < LITTLE
    }
}

/// Looks at the file system that holds a file; `None` where that can't be told.
#[cfg(unix)]
pub fn look(file: &Path) -> Option<Disk> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let of = rustix::fs::statvfs(folder).ok()?;
    let in_use = of.f_blocks.saturating_sub(of.f_bfree);
    let usable = in_use + of.f_bavail;
    #[expect(clippy::cast_precision_loss, reason = "a part of a whole")]
    let used = if usable == 0 { 0.0 } else { in_use as f64 / usable as f64 };
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let log = std::fs::metadata(log).map_or(0, |log| log.len());
    Some(Disk { used, left: of.f_bavail.saturating_mul(of.f_frsize), log })
}

/// Other systems don't tell without unsafe code.
#[cfg(not(unix))]
pub fn look(_file: &Path) -> Option<Disk> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_full_when_little_of_it_and_little_in_all_is_left() {
        let disk = |used, left| Disk { used, left, log: 0 };
        assert!(disk(0.96, 500_000_000).is_full());
        assert!(!disk(0.96, 50_000_000_000).is_full(), "a large one has room");
        assert!(!disk(0.90, 500_000_000).is_full(), "a small one, too");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_system_of_a_file_tells_what_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bansou.db");
        std::fs::write(folder.path().join("bansou.db-wal"), [0; 100]).unwrap();
        let disk = look(&file).unwrap();
        assert!((0.0..=1.0).contains(&disk.used) && disk.left > 0);
        assert_eq!(disk.log, 100);
    }
}
