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

/// Stands in an example for what only the writer knows (a day, a place, somebody's words). No message with one in it goes out.
pub const BLANK: char = '＿';

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
    /// Answers, good to hard, with readings; without 「こたえない」, which always follows.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Nothing is asked, and the words themselves say when an answer is welcome.
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
    /// `{hotline}`: a consultation line that is answered at any hour, with its number.
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
        let marks =
            [("{name}", fill.name), ("{staff}", fill.staff), ("{office}", fill.office), ("{hotline}", fill.hotline)];
        let mut text = fill_marks(&wording, &marks);
        if !self.choices.is_empty() {
            text.push('\n');
            text.push_str(&self.answers(sms, language));
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

    /// The answers in one line, 「こたえない」 last (ux.md C7), and how to give one. They have no numbers: a typed number answers the
    /// check-in that is out (S2.13).
    fn answers(&self, sms: bool, language: Language) -> String {
        let labels = self.choices.join("／");
        let (labels, how) = match language {
            Language::Furigana if !sms => (labels.into(), "ことばで　書（か）いてください。"),
            Language::Easy if !sms => (READING.replace_all(&labels, "$1"), "ことばで　書いてください。"),
            _ => (READING.replace_all(&labels, "$1"), "ことばで書いてください。"),
        };
        format!("［{labels}／こたえない］\n{how}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lint::{Draft, LintRules, Name, Reader, Recipient, lint, sms_length};

    const HOTLINE: &str = "よりそいホットライン 0120-279-338";
    const PEOPLE: [(&str, &str); 3] = [("見本", "みほん"), ("例田", "れいだ"), ("サンプル", "さんぷる")];

    fn fill(name: &str) -> ExampleFill<'_> {
        ExampleFill { name, staff: "例川", office: "見本就労支援センター", hotline: HOTLINE }
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
        // A hotline's name and number are as they are, and so is the line that they add.
        let is_ours = |remark: &&crate::lint::Remark| {
            let about = text[remark.span.clone()].trim();
            !HOTLINE.contains(about) && !about.contains(HOTLINE)
        };
        found.iter().filter(is_ours).map(told).collect()
    }

    /// Issue 4, part 5: each rendered for made-up people in each language level, and looked over.
    #[test]
    fn every_example_is_written_by_the_rules_for_every_reader() {
        let mut wrong = Vec::new();
        for example in examples() {
            for (name, _) in PEOPLE {
                for &language in Language::ALL {
                    let text = example.text(Some(ChannelKind::Line), language, &fill(name));
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

    /// S2.13: an SMS is one SMS.
    #[test]
    fn every_example_fits_one_sms() {
        let mut wrong = Vec::new();
        for example in examples() {
            let text = example.text(Some(ChannelKind::Sms), Language::Easy, &fill("見本"));
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
        for example in examples() {
            let text = example.text(Some(ChannelKind::Line), Language::Plain, &fill("見本"));
            let asks = text.contains("／こたえない］");
            assert!(asks || example.open || text.contains("【返事はいりません】"), "{}", example.key);
            assert_eq!(asks, text.contains('か') && text.contains("か。"), "{}: {text}", example.key);
        }
    }

    #[test]
    fn the_easy_level_is_the_same_text_without_readings() {
        let example = example("hard-how").unwrap();
        let text = |language| example.text(None, language, &fill("見本"));
        assert_eq!(
            text(Language::Easy),
            "見本さん、例川です。書いてくれて、ありがとうございます。今、してほしい　ことは　どれに　近いですか。\n\
             ［電話がほしい／文字で話したい／そっとしてほしい／こたえない］\nことばで　書いてください。"
        );
        let with_readings = text(Language::Furigana);
        assert!(
            with_readings.contains("近（ちか）い") && with_readings.contains("［電話（でんわ）がほしい／"),
            "{with_readings}"
        );
    }

    /// ついたち, よっか, はつか: only whoever fills the blank knows how the day is read.
    #[test]
    fn no_example_gives_a_reading_to_a_day_that_it_leaves_open() {
        for example in examples() {
            let text = example.text(Some(ChannelKind::Line), Language::Furigana, &fill("見本"));
            assert!(!text.contains("日（にち）"), "{}: {text}", example.key);
        }
    }

    /// A typed number is taken for the answer to the check-in that is out, whatever was asked since.
    #[test]
    fn no_answer_is_a_number() {
        for example in examples() {
            assert!(example.choices.iter().all(|label| label.parse::<usize>().is_err()), "{}", example.key);
            let text = example.text(Some(ChannelKind::Sms), Language::Plain, &fill("見本"));
            assert!(!text.contains("1:") && !text.contains("0:"), "{}: {text}", example.key);
        }
    }

    #[test]
    fn a_name_that_looks_like_a_mark_stays_a_name() {
        let text = example("reply-thanks").unwrap().text(None, Language::Plain, &fill("{staff}"));
        assert!(text.starts_with("{staff}さん、"), "{text}");
    }
}
