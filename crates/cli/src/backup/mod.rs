//! Backups: taking one while the service runs, and bringing one back into a service that stands still (P15).
//!
//! A backup holds the database and nothing else: not the key file, without which what stands about people in it can't be read,
//! and not the configuration. Both are kept apart from it, so that whoever finds one has nothing.

mod bring_back;
mod postgres;
pub mod seal;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use bansou_core::ambient::Ambient;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Store};

use crate::config::DatabaseUrl;
use crate::failure::{Done, Failure};

pub use bring_back::{Found, Order, bring_back};
use seal::{Head, Kind, Lock};

const FORM: u32 = 1;
const COPY: &str = ".bansou-copy-";
/// A copy that a killed backup left behind is deleted by a later one after this time.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// Takes a backup into a new file; returns its size in bytes. Others may work on the database meanwhile.
pub async fn take(url: &DatabaseUrl, lock: Lock, file: &Path, ambient: &Ambient) -> Done<u64> {
    let kind = if url.sqlite_path().is_some() { Kind::Sqlite } else { Kind::Postgres };
    // Before the copy begins: whatever is written meanwhile counts as unknown to it.
    let taken_at = ambient.now();
    let head = Head { bansou_backup: FORM, kind, taken_at, program: env!("CARGO_PKG_VERSION").to_owned() };
    let path = file.to_owned();
    if kind == Kind::Postgres {
        let url = url.clone();
        return blocking(move || seal::write(&path, &lock, &head, |to| postgres::dump(&url, to))).await;
    }
    let source = url.sqlite_path().filter(|path| path.exists());
    let source = source.ok_or_else(|| Failure::usage(format!("there is no database at {}", url.shown())))?;
    clear_left_behind(seal::folder_of(file), SystemTime::from(taken_at));
    // On the target's disk and for this user only; deleted as soon as it is open, and with the folder in every case.
    let folder = tempfile::Builder::new().prefix(COPY).tempdir_in(seal::folder_of(file))?;
    let copy = folder.path().join("copy.db");
    let opened =
        Store::open(&format!("sqlite://{}", source.display()), no_key(), ambient.clone(), Durability::Full).await?;
    let copied = opened.copy_sqlite(&copy).await;
    opened.close().await?;
    copied?;
    let mut plain = File::open(&copy)?;
    drop(folder);
    blocking(move || {
        seal::write(&path, &lock, &head, |to| {
            io::copy(&mut plain, to)?;
            Ok(to.flush()?)
        })
    })
    .await
}

/// A copy is taken, and looked at, without opening anything in it.
fn no_key() -> MasterKey {
    MasterKey::new([0; 32])
}

fn clear_left_behind(folder: &Path, now: SystemTime) {
    let old = |path: &Path| {
        let changed = fs::metadata(path).and_then(|found| found.modified()).ok()?;
        now.duration_since(changed).ok().filter(|age| *age > LEFT_BEHIND)
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(COPY) && old(&entry.path()).is_some() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Runs work on files and ciphers beside the runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Done<T> + Send + 'static) -> Done<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Failure::failed(error)))
}
