//! `[[channels]]`: what is known of each before it is built.

use std::path::PathBuf;

use bansou_channels::{
    Address, ChannelKind, LineSettings, Mailbox, PUSHES_PER_SECOND, Secret, SmtpSecurity, SmtpSettings, Timeouts,
    TwilioSettings,
};
use serde::Deserialize;
use toml::{Table, Value};

use super::sections::secret_file;
use super::{ConfigError, section_of};

/// One configured channel.
#[derive(Clone)]
pub enum ChannelSection {
    /// LINE, with the account's public id (`@…`) for invite links, where it was given.
    Line(LineSettings, Option<String>),
    /// SMS by Twilio.
    Twilio(TwilioSettings),
    /// E-mail.
    Smtp(SmtpSettings),
    /// Nothing leaves this process.
    Simulator {
        /// Its id.
        id: String,
        /// What it stands for.
        stands_for: StandsFor,
    },
}

/// What a simulator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StandsFor {
    /// LINE.
    Line,
    /// SMS.
    Sms,
    /// E-mail.
    Mail,
}

impl StandsFor {
    /// The kind of address it writes to.
    pub fn kind(self) -> ChannelKind {
        match self {
            Self::Line => ChannelKind::Line,
            Self::Sms => ChannelKind::Sms,
            Self::Mail => ChannelKind::Mail,
        }
    }
}

impl ChannelSection {
    /// Its id, which stands in the webhook's path.
    pub fn id(&self) -> &str {
        match self {
            Self::Line(line, _) => &line.id,
            Self::Twilio(twilio) => &twilio.id,
            Self::Smtp(smtp) => &smtp.id,
            Self::Simulator { id, .. } => id,
        }
    }

    /// The word under `kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Line(..) => "line",
            Self::Twilio(_) => "twilio",
            Self::Smtp(_) => "smtp",
            Self::Simulator { .. } => "simulator",
        }
    }
}

impl std::fmt::Debug for ChannelSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.id(), self.kind())
    }
}

/// A secret, or several while they change.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// A port, also as text, because the environment knows nothing else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Port {
    Number(u16),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineText {
    #[serde(default = "line_url")]
    base_url: String,
    content_base_url: Option<String>,
    channel_secret: Option<OneOrMore>,
    channel_secret_file: Option<PathBuf>,
    channel_access_token: Option<OneOrMore>,
    channel_access_token_file: Option<PathBuf>,
    basic_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwilioText {
    #[serde(default = "twilio_url")]
    base_url: String,
    account_sid: String,
    auth_token: Option<OneOrMore>,
    auth_token_file: Option<PathBuf>,
    from: Option<String>,
    messaging_service_sid: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SmtpText {
    host: String,
    port: Option<Port>,
    #[serde(default)]
    security: Security,
    username: Option<String>,
    password: Option<OneOrMore>,
    password_file: Option<PathBuf>,
    from: String,
    from_name: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Security {
    #[default]
    StartTls,
    Tls,
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SimulatorText {
    stands_for: StandsFor,
}

/// Reads the list of channels.
pub(super) fn read(value: Option<Value>) -> Result<Vec<ChannelSection>, ConfigError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let Value::Array(channels) = value else {
        return Err(ConfigError::new("channels", "must be written as [[channels]]"));
    };
    channels.into_iter().enumerate().map(|(index, channel)| one(index, channel)).collect()
}

fn one(index: usize, value: Value) -> Result<ChannelSection, ConfigError> {
    let place = format!("channels.{index}");
    let Value::Table(mut table) = value else { return Err(ConfigError::new(&place, "must be a section")) };
    let id = take_text(&mut table, &place, "id")?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > 40 || !id.chars().all(fits) || id.chars().all(|c| c.is_ascii_digit()) {
        return Err(ConfigError::new(
            &format!("{place}.id"),
            "must be small letters, digits and hyphens, with a letter",
        ));
    }
    let place = format!("channels.{id}");
    let kind = take_text(&mut table, &place, "kind")?;
    match kind.as_str() {
        "line" => line(id, &place, section_of(&place, table)?),
        "twilio" => twilio(id, &place, section_of(&place, table)?).map(ChannelSection::Twilio),
        "smtp" => smtp(id, &place, section_of(&place, table)?).map(ChannelSection::Smtp),
        "simulator" => {
            let SimulatorText { stands_for } = section_of(&place, table)?;
            Ok(ChannelSection::Simulator { id, stands_for })
        }
        "http-sms" => Err(ConfigError::new(&format!("{place}.kind"), "this version has no http-sms yet; use twilio")),
        _ => Err(ConfigError::new(&format!("{place}.kind"), "must be line, twilio, smtp or simulator")),
    }
}

fn line(id: String, place: &str, text: LineText) -> Result<ChannelSection, ConfigError> {
    if text.basic_id.as_deref().is_some_and(|basic_id| !basic_id.starts_with('@')) {
        return Err(ConfigError::new(&format!("{place}.basic_id"), "must begin with @"));
    }
    let channel_secrets = secrets(place, "channel_secret", text.channel_secret, text.channel_secret_file)?;
    let tokens = secrets(place, "channel_access_token", text.channel_access_token, text.channel_access_token_file)?;
    let settings = LineSettings {
        id,
        base_url: text.base_url,
        content_base_url: text.content_base_url,
        channel_secrets: needed(place, "channel_secret", channel_secrets)?,
        channel_access_token: only(place, "channel_access_token", needed(place, "channel_access_token", tokens)?)?,
        pushes_per_second: PUSHES_PER_SECOND,
        timeouts: Timeouts::default(),
    };
    Ok(ChannelSection::Line(settings, text.basic_id))
}

fn twilio(id: String, place: &str, text: TwilioText) -> Result<TwilioSettings, ConfigError> {
    let auth_tokens = secrets(place, "auth_token", text.auth_token, text.auth_token_file)?;
    Ok(TwilioSettings {
        id,
        base_url: text.base_url,
        account_sid: text.account_sid,
        auth_tokens: needed(place, "auth_token", auth_tokens)?,
        from: text.from,
        messaging_service_sid: text.messaging_service_sid,
        timeouts: Timeouts::default(),
    })
}

fn smtp(id: String, place: &str, text: SmtpText) -> Result<SmtpSettings, ConfigError> {
    let (security, usual_port) = match text.security {
        Security::StartTls => (SmtpSecurity::StartTls, 587),
        Security::Tls => (SmtpSecurity::Tls, 465),
        Security::None => (SmtpSecurity::None, 25),
    };
    let port = match text.port {
        None => usual_port,
        Some(Port::Number(port)) => port,
        Some(Port::Text(port)) => {
            port.parse().map_err(|_| ConfigError::new(&format!("{place}.port"), "must be a port's number"))?
        }
    };
    let passwords = secrets(place, "password", text.password, text.password_file)?;
    let password = if passwords.is_empty() { None } else { Some(only(place, "password", passwords)?) };
    Ok(SmtpSettings {
        id,
        host: text.host,
        port,
        security,
        username: text.username,
        password,
        from: Mailbox { name: text.from_name, address: Address::new(text.from) },
        timeouts: Timeouts::default(),
    })
}

/// The secrets of a field, from the text or the lines of the file.
fn secrets(
    place: &str,
    name: &str,
    given: Option<OneOrMore>,
    file: Option<PathBuf>,
) -> Result<Vec<Secret>, ConfigError> {
    let field = format!("{place}.{name}");
    let texts = match (given, file) {
        (Some(_), Some(_)) => return Err(ConfigError::new(&field, &format!("give it or {name}_file, not both"))),
        (Some(OneOrMore::One(text)), None) => vec![text],
        (Some(OneOrMore::More(texts)), None) => texts,
        (None, Some(path)) => {
            let text = secret_file(&format!("{field}_file"), &path)?;
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        (None, None) => Vec::new(),
    };
    if texts.iter().any(|text| text.trim().is_empty()) {
        return Err(ConfigError::new(&field, "is empty"));
    }
    Ok(texts.into_iter().map(Secret::new).collect())
}

fn needed(place: &str, name: &str, secrets: Vec<Secret>) -> Result<Vec<Secret>, ConfigError> {
    if secrets.is_empty() {
        return Err(ConfigError::new(&format!("{place}.{name}"), &format!("is missing; give it or {name}_file")));
    }
    Ok(secrets)
}

fn only(place: &str, name: &str, secrets: Vec<Secret>) -> Result<Secret, ConfigError> {
    match <[Secret; 1]>::try_from(secrets) {
        Ok([secret]) => Ok(secret),
        Err(_) => Err(ConfigError::new(&format!("{place}.{name}"), "takes one value, not a list")),
    }
}

fn take_text(table: &mut Table, place: &str, name: &str) -> Result<String, ConfigError> {
    match table.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(ConfigError::new(&format!("{place}.{name}"), "must be a text")),
        None => Err(ConfigError::new(&format!("{place}.{name}"), "is missing")),
    }
}

fn line_url() -> String {
    "https://api.line.me".to_owned()
}

fn twilio_url() -> String {
    "https://api.twilio.com".to_owned()
}
