//! Leave of staff, who stands in, and who is there today (S3.1).
//!
//! - `GET /absences` lists the team and coming leave. `GET /absences/new`, `POST /absences`: the fields of [`AbsenceForm`].
//! - `GET /absences/{id}/edit`, `POST /absences/{id}`: the same; `POST /absences/{id}/cancel` takes no field and can be undone.
//! - Anybody enters their own leave, a manager everybody's. A reason is shown to the person and to managers alone.

use bansou_core::absence::REASON_MAX;
use bansou_core::half_day::Half;
use bansou_core::words::Lang;
use bansou_store::Absence;
use serde::{Deserialize, Serialize};

use super::{Page, Place, said};
use crate::form::{FieldError, FormState};

/// That somebody else looks after a person, for lists and heads.
#[derive(Clone, Serialize)]
pub struct CareView {
    /// 「佐藤さんの代わり」
    pub text: String,
    /// When the person's own member of staff is back; may be empty.
    pub back: String,
    /// It is the reader who looks after the person.
    pub is_mine: bool,
}

/// The page.
#[derive(Clone, Serialize)]
pub struct AbsencesPage {
    /// Everybody who works here.
    pub team: Vec<TeamRow>,
    /// Who is on duty, this half-day and the next, in words.
    pub duty: Vec<String>,
    /// Leave that isn't over, the earliest first.
    pub coming: Vec<AbsenceRow>,
    /// Whether the reader may change other people's hours.
    pub is_manager: bool,
}

/// One member of staff.
#[derive(Clone, Serialize)]
pub struct TeamRow {
    /// Their id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether they are there, in words.
    pub today: String,
    /// Their working hours in words.
    pub hours: String,
    /// These are their own, not the office's.
    pub is_own: bool,
}

/// One leave.
#[derive(Clone, Serialize)]
pub struct AbsenceRow {
    /// Its id.
    pub id: String,
    /// Who is away.
    pub name: String,
    /// When, in words.
    pub when: String,
    /// It has begun.
    pub is_now: bool,
    /// Who stands in.
    pub standin: Option<String>,
    /// The stand-in's own leave in that time, in words.
    pub standin_away: Option<String>,
    /// That the stand-in doesn't work in some of that time, and when; may be empty.
    pub standin_off: String,
    /// Why; empty for everybody but the person and managers.
    pub reason: String,
    /// The reader may change it.
    pub may_change: bool,
}

/// The form's page.
#[derive(Clone, Serialize)]
pub struct AbsenceFormPage {
    /// Which leave is changed; `None` for a new one.
    pub id: Option<String>,
    /// Whose leave it is, where that isn't chosen.
    pub name: String,
    /// Whose leave it can be; empty where that isn't chosen.
    pub members: Vec<(String, String)>,
    /// Who can stand in.
    pub standins: Vec<(String, String)>,
    /// The form.
    pub form: FormState<AbsenceForm>,
    /// What stands in the way, with whose and when; may be empty.
    pub clash: String,
    /// Colleagues who are there in that time; may be empty.
    pub free: String,
    /// Longest reason.
    pub reason_max: usize,
}

/// The raw form. `until_on` may be empty for a single day.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AbsenceForm {
    /// Whose; empty = the reader's.
    pub staff: String,
    /// First day.
    pub from_on: String,
    /// `morning` or `afternoon`.
    pub from_half: String,
    /// Last day.
    pub until_on: String,
    /// `morning` or `afternoon`.
    pub until_half: String,
    /// Who stands in; may be empty.
    pub standin: String,
    /// Why; may be empty.
    pub reason: String,
    /// The warning that the form showed; sent again with it, it is meant.
    pub warned: String,
    /// What the form showed when it was opened, for whoever changes leave together with somebody else.
    pub shown: String,
}

impl AbsenceForm {
    /// The form that shows leave as it is.
    pub(crate) fn of(absence: &Absence) -> Self {
        let (leave, when) = (absence.leave, absence.leave.when);
        Self {
            staff: leave.staff.to_string(),
            from_on: when.from().on.to_string(),
            from_half: when.from().half.to_string(),
            until_on: when.to().on.to_string(),
            until_half: when.to().half.to_string(),
            standin: leave.standin.map(|id| id.to_string()).unwrap_or_default(),
            reason: absence.reason.clone(),
            ..Self::default()
        }
    }

    /// The form as it starts: whole days.
    pub fn empty(staff: String) -> Self {
        Self {
            staff,
            from_half: Half::Morning.as_str().to_owned(),
            until_half: Half::Afternoon.as_str().to_owned(),
            ..Self::default()
        }
    }
}

impl CareView {
    pub(crate) fn sample(lang: Lang) -> Self {
        Self {
            text: said(lang, "例川さんの代わり", "standing in for 例川"),
            back: said(lang, "11月26日（木）午前にもどります", "back Thu 26 Nov, morning"),
            is_mine: true,
        }
    }
}

impl Page for AbsencesPage {
    const TEMPLATE: &'static str = "pages/absences.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let member = |name: &str, today: String, hours: &str, is_own| TeamRow {
            id: "018f-staff".to_owned(),
            name: name.to_owned(),
            today,
            hours: hours.to_owned(),
            is_own,
        };
        let office = said(lang, "月〜金 9:00〜12:00、13:00〜17:30", "Mon–Fri 9:00–12:00, 13:00–17:30");
        let own = said(lang, "月〜水 9:00〜12:00、13:00〜15:00", "Mon–Wed 9:00–12:00, 13:00–15:00");
        let leave = said(lang, "休み：11月24日（火）から11月25日（水）まで", "on leave: Tue 24 Nov to Wed 25 Nov");
        let team = vec![
            member("見本 佐和", said(lang, "います", "here"), &office, false),
            member("例川 実", leave, &office, false),
            member("試山 のぞみ", said(lang, "います", "here"), &own, true),
        ];
        let row = AbsenceRow {
            id: "018f-leave".to_owned(),
            name: "例川 実".to_owned(),
            when: said(lang, "11月24日（火）から11月25日（水）まで", "Tue 24 Nov to Wed 25 Nov"),
            is_now: true,
            standin: Some("見本 佐和".to_owned()),
            standin_away: Some(said(lang, "11月25日（水）午後", "Wed 25 Nov, afternoon")),
            standin_off: said(
                lang,
                "見本 佐和さんは、11月24日（火）午後は勤務していません。そのあいだ、決まった代わりはいません。",
                "見本 佐和 doesn't work on Tue 24 Nov, afternoon. Nobody is named to stand in then.",
            ),
            reason: said(lang, "研修", "training"),
            may_change: true,
        };
        let bare = AbsenceRow {
            name: "試山 のぞみ".to_owned(),
            when: said(lang, "12月1日（火）午前", "Tue 1 Dec, morning"),
            is_now: false,
            standin: None,
            standin_away: None,
            standin_off: String::new(),
            reason: String::new(),
            may_change: false,
            ..row.clone()
        };
        let duty = vec![said(lang, "11月24日（火）午前：見本 佐和", "Tue 24 Nov, morning: 見本 佐和")];
        let usual = Self { team, duty, coming: vec![row, bare], is_manager: true };
        let nothing = Self { coming: Vec::new(), duty: Vec::new(), is_manager: false, ..usual.clone() };
        vec![("usual", usual), ("nothing", nothing)]
    }
}

impl Page for AbsenceFormPage {
    const TEMPLATE: &'static str = "pages/absence.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let people = |names: &[&str]| names.iter().map(|name| (format!("018f-{name}"), (*name).to_owned())).collect();
        let usual = Self {
            id: None,
            name: String::new(),
            members: people(&["見本 佐和", "例川 実", "試山 のぞみ"]),
            standins: people(&["見本 佐和", "試山 のぞみ"]),
            form: FormState::new(AbsenceForm::empty("018f-例川 実".to_owned())),
            clash: String::new(),
            free: String::new(),
            reason_max: REASON_MAX,
        };
        let typed = AbsenceForm {
            from_on: "2026-11-24".to_owned(),
            until_on: "2026-11-25".to_owned(),
            standin: "018f-試山 のぞみ".to_owned(),
            ..usual.form.typed.clone()
        };
        let clash = said(lang, "試山 のぞみさんは、11月25日（水）が休みです。", "試山 のぞみ is away on Wed 25 Nov.");
        let away = Self {
            form: FormState::new(typed.clone()).with_error("standin", FieldError::StandinAway),
            clash,
            free: "見本 佐和".to_owned(),
            ..usual.clone()
        };
        let part_time = said(
            lang,
            "試山 のぞみさんは、11月25日（水）午後は勤務していません。そのあいだ、決まった代わりはいません。",
            "試山 のぞみ doesn't work on Wed 25 Nov, afternoon. Nobody is named to stand in then.",
        );
        let off = Self {
            form: FormState::new(AbsenceForm { warned: part_time.clone(), ..typed.clone() })
                .with_error("standin", FieldError::StandinOff),
            clash: part_time,
            ..away.clone()
        };
        let backwards = AbsenceForm { until_on: "2026-11-20".to_owned(), ..typed.clone() };
        let wrong = FormState::new(backwards).with_error("until_on", FieldError::EndBeforeStart);
        let twice = FormState::new(typed).with_error("from_on", FieldError::Overlaps);
        vec![
            ("usual", usual.clone()),
            ("own", Self { members: Vec::new(), name: "見本 佐和".to_owned(), ..usual.clone() }),
            ("away", away),
            ("off", off),
            ("wrong", Self { form: wrong, id: Some("018f-leave".to_owned()), members: Vec::new(), ..usual.clone() }),
            ("twice", Self { form: twice, ..usual }),
        ]
    }
}
