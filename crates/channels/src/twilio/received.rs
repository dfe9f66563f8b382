//! What came in at Twilio. Of an SMS whose webhook failed Twilio tells nobody again; its list of messages still knows it.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde_json::Value;

use super::TwilioChannel;
use super::lookup::{next_page, rfc2822, unreadable};
use crate::CallFailed;

/// An SMS that a person sent to us, as Twilio's list knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedSms {
    /// `SM…`; the same as in its webhook, and "seen before" goes by it.
    pub sid: String,
    /// The form that its webhook carried, as far as the list knows it.
    pub form: Vec<(String, String)>,
    /// When Twilio got it, UTC.
    pub at: DateTime<Utc>,
}

/// One page of what came in.
#[derive(Clone, Debug, Default)]
pub struct ReceivedPage {
    /// Newest first, as Twilio lists them.
    pub messages: Vec<ReceivedSms>,
    /// Ask for it next; `None` on the last page.
    pub next: Option<String>,
}

/// Twilio filters by whole days (in UTC) of `DateSent`, which of an inbound SMS is the moment of its webhook call: seconds
/// after it came, but perhaps on the next day.
const A_DAY: TimeDelta = TimeDelta::days(1);

impl TwilioChannel {
    /// Whether people can write to this sender at all: nobody can to one that is a name.
    pub fn can_receive(&self) -> bool {
        self.settings.messaging_service_sid.is_some() || self.own_number().is_some()
    }

    /// SMS that came to us since then, a page of Twilio's list at a time; `page` is an earlier answer's `next`.
    ///
    /// With a number of our own the list is narrowed to it. A messaging service's numbers aren't known here, so with one
    /// everything of the account is listed, and what is this service's is picked out of the answer.
    pub async fn received(&self, since: DateTime<Utc>, page: Option<&str>) -> Result<ReceivedPage, CallFailed> {
        let url = match page {
            Some(next) => format!("{}{next}", self.base_url),
            None => self.first_page(since)?,
        };
        let page = self.page(&url).await?;
        let listed = page["messages"].as_array().ok_or_else(unreadable)?;
        // A message in a shape that we don't know keeps the others from nobody.
        let ours = listed.iter().filter(|message| self.is_ours(message)).filter_map(read);
        // Newest first, says Twilio. A whole page from before ends the search.
        let is_older = |message: &Value| rfc2822(&message["date_created"]).is_some_and(|at| at < since);
        let is_past = !listed.is_empty() && listed.iter().all(is_older);
        Ok(ReceivedPage {
            messages: ours.filter(|sms| sms.at >= since).collect(),
            next: next_page(&page).filter(|_| !is_past).map(ToOwned::to_owned),
        })
    }

    fn first_page(&self, since: DateTime<Utc>) -> Result<String, CallFailed> {
        let from_day = (since - A_DAY).date_naive().to_string();
        let mut query = vec![("DateSent>", from_day.as_str()), ("PageSize", "100")];
        if self.settings.messaging_service_sid.is_none() {
            query.extend(self.own_number().map(|number| ("To", number)));
        }
        Ok(Url::parse_with_params(&self.messages_url(), &query).map_err(|_| unreadable())?.to_string())
    }

    fn is_ours(&self, message: &Value) -> bool {
        let is = |field: &str, own: Option<&str>| own.is_some_and(|own| message[field].as_str() == Some(own));
        // What is still on its way in has no words yet; the next look finds it.
        message["direction"] == "inbound"
            && message["status"] != "receiving"
            && (is("to", self.own_number())
                || is("messaging_service_sid", self.settings.messaging_service_sid.as_deref()))
    }

    fn own_number(&self) -> Option<&str> {
        self.settings.from.as_deref().filter(|from| from.starts_with('+'))
    }
}

impl fmt::Debug for ReceivedSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedSms").field("sid", &self.sid).finish_non_exhaustive()
    }
}

/// The list doesn't say whether Twilio took the words for a stop, but these are its words (channels.md 2.5).
fn opt_out(body: &str) -> Option<&'static str> {
    match body.trim().to_ascii_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" => Some("STOP"),
        "START" | "YES" | "UNSTOP" => Some("START"),
        _ => None,
    }
}

fn read(message: &Value) -> Option<ReceivedSms> {
    let sid = message["sid"].as_str()?;
    let form = [
        ("MessageSid", sid),
        ("From", message["from"].as_str()?),
        ("To", message["to"].as_str()?),
        ("Body", message["body"].as_str().unwrap_or_default()),
        ("NumMedia", message["num_media"].as_str().unwrap_or("0")),
    ];
    let mut form = form.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    form.extend(opt_out(&form[3].1).map(|word| ("OptOutType".to_owned(), word.to_owned())));
    Some(ReceivedSms { sid: sid.to_owned(), form, at: rfc2822(&message["date_created"])? })
}
