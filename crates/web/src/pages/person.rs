//! A graduate as several pages show them: who this is, and what makes a stand-in sure (S4.3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::Support;
use bansou_core::words::Lang;

use super::LocalTime;
use super::absences::CareView;
use crate::form::FormState;

/// The head of every page about one graduate.
#[derive(Clone, Serialize)]
pub struct PersonHead {
    /// The graduate's id, as it stands in paths.
    pub id: String,
    /// 氏名.
    pub name: String,
    /// フリガナ, may be empty.
    pub kana: String,
    /// 氏 as used in messages, without さん.
    pub call_name: String,
    /// Where they work now; `None` when not employed.
    pub employer: Option<String>,
    /// Which day of the job it is, counted from one.
    pub tenure: Option<i64>,
    /// Where they stand with the office.
    pub support: Support,
    /// Contact is paused today.
    pub paused: Option<PauseView>,
    /// All contact is stopped.
    pub stopped: bool,
    /// Their own member of staff.
    pub staff: Option<String>,
    /// Who stands in when the member of staff is away.
    pub stand_in: Option<String>,
    /// Somebody else than their own member of staff looks after the person now.
    pub care: Option<CareView>,
}

/// A pause that holds today.
#[derive(Clone, Serialize)]
pub struct PauseView {
    /// Last day without contact.
    pub until: Option<NaiveDate>,
    /// Why, in the words of whoever asked for it.
    pub why: String,
}

/// Nothing may be sent to the person any more.
#[derive(Clone, Serialize)]
pub struct StopView {
    /// Since which day.
    pub on: NaiveDate,
    /// Whether the person said so themself.
    pub by_person: bool,
}

/// Why something can't be done now, and where that is mended.
#[derive(Clone, Serialize)]
pub struct Mend {
    /// Why, in one sentence.
    pub why: String,
    /// The words of the link.
    pub link: String,
    /// Where it leads.
    pub href: String,
}

/// Words of crisis and what is being done about them.
#[derive(Clone, Serialize)]
pub struct CrisisBlock {
    /// The graduate's id.
    pub graduate: String,
    /// 氏名.
    pub name: String,
    /// The newest of the words, as they were written; empty when the person took them back.
    pub quote: String,
    /// When they came in.
    pub at: LocalTime,
    /// Older words that came in after the newest ones, with when they were written, newest first.
    pub late: Vec<(LocalTime, String)>,
    /// On which channel; `None` when the person took them back.
    pub channel: Option<ChannelKind>,
    /// When the office's own safe text went out; nothing else is sent by itself.
    pub safe_text_at: Option<LocalTime>,
    /// Who has taken it up, and when.
    pub taken: Option<Taken>,
    /// What to do in a crisis, in the person's own words; may be empty.
    pub plan: String,
    /// The number to call, as one dials it.
    pub phone: Option<String>,
    /// The form by which it is ended.
    pub close: FormState<CrisisCloseForm>,
}

/// The raw form that ends a crisis.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CrisisCloseForm {
    /// What was done, in a line; becomes a note.
    pub what: String,
    /// Id of the message whose words of crisis were the last to come in on the page; empty when there were none.
    pub seen: String,
}

/// Somebody is on it.
#[derive(Clone, Serialize)]
pub struct Taken {
    /// The member of staff.
    pub by: String,
    /// Since when.
    pub at: LocalTime,
    /// Whether that is the reader.
    pub is_me: bool,
}

impl PersonHead {
    /// A made-up person of the samples.
    pub(crate) fn sample() -> Self {
        Self {
            id: "018f-mihon-hanako".to_owned(),
            name: "見本 花子".to_owned(),
            kana: "ミホン ハナコ".to_owned(),
            call_name: "見本".to_owned(),
            employer: Some("株式会社サンプル物流".to_owned()),
            tenure: Some(94),
            support: Support::Supported,
            paused: None,
            stopped: false,
            staff: Some("見本 佐和".to_owned()),
            stand_in: None,
            care: None,
        }
    }
}

impl Mend {
    /// Made up for samples: a number that takes no messages.
    pub(crate) fn sample(lang: Lang) -> Self {
        Self {
            why: super::said(
                lang,
                "この連絡先は今は使えないので、もう一度は送れません。",
                "This address doesn’t work now, so it can’t be sent again.",
            ),
            link: super::said(lang, "連絡先を直す", "Mend the address"),
            href: "/graduates/018f-mihon-hanako/edit".to_owned(),
        }
    }
}

impl CrisisBlock {
    /// The same with the reader on it.
    pub(crate) fn sample_mine() -> Self {
        let taken = Taken { by: "見本 佐和".to_owned(), at: super::sample_time("2026-11-20T10:36"), is_me: true };
        Self { taken: Some(taken), ..Self::sample(false) }
    }

    /// Made-up words of crisis; `taken` says whether a colleague is on it.
    pub(crate) fn sample(taken: bool) -> Self {
        Self {
            graduate: "018f-reida-taro".to_owned(),
            name: "例田 太郎".to_owned(),
            quote: "もう消えてしまいたいです".to_owned(),
            at: super::sample_time("2026-11-20T10:31"),
            late: vec![(super::sample_time("2026-11-20T10:29"), "もう無理です".to_owned())],
            channel: Some(ChannelKind::Line),
            safe_text_at: Some(super::sample_time("2026-11-20T10:31")),
            taken: taken.then(|| Taken {
                by: "例川 実".to_owned(),
                at: super::sample_time("2026-11-20T10:36"),
                is_me: false,
            }),
            plan: "一人にしないでほしい。姉（同居）に電話してよい。静かな声で、ゆっくり話してほしい。".to_owned(),
            phone: Some("090-0000-0001".to_owned()),
            close: FormState::default(),
        }
    }
}

/// Made-up lines for samples; the real ones are dated configuration.
pub(crate) fn sample_hotlines() -> Vec<super::Hotline> {
    let line = |name: &str, number: &str, hours: &str| super::Hotline {
        name: name.to_owned(),
        number: number.to_owned(),
        hours: hours.to_owned(),
    };
    vec![
        line("見本いのちの電話", "0120-000-001", "毎日 24時間"),
        line("見本こころの相談", "0570-000-002", "平日 9:00〜17:00"),
    ]
}
