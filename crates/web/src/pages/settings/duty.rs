//! Who is on duty.
//!
//! - `GET /settings/duty` shows the next two weeks to everybody. Managers change them: `POST /settings/duty/week` takes the fields of
//!   [`DutyWeekForm`], `POST /settings/duty/day` those of [`DutyDayForm`].

use bansou_core::half_day::Half;
use bansou_core::words::Lang;
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};
use crate::pages::{Page, Place, said};

/// The page.
#[derive(Clone, Serialize)]
pub struct DutyPage {
    /// Two weeks from today on.
    pub days: Vec<DutyDay>,
    /// Open half-days in them without anybody who is there.
    pub gaps: usize,
    /// Nobody has ever been put on duty.
    pub is_empty: bool,
    /// The weekdays on which the office is open.
    pub week: Vec<WeekRow>,
    /// Who can be on duty.
    pub members: Vec<(String, String)>,
    /// The form that changes one day.
    pub form: FormState<DutyDayForm>,
    /// Whether the reader may change something.
    pub is_manager: bool,
}

/// One day: morning and afternoon.
#[derive(Clone, Serialize)]
pub struct DutyDay {
    /// The date.
    pub on: NaiveDate,
    /// Its halves.
    pub halves: Vec<DutyCell>,
}

/// One half-day.
#[derive(Clone, Serialize)]
pub struct DutyCell {
    /// Who is on duty, or what is the matter, in words.
    pub text: String,
    /// The office is open and nobody who is on duty is there.
    pub is_gap: bool,
    /// It differs from the week.
    pub is_single: bool,
}

/// One weekday of the week that repeats.
#[derive(Clone, Serialize)]
pub struct WeekRow {
    /// Key of the weekday's name.
    pub day: String,
    /// Its open halves: the field's name, which half, and who.
    pub halves: Vec<WeekCell>,
}

/// One half of a weekday.
#[derive(Clone, Serialize)]
pub struct WeekCell {
    /// The field's name; empty where the office is closed.
    pub field: String,
    /// Which half.
    pub half: Half,
    /// Who is on duty; may be empty.
    pub staff: String,
}

/// The raw form of the week: who is on duty, empty for nobody.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "one field per half of a weekday")]
pub struct DutyWeekForm {
    pub mon_morning: String,
    pub mon_afternoon: String,
    pub tue_morning: String,
    pub tue_afternoon: String,
    pub wed_morning: String,
    pub wed_afternoon: String,
    pub thu_morning: String,
    pub thu_afternoon: String,
    pub fri_morning: String,
    pub fri_afternoon: String,
    pub sat_morning: String,
    pub sat_afternoon: String,
    pub sun_morning: String,
    pub sun_afternoon: String,
}

/// The raw form of one day. `staff` is an id, `nobody`, or `usual` for what the week says.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DutyDayForm {
    /// The day.
    pub on: String,
    /// `morning` or `afternoon`.
    pub half: String,
    /// Who.
    pub staff: String,
}

/// Weekdays as fields and words name them.
pub(crate) const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

impl DutyWeekForm {
    /// What was chosen for a half of each weekday, Monday morning first.
    pub fn chosen(&self) -> Vec<(Weekday, Half, &str)> {
        let texts = [
            [&self.mon_morning, &self.mon_afternoon],
            [&self.tue_morning, &self.tue_afternoon],
            [&self.wed_morning, &self.wed_afternoon],
            [&self.thu_morning, &self.thu_afternoon],
            [&self.fri_morning, &self.fri_afternoon],
            [&self.sat_morning, &self.sat_afternoon],
            [&self.sun_morning, &self.sun_afternoon],
        ];
        let days = DAYS.iter().zip(texts);
        days.flat_map(|((day, _), halves)| {
            Half::ALL.iter().zip(halves).map(|(half, text)| (*day, *half, text.as_str()))
        })
        .collect()
    }
}

impl DutyDayForm {
    /// The form as it starts.
    pub fn empty() -> Self {
        Self { half: Half::Morning.as_str().to_owned(), ..Self::default() }
    }
}

impl Page for DutyPage {
    const TEMPLATE: &'static str = "pages/settings_duty.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let cell = |text: String, is_gap, is_single| DutyCell { text, is_gap, is_single };
        let sawa = || cell("見本 佐和".to_owned(), false, false);
        let nobody = || cell(said(lang, "だれもいません", "nobody"), true, false);
        let closed = || cell(said(lang, "休業", "closed"), false, false);
        let away = said(
            lang,
            "例川 実（いません：休み）。代わりに見本 佐和",
            "例川 実 (not here: on leave); 見本 佐和 instead",
        );
        let day = |on: &str, halves| DutyDay { on: on.parse().expect("a date of a sample"), halves };
        let days = vec![
            day("2026-11-23", vec![closed(), closed()]),
            day("2026-11-24", vec![sawa(), cell(away, false, false)]),
            day("2026-11-25", vec![nobody(), cell("試山 のぞみ".to_owned(), false, true)]),
        ];
        let week_cell =
            |field: &str, half, staff: &str| WeekCell { field: field.to_owned(), half, staff: staff.to_owned() };
        let week = vec![WeekRow {
            day: "office-day-mon".to_owned(),
            halves: vec![
                week_cell("mon_morning", Half::Morning, "018f-sawa"),
                week_cell("mon_afternoon", Half::Afternoon, ""),
            ],
        }];
        let members = vec![("018f-sawa".to_owned(), "見本 佐和".to_owned())];
        let form = FormState::new(DutyDayForm::empty());
        let usual = Self { days, gaps: 1, is_empty: false, week, members, form, is_manager: true };
        let empty_days = vec![day("2026-11-24", vec![nobody(), nobody()])];
        let wrong = FormState::new(DutyDayForm { on: "2026-02-30".to_owned(), ..DutyDayForm::empty() })
            .with_error("on", FieldError::NotADate)
            .with_error("staff", FieldError::NotAChoice);
        vec![
            ("usual", usual.clone()),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("empty", Self { days: empty_days, gaps: 2, is_empty: true, is_manager: false, ..usual }),
        ]
    }
}
