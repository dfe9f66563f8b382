//! Bringing a backup back: everything is checked before anything is touched, what was there is kept, and the service stands
//! still afterwards.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use bansou_core::ambient::Ambient;
use bansou_store::crypto::MasterKey;
use bansou_store::{ChainCheck, Durability, Room, SchemaAge, Store};
use chrono::{DateTime, Utc};

use super::seal::{self, Head, Kind, Opener};
use super::{blocking, no_key, postgres};
use crate::config::DatabaseUrl;
use crate::failure::{Done, Failure};

/// What shall be brought back, and where.
pub struct Order {
    /// The backup.
    pub file: PathBuf,
    /// What opens it.
    pub opener: Opener,
    /// Where it shall stand.
    pub url: DatabaseUrl,
    /// The key file's key, which no backup holds.
    pub key: MasterKey,
    /// A database that has offices may be moved aside.
    pub replace: bool,
    /// An older program's tables may be brought up to this version.
    pub migrate: bool,
}

/// What was brought back.
#[derive(Clone, Debug)]
pub struct Found {
    /// What the backup says of itself.
    pub head: Head,
    /// When its newest row was written.
    pub newest: Option<DateTime<Utc>>,
    /// Rows by table.
    pub rows: Vec<(&'static str, i64)>,
    /// Where the former database was put.
    pub former: Option<String>,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Order of {} into {}", self.file.display(), self.url.shown())
    }
}

/// Brings a backup back. On an error everything is as it was.
pub async fn bring_back(order: Order, ambient: &Ambient) -> Done<Found> {
    if order.url.sqlite_path().is_some() {
        into_sqlite(order, ambient).await
    } else {
        into_postgres(order, ambient).await
    }
}

async fn into_sqlite(order: Order, ambient: &Ambient) -> Done<Found> {
    let target = order.url.sqlite_path().unwrap_or(Path::new("")).to_owned();
    let folder = seal::folder_of(&target).to_owned();
    fs::create_dir_all(&folder)?;
    let lock = crate::serve::lock(&order.url)?;
    if has_offices(&order.url, &target, ambient).await? && !order.replace {
        return Err(occupied(&order.url));
    }
    // Beside its place, so that it is moved there in one step.
    let workshop = tempfile::Builder::new().prefix(".bansou-restore-").tempdir_in(&folder)?;
    let fresh = workshop.path().join("restored.db");
    let (file, opener, to) = (order.file.clone(), order.opener, fresh.clone());
    let head = blocking(move || seal::read(&file, &opener, &mut File::create_new(to)?)).await?;
    must_be(&head, Kind::Sqlite)?;
    let url = format!("sqlite://{}", fresh.display());
    let store = Store::open(&url, order.key, ambient.clone(), Durability::Full).await?;
    let checked = check(&store, &head, order.migrate).await;
    let settled = store.settle_file().await;
    store.close().await?;
    let (rows, newest) = checked?;
    settled?;
    let former = move_aside(&target, ambient.now())?;
    fs::rename(&fresh, &target)?;
    only_for_its_owner(&target)?;
    File::open(&folder)?.sync_all()?;
    drop(lock);
    Ok(Found { head, newest, rows, former: former.map(|path| path.display().to_string()) })
}

async fn into_postgres(order: Order, ambient: &Ambient) -> Done<Found> {
    let mut plain = tempfile::tempfile()?;
    let (file, opener) = (order.file.clone(), order.opener);
    let (head, mut plain) = blocking(move || Ok((seal::read(&file, &opener, &mut plain)?, plain))).await?;
    must_be(&head, Kind::Postgres)?;
    plain.seek(SeekFrom::Start(0))?;
    let mut room = Room::connect(order.url.expose()).await?;
    if room.has_others().await? {
        return Err(Failure::failed(
            "others are connected to this database; stop every bansou on it, and whoever else looks at it, and try again",
        ));
    }
    if room.has_offices().await? && !order.replace {
        return Err(occupied(&order.url));
    }
    let former = if room.is_used().await? {
        let name = format!("before_restore_{}", ambient.now().format("%Y%m%d_%H%M%S"));
        room.move_aside(&name).await?;
        Some(name)
    } else {
        None
    };
    let url = order.url.clone();
    let loaded = match blocking(move || postgres::load(&url, plain)).await {
        Ok(()) => examine(&order.url, order.key, &head, order.migrate, ambient).await,
        Err(failure) => Err(failure),
    };
    match (loaded, &former) {
        (Ok((rows, newest)), _) => {
            Ok(Found { head, newest, rows, former: former.map(|name| format!("schema {name}")) })
        }
        (Err(failure), Some(name)) => {
            room.put_back(name).await?;
            Err(failure)
        }
        (Err(failure), None) => {
            room.clear().await?;
            Err(failure)
        }
    }
}

type Counted = (Vec<(&'static str, i64)>, Option<DateTime<Utc>>);

async fn examine(url: &DatabaseUrl, key: MasterKey, head: &Head, migrate: bool, ambient: &Ambient) -> Done<Counted> {
    let store = Store::open(url.expose(), key, ambient.clone(), Durability::Full).await?;
    let checked = check(&store, head, migrate).await;
    store.close().await?;
    checked
}

/// Looks at everything that a restored database must be, and stops its sending.
async fn check(store: &Store, head: &Head, migrate: bool) -> Done<Counted> {
    store.assert_whole().await?;
    match store.schema_age().await? {
        SchemaAge::Same => {}
        SchemaAge::Older if migrate => store.migrate().await?,
        SchemaAge::Older => {
            return Err(Failure::usage(format!(
                "the backup was made by an older Bansou ({}); say --migrate to bring its tables up to this version",
                head.program
            )));
        }
        SchemaAge::Newer => {
            return Err(Failure::failed(format!(
                "the backup was made by a newer Bansou ({}); install that version and restore with it",
                head.program
            )));
        }
    }
    let offices = store.offices().await?;
    if offices.is_empty() {
        return Err(Failure::failed("the backup holds no office"));
    }
    for office in offices {
        // Opens the office's own key.
        let tx = store.read(office.id).await.map_err(|_| {
            Failure::usage(
                "database.key_file: this key file doesn't open the backup's records; put the one back that was in use \
                 when the backup was taken. Nothing was changed",
            )
        })?;
        if let ChainCheck::Broken { seq } = tx.verify_audit().await? {
            return Err(Failure::failed(format!("the backup's audit list was changed from outside at row {seq}")));
        }
    }
    let counted = (store.row_counts().await?, store.newest_row().await?);
    store.mark_restored(head.taken_at).await?;
    Ok(counted)
}

async fn has_offices(url: &DatabaseUrl, path: &Path, ambient: &Ambient) -> Done<bool> {
    if !path.exists() {
        return Ok(false);
    }
    let store = Store::open(url.expose(), no_key(), ambient.clone(), Durability::Full).await;
    // What can't even be opened is nevertheless somebody's file.
    let Ok(store) = store else { return Ok(true) };
    // No tables are no offices; anything else that can't be read may be some.
    let has = match store.schema_age().await {
        Ok(_) => store.offices().await.map_or(true, |offices| !offices.is_empty()),
        Err(_) => false,
    };
    store.close().await?;
    Ok(has)
}

fn occupied(url: &DatabaseUrl) -> Failure {
    Failure::usage(format!(
        "{} holds an office already; say --replace to move it aside (it is kept) and bring the backup back in its place",
        url.shown()
    ))
}

fn must_be(head: &Head, kind: Kind) -> Done {
    if head.kind == kind {
        return Ok(());
    }
    let words = |kind| if kind == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    Err(Failure::usage(format!(
        "this is a backup of {}, and database.url names {}; a backup goes back into its own kind",
        words(head.kind),
        words(kind)
    )))
}

/// Gives the present file and its two companions other names.
fn move_aside(target: &Path, now: DateTime<Utc>) -> Done<Option<PathBuf>> {
    if !target.exists() {
        return Ok(None);
    }
    let with = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let mut aside = with(target, &format!(".before-restore-{}", now.format("%Y%m%d-%H%M%S")));
    while aside.exists() {
        aside = with(&aside, "-again");
    }
    for end in ["-wal", "-shm"] {
        let companion = with(target, end);
        if companion.exists() {
            fs::rename(companion, with(&aside, end))?;
        }
    }
    fs::rename(target, &aside)?;
    Ok(Some(aside))
}

fn only_for_its_owner(path: &Path) -> Done {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
