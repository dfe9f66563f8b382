//! Small signs: those that wait for a look, and those that somebody is dealing with.
//!
//! - `GET /signs?show=waiting|open|closed`.
//! - `POST /signs/{id}/confirm`: `category`, `level`, `why` (may be empty).
//! - `POST /signs/{id}/dismiss`: `why` (needed).
//! - `POST /signs/{id}/act`, `POST /signs/{id}/resolve`: `why`.
//!
//! The program suggests and quotes; a person decides. Nothing here goes to anybody by itself.

use bansou_core::sign::{Sign, SignCategory, SignLevel, SignSource, SignStep};
use bansou_core::words::Lang;
use serde::Serialize;

use super::inbox::Pages;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::FieldError;

/// The page.
#[derive(Clone, Serialize)]
pub struct SignsPage {
    /// Which signs are shown.
    pub show: ShowSigns,
    /// How many wait.
    pub waiting: u32,
    /// How many are open.
    pub open: u32,
    /// The signs, strongest and oldest first.
    pub signs: Vec<SignCard>,
    /// What a sign can be about.
    pub categories: &'static [SignCategory],
    /// Pages.
    pub pages: Pages,
}

bansou_core::codes! {
    /// Which signs are shown.
    ShowSigns {
        /// Nobody has looked yet.
        Waiting = "waiting",
        /// Confirmed, being acted upon.
        Open = "open",
        /// Resolved or dismissed.
        Closed = "closed",
    }
}

impl ShowSigns {
    /// Where a sign that stands there is listed.
    pub fn of(step: SignStep) -> Self {
        match step {
            SignStep::Suggested => Self::Waiting,
            SignStep::Confirmed | SignStep::Acting => Self::Open,
            SignStep::Resolved | SignStep::Dismissed => Self::Closed,
        }
    }
}

/// Where a sign stands on the page that lists it.
pub fn link_to(sign: &Sign) -> String {
    format!("/signs?show={}#sign-{}", ShowSigns::of(sign.state.step()), sign.id)
}

/// One sign.
#[derive(Clone, Serialize)]
pub struct SignCard {
    /// Its id.
    pub id: String,
    /// The graduate's id.
    pub graduate: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// What it is about.
    pub category: SignCategory,
    /// How clearly the words show it.
    pub level: SignLevel,
    /// What the program had suggested, where staff said otherwise, in one sentence; else empty.
    pub suggested: String,
    /// Where it came from.
    pub source: SignSource,
    /// The words that show it.
    pub quote: String,
    /// What stood around the words, quote included; empty when there is no more.
    pub context: String,
    /// When it was noticed.
    pub at: LocalTime,
    /// Where it stands.
    pub step: SignStep,
    /// Who decided, and why, in one sentence; empty while it waits.
    pub decided: String,
    /// Earlier signs of the same kind for this person, in one sentence; may be empty.
    pub before: String,
    /// Whether the employer may be asked: a consent holds and the job is open.
    pub can_escalate: bool,
    /// What is wrong with a form that was sent for this sign, and what was typed.
    pub refused: Option<Refused>,
}

/// A refused form of one sign.
#[derive(Clone, Serialize)]
pub struct Refused {
    /// What is wrong with the reason.
    pub why: FieldError,
    /// The reason as typed.
    pub typed: String,
}

impl Page for SignsPage {
    const TEMPLATE: &'static str = "pages/signs.html";
    const PLACE: Place = Place::Signs;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let waiting = Self {
            show: ShowSigns::Waiting,
            waiting: 2,
            open: 1,
            signs: sample_signs(lang),
            categories: SignCategory::ALL,
            pages: Pages::single(),
        };
        let mut refused = waiting.clone();
        refused.signs[0].refused = Some(Refused { why: FieldError::Required, typed: String::new() });
        let confirmed = SignCard {
            level: SignLevel::Strong,
            suggested: said(
                lang,
                "プログラムの候補は「睡眠・はっきり」でした。",
                "The program had suggested “Sleep, clear”.",
            ),
            step: SignStep::Confirmed,
            decided: said(
                lang,
                "見本 佐和さんが11月20日に確認：「電話で聞いた。続いている」",
                "見本 佐和 confirmed on 20 Nov: 「電話で聞いた。続いている」",
            ),
            ..sample_signs(lang)[0].clone()
        };
        let open = Self { show: ShowSigns::Open, signs: vec![confirmed.clone()], ..waiting.clone() };
        let closed = Self {
            show: ShowSigns::Closed,
            signs: vec![SignCard { step: SignStep::Resolved, can_escalate: false, ..confirmed }],
            ..waiting.clone()
        };
        let empty = Self { waiting: 0, signs: Vec::new(), ..waiting.clone() };
        vec![("waiting", waiting), ("refused", refused), ("open", open), ("closed", closed), ("empty", empty)]
    }
}

fn sample_signs(lang: Lang) -> Vec<SignCard> {
    let sleep = SignCard {
        id: "1".to_owned(),
        graduate: "018f-mihon-hanako".to_owned(),
        name: "見本 花子".to_owned(),
        kana: "ミホン ハナコ".to_owned(),
        category: SignCategory::Sleep,
        level: SignLevel::Clear,
        suggested: String::new(),
        source: SignSource::Person,
        quote: "あまり眠れていません".to_owned(),
        context: "最近あまり眠れていません。仕事は行けています。".to_owned(),
        at: sample_time("2026-11-20T07:32"),
        step: SignStep::Suggested,
        decided: String::new(),
        before: said(lang, "10月にも睡眠のサインが1件ありました。", "There was one sign about sleep in October."),
        can_escalate: true,
        refused: None,
    };
    let silence = SignCard {
        id: "2".to_owned(),
        name: "例田 太郎".to_owned(),
        kana: "レイダ タロウ".to_owned(),
        category: SignCategory::Isolation,
        level: SignLevel::Faint,
        source: SignSource::Silence,
        quote: said(lang, "12日間、返事がない", "no answer for 12 days"),
        context: String::new(),
        at: sample_time("2026-11-20T06:00"),
        before: String::new(),
        can_escalate: false,
        ..sleep.clone()
    };
    vec![sleep, silence]
}
