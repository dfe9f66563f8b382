//! Messages to begin from (文例): what staff may put into the box where they write to a graduate. Choosing one sends nothing.
//!
//! They are delivered configuration (`config/examples.toml`). Their name and when to use them stand in `locales/*/examples.ftl`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::delivery::ChannelKind;
use crate::graduate::Language;
use crate::message::fill_marks;

const EMBEDDED: &str = include_str!("../../../config/examples.toml");

/// A reading behind its kanji.
static READING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\p{Han})（[\p{Hiragana}ー]+）").expect("a test compiles the pattern"));

crate::codes! {
    /// What a message is written for.
    Situation {
        /// Asking how things are.
        State = "state",
        /// The person was away from work.
        Absence = "absence",
        /// Something changed at work.
        Change = "change",
        /// Tiredness and sleep.
        Body = "body",
        /// Days off and seasons.
        Season = "season",
        /// So long at work.
        Milestone = "milestone",
        /// Before and after a meeting.
        Meeting = "meeting",
        /// A request to the employer.
        Request = "request",
        /// No answer for a while.
        Silence = "silence",
        /// A pause begins or ends.
        Pause = "pause",
        /// Somebody else looks after the person.
        Staff = "staff",
        /// Answers and calls.
        Reply = "reply",
        /// Something is asked for without saying what for (S2.8).
        Back = "back",
        /// Hard days.
        Hard = "hard",
        /// Something good.
        Praise = "praise",
    }
}

/// One message to begin from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Its key; name and occasion have the keys `example-` and this, and the same with `-when`.
    pub key: String,
    /// What it is written for.
    pub situation: Situation,
    plain: String,
    easy: String,
    sms: String,
    /// Answers, good to hard; without 「こたえない」, which always follows.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Nothing is asked, and an answer is welcome.
    #[serde(default)]
    open: bool,
}

/// What is filled into an example.
#[derive(Clone, Copy)]
pub struct ExampleFill<'a> {
    /// `{name}`: what the person is called.
    pub name: &'a str,
    /// `{staff}`
    pub staff: &'a str,
    /// `{office}`
    pub office: &'a str,
    /// `{day}`: the next day on which the office is open, in words.
    pub day: &'a str,
    /// `{hotline}`: a consultation line with its number and hours.
    pub hotline: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    example: Vec<Example>,
}

/// The delivered examples, in the order of the file.
pub fn examples() -> &'static [Example] {
    static ALL: LazyLock<Vec<Example>> = LazyLock::new(|| {
        let file: File = toml::from_str(EMBEDDED).expect("a test reads the embedded examples");
        file.example
    });
    &ALL
}

/// The example with this key.
pub fn example(key: &str) -> Option<&'static Example> {
    examples().iter().find(|example| example.key == key)
}

impl Example {
    /// The whole message for a person's way of reading and the way it goes: words, then answers or the mark that none is needed.
    pub fn text(&self, channel: Option<ChannelKind>, language: Language, fill: &ExampleFill<'_>) -> String {
        let sms = channel == Some(ChannelKind::Sms);
        let wording = match language {
            _ if sms => self.sms.clone(),
            Language::Plain => self.plain.clone(),
            Language::Easy => READING.replace_all(&self.easy, "$1").into_owned(),
            Language::Furigana => self.easy.clone(),
        };
        let marks = [
            ("{name}", fill.name),
            ("{staff}", fill.staff),
            ("{office}", fill.office),
            ("{day}", fill.day),
            ("{hotline}", fill.hotline),
        ];
        let mut text = fill_marks(&wording, &marks);
        if !self.choices.is_empty() {
            text.push('\n');
            text.push_str(&self.answers(sms));
        } else if !self.open {
            text.push_str(match language {
                Language::Plain => "【返事はいりません】",
                _ if sms => "【返事はいりません】",
                Language::Easy => "【返事は　いりません】",
                Language::Furigana => "【返事（へんじ）は　いりません】",
            });
        }
        text
    }

    /// Numbered answers in one line: a number is typed on every phone (S2.13). 「こたえない」 stands apart (ux.md C7).
    fn answers(&self, sms: bool) -> String {
        let numbered = self.choices.iter().enumerate().map(|(at, label)| format!("{}:{label}", at + 1));
        let gap = if sms { " " } else { "　　" };
        format!("{}{gap}0:こたえない", numbered.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lint::{Draft, LintRules, Name, Reader, Recipient, day_written, lint, sms_length};

    const HOTLINE: &str = "よりそいホットライン 0120-279-338（24時間）";
    const PEOPLE: [(&str, &str); 3] = [("見本", "みほん"), ("例田", "れいだ"), ("サンプル", "さんぷる")];

    fn fill<'a>(name: &'a str, day: &'a str) -> ExampleFill<'a> {
        ExampleFill { name, staff: "例川", office: "見本就労支援センター", day, hotline: HOTLINE }
    }

    fn remarks(text: &str, channel: ChannelKind, language: Language) -> Vec<String> {
        let names: Vec<Name<'_>> = PEOPLE
            .iter()
            .map(|(written, reading)| Name { written, reading: Some(reading) })
            .chain(
                [("例川", "れいかわ"), ("見本就労支援センター", "みほん"), ("見本商事", "みほん")]
                    .map(|(written, reading)| Name { written, reading: Some(reading) }),
            )
            .collect();
        let to = Recipient { names: &names, ..Recipient::new(Reader::from(language)) };
        let today = "2026-11-20".parse().unwrap();
        let draft = Draft { channel: Some(channel), ..Draft::new(text, today) };
        let found = lint(&draft, &to, &LintRules::embedded());
        let told =
            |remark: &crate::lint::Remark| format!("{}:{}:{}", remark.weight, remark.rule, &text[remark.span.clone()]);
        // A hotline's name and hours are as they are.
        let is_ours = |remark: &&crate::lint::Remark| !HOTLINE.contains(text[remark.span.clone()].trim());
        found.iter().filter(is_ours).map(told).collect()
    }

    /// Issue 4, part 5: each rendered for made-up people in each language level, and looked over.
    #[test]
    fn every_example_is_written_by_the_rules_for_every_reader() {
        let day = day_written("2026-11-24".parse().unwrap(), Reader::Plain);
        let mut wrong = Vec::new();
        for example in examples() {
            for (name, _) in PEOPLE {
                for &language in Language::ALL {
                    let text = example.text(Some(ChannelKind::Line), language, &fill(name, &day));
                    assert!(!text.contains(['{', '}']), "{}: {text}", example.key);
                    wrong.extend(
                        remarks(&text, ChannelKind::Line, language)
                            .into_iter()
                            .map(|it| format!("{} {language} {it}", example.key)),
                    );
                }
            }
        }
        assert!(wrong.is_empty(), "{} remarks:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// S2.13: an SMS is one SMS, but for a hotline, whose name and hours can't be cut.
    #[test]
    fn every_example_fits_one_sms() {
        let day = day_written("2026-11-24".parse().unwrap(), Reader::Plain);
        let mut wrong = Vec::new();
        for example in examples() {
            let text = example.text(Some(ChannelKind::Sms), Language::Easy, &fill("見本", &day));
            let length = sms_length(&text);
            if length.parts > 1 {
                wrong.push(format!("{}: {} units: {text}", example.key, length.units));
            }
            wrong.extend(remarks(&text, ChannelKind::Sms, Language::Plain));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn there_are_forty_and_each_situation_has_some() {
        let keys: BTreeSet<&str> = examples().iter().map(|example| example.key.as_str()).collect();
        assert!(keys.len() == examples().len() && keys.len() >= 40, "{}", keys.len());
        for situation in Situation::ALL {
            assert!(examples().iter().any(|example| example.situation == *situation), "{situation}");
        }
    }

    #[test]
    fn whoever_is_asked_may_leave_the_answer_and_whoever_is_told_needs_none() {
        let day = "11月24日（火曜日）";
        for example in examples() {
            let text = example.text(Some(ChannelKind::Line), Language::Plain, &fill("見本", day));
            let asks = text.contains("0:こたえない");
            assert!(asks || example.open || text.contains("【返事はいりません】"), "{}", example.key);
            assert_eq!(asks, text.contains('か') && text.contains("か。"), "{}: {text}", example.key);
        }
    }

    #[test]
    fn the_easy_level_is_the_same_text_without_readings() {
        let day = "11月24日（火曜日）";
        let example = example("reply-hold").unwrap();
        let text = |language| example.text(None, language, &fill("見本", day));
        assert_eq!(
            text(Language::Easy),
            "見本さん、例川です。読みました。よく　考えて、11月24日（火曜日）の　午後5時までに　返事を　します。【返事は　いりません】"
        );
        assert!(text(Language::Furigana).contains("読（よ）みました"));
    }

    #[test]
    fn a_name_that_looks_like_a_mark_stays_a_name() {
        let text = example("reply-thanks").unwrap().text(None, Language::Plain, &fill("{staff}", "明日"));
        assert!(text.starts_with("{staff}さん、"), "{text}");
    }
}
