//! Messages to graduates: templates, choices and how they are filled in.
//!
//! Templates are dated configuration (`config/messages.toml`); an office may put its own wording in place of one. Only the
//! placeholders listed at [`Fill`] mean anything: everything else in a wording stays text (ASVS V1.3.7).

use serde::Deserialize;

use crate::delivery::{ChannelKind, Payload, PayloadChoice, answer_data};
use crate::graduate::Language;
use crate::ids::CheckInId;
use crate::lint::{LintRules, question_of};
use crate::sign::{SignCategory, SignLevel};

/// The delivered templates.
const EMBEDDED: &str = include_str!("../../../config/messages.toml");

/// What a template is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateUse {
    /// Rotates through the check-ins.
    CheckIn,
    /// Thanks for an answer.
    Ack,
    /// Tells something; no answer is expected.
    Notice,
}

/// Whom a check-in may ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedOf {
    /// It doesn't speak of work.
    #[default]
    Anybody,
    /// It speaks of work: nobody without a job is asked it.
    Working,
    /// It takes the place of what those who work are asked.
    NotWorking,
}

/// A sign that an answer suggests to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSign {
    /// What it is about.
    pub category: SignCategory,
    /// How clear it is.
    pub level: SignLevel,
}

/// An answer a person can choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerChoice {
    /// Stored word.
    pub code: String,
    /// What stands on the button.
    pub label: String,
    /// The sign it suggests, if any.
    #[serde(default)]
    pub sign: Option<AnswerSign>,
}

impl AnswerChoice {
    /// 「こたえない」: a valid answer, never a sign by itself (ux.md C7).
    pub fn is_no_answer(&self) -> bool {
        self.code == "none"
    }
}

/// A message template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its key, stored with every check-in.
    pub key: String,
    /// What it is used for.
    #[serde(rename = "use")]
    pub purpose: TemplateUse,
    /// Whom it may ask, where it is for check-ins.
    #[serde(default)]
    pub asked_of: AskedOf,
    /// ふつう
    pub plain: String,
    /// やさしい日本語
    pub easy: String,
    /// やさしい日本語 with readings.
    pub furigana: String,
    /// Short, for one SMS.
    pub sms: String,
    /// Answers, in a fixed order.
    #[serde(default)]
    pub choices: Vec<AnswerChoice>,
}

/// All templates of one office.
#[derive(Clone, Debug)]
pub struct Templates(Vec<Template>);

/// The list can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the message templates can't be read: {0}")]
pub struct TemplatesError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "valid_from")]
    _valid_from: String,
    template: Vec<Template>,
}

/// What is filled into a wording.
#[derive(Clone, Copy)]
pub struct Fill<'a> {
    /// `{name}`
    pub name: &'a str,
    /// `{staff}`
    pub staff: &'a str,
    /// `{office}`
    pub office: &'a str,
    /// `{phone}`
    pub phone: &'a str,
    /// What only some templates know, each with its braces: `{time}`, `{reason}`, `{hotlines}`.
    pub more: &'a [(&'a str, &'a str)],
}

/// The marks that every wording may have.
const ALWAYS: [&str; 4] = ["{name}", "{staff}", "{office}", "{phone}"];

/// The marks in a wording, each with its braces, in order.
fn marks(text: &str) -> Vec<&str> {
    let from_open = text.split_inclusive('}').filter_map(|piece| piece.find('{').map(|at| &piece[at..]));
    from_open.collect()
}

/// A brace that closes nothing, or a wide one, as an input method leaves them.
fn stray_brace(text: &str) -> Option<&str> {
    let closing = text.split_inclusive('}').find(|piece| piece.ends_with('}') && !piece.contains('{'));
    let wide = || {
        let from = &text[text.find(['｛', '｝'])?..];
        Some(from.split_inclusive('｝').next().unwrap_or(from))
    };
    closing.map(|piece| &piece[piece.len() - 1..]).or_else(wide)
}

/// Who speaks in place of somebody who is away: 「佐藤の代わりの鈴木」.
pub fn standing_in(language: Language, owner: &str, standin: &str) -> String {
    match language {
        Language::Plain => format!("{owner}の代わりの{standin}"),
        Language::Easy | Language::Furigana => format!("{owner}の　かわりの　{standin}"),
    }
}

impl Templates {
    /// The delivered templates.
    pub fn embedded() -> Self {
        Self::parse(EMBEDDED).expect("the embedded templates are read in a test")
    }

    /// Reads a list of templates.
    pub fn parse(text: &str) -> Result<Self, TemplatesError> {
        let file: File = toml::from_str(text).map_err(|error| TemplatesError(error.to_string()))?;
        for works in [true, false] {
            if !file.template.iter().any(|template| template.may_ask(works)) {
                return Err(TemplatesError(format!("no template is for check-ins of people who work: {works}")));
            }
        }
        Ok(Self(file.template))
    }

    /// Every template.
    pub fn all(&self) -> &[Template] {
        &self.0
    }

    /// A template by key.
    pub fn get(&self, key: &str) -> Option<&Template> {
        self.0.iter().find(|template| template.key == key)
    }

    /// The check-in template that follows `last`, so that nobody is asked the same thing twice running. Somebody who has no job now
    /// is asked nothing that speaks of work.
    pub fn next_check_in(&self, last: Option<&str>, works: bool) -> &Template {
        let after =
            last.and_then(|last| self.0.iter().position(|template| template.key == last)).map_or(0, |at| at + 1);
        let (before, behind) = self.0.split_at(after);
        let next = behind.iter().chain(before).find(|template| template.may_ask(works));
        next.expect("a list without one is refused when it is read")
    }

    /// Puts an office's own wording in place of a delivered one; an unknown key is left alone.
    pub fn replace(&mut self, key: &str, language: Language, body: &str) {
        let Some(template) = self.0.iter_mut().find(|template| template.key == key) else { return };
        body.clone_into(template.wording_mut(language));
    }
}

impl Template {
    /// The wording in a language level.
    pub fn wording(&self, language: Language) -> &str {
        match language {
            Language::Plain => &self.plain,
            Language::Easy => &self.easy,
            Language::Furigana => &self.furigana,
        }
    }

    fn may_ask(&self, works: bool) -> bool {
        let suits = match self.asked_of {
            AskedOf::Anybody => true,
            AskedOf::Working => works,
            AskedOf::NotWorking => !works,
        };
        suits && self.purpose == TemplateUse::CheckIn
    }

    /// A mark in somebody's own wording that nothing would be filled into, or a brace that is none; the reader would see it.
    pub fn unknown_mark<'t>(&self, text: &'t str) -> Option<&'t str> {
        let known: Vec<&str> =
            [&self.plain, &self.easy, &self.furigana].into_iter().flat_map(|text| marks(text)).collect();
        let unknown = marks(text).into_iter().find(|mark| !ALWAYS.contains(mark) && !known.contains(mark));
        unknown.or_else(|| stray_brace(text))
    }

    /// A mark of the delivered wording without which somebody's own doesn't say what it is sent for, such as `{time}`.
    pub fn missing_mark(&self, language: Language, text: &str) -> Option<&str> {
        marks(self.wording(language)).into_iter().find(|mark| !ALWAYS.contains(mark) && !text.contains(mark))
    }

    fn wording_mut(&mut self, language: Language) -> &mut String {
        match language {
            Language::Plain => &mut self.plain,
            Language::Easy => &mut self.easy,
            Language::Furigana => &mut self.furigana,
        }
    }

    /// The message as it goes out on a channel. Without buttons the answers stand in the text as numbers, and a typed
    /// number is understood on every channel (S2.13).
    pub fn payload(
        &self,
        channel: ChannelKind,
        language: Language,
        fill: &Fill<'_>,
        check_in: Option<CheckInId>,
    ) -> Payload {
        let wording = if channel == ChannelKind::Sms { &self.sms } else { self.wording(language) };
        let mut text = fill_in(wording, fill);
        let buttons = check_in.filter(|_| channel == ChannelKind::Line);
        if buttons.is_none() && !self.choices.is_empty() {
            text.push('\n');
            let numbered = self.choices.iter().enumerate().map(|(at, choice)| {
                let number = self.number(at);
                // Apart from the words: "1" and 「2人以上」 must not be read as twelve.
                format!("{number}:{}", choice.label)
            });
            text.push_str(&numbered.collect::<Vec<_>>().join(" "));
        }
        let choices = buttons.map_or_else(Vec::new, |id| {
            let choice = |c: &AnswerChoice| PayloadChoice { label: c.label.clone(), data: answer_data(id, &c.code) };
            self.choices.iter().map(choice).collect()
        });
        Payload { text, choices, ..Payload::default() }
    }

    /// The question of its message as it stands in another one: without the greeting, the answers in brackets. They have no
    /// numbers, because a typed number is taken for an answer to the newest check-in that went out, which this one isn't.
    pub fn within(&self, sent: &str, rules: &LintRules) -> String {
        let first = self.choices.first().map(|choice| format!("{}:{}", self.number(0), choice.label));
        let is_numbered = |last: &str| first.is_some_and(|first| last.starts_with(&first));
        let words = sent.rsplit_once('\n').filter(|(_, last)| is_numbered(last)).map_or(sent, |(words, _)| words);
        let question = question_of(words, rules);
        let labels: Vec<&str> = self.choices.iter().map(|choice| choice.label.as_str()).collect();
        if labels.is_empty() { question.to_owned() } else { format!("{question}［{}］", labels.join("／")) }
    }

    /// The answer with this code.
    pub fn choice(&self, code: &str) -> Option<&AnswerChoice> {
        self.choices.iter().find(|choice| choice.code == code)
    }

    /// The answer that a typed text means: its number (half or full width) or its label.
    pub fn typed_choice(&self, text: &str) -> Option<&AnswerChoice> {
        let Ok(number) = typed(text).parse::<usize>() else { return self.typed_label(text) };
        let numbered = self.choices.iter().enumerate().find(|(at, _)| self.number(*at) == number);
        numbered.map(|(_, choice)| choice)
    }

    /// The answer whose label is typed. A number names an answer only to the question asked last; words say themselves which they mean.
    pub fn typed_label(&self, text: &str) -> Option<&AnswerChoice> {
        use unicode_normalization::UnicodeNormalization;
        let typed = typed(text);
        self.choices.iter().find(|choice| choice.label.nfkc().collect::<String>() == typed)
    }

    /// The number of an answer: 1, 2, 3 …, and 0 for 「こたえない」.
    fn number(&self, at: usize) -> usize {
        if self.choices[at].is_no_answer() { 0 } else { at + 1 }
    }
}

/// A typed answer without what people put behind a number.
fn typed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let typed: String = text.nfkc().collect();
    typed.trim().trim_end_matches(['。', '.', '!', ')', ':', '番']).trim().to_owned()
}

/// Fills the known placeholders in one pass; filled-in values are never read as placeholders themselves.
pub fn fill_in(wording: &str, fill: &Fill<'_>) -> String {
    let marks = [("{name}", fill.name), ("{staff}", fill.staff), ("{office}", fill.office), ("{phone}", fill.phone)];
    fill_marks(wording, &[&marks, fill.more].concat())
}

/// Fills marks in one pass: pairs of a mark, `{` first, and its value.
pub(crate) fn fill_marks(wording: &str, marks: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(wording.len() + 32);
    let mut rest = wording;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((mark, value)) = marks.iter().find(|(mark, _)| rest.starts_with(mark)) else {
            text.push('{');
            rest = &rest[1..];
            continue;
        };
        text.push_str(value);
        rest = &rest[mark.len()..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_that_nothing_would_be_filled_into_is_found() {
        let templates = Templates::embedded();
        let template = templates.next_check_in(None, true);
        let unknown = |text: &'static str| template.unknown_mark(text);
        assert_eq!(unknown("{name}さん、{staff}です。"), None);
        assert_eq!(unknown("｛name｝さん、{staff}です。"), Some("｛name｝"));
        assert_eq!(unknown("{name}さん、{stafff}です。"), Some("{stafff}"));
        assert_eq!(unknown("name}さん"), Some("}"));
        assert_eq!(unknown("{name さん"), Some("{name さん"));
        assert_eq!(unknown("{name}さん、staff｝です"), Some("｝"));
    }

    const MORE: &[(&str, &str)] =
        &[("{time}", "今日の午後3時"), ("{reason}", "電話が長くなりました"), ("{hotlines}", "0120-000-000")];
    const FILL: Fill<'_> =
        Fill { name: "見本", staff: "例田", office: "みほん支援室", phone: "03-0000-0000", more: MORE };

    fn condition() -> Template {
        Templates::embedded().get("check-in-condition").unwrap().clone()
    }

    #[test]
    fn a_question_within_another_message_has_its_answers_in_brackets_on_every_channel() {
        let (templates, rules) = (Templates::embedded(), LintRules::embedded());
        let fill = Fill { name: "見本", staff: "例川", office: "見本支援室", phone: "", more: &[] };
        let template = templates.get("check-in-condition").unwrap();
        let within = |channel, id| {
            let payload = template.payload(channel, Language::Plain, &fill, id);
            template.within(&payload.text, &rules)
        };
        let buttons = Some(CheckInId(uuid::Uuid::from_u128(7)));
        let answers = "［よい／ふつう／しんどい／こたえない］";
        assert_eq!(within(ChannelKind::Line, buttons), format!("今日の体の調子は、どれに近いですか。{answers}"));
        assert_eq!(within(ChannelKind::Sms, buttons), format!("今日の体の調子は？{answers}"));
    }

    #[test]
    fn every_check_in_offers_an_answer_that_is_no_answer_and_fits_its_channels() {
        for template in Templates::embedded().all() {
            if template.purpose == TemplateUse::CheckIn {
                assert!(template.choices.last().unwrap().is_no_answer(), "{}", template.key);
            }
            assert!(template.choices.len() <= 6, "{}", template.key);
            assert!(template.choices.iter().all(|c| c.label.chars().count() <= 20), "{}", template.key);
            let sms = template.payload(ChannelKind::Sms, Language::Plain, &FILL, None);
            assert!(sms.text.encode_utf16().count() <= 70, "{}: {}", template.key, sms.text);
        }
    }

    #[test]
    fn every_wording_keeps_the_rules_of_length_and_asks_at_most_one_question() {
        for template in Templates::embedded().all() {
            for &language in Language::ALL {
                let text = fill_in(template.wording(language), &FILL);
                assert!(text.matches(['？', '?']).count() + text.matches("か。").count() <= 1, "{}", template.key);
                assert!(!text.contains('{'), "{}: {text}", template.key);
            }
        }
    }

    #[test]
    fn every_wording_is_written_by_the_rules_and_what_asks_nothing_says_so_by_sms_too() {
        use crate::lint::{Draft, LintRules, Name, Recipient, Remark, Rule, Weight, lint};
        let names = ["見本", "例田", "みほん支援室"].map(|written| Name { written, reading: Some("みほん") });
        let rules = LintRules::embedded();
        for template in Templates::embedded().all() {
            for &language in Language::ALL {
                for channel in [ChannelKind::Line, ChannelKind::Sms] {
                    let payload = template.payload(channel, language, &FILL, None);
                    let to = Recipient { names: &names, ..Recipient::new(language.into()) };
                    let draft =
                        Draft { channel: Some(channel), ..Draft::new(&payload.text, "2026-11-20".parse().unwrap()) };
                    // The answer at night goes out once and by itself: it says all there is to say, with the hotline's number.
                    let longer = [Rule::PhoneInside, Rule::SentencesMany, Rule::MessageLong];
                    let may = |rule| template.key == "out-of-hours" && longer.contains(&rule);
                    let warns = |remark: &Remark| remark.weight == Weight::Warn && !may(remark.rule);
                    let warned = lint(&draft, &to, &rules).into_iter().find(warns);
                    assert!(warned.is_none(), "{} {language} {channel}: {warned:?}: {}", template.key, payload.text);
                    let asks = !template.choices.is_empty();
                    assert!(asks || payload.text.contains("【返事"), "S2.3: {}: {}", template.key, payload.text);
                }
            }
        }
    }

    #[test]
    fn line_gets_buttons_that_carry_the_check_in_and_sms_gets_numbers() {
        let id = CheckInId(uuid::Uuid::from_u128(9));
        let line = condition().payload(ChannelKind::Line, Language::Plain, &FILL, Some(id));
        assert_eq!(line.choices.len(), 4);
        assert!(line.choices[2].data.contains(&id.to_string()));
        assert!(!line.text.contains('1'));
        let sms = condition().payload(ChannelKind::Sms, Language::Plain, &FILL, Some(id));
        assert!(sms.choices.is_empty());
        assert!(sms.text.ends_with("1:よい 2:ふつう 3:しんどい 0:こたえない"), "{}", sms.text);
    }

    #[test]
    fn a_typed_number_or_label_is_understood_in_every_width() {
        let template = condition();
        let code = |text| template.typed_choice(text).map(|choice| choice.code.as_str());
        assert_eq!(code("３"), Some("bad"));
        assert_eq!(code(" 1。"), Some("good"));
        assert_eq!(code("0"), Some("none"));
        assert_eq!(code("しんどい"), Some("bad"));
        assert_eq!(code("4"), None);
        assert_eq!(code("3時に電話ください"), None);
    }

    #[test]
    fn nobody_is_asked_the_same_thing_twice_running() {
        let templates = Templates::embedded();
        for works in [true, false] {
            let mut last = templates.next_check_in(None, works).key.clone();
            for _ in 0..20 {
                let next = templates.next_check_in(Some(&last), works).key.clone();
                assert_ne!(next, last);
                last = next;
            }
        }
    }

    #[test]
    fn nobody_without_a_job_is_asked_about_work_whatever_they_were_asked_before() {
        let templates = Templates::embedded();
        for last in templates.all().iter().map(|template| template.key.as_str()) {
            let asked = templates.next_check_in(Some(last), false);
            let labels = asked.choices.iter().map(|choice| &choice.label);
            for text in [&asked.plain, &asked.easy, &asked.furigana, &asked.sms].into_iter().chain(labels) {
                let of_work = ["仕事", "しごと", "職場", "会社"].into_iter().find(|word| text.contains(word));
                assert_eq!(of_work, None, "{}: {text}", asked.key);
            }
        }
        let mut last = None;
        let of_workers: Vec<String> = (0..6)
            .map(|_| {
                let key = templates.next_check_in(last.as_deref(), true).key.clone();
                last = Some(key.clone());
                key
            })
            .collect();
        assert!(of_workers.iter().any(|key| key == "check-in-workload"), "whoever works is asked as before");
        assert!(of_workers.iter().all(|key| key != "check-in-worries"));
    }

    #[test]
    fn a_name_that_looks_like_a_placeholder_stays_a_name() {
        let fill = Fill { name: "{staff}{{7*7}}", ..FILL };
        assert_eq!(fill_in("{name}さん、{x}", &fill), "{staff}{{7*7}}さん、{x}");
    }
}
