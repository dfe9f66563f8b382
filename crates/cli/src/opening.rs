//! Opening the database with its key, and choosing the office.
//!
//! A first start makes what isn't there: the folder, the key file (outside production), the tables, the office. A key is never
//! made for a database that has offices: it could open nothing, and would hide that the right one is missing.

use bansou_core::ambient::Ambient;
use bansou_core::office::OfficeSettings;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Office, Store};

use crate::config::{Config, DatabaseSection};
use crate::failure::{Done, Failure};
use crate::key_file;

/// What is done about tables of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// They are brought up to this version.
    Migrate,
    /// Outside production the same; in production it is somebody's decision, so they are refused.
    AsConfigured,
}

/// Opens the database for a look. Nothing is made: where it isn't there, one probably stands in the wrong folder.
pub async fn open_existing(config: &Config, ambient: Ambient) -> Done<Store> {
    let missing = config.database.url.sqlite_path().filter(|path| !path.exists());
    if let Some(path) = missing {
        return Err(Failure::usage(format!(
            "there is no database at {}; `bansou staff add` makes one, and --config names another place",
            path.display()
        )));
    }
    open(config, ambient, Schema::AsConfigured).await
}

/// Opens the database. Afterwards it has this version's tables, the right key and at least one office.
pub async fn open(config: &Config, ambient: Ambient, schema: Schema) -> Done<Store> {
    let database = &config.database;
    let known = key_file::read(&database.key_file).map_err(Failure::usage)?;
    if known.is_none() && config.is_production() {
        return Err(no_key(database));
    }
    make_folder(database)?;
    make_file(database)?;
    let fresh = key_file::fresh(&ambient);
    let is_new_key = known.is_none();
    let key = known.unwrap_or_else(|| MasterKey::new(fresh));
    let store = Store::open(database.url.expose(), key, ambient, Durability::Full).await?;
    if schema == Schema::Migrate || !config.is_production() {
        store.migrate().await?;
    } else {
        store.assert_migrated().await?;
    }
    let offices = store.offices().await?;
    if let Some(office) = offices.first() {
        if is_new_key {
            let path = database.key_file.display();
            return Err(Failure::usage(format!(
                "database.key_file: {path} is missing, and the database already holds records that only the right key opens; \
                 put the file back from where you keep its copy"
            )));
        }
        // Opens the office's own key, so that a wrong key file is told now and not at the first name.
        store.read(office.id).await?;
        return Ok(store);
    }
    if is_new_key {
        key_file::write(&database.key_file, &fresh).map_err(Failure::failed)?;
    }
    store.add_office(&config.office.name, config.office.zone, &OfficeSettings::default()).await?;
    Ok(store)
}

/// The office a command works on.
pub async fn office(store: &Store, wanted: Option<&str>) -> Done<Office> {
    let mut offices = store.offices().await?;
    let Some(wanted) = wanted else {
        if offices.len() == 1 {
            return Ok(offices.remove(0));
        }
        let names: Vec<&str> = offices.iter().map(|office| office.name.as_str()).collect();
        return Err(Failure::usage(format!("--office: the database has several; name one of: {}", names.join(", "))));
    };
    let mut found: Vec<Office> =
        offices.into_iter().filter(|office| office.name == wanted || office.id.to_string() == wanted).collect();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Failure::usage(format!("--office: there is no office “{wanted}”"))),
        _ => Err(Failure::usage(format!("--office: several offices are called “{wanted}”; give the id"))),
    }
}

fn no_key(database: &DatabaseSection) -> Failure {
    let path = database.key_file.display();
    Failure::usage(format!(
        "database.key_file: {path} is missing; production never makes one. For a new database: \
         (umask 077; openssl rand -hex 32 > {path}), and keep a copy of it apart from the database"
    ))
}

/// A new `SQLite` file is its owner's alone, whatever is usual on the machine; SQLite makes the files beside it alike.
fn make_file(database: &DatabaseSection) -> Done {
    let Some(path) = database.url.sqlite_path().filter(|path| !path.exists()) else { return Ok(()) };
    match key_file::make_private(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(Failure::failed(format!("{} can't be made: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

fn make_folder(database: &DatabaseSection) -> Done {
    let folder = database.url.sqlite_path().and_then(|path| path.parent()).filter(|path| !path.as_os_str().is_empty());
    let Some(folder) = folder else { return Ok(()) };
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::failed(format!("the folder {} can't be made: {error}", folder.display())))
}
