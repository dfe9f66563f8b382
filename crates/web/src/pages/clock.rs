//! The reply clock and promises as several pages show them (S2.1, S2.9). One model: a list and a thread say the same.

use bansou_core::commitment::{CommitmentKind, CommitmentSource, CommitmentState, Standing};
use bansou_core::delivery::ChannelKind;
use bansou_core::reply::{PauseWhy, Rung};
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::{LocalTime, said, sample_time};
use crate::form::FormState;

/// Where the clock stands. A moment is missing where it stands still for an unknown time.
#[derive(Clone, Serialize)]
pub struct ClockView {
    /// How far it has gone.
    pub rung: Rung,
    /// Due by then.
    pub due_at: Option<LocalTime>,
    /// Late from then on.
    pub late_at: Option<LocalTime>,
    /// A colleague takes over then.
    pub breach_at: Option<LocalTime>,
    /// Why it stands still now.
    pub pause: Option<PauseWhy>,
    /// Until when; none = until the person writes.
    pub pause_until: Option<LocalTime>,
    /// Who took over.
    pub handed: Option<HandedView>,
}

/// A colleague took over.
#[derive(Clone, Serialize)]
pub struct HandedView {
    /// Who looked after it; none = nobody in particular.
    pub from: Option<String>,
    /// Who took over; none = the whole team.
    pub to: Option<String>,
    /// When.
    pub at: LocalTime,
}

/// What a thread page says and offers about times.
#[derive(Clone, Default, Serialize)]
pub struct PromiseBox {
    /// Open promises about this person, soonest first.
    pub open: Vec<PromiseRow>,
    /// A holding reply; none where no answer is due, one is promised already, there is no way to tell or words of crisis wait.
    pub hold: Option<HoldView>,
    /// Whether the reader can say that we wait for the person.
    pub can_wait: bool,
    /// Whether we wait for the person.
    pub waits: bool,
    /// Whether a reply keeps a promise; the reply's form asks then.
    pub asks_kept: bool,
}

/// A holding reply in one tap.
#[derive(Clone, Serialize)]
pub struct HoldView {
    /// Times to choose from, each with the very words that go out.
    pub options: Vec<HoldOption>,
    /// The way it goes.
    pub channel: ChannelKind,
    /// A time of one's own.
    pub form: FormState<HoldForm>,
}

/// A time that can be promised.
#[derive(Clone, Serialize)]
pub struct HoldOption {
    /// The moment as the form sends it, RFC 3339.
    pub value: String,
    /// The moment as the reader sees it.
    pub at: LocalTime,
    /// The words that go out.
    pub words: String,
}

/// The raw holding reply: either `at` (a proposed moment), or a date and a time to look at first.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldForm {
    /// A moment that was shown with its words, RFC 3339.
    pub at: String,
    /// A code of `ChannelKind`.
    pub channel: String,
    /// A date of one's own.
    pub hold_on: String,
    /// A time of one's own.
    pub hold_time: String,
    /// Id of the last message that was on the page.
    pub seen: String,
}

/// One promise in a list.
#[derive(Clone, Serialize)]
pub struct PromiseRow {
    /// Its id.
    pub id: String,
    /// The graduate's id.
    pub graduate: String,
    /// The graduate's name.
    pub name: String,
    /// Who keeps it.
    pub staff: String,
    /// What it comes from.
    pub source: CommitmentSource,
    /// What is promised by the time.
    pub kind: CommitmentKind,
    /// The words.
    pub text: String,
    /// By when.
    pub due_at: LocalTime,
    /// Where an open one stands.
    pub standing: Option<Standing>,
    /// Whether it is open, and if not, what became of it.
    pub state: CommitmentState,
    /// Whether the person knows the time.
    pub told: bool,
    /// When it ended.
    pub ended_at: Option<LocalTime>,
    /// Why it was moved or withdrawn.
    pub reason: Option<String>,
}

impl ClockView {
    /// A made-up clock.
    pub fn sample(rung: Rung) -> Self {
        Self {
            rung,
            due_at: Some(sample_time("2026-11-20T10:00")),
            late_at: Some(sample_time("2026-11-20T13:00")),
            breach_at: Some(sample_time("2026-11-20T16:00")),
            pause: None,
            pause_until: None,
            handed: None,
        }
    }

    /// One that stands still until a promised time.
    pub fn sample_promised() -> Self {
        let pause_until = Some(sample_time("2026-11-20T15:00"));
        Self { pause: Some(PauseWhy::Promised), pause_until, ..Self::sample(Rung::InTime) }
    }

    /// One that waits for the person.
    pub fn sample_waiting() -> Self {
        let still = Self { due_at: None, late_at: None, breach_at: None, ..Self::sample(Rung::InTime) };
        Self { pause: Some(PauseWhy::Waiting), ..still }
    }

    /// One that a colleague took over.
    pub fn sample_handed() -> Self {
        let handed = HandedView {
            from: Some("見本 佐和".to_owned()),
            to: Some("例川 実".to_owned()),
            at: sample_time("2026-11-20T16:00"),
        };
        Self { handed: Some(handed), ..Self::sample(Rung::Breach) }
    }
}

impl PromiseBox {
    /// What stands there while an answer is due.
    pub fn sample(lang: Lang) -> Self {
        let option = |value: &str, words: &str| HoldOption {
            value: format!("{value}:00+09:00"),
            at: sample_time(value),
            words: words.to_owned(),
        };
        let options = vec![
            option(
                "2026-11-20T15:00",
                "見本さん、例川です。メッセージを読みました。今日の午後3時までに、返事をします。【返事はいりません】",
            ),
            option(
                "2026-11-24T10:00",
                "見本さん、例川です。メッセージを読みました。11月24日（火曜日）の午前10時までに、返事をします。【返事はいりません】",
            ),
        ];
        let hold = HoldView { options, channel: ChannelKind::Line, form: FormState::default() };
        Self { open: vec![PromiseRow::sample(lang)], hold: Some(hold), can_wait: true, waits: false, asks_kept: true }
    }
}

impl PromiseRow {
    /// A made-up promise that will soon be due.
    pub fn sample(lang: Lang) -> Self {
        Self {
            id: "018f-promise".to_owned(),
            graduate: "018f-mihon-hanako".to_owned(),
            name: "見本 花子".to_owned(),
            staff: "見本 佐和".to_owned(),
            source: CommitmentSource::Holding,
            kind: CommitmentKind::Do,
            text: said(lang, "返事をする", "Answer"),
            due_at: sample_time("2026-11-20T15:00"),
            standing: Some(Standing::Soon),
            state: CommitmentState::Open,
            told: true,
            ended_at: None,
            reason: None,
        }
    }
}
