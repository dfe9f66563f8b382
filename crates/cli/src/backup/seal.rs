//! A backup's file: age's format around one line that says what is inside, and the database after it.
//!
//! The program `age` opens it, too: `age -d -i KEY FILE | tail -n +2` gives the database itself. What is being written has
//! another name until it is whole and on the disk.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write};
use std::path::Path;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::{Decryptor, Encryptor, IdentityFile};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::config::BackupSection;
use crate::failure::{Done, Failure};

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of this form.
    pub bansou_backup: u32,
    /// Which database.
    pub kind: Kind,
    /// The moment whose state it holds: from here on it knows nothing.
    pub taken_at: DateTime<Utc>,
    /// The program that made it.
    pub program: String,
}

/// Which database a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole `SQLite` file.
    Sqlite,
    /// `pg_dump`'s custom format.
    Postgres,
}

/// What locks a backup.
pub enum Lock {
    /// Whoever holds the identity of one of these opens it.
    Recipients(Vec<age::x25519::Recipient>),
    /// Whoever knows the passphrase.
    Passphrase(SecretString),
}

/// What opens a backup.
pub enum Opener {
    /// An age identity file.
    Identities(Vec<Box<dyn age::Identity + Send + Sync>>),
    /// A passphrase.
    Passphrase(SecretString),
}

impl Lock {
    /// What the configuration names. Without anything no backup is written: it would lie open.
    pub fn of(section: &BackupSection) -> Done<Self> {
        if let Some(path) = &section.passphrase_file {
            return passphrase("backup.passphrase_file", path).map(Self::Passphrase);
        }
        if section.recipients.is_empty() {
            return Err(Failure::usage(
                "backup.recipients: a backup is written encrypted only. Make a key with `bansou backup --new-key FILE`, \
                 write its public half (age1…) here, and keep FILE apart from this machine",
            ));
        }
        let read = |(index, text): (usize, &String)| {
            text.trim().parse().map_err(|error: &str| {
                Failure::usage(format!("backup.recipients: number {} is no age public key (age1…): {error}", index + 1))
            })
        };
        section.recipients.iter().enumerate().map(read).collect::<Done<_>>().map(Self::Recipients)
    }

    fn encryptor(&self) -> Done<Encryptor> {
        match self {
            Self::Passphrase(words) => Ok(Encryptor::with_user_passphrase(words.clone())),
            Self::Recipients(recipients) => {
                Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as &dyn age::Recipient))
                    .map_err(|error| Failure::usage(format!("backup.recipients: {error}")))
            }
        }
    }
}

impl Opener {
    /// Reads an age identity file (`AGE-SECRET-KEY-…`).
    pub fn identity(path: &Path) -> Done<Self> {
        let refused =
            |error: &dyn std::fmt::Display| Failure::usage(format!("--identity: {}: {error}", path.display()));
        let file = IdentityFile::from_file(path.display().to_string()).map_err(|error| refused(&error))?;
        let identities = file.into_identities().map_err(|error| refused(&error))?;
        if identities.is_empty() {
            return Err(refused(&"holds no age identity (AGE-SECRET-KEY-…)"));
        }
        Ok(Self::Identities(identities))
    }

    /// Reads a passphrase file's first line.
    pub fn passphrase(path: &Path) -> Done<Self> {
        passphrase("--passphrase-file", path).map(Self::Passphrase)
    }
}

/// Makes a key: writes the identity to a file that only its owner may read, and returns the public half.
pub fn new_key(path: &Path, now: DateTime<Utc>) -> Done<String> {
    let identity = age::x25519::Identity::generate();
    let public = identity.to_public().to_string();
    let refused = |error: io::Error| Failure::failed(format!("--new-key: {}: {error}", path.display()));
    let mut file = crate::key_file::make_private(path).map_err(refused)?;
    let text = format!(
        "# created: {}\n# public key: {public}\n{}\n",
        now.format("%Y-%m-%dT%H:%M:%SZ"),
        identity.to_string().expose_secret()
    );
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(refused)?;
    Ok(public)
}

/// Encrypts what `fill` writes into a new file; returns its size. Nothing stands under the name until everything is on the disk.
pub(super) fn write(path: &Path, lock: &Lock, head: &Head, fill: impl FnOnce(&mut dyn Write) -> Done) -> Done<u64> {
    let refused = |error: io::Error| Failure::failed(format!("{}: {error}", path.display()));
    if path.exists() {
        return Err(Failure::usage(format!("{} is there already; a backup never overwrites one", path.display())));
    }
    let folder = folder_of(path);
    let unfinished = tempfile::Builder::new().prefix(".bansou-backup-").tempfile_in(folder).map_err(refused)?;
    let mut sealing = lock.encryptor()?.wrap_output(BufWriter::new(unfinished.as_file())).map_err(refused)?;
    let mut line = serde_json::to_vec(head).expect("plain values serialise");
    line.push(b'\n');
    sealing.write_all(&line).map_err(refused)?;
    fill(&mut sealing)?;
    let mut rest = sealing.finish().map_err(refused)?;
    rest.flush().map_err(refused)?;
    drop(rest);
    unfinished.as_file().sync_all().map_err(refused)?;
    let written = unfinished.persist_noclobber(path).map_err(|error| refused(error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(refused)?;
    Ok(written.metadata().map_err(refused)?.len())
}

/// Decrypts a whole backup into `to`; returns what it says of itself. Fails before the end where a bit was changed or the end
/// is missing.
pub(super) fn read(path: &Path, opener: &Opener, to: &mut File) -> Done<Head> {
    let refused = |error: &dyn std::fmt::Display| Failure::failed(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(|error| refused(&error))?;
    let sealed = Decryptor::new_buffered(BufReader::new(file)).map_err(|error| refused(&error))?;
    let unlocked = match opener {
        Opener::Identities(identities) => {
            sealed.decrypt(identities.iter().map(|identity| &**identity as &dyn age::Identity))
        }
        Opener::Passphrase(words) => {
            let identity = age::scrypt::Identity::new(words.clone());
            sealed.decrypt(std::iter::once(&identity as &dyn age::Identity))
        }
    };
    let unlocked = unlocked.map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => {
            refused(&"this key doesn't open the backup; another identity or passphrase is needed. Nothing was changed")
        }
        error => refused(&error),
    })?;
    let mut plain = BufReader::new(unlocked);
    let mut line = Vec::new();
    plain.by_ref().take(4096).read_until(b'\n', &mut line).map_err(|error| refused(&error))?;
    let head: Head = serde_json::from_slice(&line).map_err(|_| refused(&"this is no backup of Bansou"))?;
    if head.bansou_backup != 1 {
        return Err(refused(&"this backup was made by a newer Bansou; install that version first"));
    }
    io::copy(&mut plain, to).map_err(|error| refused(&format!("damaged or cut off: {error}")))?;
    to.sync_all().map_err(|error| refused(&error))?;
    Ok(head)
}

/// The folder a file lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn passphrase(field: &str, path: &Path) -> Done<SecretString> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{field}: {}: {error}", path.display())))?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.chars().count() < 12 {
        return Err(Failure::usage(format!(
            "{field}: the first line must hold a passphrase of at least 12 characters"
        )));
    }
    Ok(SecretString::from(line.to_owned()))
}
