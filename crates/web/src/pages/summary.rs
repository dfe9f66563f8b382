//! A talk put in writing for the person (S2.14): first what of the note goes into it, then the words themselves.
//!
//! - `GET /notes/{id}/summary`: the sentences of the note to choose from; never a thought (考えたこと).
//! - `POST /notes/{id}/summary`: `pick_<n>` = `yes` for each chosen sentence, `who_<n>` (a code of `Who`) for a next step, `agreed` (written for the
//!   person). The next page shows the draft. Nothing is sent or kept.
//! - `POST /notes/{id}/summary/look`: `body`, `channel`, `seen`, `take`, as in a thread. Nothing is sent or kept.
//! - `POST /notes/{id}/summary/send`: `body`, `channel`, `seen`: an answer like any other.
//! - `POST /notes/{id}/summary/later`: a reminder instead.

use std::collections::BTreeMap;

use bansou_core::note::ContactMode;
use bansou_core::summary::{Part, Who};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::person::{PersonHead, StopView};
use super::remarks::Remarks;
use super::thread::{ReplyChannel, ReplyForm, ThreadPage};
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// Begins the name of a sentence's tick.
pub(crate) const PICK: &str = "pick_";
/// Begins the name of the field that says who does a next step.
pub(crate) const WHO: &str = "who_";

/// The sentences to choose from.
#[derive(Clone, Serialize)]
pub struct SummaryPickPage {
    /// The person.
    pub person: PersonHead,
    /// The note.
    pub note: String,
    /// When the talk was.
    pub at: LocalTime,
    /// The way of it.
    pub mode: ContactMode,
    /// Nothing may be sent to the person; there is no form then.
    pub stop: Option<StopView>,
    /// Why there is no way to write to them, in one sentence; there is no form then.
    pub no_channel: Option<String>,
    /// When an earlier summary of this note was sent; it can be sent once more.
    pub was_sent: bool,
    /// The sentences, in the order of the lanes.
    pub offers: Vec<OfferView>,
    /// Whether the note holds a thought, which isn't among them.
    pub has_thought: bool,
    /// The day of the next step.
    pub next_on: Option<NaiveDate>,
    /// Whether that day is for setting the date.
    pub sets_date: bool,
    /// The form.
    pub form: FormState<PickForm>,
    /// Who can do a next step.
    pub whos: &'static [Who],
}

/// A sentence to choose.
#[derive(Clone, Serialize)]
pub struct OfferView {
    /// Its number.
    pub n: usize,
    /// Its lane.
    pub part: Part,
    /// Whether the lane is another than that of the one before.
    pub is_first: bool,
    /// The sentence.
    pub words: String,
    /// Whether it is chosen.
    pub is_picked: bool,
    /// Who does it, for a next step.
    pub who: Who,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PickForm {
    /// What was agreed, written for the person.
    pub agreed: String,
    /// Ticks and who does what, by the names of their fields.
    #[serde(flatten, deserialize_with = "picks")]
    pub picks: BTreeMap<String, String>,
}

fn picks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let mut rest = BTreeMap::<String, String>::deserialize(deserializer)?;
    rest.retain(|name, _| name.starts_with(PICK) || name.starts_with(WHO));
    Ok(rest)
}

impl PickForm {
    /// Whether a sentence is chosen.
    pub fn is_picked(&self, n: usize) -> bool {
        self.picks.contains_key(&format!("{PICK}{n}"))
    }

    /// Who does a next step.
    pub fn who(&self, n: usize) -> Who {
        self.picks.get(&format!("{WHO}{n}")).and_then(|who| who.parse().ok()).unwrap_or(Who::Staff)
    }
}

/// The words as the person will read them.
#[derive(Clone, Serialize)]
pub struct SummaryPage {
    /// The person.
    pub person: PersonHead,
    /// The note.
    pub note: String,
    /// Nothing may be sent to the person; there is no form then.
    pub stop: Option<StopView>,
    /// The channels, best first; empty when there is none.
    pub channels: Vec<ReplyChannel>,
    /// Why there is no way to write to them.
    pub no_channel: Option<String>,
    /// The words.
    pub reply: FormState<ReplyForm>,
    /// What there is to remark on them.
    pub remarks: Remarks,
}

impl Page for SummaryPickPage {
    const TEMPLATE: &'static str = "pages/summary_pick.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let offer = |n: usize, part: Part, is_first: bool, words: &str| OfferView {
            n,
            part,
            is_first,
            words: words.to_owned(),
            is_picked: n == 0,
            who: Who::Staff,
        };
        let usual = Self {
            person: PersonHead::sample(),
            note: "018f-n1".to_owned(),
            at: sample_time("2026-11-20T17:40"),
            mode: ContactMode::Phone,
            stop: None,
            no_channel: None,
            was_sent: false,
            offers: vec![
                offer(0, Part::Said, true, "新しい作業の順番を、よく忘れる。"),
                offer(1, Part::Said, false, "紙に書いてあると安心する。"),
                offer(2, Part::Seen, true, "11月20日（金）：出勤できている、眠れている"),
                offer(3, Part::Done, true, "手順書の例を話した。"),
                offer(4, Part::Next, true, "会社への頼み方を、いっしょに考える。"),
            ],
            has_thought: true,
            next_on: NaiveDate::from_ymd_opt(2026, 11, 27),
            sets_date: false,
            form: FormState::default(),
            whos: Who::ALL,
        };
        let none = FormState::default().with_error("pick_0", FieldError::Required);
        let no_channel =
            said(lang, "LINEも携帯番号も登録されていません。", "Neither LINE nor a mobile number is known.");
        let stop = Some(StopView { on: NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"), by_person: true });
        vec![
            ("nothing-chosen", Self { form: none, ..usual.clone() }),
            ("again", Self { was_sent: true, has_thought: false, sets_date: true, ..usual.clone() }),
            ("no-way", Self { no_channel: Some(no_channel), ..usual.clone() }),
            ("stopped", Self { stop, ..usual.clone() }),
            ("usual", usual),
        ]
    }
}

impl Page for SummaryPage {
    const TEMPLATE: &'static str = "pages/summary.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let words = "見本さん、例川です。11月20日（金曜日）の電話で話したことを、まとめました。\n\n■見本さんの話\n・「新しい作業の順番を、よく忘れる」\n\n■これからすること\n・例川：会社への頼み方を、いっしょに考える — 11月27日（金曜日）まで\n\nちがうところがあれば、教えてください。なければ、【返事はいりません】";
        let samples = ThreadPage::samples(lang).into_iter();
        let thread = samples.into_iter().find(|(name, _)| *name == "usual").expect("there is a usual thread").1;
        let usual = Self {
            person: thread.person,
            note: "018f-n1".to_owned(),
            stop: None,
            channels: thread.channels,
            no_channel: None,
            reply: FormState::new(ReplyForm { body: words.to_owned(), ..thread.reply.typed }),
            remarks: Remarks::default(),
        };
        let meanwhile = usual.reply.clone().with_error("body", FieldError::ChangedMeanwhile);
        let stop = Some(StopView { on: NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"), by_person: true });
        vec![
            ("remarked", Self { remarks: Remarks::sample(lang), ..usual.clone() }),
            ("meanwhile", Self { reply: meanwhile, ..usual.clone() }),
            ("stopped", Self { stop, channels: Vec::new(), ..usual.clone() }),
            ("usual", usual),
        ]
    }
}
