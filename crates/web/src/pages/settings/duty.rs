//! Who is on duty.
//!
//! - `GET /settings/duty` shows the next two weeks to everybody. Managers change them: `POST /settings/duty/week` takes the fields of
//!   [`DutyWeekForm`], `POST /settings/duty/day` those of [`DutyDayForm`].

use bansou_core::duty::DutyWeek;
use bansou_core::half_day::Half;
use bansou_core::hours::{WeekHours, common};
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
    /// The form of the week: what is chosen stands in its cells.
    pub week_form: FormState<DutyWeekForm>,
    /// The week's fields and what they are called.
    pub week_fields: Vec<(String, String)>,
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
    /// Who is chosen; may be empty.
    pub staff: String,
    /// What the field is called.
    pub label: String,
}

/// The raw form of the week: who is on duty, empty for nobody.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What the form showed when it was opened.
    pub shown: String,
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
    /// The fields, Monday morning first.
    pub(crate) const FIELDS: [&'static str; 14] = [
        "mon_morning",
        "mon_afternoon",
        "tue_morning",
        "tue_afternoon",
        "wed_morning",
        "wed_afternoon",
        "thu_morning",
        "thu_afternoon",
        "fri_morning",
        "fri_afternoon",
        "sat_morning",
        "sat_afternoon",
        "sun_morning",
        "sun_afternoon",
    ];

    /// The form that shows a week as it is, in the halves for which it has a field.
    pub(crate) fn of(week: &DutyWeek, hours: &WeekHours) -> Self {
        let mut texts = DAYS.map(|(day, _)| {
            let text = |half: Half| {
                let staff = week.on(day, half).filter(|_| is_open(hours, day, half));
                staff.map(|id| id.to_string()).unwrap_or_default()
            };
            [text(Half::Morning), text(Half::Afternoon)]
        });
        let mut next = texts.iter_mut().flatten().map(std::mem::take);
        let mut take = || next.next().unwrap_or_default();
        Self {
            mon_morning: take(),
            mon_afternoon: take(),
            tue_morning: take(),
            tue_afternoon: take(),
            wed_morning: take(),
            wed_afternoon: take(),
            thu_morning: take(),
            thu_afternoon: take(),
            fri_morning: take(),
            fri_afternoon: take(),
            sat_morning: take(),
            sat_afternoon: take(),
            sun_morning: take(),
            sun_afternoon: take(),
            shown: String::new(),
        }
    }

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

/// Whether the office is open in a half of a weekday.
pub(crate) fn is_open(hours: &WeekHours, day: Weekday, half: Half) -> bool {
    !common(hours.on(day), &[half.period()]).is_empty()
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
        let label = |half| match half {
            Half::Morning => said(lang, "月曜日午前の当番", "On duty: Monday, morning"),
            Half::Afternoon => said(lang, "月曜日午後の当番", "On duty: Monday, afternoon"),
        };
        let week_cell = |field: &str, half, staff: &str| WeekCell {
            field: field.to_owned(),
            half,
            staff: staff.to_owned(),
            label: label(half),
        };
        let week = vec![WeekRow {
            day: "office-day-mon".to_owned(),
            halves: vec![
                week_cell("mon_morning", Half::Morning, "018f-sawa"),
                week_cell("mon_afternoon", Half::Afternoon, ""),
            ],
        }];
        let members = vec![("018f-sawa".to_owned(), "見本 佐和".to_owned())];
        let form = FormState::new(DutyDayForm::empty());
        let week_fields = Half::ALL.iter().map(|half| (format!("mon_{half}"), label(*half))).collect();
        let week_form = FormState::new(DutyWeekForm::default());
        let usual =
            Self { days, gaps: 1, is_empty: false, week, week_form, week_fields, members, form, is_manager: true };
        let changed = FieldError::ChangedTo { words: "試山 のぞみ".to_owned() };
        let both = usual.week_form.clone().with_error("mon_morning", changed);
        let empty_days = vec![day("2026-11-24", vec![nobody(), nobody()])];
        let wrong = FormState::new(DutyDayForm { on: "2026-02-30".to_owned(), ..DutyDayForm::empty() })
            .with_error("on", FieldError::NotADate)
            .with_error("staff", FieldError::NotAChoice);
        vec![
            ("usual", usual.clone()),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("both", Self { week_form: both, ..usual.clone() }),
            ("empty", Self { days: empty_days, gaps: 2, is_empty: true, is_manager: false, ..usual }),
        ]
    }
}
