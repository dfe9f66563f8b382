//! The rhythms of contact one can choose for a graduate, explained. They are configuration; each graduate's choice stands on their page.
//!
//! `GET /settings/cadences`.

use bansou_core::cadence::{CadencePreset, embedded_presets};
use bansou_core::words::{Lang, Words};
use serde::Serialize;

use crate::pages::{Page, Place};

/// The page.
#[derive(Clone, Serialize)]
pub struct CadencesPage {
    /// Every rhythm.
    pub cadences: Vec<CadenceRow>,
}

/// One rhythm.
#[derive(Clone, Serialize)]
pub struct CadenceRow {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it means, in one sentence.
    pub about: String,
    /// Its phases.
    pub phases: Vec<PhaseRow>,
    /// Interval after a confirmed sign, in words.
    pub sign_every: String,
    /// For so many days.
    pub sign_days: u16,
    /// After a conversation the next check-in waits so many days; 0: it never waits.
    pub in_touch_days: u16,
    /// How many graduates have it.
    pub people: usize,
}

/// One phase.
#[derive(Clone, Serialize)]
pub struct PhaseRow {
    /// First day, the anchor's date being day 1.
    pub from_day: u32,
    /// Last day; `None` for the phase that never ends.
    pub to_day: Option<u32>,
    /// How often, in words.
    pub every: String,
}

impl CadencesPage {
    /// The page of the presets. `people` says how many graduates have the preset of a key.
    pub fn new(presets: &[CadencePreset], words: &Words, lang: Lang, people: impl Fn(&str) -> usize) -> Self {
        let row = |preset: &CadencePreset| CadenceRow {
            key: preset.key.clone(),
            name: words.plain(lang, &preset.name_key()),
            about: words.plain(lang, &preset.about_key()),
            phases: preset
                .plan
                .phases()
                .iter()
                .map(|phase| PhaseRow {
                    from_day: phase.from_day,
                    to_day: phase.to_day,
                    every: phase.every.say(words, lang),
                })
                .collect(),
            sign_every: preset.sign.every.say(words, lang),
            sign_days: preset.sign.for_days,
            in_touch_days: preset.plan.in_touch_days(),
            people: people(&preset.key),
        };
        Self { cadences: presets.iter().map(row).collect() }
    }
}

impl Page for CadencesPage {
    const TEMPLATE: &'static str = "pages/settings_cadences.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let people = |key: &str| if key == "standard" { 41 } else { 6 };
        vec![("usual", Self::new(&embedded_presets(), &Words::embedded(), lang, people))]
    }
}
