//! E-mail by SMTP: requests to employers and notices to staff.
//!
//! The conversation is held step by step, because the step tells what a broken connection means: before DATA nothing has
//! left, after it nobody knows. A mail has no idempotency key either; its Message-ID is derived, so that the receiving side
//! and we can recognise a second copy.

mod message;
mod status;

use std::{fmt, net::IpAddr, time::Duration};

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::ClientId,
};
use tokio::time::timeout;

pub use message::{EmailMessage, MAX_SUBJECT_CHARACTERS, MAX_TEXT_CHARACTERS, Mailbox, check, check_outgoing};
use status::Stage;

use crate::{Outcome, Outgoing, RefusedClass, Secret, SetupError, Timeouts, check::refused};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte (port 465).
    Tls,
    /// TLS after STARTTLS, and nothing without it (port 587).
    StartTls,
    /// No protection; only to this machine.
    None,
}

/// One mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Our id of the channel.
    pub id: String,
    /// The server's name.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// User name, if the server wants one.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The sender of mails made from [`Outgoing`].
    pub from: Mailbox,
    /// Time limits; `total` holds before the text is handed over, and again for handing it over.
    pub timeouts: Timeouts,
}

/// The means to send mail through one server. Each mail has its own connection: mails are few.
#[derive(Clone)]
pub struct SmtpChannel {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
}

impl SmtpChannel {
    /// Checks the settings and reads the machine's root certificates.
    pub fn new(settings: SmtpSettings) -> Result<Self, SetupError> {
        let field = |field, problem| SetupError::Field { channel: settings.id.clone(), field, problem };
        if settings.host.is_empty() {
            return Err(field("host", "is empty"));
        }
        if settings.username.is_some() != settings.password.is_some() {
            return Err(field("username", "and password must be given together"));
        }
        if message::parse(&settings.from.address).is_none() {
            return Err(field("from", "is not an e-mail address"));
        }
        let loopback = settings.host == "localhost" || settings.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let tls = match settings.security {
            SmtpSecurity::None if loopback => None,
            SmtpSecurity::None => return Err(field("security", "may be none only for a server on this machine")),
            SmtpSecurity::Tls | SmtpSecurity::StartTls => Some(
                TlsParameters::new(settings.host.clone())
                    .map_err(|_| SetupError::Client { channel: settings.id.clone() })?,
            ),
        };
        Ok(Self { settings, tls })
    }

    /// Our id of the channel.
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Sends one mail.
    pub async fn send(&self, mail: &EmailMessage) -> Outcome {
        if let Err(problems) = check(mail) {
            return refused(&problems);
        }
        let Some(message) = message::build(mail) else {
            return Outcome::refused(RefusedClass::BadRequest, "mail_not_built");
        };
        let outcome = self.deliver(&message).await;
        tracing::info!(channel = self.id(), outcome = outcome.word(), "mail handed over");
        outcome
    }

    /// The mail that this message becomes; its Message-ID is `<key@our domain>`.
    pub fn mail_from(&self, outgoing: &Outgoing) -> EmailMessage {
        let from = self.settings.from.clone();
        let domain = from.address.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        EmailMessage {
            message_id: format!("<{}@{domain}>", outgoing.key),
            from,
            to: Mailbox { name: None, address: outgoing.to.clone() },
            subject: outgoing.subject.clone().unwrap_or_default(),
            text: outgoing.text.clone(),
            html: outgoing.html.clone(),
            date: outgoing.at,
        }
    }

    async fn deliver(&self, message: &lettre::Message) -> Outcome {
        let total = self.settings.timeouts.total;
        let mut connection = match timeout(total, self.up_to_data(message.envelope())).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(outcome)) => return outcome,
            Err(_) => return Outcome::not_sent("timeout"),
        };
        let outcome = match timeout(total, connection.message(&message.formatted())).await {
            Ok(Ok(_)) => Outcome::Accepted { provider_ref: None, request_id: None, already: false },
            Ok(Err(error)) => status::outcome(Stage::Text, &error),
            Err(_) => return Outcome::unknown("timeout"),
        };
        // The mail's fate is known; a server that doesn't say goodbye changes nothing.
        let _ = timeout(Duration::from_millis(500), connection.quit()).await;
        outcome
    }

    /// Everything up to the server's "go ahead" for the text. Nothing has left if this fails.
    async fn up_to_data(&self, envelope: &lettre::address::Envelope) -> Result<AsyncSmtpConnection, Outcome> {
        let hello = ClientId::default();
        let Self { settings, tls } = self;
        let at_once = tls.clone().filter(|_| settings.security == SmtpSecurity::Tls);
        let server = (settings.host.as_str(), settings.port);
        let connect = settings.timeouts.connect;
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(connect), &hello, at_once, None)
            .await
            .map_err(|error| status::outcome(Stage::Connect, &error))?;
        if let (SmtpSecurity::StartTls, Some(tls)) = (settings.security, tls) {
            let started = connection.starttls(tls.clone(), &hello).await;
            started.map_err(|error| status::outcome(Stage::StartTls, &error))?;
        }
        if let (Some(username), Some(password)) = (&settings.username, &settings.password) {
            let credentials = Credentials::new(username.clone(), password.expose().to_owned());
            let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            login.map_err(|error| status::outcome(Stage::Login, &error))?;
        }
        let mail = connection.command(Mail::new(envelope.from().cloned(), Vec::new())).await;
        mail.map_err(|error| status::outcome(Stage::Sender, &error))?;
        for to in envelope.to() {
            let rcpt = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
            rcpt.map_err(|error| status::outcome(Stage::Recipient, &error))?;
        }
        connection.command(Data).await.map_err(|error| status::outcome(Stage::Data, &error))?;
        Ok(connection)
    }
}

impl fmt::Debug for SmtpChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpChannel").field("id", &self.settings.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings").field("id", &self.id).finish_non_exhaustive()
    }
}
