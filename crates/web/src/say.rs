//! Sentences that handlers put into pages, in the reader's language.

use bansou_core::cadence::{DueReason, Speaker};
use bansou_core::thread::MessageBody;
use bansou_core::words::{Args, FluentValue, Lang, Words};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use crate::app::App;
use crate::dates::{Local, Style};
use crate::signed::Signed;

impl Signed {
    /// A sentence without blanks.
    pub fn say(&self, key: &str) -> String {
        self.app.parts.words.plain(self.lang, key)
    }

    /// A sentence with its blanks filled.
    pub fn say_with(&self, key: &str, blanks: &[(&str, FluentValue<'_>)]) -> String {
        filled(&self.app.parts.words, self.lang, key, blanks)
    }

    /// A message in a list: its words, or in one word what came in their place.
    pub(crate) fn in_words(&self, body: &MessageBody) -> String {
        match body.attachment.as_deref().filter(|_| body.text.is_empty()) {
            Some(kind) => self.say(&format!("came-{}", known_kind(kind))),
            None => body.text.clone(),
        }
    }

    /// How long something has lasted: minutes, then hours, then days.
    pub fn lasting(&self, time: TimeDelta) -> String {
        let (key, n) = match time.num_minutes().max(0) {
            minutes @ 0..60 => ("lasting-minutes", minutes),
            minutes @ 60..1_440 => ("lasting-hours", minutes / 60),
            minutes => ("lasting-days", minutes / 1_440),
        };
        self.say_with(key, &[("n", n.into())])
    }

    /// A date in words.
    pub fn day(&self, date: NaiveDate) -> String {
        day(self.lang, date)
    }

    /// A date that may lie years back or ahead, in words: with its year, unless that is this one.
    pub fn dated(&self, date: NaiveDate) -> String {
        let style = if date.year() == self.today().year() { Style::Day } else { Style::Year };
        Local::from(date).day(self.lang, style)
    }

    /// A moment in words: with its day, unless that is today.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        let local = Local::from(self.local(at));
        if self.local(at).date_naive() == self.today() {
            return local.clock(self.lang, false);
        }
        local.moment(self.lang, Style::Day, false)
    }

    /// Why a check-in comes on its day.
    pub fn due_reason(&self, reason: &DueReason) -> String {
        due_reason(&self.app, self.lang, reason)
    }
}

/// What came besides text, by a word that the catalogues know.
pub(crate) fn known_kind(kind: &str) -> &str {
    let known = ["sticker", "image", "video", "audio", "file", "location"].contains(&kind);
    if known { kind } else { "other" }
}

/// A sentence with its blanks filled, for any reader.
pub fn filled(words: &Words, lang: Lang, key: &str, blanks: &[(&str, FluentValue<'_>)]) -> String {
    let mut args = Args::new();
    for (name, value) in blanks {
        args.set((*name).to_owned(), value.clone());
    }
    words.get(lang, key, &args)
}

/// A date in words.
pub fn day(lang: Lang, date: NaiveDate) -> String {
    Local::from(date).day(lang, Style::Day)
}

/// Why a check-in comes on its day, for any reader.
pub fn due_reason(app: &App, lang: Lang, reason: &DueReason) -> String {
    let date = |date: NaiveDate| day(lang, date);
    reason.say(&Speaker { words: &app.parts.words, lang, holidays: &app.parts.holidays, date: &date })
}

/// The first letters of a text, with an ellipsis where there are more.
pub(crate) fn glimpse(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let begin: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() { format!("{begin}…") } else { begin }
}
