//! E-mails to employer contacts. They hold a link and nothing about a person: mail passes through many hands.
//!
//! The text part is a `*.txt` template, which Tera leaves unescaped as plain text needs it; the HTML part is escaped.

use std::sync::Arc;

use bansou_core::furigana;
use bansou_core::words::{Args, Lang, Words};
use chrono::NaiveDate;
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Tera};

use crate::render::{RenderError, register, write};

#[derive(Embed)]
#[folder = "../../templates/mail/"]
#[prefix = "mail/"]
struct MailFiles;

/// The mail that brings a request to an employer contact.
#[derive(Clone, Serialize)]
pub struct EscalationMail {
    /// The office that asks.
    pub office: String,
    /// The member of staff who asks.
    pub staff: String,
    /// The office's phone number; may be empty.
    pub phone: String,
    /// The company.
    pub company: String,
    /// Who is asked there.
    pub contact: String,
    /// `https://…/e/{token}`.
    pub link: String,
    /// Until when an answer would help; `None` when that day has passed.
    pub answer_by: Option<NaiveDate>,
    /// Last day of the link.
    pub valid_until: NaiveDate,
}

/// A mail ready to be queued.
#[derive(Clone, PartialEq, Eq)]
pub struct MailText {
    /// Subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The mail engine: every template.
#[derive(Debug)]
pub struct Mails {
    words: Arc<Words>,
    tera: Tera,
}

impl Mails {
    /// Compiles the embedded templates. Fails when one of them is not valid.
    pub fn embedded(words: &Arc<Words>) -> Result<Self, RenderError> {
        let mut tera = Tera::default();
        register(&mut tera, Arc::clone(words));
        let files = MailFiles::iter().filter_map(|name| {
            let file = MailFiles::get(&name)?;
            Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        });
        tera.add_raw_templates(files).map_err(|cause| RenderError::template("templates/mail/", cause))?;
        Ok(Self { words: Arc::clone(words), tera })
    }

    /// The mail in the contact's language.
    pub fn escalation(&self, lang: Lang, mail: &EscalationMail) -> Result<MailText, RenderError> {
        let mut args = Args::new();
        args.set("office", mail.office.as_str());
        let subject = self.words.get(lang, "mail-escalation-subject", &args);
        Ok(MailText {
            // A line break in a name must never begin another header (ASVS V1.3.11).
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            text: self.render(lang, "mail/escalation.txt", mail)?,
            html: self.render(lang, "mail/escalation.html", mail)?,
        })
    }

    fn render(&self, lang: Lang, template: &str, mail: &EscalationMail) -> Result<String, RenderError> {
        let mut context = Context::new();
        context.insert("mail", mail);
        context.insert("lang", lang.html());
        let text = write(&self.tera, lang, template, &context)?;
        Ok(furigana::plain(&text).into_owned())
    }
}

impl EscalationMail {
    /// A made-up mail, for tests.
    pub fn sample() -> Self {
        let day = |text: &str| text.parse().expect("a date written in a sample");
        Self {
            office: "見本就労支援センター".to_owned(),
            staff: "見本 佐和".to_owned(),
            phone: "03-0000-0001".to_owned(),
            company: "株式会社サンプル物流".to_owned(),
            contact: "例山 ひとみ".to_owned(),
            link: "https://bansou.example/e/0000".to_owned(),
            answer_by: Some(day("2026-11-30")),
            valid_until: day("2026-12-14"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(lang: Lang, mail: &EscalationMail) -> MailText {
        Mails::embedded(&Arc::new(Words::embedded())).unwrap().escalation(lang, mail).unwrap()
    }

    #[test]
    fn the_mail_has_all_its_words_and_the_link_in_both_parts() {
        for lang in Lang::ALL {
            let made = mail(lang, &EscalationMail::sample());
            for part in [&made.text, &made.html] {
                assert!(part.contains("https://bansou.example/e/0000"), "{part}");
                assert!(!part.contains('⟦') && !part.contains("{$"), "{part}");
            }
            assert!(made.subject.contains("見本就労支援センター"));
        }
    }

    #[test]
    fn the_html_is_plain_and_fetches_nothing() {
        for lang in Lang::ALL {
            let html = mail(lang, &EscalationMail::sample()).html;
            for loads in ["src=", "srcset", "<img", "<style", "<link", "<script", "url(", "style=", "background"] {
                assert!(!html.contains(loads), "{loads}: {html}");
            }
            assert_eq!(html.matches("http").count(), 1, "only the link: {html}");
        }
    }

    #[test]
    fn a_name_can_neither_begin_a_header_nor_an_element() {
        let odd = EscalationMail { office: "見本<b>\r\nBcc: a@example.jp".to_owned(), ..EscalationMail::sample() };
        let made = mail(Lang::Ja, &odd);
        assert!(!made.subject.contains(['\r', '\n']));
        assert!(!made.html.contains("<b>") && made.text.contains("<b>"));
    }
}
