//! The office's rules as a form, and back.

use std::collections::BTreeSet;

use bansou_core::contact::PhoneNumber;
use bansou_core::hours::WeekHours;
use bansou_core::office::OfficeSettings;
use bansou_core::reply::LONGEST_STEP;
use bansou_core::roster::parse_date;
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::SAFE_TEXT_MAX;
use crate::form::{FieldError, FormState};

/// The raw form. Hours as `09:00-12:00,13:00-17:30`, empty for a closed day; closure days one per line; `open_on_holidays` is `yes` or empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfficeForm {
    /// Name of the office.
    pub name: String,
    /// Its phone number.
    pub phone: String,
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
    /// Closure days besides holidays.
    pub closures: String,
    /// Whether the office works on national holidays.
    pub open_on_holidays: String,
    /// Quiet minutes before the end of the day.
    pub end_of_day_minutes: String,
    /// Quiet minutes before a long break.
    pub before_long_break_minutes: String,
    /// Hours after which a late check-in goes to a person.
    pub late_hours: String,
    /// Hours of waiting for an answer while somebody has no habit yet.
    pub silence_hours: String,
    /// The office's own safe text.
    pub safe_text: String,
    /// Minutes of working time after which whoever looks after a person is reminded of an answer.
    pub reply_warn: String,
    /// After which it is due.
    pub reply_due: String,
    /// After which it is late.
    pub reply_late: String,
    /// After which a colleague takes over.
    pub reply_breach: String,
    /// Minutes before a promised time at which its maker is reminded.
    pub promise_warn: String,
    /// Whether somebody who writes while the office is closed is told so: `yes` or empty.
    pub out_of_hours: String,
    /// What the form showed when it was opened.
    pub shown: String,
}

/// The names of the form's fields that are typed into, by which an error finds its place.
pub(crate) const FIELDS: [&str; 20] = [
    "name",
    "phone",
    "hours_mon",
    "hours_tue",
    "hours_wed",
    "hours_thu",
    "hours_fri",
    "hours_sat",
    "hours_sun",
    "closures",
    "end_of_day_minutes",
    "before_long_break_minutes",
    "late_hours",
    "silence_hours",
    "safe_text",
    "reply_warn",
    "reply_due",
    "reply_late",
    "reply_breach",
    "promise_warn",
];

/// The fields of a week's hours.
pub(crate) const DAYS: [(&str, Weekday); 7] = [
    ("hours_mon", Weekday::Mon),
    ("hours_tue", Weekday::Tue),
    ("hours_wed", Weekday::Wed),
    ("hours_thu", Weekday::Thu),
    ("hours_fri", Weekday::Fri),
    ("hours_sat", Weekday::Sat),
    ("hours_sun", Weekday::Sun),
];

impl OfficeForm {
    /// The form as it starts.
    pub fn new(name: &str, settings: &OfficeSettings) -> Self {
        let day = |day| settings.hours.on(day).iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let closures: Vec<String> = settings.closures.iter().map(ToString::to_string).collect();
        Self {
            name: name.to_owned(),
            phone: settings.phone.clone(),
            hours_mon: day(Weekday::Mon),
            hours_tue: day(Weekday::Tue),
            hours_wed: day(Weekday::Wed),
            hours_thu: day(Weekday::Thu),
            hours_fri: day(Weekday::Fri),
            hours_sat: day(Weekday::Sat),
            hours_sun: day(Weekday::Sun),
            closures: closures.join("\n"),
            open_on_holidays: if settings.open_on_holidays { "yes" } else { "" }.to_owned(),
            end_of_day_minutes: settings.sending.end_of_day_minutes.to_string(),
            before_long_break_minutes: settings.sending.before_long_break_minutes.to_string(),
            late_hours: (settings.late.max_age_minutes / 60).to_string(),
            silence_hours: settings.silence.hours.to_string(),
            safe_text: settings.safe_text.clone(),
            reply_warn: settings.reply.warn_minutes.to_string(),
            reply_due: settings.reply.due_minutes.to_string(),
            reply_late: settings.reply.late_minutes.to_string(),
            reply_breach: settings.reply.breach_minutes.to_string(),
            promise_warn: settings.reply.promise_warn_minutes.to_string(),
            out_of_hours: if settings.out_of_hours { "yes" } else { "" }.to_owned(),
            shown: String::new(),
        }
    }

    /// Reads the form: the name and the new settings, with everything from `before` that the form doesn't show. `Err` is the form with its
    /// errors.
    pub fn read(self, before: &OfficeSettings) -> Result<(String, OfficeSettings), Box<FormState<Self>>> {
        let mut errors = Vec::new();
        let mut settings = before.clone();
        if self.name.trim().is_empty() {
            errors.push(("name", FieldError::Required));
        }
        match self.week() {
            Ok(week) => settings.hours = week,
            Err(fields) => errors.extend(fields.into_iter().map(|field| (field, FieldError::NotHours))),
        }
        match self.phone.trim() {
            "" => settings.phone.clear(),
            // One that stands there already stays, even one that would not be taken today.
            same if same == before.phone => {}
            typed => match PhoneNumber::tidy(typed) {
                Ok(number) => settings.phone = number,
                Err(_) => errors.push(("phone", FieldError::NotAPhone)),
            },
        }
        match self.closure_days() {
            Some(days) => settings.closures = days,
            None => errors.push(("closures", FieldError::NotADate)),
        }
        let mut number = |field, text: &str, min, max| {
            let found = whole(text).filter(|number| (min..=max).contains(number));
            if found.is_none() {
                errors.push((field, FieldError::NotANumber { min, max }));
            }
            found
        };
        if let Some(minutes) = number("end_of_day_minutes", &self.end_of_day_minutes, 0, 240) {
            settings.sending.end_of_day_minutes = u16::try_from(minutes).unwrap_or_default();
        }
        if let Some(minutes) = number("before_long_break_minutes", &self.before_long_break_minutes, 0, 600) {
            settings.sending.before_long_break_minutes = u16::try_from(minutes).unwrap_or_default();
        }
        if let Some(hours) = number("late_hours", &self.late_hours, 1, 168) {
            settings.late.max_age_minutes = hours * 60;
        }
        let (least, most) = (settings.silence.at_least_hours, settings.silence.at_most_hours);
        if let Some(hours) = number("silence_hours", &self.silence_hours, least, most) {
            settings.silence.hours = hours;
        }
        let mut minutes = |field, text: &str, into: &mut u32| {
            // A form from before the clock could be set doesn't have these: what holds stays.
            if !text.trim().is_empty()
                && let Some(minutes) = number(field, text, 1, LONGEST_STEP)
            {
                *into = minutes;
            }
        };
        minutes("reply_warn", &self.reply_warn, &mut settings.reply.warn_minutes);
        minutes("reply_due", &self.reply_due, &mut settings.reply.due_minutes);
        minutes("reply_late", &self.reply_late, &mut settings.reply.late_minutes);
        minutes("reply_breach", &self.reply_breach, &mut settings.reply.breach_minutes);
        minutes("promise_warn", &self.promise_warn, &mut settings.reply.promise_warn_minutes);
        if errors.is_empty() && settings.reply.check().is_err() {
            errors.push(("reply_due", FieldError::NotRising));
        }
        let length = self.safe_text.chars().count();
        if length > SAFE_TEXT_MAX {
            errors.push(("safe_text", FieldError::TooLong { max: SAFE_TEXT_MAX, now: length }));
        }
        settings.open_on_holidays = self.open_on_holidays == "yes";
        settings.out_of_hours = self.out_of_hours == "yes";
        self.safe_text.trim().clone_into(&mut settings.safe_text);
        if errors.is_empty() {
            return Ok((self.name.trim().to_owned(), settings));
        }
        let state = FormState::new(self);
        Err(Box::new(errors.into_iter().fold(state, |state, (field, error)| state.with_error(field, error))))
    }

    fn week(&self) -> Result<WeekHours, Vec<&'static str>> {
        week([
            &self.hours_mon,
            &self.hours_tue,
            &self.hours_wed,
            &self.hours_thu,
            &self.hours_fri,
            &self.hours_sat,
            &self.hours_sun,
        ])
    }

    fn closure_days(&self) -> Option<BTreeSet<NaiveDate>> {
        let lines = self.closures.split(['\n', ',', '、']).map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| parse_date(line).ok()).collect()
    }
}

/// The week of seven texts from Monday, or every field that can't be read. Japanese separators and full-width digits are taken as
/// they are typed.
pub(super) fn week(texts: [&str; 7]) -> Result<WeekHours, Vec<&'static str>> {
    let (mut week, mut wrong) = (WeekHours::default(), Vec::new());
    for ((field, day), text) in DAYS.into_iter().zip(texts) {
        match week.clone().with_day(day, &plain(text)) {
            Ok(with) => week = with,
            Err(_) => wrong.push(field),
        }
    }
    if wrong.is_empty() { Ok(week) } else { Err(wrong) }
}

fn whole(text: &str) -> Option<u32> {
    plain(text).trim().parse().ok()
}

/// Half-width digits and signs: 「９：００〜１７：３０」 becomes `9:00-17:30`.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '：' => ':',
            '〜' | '～' | '－' | 'ー' | '–' => '-',
            '、' | '，' => ',',
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> OfficeForm {
        OfficeForm::new("見本就労支援センター", &OfficeSettings::default())
    }

    #[test]
    fn what_is_shown_reads_back_unchanged() {
        let (name, settings) = form().read(&OfficeSettings::default()).ok().unwrap();
        assert_eq!((name.as_str(), settings), ("見本就労支援センター", OfficeSettings::default()));
    }

    #[test]
    fn a_phone_number_is_kept_in_plain_digits_and_what_is_none_is_refused() {
        let phone = |typed: &str, before: &str| {
            let before = OfficeSettings { phone: before.to_owned(), ..OfficeSettings::default() };
            OfficeForm { phone: typed.to_owned(), ..form() }.read(&before).map(|(_, settings)| settings.phone)
        };
        assert_eq!(phone("０２９－１２３－４５６７ ", "").ok().unwrap(), "029-123-4567");
        assert_eq!(phone(" ", "029-123-4567").ok().unwrap(), "");
        assert_eq!(phone("03-1234-5678 内線3", "03-1234-5678 内線3").ok().unwrap(), "03-1234-5678 内線3", "untouched");
        let state = phone("03-1234-5678 内線3", "").err().unwrap();
        assert_eq!(state.errors.get("phone"), Some(&FieldError::NotAPhone));
    }

    #[test]
    fn hours_and_days_are_read_as_people_type_them() {
        let typed = OfficeForm {
            hours_mon: "９：００〜１７：３０".to_owned(),
            closures: "2026/12/29、令和8年12月30日".to_owned(),
            late_hours: "２４".to_owned(),
            ..form()
        };
        let (_, settings) = typed.read(&OfficeSettings::default()).ok().unwrap();
        assert_eq!(settings.hours.on(Weekday::Mon)[0].to_string(), "09:00-17:30");
        assert_eq!(settings.closures.len(), 2);
        assert_eq!(settings.late.max_age_minutes, 24 * 60);
    }

    #[test]
    fn the_steps_of_the_reply_clock_have_to_rise() {
        let typed = OfficeForm { reply_due: "３０".to_owned(), reply_late: "200".to_owned(), ..form() };
        let state = typed.read(&OfficeSettings::default()).err().unwrap();
        assert_eq!(state.errors.get("reply_due"), Some(&FieldError::NotRising), "due before the reminder");
        let typed = OfficeForm { reply_late: "200".to_owned(), out_of_hours: "yes".to_owned(), ..form() };
        let (_, settings) = typed.read(&OfficeSettings::default()).ok().unwrap();
        assert_eq!((settings.reply.late_minutes, settings.out_of_hours), (200, true));
    }

    #[test]
    fn each_mistake_is_named_at_its_field_and_nothing_is_lost() {
        let typed = OfficeForm {
            name: " ".to_owned(),
            hours_tue: "17:00-09:00".to_owned(),
            hours_fri: "9時から".to_owned(),
            closures: "2026-02-30".to_owned(),
            silence_hours: "two".to_owned(),
            safe_text: "あ".repeat(SAFE_TEXT_MAX + 1),
            ..form()
        };
        let state = typed.clone().read(&OfficeSettings::default()).err().unwrap();
        let fields: Vec<_> = state.errors.keys().copied().collect();
        assert_eq!(fields, ["closures", "hours_fri", "hours_tue", "name", "safe_text", "silence_hours"]);
        assert!(state.typed == typed);
    }
}
