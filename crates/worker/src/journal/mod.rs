//! The send journal: a second, durable memory of what was sent and stopped, outside the database (P15).
//!
//! One JSON line before a provider is called (*intent*), one for its answer (*result*), one for each stop or other change that a
//! restored backup would forget (*change*). Ids, times and codes only: no text, no address, no name. A batch is one write and
//! one fsync, and nothing is called before its intents are on the disk. After a restore `bansou reconcile` reads it.
//!
//! Each process writes files of its own into one folder. A file that several processes append to would have to be rotated
//! by all of them at once, and on a network file system, where a second volume often lies, appends of two machines may overwrite
//! each other. So a file has one writer, and can be torn only at its end.

mod line;
mod read;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bansou_core::ambient::Ambient;
use bansou_core::ids::OfficeId;
use bansou_store::{Change, Delivery, Witness};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::engine::Engine;

pub use line::{Line, SentLine, Step};
pub use read::{JournalError, read};

/// A file that has grown to this size is followed by a new one.
const FILE: u64 = 64 << 20;
/// So long a line may be needed: as long as backups are kept (trust.md section 6).
const KEPT: TimeDelta = TimeDelta::days(35);
const SUFFIX: &str = ".jsonl";

/// The journal of one process. Cheap to clone.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// Tells this process's files from another's.
    mark: String,
    open: Mutex<Open>,
    /// The last write failed.
    is_broken: AtomicBool,
}

#[derive(Default)]
struct Open {
    /// None before the first line, and after a failure: what follows a torn line must not stand in the same file.
    file: Option<File>,
    day: NaiveDate,
    size: u64,
    files: u32,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Journal")
    }
}

impl Journal {
    /// A journal in this folder, which is made where it isn't there. Fails where nothing can be written.
    pub fn open(folder: &Path, ambient: &Ambient) -> io::Result<Self> {
        make_folder(folder)?;
        let mark = ambient.bytes::<6>().iter().fold(String::new(), |mark, byte| mark + &format!("{byte:02x}"));
        let journal = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            mark,
            open: Mutex::default(),
            is_broken: AtomicBool::new(false),
        }));
        // Told at the start rather than by the first message that stays behind.
        journal.0.append(ambient.now(), b"")?;
        Ok(journal)
    }

    /// Messages that are about to be called, or that have been. Once this has returned, the lines survive a power cut.
    pub async fn sent(&self, lines: Vec<SentLine>, now: DateTime<Utc>) -> io::Result<()> {
        self.write(now, lines.into_iter().map(Line::Sent).collect()).await
    }

    /// What was stopped, withdrawn or changed in who may be written to, and where.
    pub async fn changes(&self, changes: Vec<Change>, now: DateTime<Utc>) -> io::Result<()> {
        self.write(now, changes.into_iter().map(Line::Change).collect()).await
    }

    /// Whether it can be written, by what is known: after a failure an empty line is tried, which a reader leaves out.
    pub async fn is_writable(&self) -> bool {
        if !self.0.is_broken.load(Ordering::Relaxed) {
            return true;
        }
        let (inner, today) = (Arc::clone(&self.0), self.0.last_day());
        let writing = tokio::task::spawn_blocking(move || inner.append_on(today, b"\n"));
        writing.await.is_ok_and(|written| written.is_ok())
    }

    /// Deletes files that no backup worth restoring needs any more; returns how many.
    pub async fn prune(&self, now: DateTime<Utc>) -> io::Result<u64> {
        let inner = Arc::clone(&self.0);
        let pruning = tokio::task::spawn_blocking(move || inner.prune((now - KEPT).date_naive()));
        pruning.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    /// Keeps what a store tells of.
    pub fn witness(&self, ambient: &Ambient) -> Witness {
        let (journal, ambient) = (self.clone(), ambient.clone());
        Arc::new(move |changes| {
            let (journal, now) = (journal.clone(), ambient.now());
            Box::pin(async move {
                // Its failure is logged and counted; the change itself is committed and stays.
                let _ = journal.changes(changes, now).await;
            })
        })
    }

    async fn write(&self, now: DateTime<Utc>, lines: Vec<Line>) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(lines.len() * 300);
        for line in &lines {
            serde_json::to_writer(&mut bytes, line)?;
            bytes.push(b'\n');
        }
        let inner = Arc::clone(&self.0);
        let writing = tokio::task::spawn_blocking(move || inner.append(now, &bytes));
        let written = writing.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        match &written {
            Ok(()) => metrics::counter!("bansou_journal_lines_total").increment(lines.len() as u64),
            Err(error) => {
                metrics::counter!("bansou_journal_failures_total").increment(1);
                tracing::error!(error = %error, "the send journal can't be written; nothing is sent without it");
            }
        }
        written
    }
}

impl Engine {
    /// Writes the intents of a batch; false when nothing of it may be called. Without a journal there is nothing to wait for.
    pub(crate) async fn journal_intents(&self, office: OfficeId, claimed: &[Delivery]) -> bool {
        let Some(journal) = &self.journal else { return true };
        let now = self.now();
        let lines = claimed.iter().map(|delivery| SentLine::intent(office, delivery, now)).collect();
        journal.sent(lines, now).await.is_ok()
    }

    /// Writes a batch's results. Where that fails, its intents stand there without an end, which a reconciliation reads as
    /// unclear: the safe side.
    pub(crate) async fn journal_results(&self, results: Vec<SentLine>) {
        if let Some(journal) = &self.journal {
            let _ = journal.sent(results, self.now()).await;
        }
    }
}

impl Inner {
    fn append(&self, now: DateTime<Utc>, bytes: &[u8]) -> io::Result<()> {
        self.append_on(now.date_naive(), bytes)
    }

    fn append_on(&self, today: NaiveDate, bytes: &[u8]) -> io::Result<()> {
        let written = self.write_on(today, bytes);
        self.is_broken.store(written.is_err(), Ordering::Relaxed);
        written
    }

    fn last_day(&self) -> NaiveDate {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).day
    }

    fn write_on(&self, today: NaiveDate, bytes: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = match open.file.take().filter(|_| open.day == today && open.size < FILE) {
            Some(file) => file,
            None => self.next_file(&mut open, today)?,
        };
        // One call of the operating system. Where it or the fsync fails, the file is left behind.
        file.write_all(bytes)?;
        file.sync_data()?;
        open.size += bytes.len() as u64;
        open.file = Some(file);
        Ok(())
    }

    fn next_file(&self, open: &mut Open, today: NaiveDate) -> io::Result<File> {
        open.files += 1;
        open.day = today;
        open.size = 0;
        let path = self.folder.join(format!("{today}-{}-{:04}{SUFFIX}", self.mark, open.files));
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        // The name has to survive a power cut, too.
        File::open(&self.folder)?.sync_all()?;
        Ok(file)
    }

    fn prune(&self, before: NaiveDate) -> io::Result<u64> {
        let mut gone = 0;
        for path in files(&self.folder)? {
            if day_of(&path).is_some_and(|day| day < before) {
                fs::remove_file(path)?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

/// The journal's files in a folder, oldest first.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if day_of(&path).is_some() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The day on which a file was begun; `None` where it isn't one of the journal's.
fn day_of(path: &Path) -> Option<NaiveDate> {
    let name = path.file_name()?.to_str()?.strip_suffix(SUFFIX)?;
    name.get(..10)?.parse().ok()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use bansou_core::ambient::{Clock, Entropy};

    use super::*;

    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> DateTime<Utc> {
            "2026-11-21T10:00:00Z".parse().unwrap()
        }
    }

    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn ambient() -> Ambient {
        Ambient::new(Arc::new(Fixed), Arc::new(Fixed))
    }

    fn change(seq: i64) -> Change {
        Change {
            at: Fixed.now(),
            office: OfficeId(uuid::Uuid::from_u128(1)),
            seq,
            hash: vec![0xab; 32],
            action: "graduate.stop".into(),
            object: Some(uuid::Uuid::from_u128(2)),
            detail: serde_json::json!({}),
        }
    }

    #[tokio::test]
    async fn what_is_written_reads_back_and_each_day_has_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), &ambient()).unwrap();
        journal.changes(vec![change(1), change(2)], Fixed.now()).await.unwrap();
        journal.changes(vec![change(3)], Fixed.now() + TimeDelta::days(1)).await.unwrap();
        let lines = read(folder.path()).unwrap();
        assert_eq!(lines, [1, 2, 3].map(|seq| Line::Change(change(seq))));
        assert_eq!(files(folder.path()).unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_torn_end_was_never_called_but_a_hole_in_the_middle_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), &ambient()).unwrap();
        journal.changes(vec![change(1), change(2)], Fixed.now()).await.unwrap();
        let path = files(folder.path()).unwrap().remove(0);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [Line::Change(change(1))]);
        let mut hole = whole;
        hole[5] = b'!';
        fs::write(&path, hole).unwrap();
        assert!(matches!(read(folder.path()), Err(JournalError::Damaged { line: 1, .. })));
    }

    #[tokio::test]
    async fn files_older_than_any_backup_go_away_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), &ambient()).unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(journal.prune(Fixed.now() + TimeDelta::days(35)).await.unwrap(), 0);
        assert_eq!(journal.prune(Fixed.now() + TimeDelta::days(36)).await.unwrap(), 1);
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn an_empty_folder_is_no_journal() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(JournalError::Empty(_))));
    }
}
