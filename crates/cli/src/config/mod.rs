//! Configuration, read here and nowhere else: the program's defaults, then the file, then the environment.
//!
//! Each section checks itself; [`Config::load`] checks them against each other. Other crates get plain settings. A secret
//! shows nothing in `Debug`, and every error names the field in which it lies.

mod channels;
mod layers;
mod placeholders;
mod sections;

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

pub use channels::{ChannelSection, StandsFor};
pub use sections::{
    AlarmSection, BackupSection, DatabaseSection, DatabaseUrl, JournalSection, LogFormat, LogSection, MetricsSection,
    OfficeSection, WebSection, WorkerSection,
};

/// The commented defaults, part of the program.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// What is wrong, and in which field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct ConfigError {
    /// Where, e.g. `web.bind` or `channels.line-main.channel_secret`.
    pub field: String,
    /// What, in plain words and without the value.
    pub problem: String,
}

impl ConfigError {
    pub(crate) fn new(field: &str, problem: &str) -> Self {
        Self { field: field.to_owned(), problem: problem.to_owned() }
    }
}

/// Where the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Simulators, virtual time and a key made on the way are allowed.
    Development,
    /// With people's real data.
    Production,
}

/// Everything configured, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the program runs.
    pub environment: Environment,
    /// The office of the first start.
    pub office: OfficeSection,
    /// The database and its key.
    pub database: DatabaseSection,
    /// Pages and webhooks.
    pub web: WebSection,
    /// Figures for Prometheus.
    pub metrics: MetricsSection,
    /// The dead man's switch.
    pub alarm: AlarmSection,
    /// The worker.
    pub worker: WorkerSection,
    /// The send journal.
    pub journal: JournalSection,
    /// Backups.
    pub backup: BackupSection,
    /// The log.
    pub log: LogSection,
    /// Channels as they were given; empty means simulators outside production.
    pub channels: Vec<ChannelSection>,
}

impl Config {
    /// Reads and checks everything. `file` is the one given on the command line.
    pub fn load<'a>(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let mut all: Table = DEFAULTS.parse().expect("a test reads the defaults");
        if let Some(path) = file {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|error| ConfigError::new(&name, &error.to_string()))?;
            let own: Table =
                text.parse().map_err(|error: toml::de::Error| ConfigError::new(&name, &place(&error, &text)))?;
            layers::lay_over(&mut all, own);
        }
        layers::lay_environment(&mut all, variables)?;
        Self::read(all)
    }

    /// Whether people's real data may be behind this.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    fn read(mut all: Table) -> Result<Self, ConfigError> {
        placeholders::refuse(&all)?;
        let environment = match all.remove("environment").as_ref().and_then(Value::as_str) {
            Some("development") => Environment::Development,
            Some("production") => Environment::Production,
            _ => return Err(ConfigError::new("environment", "must be \"development\" or \"production\"")),
        };
        let config = Self {
            environment,
            office: take(&mut all, "office")?,
            database: take::<sections::DatabaseText>(&mut all, "database")?.read()?,
            web: take(&mut all, "web")?,
            metrics: take(&mut all, "metrics")?,
            alarm: take::<sections::AlarmText>(&mut all, "alarm")?.read()?,
            worker: take(&mut all, "worker")?,
            journal: take(&mut all, "journal")?,
            backup: take(&mut all, "backup")?,
            log: take(&mut all, "log")?,
            channels: channels::read(all.remove("channels"))?,
        };
        if let Some(unknown) = all.keys().next() {
            return Err(ConfigError::new(unknown, "there is no such section or key"));
        }
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        self.office.validate()?;
        self.web.validate()?;
        self.worker.validate()?;
        self.backup.validate()?;
        self.log.validate()?;
        for (index, channel) in self.channels.iter().enumerate() {
            if self.channels[..index].iter().any(|other| other.id() == channel.id()) {
                return Err(ConfigError::new(&format!("channels.{}", channel.id()), "two channels have this id"));
            }
        }
        if self.is_production() {
            return self.validate_production();
        }
        Ok(())
    }

    /// What production refuses (DESIGN.md section 5). The key file is looked for when it is opened.
    fn validate_production(&self) -> Result<(), ConfigError> {
        if !self.web.public_url.starts_with("https://") {
            return Err(ConfigError::new("web.public_url", "must start with https:// in production"));
        }
        if self.channels.is_empty() {
            return Err(ConfigError::new(
                "channels",
                "production needs at least one channel; simulators aren't used there",
            ));
        }
        let simulator = self.channels.iter().find(|channel| matches!(channel, ChannelSection::Simulator { .. }));
        if let Some(simulator) = simulator {
            let field = format!("channels.{}.kind", simulator.id());
            return Err(ConfigError::new(&field, "production refuses simulators: their messages reach nobody"));
        }
        Ok(())
    }
}

/// Takes a section out of everything, so that what is left over was unknown.
fn take<T: DeserializeOwned>(all: &mut Table, section: &str) -> Result<T, ConfigError> {
    let value = all.remove(section).unwrap_or_else(|| Value::Table(Table::new()));
    let Value::Table(table) = value else { return Err(ConfigError::new(section, "must be a section")) };
    section_of(section, table)
}

/// Reads a section; the error names section and key.
fn section_of<T: DeserializeOwned>(section: &str, table: Table) -> Result<T, ConfigError> {
    Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        let message = error.message();
        // serde names an unknown or missing key between backticks, and toml the key whose value was refused after “in”.
        let named = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("missing field `"));
        let field = match named.and_then(|rest| rest.split_once('`')) {
            Some((key, _)) => format!("{section}.{key}"),
            None => error
                .to_string()
                .lines()
                .find_map(|line| line.strip_prefix("in `")?.strip_suffix('`').map(str::to_owned))
                .map_or_else(|| section.to_owned(), |key| format!("{section}.{key}")),
        };
        ConfigError::new(&field, message)
    })
}

/// A syntax error with its line; the line's text is left out, because a secret may stand there.
fn place(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    line.map_or_else(|| error.message().to_owned(), |line| format!("line {line}: {}", error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bansou.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path), [])
    }

    fn refused(text: &str) -> ConfigError {
        load(text).expect_err("refused")
    }

    const LINE: &str = "[[channels]]\nid='line-main'\nkind='line'\nbase_url='https://api.line.me'\n\
        channel_secret='s'\nchannel_access_token='t'\n";

    #[test]
    fn the_defaults_are_complete_and_good() {
        let config = Config::load(None, []).unwrap();
        assert_eq!(config.environment, Environment::Development);
        assert_eq!(config.office.zone, chrono_tz::Asia::Tokyo);
        assert!(config.channels.is_empty());
    }

    #[test]
    fn an_unknown_key_or_a_wrong_kind_of_value_names_the_field() {
        assert_eq!(refused("[web]\nbindd = 'x'").field, "web.bindd");
        assert_eq!(refused("[wep]\nbind = 'x'").field, "wep");
        assert_eq!(refused("surprise = 1").field, "surprise");
        assert_eq!(refused("[worker]\nbatch = 'many'").field, "worker.batch");
        assert_eq!(refused("[web]\nbind = 'here'").field, "web.bind");
        assert_eq!(refused("[office]\nzone = 'Asia/Tokio'").field, "office.zone");
        assert_eq!(refused("environment = 'test'").field, "environment");
        assert_eq!(refused(&format!("{LINE}chanel_secret='x'")).field, "channels.line-main.chanel_secret");
        assert_eq!(refused("[[channels]]\nid='a'\nkind='fax'").field, "channels.a.kind");
        assert_eq!(refused("[[channels]]\nkind='line'").field, "channels.0.id");
        assert_eq!(
            refused("[[channels]]\nid='a'\nkind='line'\nbase_url='https://x'").field,
            "channels.a.channel_secret"
        );
        assert_eq!(refused(&format!("{LINE}{LINE}")).field, "channels.line-main");
    }

    #[test]
    fn a_syntax_error_gives_the_line_and_not_its_text() {
        let error = refused("[web]\n\nsecret = hunter2\n").to_string();
        assert!(error.contains("line 3") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn production_refuses_what_reaches_nobody_or_can_be_overheard() {
        let production = "environment = 'production'\n";
        let https = "[web]\npublic_url = 'https://bansou.example'\n";
        assert_eq!(refused(production).field, "web.public_url");
        assert_eq!(refused(&format!("{production}{https}")).field, "channels");
        let simulator = "[[channels]]\nid='sim'\nkind='simulator'\nstands_for='sms'\n";
        assert_eq!(refused(&format!("{production}{https}{simulator}")).field, "channels.sim.kind");
        assert!(load(&format!("{production}{https}{LINE}")).unwrap().is_production());
    }

    #[test]
    fn a_placeholder_left_over_from_the_example_names_its_field_and_nothing_more() {
        let left = |text: &str| {
            let error = refused(text);
            assert!(error.problem.contains("placeholder") && !error.problem.contains("AC"), "{error}");
            error.field
        };
        assert_eq!(
            left(&LINE.replace("channel_secret='s'", "channel_secret='…'")),
            "channels.line-main.channel_secret"
        );
        let list = LINE.replace("channel_secret='s'", "channel_secret=['s', '…']");
        assert_eq!(left(&list), "channels.line-main.channel_secret");
        let sms = "[[channels]]\nid='sms-main'\nkind='twilio'\naccount_sid='AC…'\nauth_token='t'\nfrom='+81…'\n";
        assert_eq!(left(sms), "channels.sms-main.account_sid");
        assert_eq!(left("[backup]\nrecipients = ['age1…']"), "backup.recipients");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "…\n").unwrap();
        let by_file = LINE.replace("channel_secret='s'", &format!("channel_secret_file='{}'", file.display()));
        assert_eq!(left(&by_file), "channels.line-main.channel_secret_file");
        assert!(load("[office]\nname = '支援…室'").is_ok(), "a name is a name");
    }

    #[test]
    fn secrets_come_as_text_list_or_file_and_never_show() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "hunter2\nhunter3\n").unwrap();
        let by_file = LINE.replace("channel_secret='s'", &format!("channel_secret_file='{}'", file.display()));
        for text in [by_file.as_str(), &LINE.replace("'s'", "['hunter2', 'hunter3']")] {
            let config = load(text).unwrap();
            let ChannelSection::Line(line, _) = &config.channels[0] else { panic!("a LINE channel") };
            let secrets: Vec<&str> = line.channel_secrets.iter().map(bansou_channels::Secret::expose).collect();
            assert_eq!(secrets, ["hunter2", "hunter3"]);
            assert!(!format!("{config:?}").contains("hunter"), "{config:?}");
        }
        let both = LINE.replace("channel_secret='s'", "channel_secret='s'\nchannel_secret_file='x'");
        assert_eq!(refused(&both).field, "channels.line-main.channel_secret");
        let gone = LINE.replace("channel_secret='s'", "channel_secret_file='nowhere'");
        assert_eq!(refused(&gone).field, "channels.line-main.channel_secret_file");
    }

    #[test]
    fn a_database_password_never_shows() {
        let config = load("[database]\nurl = 'postgres://bansou:hunter2@db/bansou'").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        assert_eq!(config.database.url.shown(), "postgres://db/bansou");
        assert_eq!(refused("[database]\nurl = 'mysql://x'").field, "database.url");
    }
}
