//! A member of staff's own working hours: `GET` and `POST /settings/staff/{id}/hours`, for managers.

use bansou_core::hours::{WeekHours, day_text};
use bansou_core::words::Lang;
use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::office_form;
use crate::form::{FieldError, FormState};
use crate::pages::{Page, Place, said};

/// The page.
#[derive(Clone, Serialize)]
pub struct HoursPage {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The office's hours in words.
    pub office: String,
    /// The form.
    pub form: FormState<HoursForm>,
}

/// The raw form: `kind` is `office` or `own`; hours as `09:00-12:00,13:00-15:00`, empty for a day without work.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoursForm {
    /// The office's hours or their own.
    pub kind: String,
    /// Monday.
    pub hours_mon: String,
    /// Tuesday.
    pub hours_tue: String,
    /// Wednesday.
    pub hours_wed: String,
    /// Thursday.
    pub hours_thu: String,
    /// Friday.
    pub hours_fri: String,
    /// Saturday.
    pub hours_sat: String,
    /// Sunday.
    pub hours_sun: String,
    /// What the form showed when it was opened.
    pub shown: String,
}

impl HoursForm {
    /// The form as it starts; without own hours the office's are a beginning.
    pub fn new(own: Option<&WeekHours>, office: &WeekHours) -> Self {
        let week = own.unwrap_or(office);
        let day = |day| day_text(week.on(day));
        Self {
            kind: if own.is_some() { "own" } else { "office" }.to_owned(),
            hours_mon: day(Weekday::Mon),
            hours_tue: day(Weekday::Tue),
            hours_wed: day(Weekday::Wed),
            hours_thu: day(Weekday::Thu),
            hours_fri: day(Weekday::Fri),
            hours_sat: day(Weekday::Sat),
            hours_sun: day(Weekday::Sun),
            shown: String::new(),
        }
    }

    /// The hours that were typed; `None` = the office's. `Err` is the form with what is wrong.
    pub fn read(self) -> Result<Option<WeekHours>, Box<FormState<Self>>> {
        if self.kind == "office" {
            return Ok(None);
        }
        let week = office_form::week([
            &self.hours_mon,
            &self.hours_tue,
            &self.hours_wed,
            &self.hours_thu,
            &self.hours_fri,
            &self.hours_sat,
            &self.hours_sun,
        ]);
        let wrong = match week {
            Ok(_) if self.kind != "own" => vec![("kind", FieldError::NotAChoice)],
            Ok(week) if week.is_empty() => vec![("hours_mon", FieldError::Required)],
            Ok(week) => return Ok(Some(week)),
            Err(days) => days.into_iter().map(|day| (day, FieldError::NotHours)).collect(),
        };
        let state = FormState::new(self);
        Err(Box::new(wrong.into_iter().fold(state, |state, (field, error)| state.with_error(field, error))))
    }
}

impl Page for HoursPage {
    const TEMPLATE: &'static str = "pages/settings_hours.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let office = bansou_core::office::OfficeSettings::default().hours;
        let form = HoursForm::new(None, &office);
        let usual = Self {
            id: "018f-staff".to_owned(),
            name: "試山 のぞみ".to_owned(),
            office: said(lang, "月〜金 9:00〜12:00、13:00〜17:30", "Mon–Fri 9:00–12:00, 13:00–17:30"),
            form: FormState::new(form.clone()),
        };
        let typed = HoursForm { kind: "own".to_owned(), hours_mon: "9時から".to_owned(), ..form };
        let wrong = FormState::new(typed).with_error("hours_mon", FieldError::NotHours);
        vec![("usual", usual.clone()), ("wrong", Self { form: wrong, ..usual })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_hours_are_read_as_people_type_them_and_a_week_without_work_is_refused() {
        let office = bansou_core::office::OfficeSettings::default().hours;
        assert!(HoursForm::new(None, &office).read().ok().unwrap().is_none());
        let own = HoursForm {
            kind: "own".into(), hours_mon: "９：００〜１２：００".into(), ..HoursForm::default()
        };
        let week = own.clone().read().ok().unwrap().unwrap();
        assert_eq!(day_text(week.on(Weekday::Mon)), "09:00-12:00");
        assert!(HoursForm::new(Some(&week), &office).read().ok().unwrap() == Some(week));
        let errors = |form: HoursForm| form.read().err().unwrap().errors.into_iter().next().unwrap();
        assert_eq!(errors(HoursForm { hours_mon: String::new(), ..own.clone() }), ("hours_mon", FieldError::Required));
        let wrong = HoursForm { hours_tue: "all day".into(), hours_sat: "17:00-09:00".into(), ..own };
        let wrong: Vec<_> = wrong.read().err().unwrap().errors.into_iter().collect();
        assert_eq!(wrong, [("hours_sat", FieldError::NotHours), ("hours_tue", FieldError::NotHours)], "all of them");
        assert_eq!(errors(HoursForm::default()), ("kind", FieldError::NotAChoice));
    }
}
