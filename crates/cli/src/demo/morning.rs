//! On which morning the demo begins.

use bansou_core::calendar::{Holidays, OfficeCalendar};
use bansou_core::office::OfficeSettings;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Asia::Tokyo;
use std::sync::Arc;

use bansou_core::hours::WeekHours;

use super::habits::on_day;

/// Ten o'clock in the morning of today, or of the newest working day before it. Check-ins only leave in office hours, so a
/// demo that is started at night or on a Sunday begins on its own working morning; its pages say so.
pub fn morning_of(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Tokyo).date_naive();
    let calendar = calendar(today);
    let day = (0..30).map(|days| super::people::back(today, days)).find(|day| calendar.is_open_on(*day));
    on_day(day.unwrap_or(today), 10, 0)
}

/// The rules of the made-up office.
pub(crate) fn settings(today: NaiveDate) -> OfficeSettings {
    let week = WeekHours::weekdays("09:00-18:00").unwrap_or_else(|_| OfficeSettings::default().hours);
    let years = today.year() - 3..=today.year() + 1;
    // New Year and the summer holidays.
    let closed = [(12, 29), (12, 30), (12, 31), (1, 2), (1, 3), (8, 13), (8, 14), (8, 15)];
    let closures =
        years.flat_map(|year| closed.into_iter().filter_map(move |(m, d)| NaiveDate::from_ymd_opt(year, m, d)));
    OfficeSettings {
        hours: week,
        closures: closures.collect(),
        safe_text:
            "書いてくれてありがとうございます。職員が読んで、電話をします。急ぐときは 03-0000-0000 に電話してください。"
                .into(),
        phone: "03-0000-0000".into(),
        ..OfficeSettings::default()
    }
}

/// The calendar of the made-up office.
pub(crate) fn calendar(today: NaiveDate) -> OfficeCalendar {
    settings(today).calendar(Tokyo, &Arc::new(Holidays::embedded()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn on_a_working_day_it_is_this_morning_whatever_the_time() {
        for now in ["2026-11-20T00:10:00+09:00", "2026-11-20T13:00:00+09:00", "2026-11-20T23:50:00+09:00"] {
            assert_eq!(morning_of(at(now)), at("2026-11-20T10:00:00+09:00"));
        }
    }

    #[test]
    fn at_weekends_holidays_and_new_year_it_is_the_last_working_morning() {
        assert_eq!(morning_of(at("2026-11-22T12:00:00+09:00")), at("2026-11-20T10:00:00+09:00"));
        assert_eq!(morning_of(at("2026-11-23T12:00:00+09:00")), at("2026-11-20T10:00:00+09:00"));
        assert_eq!(morning_of(at("2027-01-03T12:00:00+09:00")), at("2026-12-28T10:00:00+09:00"));
    }
}
