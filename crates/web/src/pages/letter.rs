//! A request to an employer in the exact words they get: on their page, in the preview, and on the graduate's own page.
//!
//! One component (`components/letter.html`) shows it everywhere, so that nobody reads other words than the employer does.

use bansou_core::escalation::{Fact, FactSource, Request};
use bansou_core::words::{Args, Lang, Words};
use chrono::NaiveDate;
use serde::Serialize;

use crate::dates::{Local, Style};

/// Everything the employer reads. There is no field for an interpretation (S2.6).
#[derive(Clone, Serialize)]
pub struct Letter {
    /// The office that asks.
    pub office: String,
    /// The member of staff who asks.
    pub staff: String,
    /// The company.
    pub company: String,
    /// Who is asked there.
    pub contact: String,
    /// About whom, by the name that the consent allows.
    pub person: String,
    /// The request, which comes first (S2.11).
    pub request: String,
    /// Why it is asked (S2.8).
    pub purpose: String,
    /// What was seen or said.
    pub facts: Vec<LetterFact>,
    /// The closed question (S2.10).
    pub question: String,
    /// Until when an answer would help (S2.7).
    pub answer_by: NaiveDate,
    /// What the graduate and the office do; may be empty.
    pub our_part: String,
}

/// One thing that was seen or said.
#[derive(Clone, Serialize)]
pub struct LetterFact {
    /// When.
    pub on: NaiveDate,
    /// Who says so.
    pub source: FactSource,
    /// What, in one sentence.
    pub text: String,
}

/// Who asks whom about whom.
#[derive(Clone, Copy)]
pub struct Parties<'a> {
    /// The office's name.
    pub office: &'a str,
    /// Name of the member of staff.
    pub staff: &'a str,
    /// Name of the company.
    pub company: &'a str,
    /// Name of the contact there.
    pub contact: &'a str,
    /// The graduate's name as the consent allows it.
    pub person: &'a str,
}

impl Letter {
    /// The letter of a stored request.
    pub fn new(parties: Parties<'_>, request: &Request) -> Self {
        Self {
            office: parties.office.to_owned(),
            staff: parties.staff.to_owned(),
            company: parties.company.to_owned(),
            contact: parties.contact.to_owned(),
            person: parties.person.to_owned(),
            request: request.request.clone(),
            purpose: request.purpose.clone(),
            facts: request.facts.iter().map(LetterFact::new).collect(),
            question: request.question.clone(),
            answer_by: request.answer_by,
            our_part: request.our_part.clone(),
        }
    }

    /// The same words as plain text: what the record of sharing keeps (個人情報保護法29条).
    pub fn as_text(&self, words: &Words, lang: Lang) -> String {
        let day = |date: NaiveDate| Local::from(date).day(lang, Style::Year);
        let label = |key| words.plain(lang, key);
        let mut about = Args::new();
        about.set("person", self.person.as_str());
        let mut lines = vec![
            words.get(lang, "letter-about", &about),
            section(&label("letter-request"), &self.request),
            section(&label("letter-purpose"), &self.purpose),
        ];
        let facts = self.facts.iter().map(|fact| {
            let source = words.plain(lang, &format!("fact-source-{}", fact.source));
            format!("{} {source}{}{}", day(fact.on), label("colon"), fact.text)
        });
        lines.push(section(&label("letter-facts"), &facts.collect::<Vec<_>>().join("\n")));
        if !self.our_part.is_empty() {
            lines.push(section(&label("letter-our-part"), &self.our_part));
        }
        lines.push(section(&label("letter-question"), &self.question));
        lines.push(section(&label("letter-answer-by"), &day(self.answer_by)));
        lines.join("\n\n")
    }

    /// A made-up request.
    pub(crate) fn sample() -> Self {
        let day = |text: &str| text.parse().expect("a date written in a sample");
        Self {
            office: "見本就労支援センター".to_owned(),
            staff: "見本 佐和".to_owned(),
            company: "株式会社サンプル物流".to_owned(),
            contact: "例山 ひとみ".to_owned(),
            person: "見本 花子".to_owned(),
            request: "12月末まで、朝礼のあとに、その日の作業を1つずつ紙に書いて渡していただけませんか。".to_owned(),
            purpose: "順番が目で見て分かると、落ち着いて始められるためです。".to_owned(),
            facts: vec![
                LetterFact {
                    on: day("2026-11-12"),
                    source: FactSource::Person,
                    text: "指示がいくつか重なると、どれからするか分からなくなると話していました。".to_owned(),
                },
                LetterFact {
                    on: day("2026-11-17"),
                    source: FactSource::Staff,
                    text: "面談のとき、作業の順番を紙に書くと、自分で説明できました。".to_owned(),
                },
            ],
            question: "この形でできそうですか。".to_owned(),
            answer_by: day("2026-11-30"),
            our_part: "紙の書き方の見本を、こちらで用意します。本人も、終わった作業に印をつけます。".to_owned(),
        }
    }
}

impl LetterFact {
    fn new(fact: &Fact) -> Self {
        Self { on: fact.on, source: fact.source, text: fact.text.clone() }
    }
}

fn section(title: &str, text: &str) -> String {
    format!("{title}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_sharing_holds_every_word_of_the_letter() {
        let (words, letter) = (Words::embedded(), Letter::sample());
        for lang in [Lang::Ja, Lang::En] {
            let text = letter.as_text(&words, lang);
            let facts = letter.facts.iter().map(|fact| &fact.text);
            for part in [&letter.person, &letter.request, &letter.purpose, &letter.question, &letter.our_part]
                .into_iter()
                .chain(facts)
            {
                assert!(text.contains(part.as_str()), "{part}");
            }
            assert!(!text.contains('⟦') && !text.contains("{$"), "{text}");
        }
        assert!(letter.as_text(&words, Lang::Ja).contains("2026年11月12日（木） 本人が話したこと："));
    }

    #[test]
    fn the_request_stands_before_its_reason() {
        let text = Letter::sample().as_text(&Words::embedded(), Lang::Ja);
        assert!(text.find("渡していただけませんか") < text.find("落ち着いて始められる"));
    }
}
