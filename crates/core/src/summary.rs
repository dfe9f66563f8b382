//! Summary: what was said on the phone, put in writing for the person afterwards (S2.14).
//!
//! A note can't become one. [`offers`] names the sentences of a note that may be given on: the person's words, what was seen, what was done,
//! what comes next; a thought (考えたこと) is never among them. A member of staff chooses sentence by sentence, and only
//! [`Offer::choose`] makes a [`Chosen`], of which a [`Summary`] is made. Its text is a draft: they see it, change it, and send it as
//! an answer of their own.
//!
//! ```compile_fail
//! // What stands in a note isn't chosen by itself …
//! let chosen = bansou_core::summary::Chosen("遅刻3回".to_owned());
//! ```
//! ```compile_fail
//! // … and a note is no summary.
//! fn give_on(lanes: bansou_core::note::Lanes) -> bansou_core::summary::Summary { lanes.into() }
//! ```

use serde::Deserialize;

use crate::graduate::Language;
use crate::note::{ContactMode, Lanes};

crate::codes! {
    /// The lane that a sentence comes from. There is none for an interpretation.
    Part {
        /// 本人の言葉 (S)
        Said = "said",
        /// 見たこと・数字 (O)
        Seen = "seen",
        /// したこと (I)
        Done = "done",
        /// 次にすること (P)
        Next = "next",
    }
}

crate::codes! {
    /// Who does the next step.
    Who {
        /// The member of staff.
        Staff = "staff",
        /// The person.
        Person = "person",
        /// Both.
        Together = "together",
    }
}

/// A sentence of a note that may be chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Offer {
    part: Part,
    words: String,
}

/// A sentence that somebody chose for the person to read. There is no other way to make one than [`Offer::choose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Chosen(String);

/// A next step as the person reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// Who does it.
    pub who: Who,
    /// What.
    pub what: Chosen,
    /// By when, in words; empty where there is no day.
    pub by: String,
}

/// What goes into the written summary, and nothing else.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the person said.
    pub said: Vec<Chosen>,
    /// What staff saw or heard.
    pub seen: Vec<Chosen>,
    /// What was agreed, written for the person on the form.
    pub agreed: String,
    /// What was done.
    pub done: Vec<Chosen>,
    /// Who does what by when.
    pub steps: Vec<Step>,
}

/// Who writes to whom about which talk.
#[derive(Clone, Copy)]
pub struct Talk<'a> {
    /// The person's name without さん.
    pub name: &'a str,
    /// The member of staff.
    pub staff: &'a str,
    /// The day of the talk, in words.
    pub day: &'a str,
    /// The way of it.
    pub mode: ContactMode,
}

/// The words around what was chosen, `config/summary.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryWords {
    #[serde(rename = "valid_from")]
    _valid_from: String,
    plain: Frame,
    easy: Frame,
    furigana: Frame,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    opening: String,
    said: String,
    seen: String,
    agreed: String,
    done: String,
    steps: String,
    step: String,
    by: String,
    together: String,
    closing: String,
    phone: String,
    video: String,
    in_person: String,
}

/// The sentences of a note that may be given on, in the order of the lanes. An interpretation isn't looked at.
pub fn offers(lanes: &Lanes) -> Vec<Offer> {
    let Lanes { said, observed, interpretation: _, done, next } = lanes;
    let parts = [(Part::Said, said), (Part::Seen, observed), (Part::Done, done), (Part::Next, next)];
    parts.into_iter().flat_map(|(part, lane)| sentences(lane).map(move |words| Offer { part, words })).collect()
}

/// Cut after 。！？ and at the ends of lines; nothing inside 「」 is cut.
fn sentences(lane: &str) -> impl Iterator<Item = String> {
    let mut found = vec![String::new()];
    let mut depth = 0_u32;
    for letter in lane.chars() {
        match letter {
            '「' | '『' => depth += 1,
            '」' | '』' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == '\n' {
            depth = 0;
            found.push(String::new());
            continue;
        }
        if let Some(last) = found.last_mut() {
            last.push(letter);
        }
        if depth == 0 && matches!(letter, '。' | '！' | '？' | '!' | '?') {
            found.push(String::new());
        }
    }
    found.into_iter().map(|words| words.trim().to_owned()).filter(|words| !words.is_empty())
}

impl Offer {
    /// The lane it comes from.
    pub fn part(&self) -> Part {
        self.part
    }

    /// The sentence as the note has it.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Chosen by a member of staff for the person to read.
    pub fn choose(self) -> Chosen {
        Chosen(self.words)
    }
}

impl Summary {
    /// Whether nothing was chosen or written.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.said, &self.seen, &self.done];
        lists.iter().all(|list| list.is_empty()) && self.steps.is_empty() && self.agreed.trim().is_empty()
    }

    /// The draft in the person's language level.
    pub fn draft(&self, words: &SummaryWords, language: Language, talk: &Talk<'_>) -> String {
        let frame = words.frame(language);
        let how = match talk.mode {
            ContactMode::Video => &frame.video,
            ContactMode::InPerson => &frame.in_person,
            _ => &frame.phone,
        };
        let blanks = [("{name}", talk.name), ("{staff}", talk.staff), ("{day}", talk.day), ("{how}", how)];
        let mut parts = vec![fill(&frame.opening, &blanks)];
        let plain = |list: &[Chosen]| list.iter().map(|chosen| line(&chosen.0)).collect::<Vec<_>>();
        let quoted = self.said.iter().map(|chosen| line(&quote(&chosen.0))).collect::<Vec<_>>();
        let agreed = sentences(&self.agreed).map(|words| line(&words)).collect::<Vec<_>>();
        let steps = self.steps.iter().map(|step| line(&frame.step_words(step, talk))).collect::<Vec<_>>();
        for (title, lines) in [
            (&frame.said, quoted),
            (&frame.seen, plain(&self.seen)),
            (&frame.agreed, agreed),
            (&frame.done, plain(&self.done)),
            (&frame.steps, steps),
        ] {
            if !lines.is_empty() {
                parts.push(format!("■{}\n{}", fill(title, &blanks), lines.join("\n")));
            }
        }
        parts.push(frame.closing.clone());
        parts.join("\n\n")
    }
}

impl SummaryWords {
    /// The words in the binary.
    pub fn embedded() -> Self {
        toml::from_str(include_str!("../../../config/summary.toml")).expect("a test reads the embedded words")
    }

    fn frame(&self, language: Language) -> &Frame {
        match language {
            Language::Plain => &self.plain,
            Language::Easy => &self.easy,
            Language::Furigana => &self.furigana,
        }
    }
}

impl Frame {
    fn step_words(&self, step: &Step, talk: &Talk<'_>) -> String {
        let person = format!("{}さん", talk.name);
        let who = match step.who {
            Who::Staff => talk.staff,
            Who::Person => &person,
            Who::Together => &self.together,
        };
        let by = if step.by.is_empty() { String::new() } else { fill(&self.by, &[("{date}", &step.by)]) };
        let what = step.what.0.trim_end_matches('。');
        fill(&self.step, &[("{who}", who), ("{what}", what), ("{by}", &by)])
    }
}

fn line(words: &str) -> String {
    format!("・{words}")
}

/// In 「」, unless they stand there already.
fn quote(words: &str) -> String {
    if words.starts_with('「') { words.to_owned() } else { format!("「{}」", words.trim_end_matches('。')) }
}

/// Fills blanks in one pass; what is filled in is never read as a blank itself.
fn fill(frame: &str, blanks: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = frame;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let blank = blanks.iter().find(|(mark, _)| rest.starts_with(mark));
        let (mark, value) = blank.copied().unwrap_or(("{", "{"));
        text.push_str(value);
        rest = &rest[mark.len()..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes() -> Lanes {
        Lanes {
            said: "朝がつらい。「もう行きたくない。でも行く」と言った。".into(),
            observed: "遅刻は今週2回".into(),
            interpretation: "CANARY-A 疲れているのかもしれない。".into(),
            done: "休み方を話した。".into(),
            next: "主治医に相談する。".into(),
        }
    }

    const TALK: Talk<'_> =
        Talk { name: "見本", staff: "例田", day: "11月20日（金曜日）", mode: ContactMode::Phone };

    #[test]
    fn sentences_are_offered_one_by_one_and_a_thought_never_is() {
        let offers = offers(&lanes());
        let words: Vec<_> = offers.iter().map(|offer| (offer.part().as_str(), offer.words())).collect();
        assert_eq!(
            words,
            [
                ("said", "朝がつらい。"),
                ("said", "「もう行きたくない。でも行く」と言った。"),
                ("seen", "遅刻は今週2回"),
                ("done", "休み方を話した。"),
                ("next", "主治医に相談する。"),
            ]
        );
        assert!(offers.iter().all(|offer| !offer.words().contains("CANARY")));
    }

    #[test]
    fn the_draft_holds_what_was_chosen_and_nothing_else_of_the_note() {
        let mut offers = offers(&lanes());
        let next = offers.pop().unwrap().choose();
        let said = offers.remove(0).choose();
        let summary = Summary {
            said: vec![said],
            agreed: "来週また電話で話す".into(),
            steps: vec![Step { who: Who::Person, what: next, by: "11月27日（金曜日）".into() }],
            ..Summary::default()
        };
        let text = summary.draft(&SummaryWords::embedded(), Language::Plain, &TALK);
        assert_eq!(
            text,
            "見本さん、例田です。11月20日（金曜日）の電話で話したことを、まとめました。\n\n■見本さんの話\n・「朝がつらい」\n\n\
             ■決めたこと\n・来週また電話で話す\n\n■これからすること\n・見本さん：主治医に相談する — 11月27日（金曜日）まで\n\n\
             ちがうところがあれば、教えてください。なければ、【返事はいりません】"
        );
        for left_out in ["遅刻", "休み方", "行きたくない", "CANARY"] {
            assert!(!text.contains(left_out), "{left_out}");
        }
    }

    #[test]
    fn each_language_level_has_its_own_words_without_a_blank_left_open() {
        let words = SummaryWords::embedded();
        for language in Language::ALL {
            for mode in [ContactMode::Phone, ContactMode::Video, ContactMode::InPerson] {
                let chosen = offers(&lanes()).pop().unwrap().choose();
                let step = Step { who: Who::Together, what: chosen, by: "明日".into() };
                let summary = Summary { steps: vec![step], ..Summary::default() };
                let text = summary.draft(&words, *language, &Talk { mode, ..TALK });
                assert!(!text.contains(['{', '}']), "{language}: {text}");
                assert!(text.contains("いりません】"), "{text}");
            }
        }
        assert!(Summary::default().is_empty());
    }

    #[test]
    fn the_words_around_what_was_chosen_give_nothing_to_remark() {
        use crate::lint::{Draft, LintRules, Name, Recipient, Rule, lint};
        let words = SummaryWords::embedded();
        let names = ["見本", "例田"].map(|written| Name { written, reading: Some(written) });
        for language in Language::ALL {
            let summary = Summary { agreed: "またはなす".into(), ..Summary::default() };
            let text = summary.draft(&words, *language, &TALK);
            let to = Recipient { names: &names, ..Recipient::new((*language).into()) };
            let found = lint(&Draft::new(&text, "2026-11-20".parse().unwrap()), &to, &LintRules::embedded());
            // A list of what was chosen is longer than a message.
            let of_length = |rule| matches!(rule, Rule::SentencesMany | Rule::MessageLong);
            let found = found.iter().filter(|remark| !of_length(remark.rule));
            let found: Vec<_> = found.map(|remark| (remark.rule, &text[remark.span.clone()])).collect();
            assert!(found.is_empty(), "{language}: {found:?}");
        }
    }

    #[test]
    fn a_name_that_looks_like_a_blank_stays_a_name() {
        let text = Summary { agreed: "{staff}".into(), ..Summary::default() };
        let text = text.draft(&SummaryWords::embedded(), Language::Plain, &Talk { name: "{day}", ..TALK });
        assert!(text.starts_with("{day}さん、例田です。") && text.contains("・{staff}"), "{text}");
    }
}
