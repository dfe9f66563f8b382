//! The sections of the configuration, except channels. Each checks itself.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use bansou_channels::{Secret, SetupError, Watcher};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

use super::{ConfigError, placeholders};

/// The office that is set up on the first start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeSection {
    /// Its name.
    pub name: String,
    /// The zone in which it decides.
    #[serde(deserialize_with = "zone")]
    pub zone: Tz,
}

/// The database and its key, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabaseText {
    url: Option<String>,
    url_file: Option<PathBuf>,
    key_file: PathBuf,
}

/// The database and its key.
#[derive(Clone, Debug)]
pub struct DatabaseSection {
    /// Where it is.
    pub url: DatabaseUrl,
    /// Where the key file is.
    pub key_file: PathBuf,
}

/// A database's address. It may hold a password, so `Debug` shows the rest only.
#[derive(Clone)]
pub struct DatabaseUrl(String);

/// Pages and webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebSection {
    /// Where the server listens.
    pub bind: SocketAddr,
    /// The address people and providers use, without a slash at the end once [`WebSection::base`] has read it.
    pub public_url: String,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// For so many seconds an answer of staff waits before it goes, so that it can be taken back.
    pub undo_seconds: u16,
    /// For so many minutes it waits after a heated exchange; 0 switches that off.
    pub calm_minutes: u16,
}

/// Figures for Prometheus.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsSection {
    /// Where they are read; `None` where they are switched off.
    #[serde(deserialize_with = "address_or_empty")]
    pub bind: Option<SocketAddr>,
}

/// Whom the dead man's switch tells that everything works, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "these are the settings' names")]
pub(super) struct AlarmText {
    #[serde(default)]
    dead_man_url: String,
    dead_man_url_file: Option<PathBuf>,
    #[serde(default)]
    dead_man_file: PathBuf,
}

/// Whom the dead man's switch tells that everything works.
#[derive(Clone, Debug)]
pub struct AlarmSection {
    /// A watcher outside.
    pub watcher: Option<Watcher>,
    /// A file that is written each time.
    pub file: Option<PathBuf>,
}

/// The worker.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSection {
    /// Messages claimed together.
    pub batch: u32,
    /// Calls at the same time.
    pub concurrency: usize,
    /// For how many seconds a claim is owned.
    pub lease_seconds: u32,
}

/// The send journal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalSection {
    /// Its folder; `None` where there is no journal.
    #[serde(deserialize_with = "path_or_empty")]
    pub path: Option<PathBuf>,
}

/// How backups are encrypted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupSection {
    /// age public keys (`age1…`): whoever holds one of their identities can open a backup.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// A file whose first line is a passphrase, instead of recipients.
    #[serde(default, deserialize_with = "path_or_empty")]
    pub passphrase_file: Option<PathBuf>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSection {
    /// A level or a filter.
    pub level: String,
    /// For whom.
    pub format: LogFormat,
}

impl OfficeSection {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.name.trim().is_empty() {
            return Err(ConfigError::new("office.name", "is empty"));
        }
        Ok(())
    }
}

impl DatabaseText {
    pub(super) fn read(self) -> Result<DatabaseSection, ConfigError> {
        let url = match (self.url, self.url_file) {
            (Some(url), None) => url,
            (None, Some(file)) => secret_file("database.url_file", &file)?.trim().to_owned(),
            (Some(_), Some(_)) => {
                return Err(ConfigError::new("database.url", "give it or database.url_file, not both"));
            }
            (None, None) => return Err(ConfigError::new("database.url", "is missing")),
        };
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if !known {
            return Err(ConfigError::new("database.url", "must start with sqlite:// or postgres://"));
        }
        if self.key_file.as_os_str().is_empty() {
            return Err(ConfigError::new("database.key_file", "is empty"));
        }
        Ok(DatabaseSection { url: DatabaseUrl(url), key_file: self.key_file })
    }
}

impl AlarmText {
    pub(super) fn read(self) -> Result<AlarmSection, ConfigError> {
        let url = match self.dead_man_url_file {
            Some(_) if !self.dead_man_url.is_empty() => {
                return Err(ConfigError::new("alarm.dead_man_url", "give it or alarm.dead_man_url_file, not both"));
            }
            Some(file) => secret_file("alarm.dead_man_url_file", &file)?.trim().to_owned(),
            None => self.dead_man_url,
        };
        let refused = |error: SetupError| match error {
            SetupError::Field { problem, .. } => ConfigError::new("alarm.dead_man_url", problem),
            SetupError::Client { .. } => {
                ConfigError::new("alarm.dead_man_url", "needs root certificates (ca-certificates)")
            }
        };
        let watcher = (!url.is_empty()).then(|| Watcher::new(Secret::new(url))).transpose().map_err(refused)?;
        let file = Some(self.dead_man_file).filter(|file| !file.as_os_str().is_empty());
        Ok(AlarmSection { watcher, file })
    }
}

impl DatabaseUrl {
    /// Wraps an address that was given on the command line.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole address, for whoever opens it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The file of an `SQLite` database.
    pub fn sqlite_path(&self) -> Option<&Path> {
        let rest = self.0.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = rest.split('?').next().unwrap_or(rest);
        (path != ":memory:" && !path.is_empty()).then(|| Path::new(path))
    }

    /// The address without user, password and options.
    pub fn shown(&self) -> String {
        let plain = self.0.split('?').next().unwrap_or_default();
        let Some((scheme, rest)) = plain.split_once("://") else { return plain.to_owned() };
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{host}")
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl WebSection {
    /// The public address without a slash at the end.
    pub fn base(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }

    /// Host and port of the public address, as a browser names it.
    pub fn public_host(&self) -> &str {
        let rest = self.base().split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let refuse = |problem| Err(ConfigError::new("web.public_url", problem));
        let url = &self.public_url;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return refuse("must start with https:// (or http:// outside production)");
        }
        let host = self.public_host();
        if host.is_empty() || host.contains('@') || url.contains(char::is_whitespace) {
            return refuse("must be an address such as https://bansou.example");
        }
        if self.base().split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?', '#'])) {
            return refuse("must name a host only: the pages live at its root");
        }
        // Longer, and a person waits for an answer that stands as given.
        if self.undo_seconds > 60 {
            return Err(ConfigError::new("web.undo_seconds", "must be from 0 to 60"));
        }
        if self.calm_minutes > 60 {
            return Err(ConfigError::new("web.calm_minutes", "must be from 0 to 60"));
        }
        Ok(())
    }
}

impl WorkerSection {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(1..=1_000).contains(&self.batch) {
            return Err(ConfigError::new("worker.batch", "must be from 1 to 1000"));
        }
        if !(1..=64).contains(&self.concurrency) {
            return Err(ConfigError::new("worker.concurrency", "must be from 1 to 64"));
        }
        // A call may last 10 s; a batch is worked off in several rounds of calls.
        if !(60..=3_600).contains(&self.lease_seconds) {
            return Err(ConfigError::new("worker.lease_seconds", "must be from 60 to 3600"));
        }
        Ok(())
    }
}

impl BackupSection {
    /// Whether there is anything to encrypt a backup to.
    pub fn is_set(&self) -> bool {
        !self.recipients.is_empty() || self.passphrase_file.is_some()
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !self.recipients.is_empty() && self.passphrase_file.is_some() {
            return Err(ConfigError::new("backup.passphrase_file", "give it or backup.recipients, not both"));
        }
        let wrong = self.recipients.iter().find(|text| !text.trim().starts_with("age1"));
        if wrong.is_some_and(|text| text.to_uppercase().starts_with("AGE-SECRET-KEY")) {
            return Err(ConfigError::new(
                "backup.recipients",
                "holds a secret key; write its public half here (age1…) and keep the secret away from this machine",
            ));
        }
        if wrong.is_some() {
            return Err(ConfigError::new("backup.recipients", "must be age public keys, which begin with age1"));
        }
        Ok(())
    }
}

impl LogSection {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let filter = self.level.parse::<tracing_subscriber::EnvFilter>();
        filter.map(|_| ()).map_err(|_| {
            ConfigError::new("log.level", "is neither a level (error, warn, info, debug, trace) nor a filter")
        })
    }
}

/// Reads a secret's file; its text never stands in the error.
pub(super) fn secret_file(field: &str, path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(field, &format!("{} can't be read: {error}", path.display())))?;
    placeholders::refuse_in_file(field, &text)?;
    Ok(text)
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| serde::de::Error::custom("is no time zone; write e.g. Asia/Tokyo"))
}

fn path_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    Ok((!path.as_os_str().is_empty()).then_some(path))
}

fn address_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("is no address and port such as 127.0.0.1:9464"))
}
