//! Dates and times as a reader says them. All values are already local (a date, or a time with its offset).
//!
//! Staff read 24-hour time; graduates read 午前／午後 (ux.md C6: 24-hour time and bare dates are hard to read).

use bansou_core::words::Lang;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// How much of a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Month, day and weekday: `11月30日（月）`.
    Day,
    /// With the year: `2026年11月30日（月）`.
    Year,
}

/// A value read back from a template: a date, a local time of day, or a local moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    date: Option<NaiveDate>,
    time: Option<NaiveTime>,
}

impl From<NaiveDate> for Local {
    fn from(date: NaiveDate) -> Self {
        Self { date: Some(date), time: None }
    }
}

impl From<DateTime<FixedOffset>> for Local {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        Self { date: Some(moment.date_naive()), time: Some(moment.time()) }
    }
}

impl Local {
    /// Reads `2026-11-30`, `15:00`, `2026-11-30T15:00:00` or RFC 3339 with the local offset. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(moment) = DateTime::<FixedOffset>::parse_from_rfc3339(text) {
            return Some(moment.into());
        }
        if let Ok(moment) = text.parse::<NaiveDateTime>() {
            return Some(Self { date: Some(moment.date()), time: Some(moment.time()) });
        }
        if let Ok(date) = text.parse::<NaiveDate>() {
            return Some(Self { date: Some(date), time: None });
        }
        let time = text.parse::<NaiveTime>().or_else(|_| NaiveTime::parse_from_str(text, "%H:%M")).ok()?;
        Some(Self { date: None, time: Some(time) })
    }

    /// The date in words, empty for a bare time of day.
    pub fn day(self, lang: Lang, style: Style) -> String {
        self.date.map(|date| day(date, lang, style)).unwrap_or_default()
    }

    /// The time of day, empty for a bare date. `half_day` says 午後3時 rather than 15:00.
    pub fn clock(self, lang: Lang, half_day: bool) -> String {
        self.time.map(|time| clock(time, lang, half_day)).unwrap_or_default()
    }

    /// Date and time together.
    pub fn moment(self, lang: Lang, style: Style, half_day: bool) -> String {
        let day = self.day(lang, style);
        let clock = self.clock(lang, half_day);
        if day.is_empty() || clock.is_empty() {
            return day + &clock;
        }
        let gap = if lang != Lang::En && half_day { "" } else { " " };
        format!("{day}{gap}{clock}")
    }
}

fn day(date: NaiveDate, lang: Lang, style: Style) -> String {
    if lang == Lang::En {
        let pattern = if style == Style::Year { "%a %-d %b %Y" } else { "%a %-d %b" };
        return date.format(pattern).to_string();
    }
    let weekday = weekday(date.weekday());
    let year = if style == Style::Year { format!("{}年", date.year()) } else { String::new() };
    format!("{year}{}月{}日（{weekday}）", date.month(), date.day())
}

fn clock(time: NaiveTime, lang: Lang, half_day: bool) -> String {
    if !half_day {
        return format!("{}:{:02}", time.hour(), time.minute());
    }
    if lang == Lang::En {
        let pattern = if time.minute() == 0 { "%-I %P" } else { "%-I:%M %P" };
        return time.format(pattern).to_string();
    }
    let (afternoon, hour) = (time.hour() >= 12, time.hour() % 12);
    let half = if afternoon { "午後" } else { "午前" };
    // Noon and midnight are 午後0時 and 午前0時, as on Japanese timetables.
    let minute = if time.minute() == 0 { String::new() } else { format!("{}分", time.minute()) };
    format!("{half}{hour}時{minute}")
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "月",
        Weekday::Tue => "火",
        Weekday::Wed => "水",
        Weekday::Thu => "木",
        Weekday::Fri => "金",
        Weekday::Sat => "土",
        Weekday::Sun => "日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Local {
        Local::parse(text).expect("a time of the test")
    }

    #[test]
    fn a_graduate_reads_half_days_and_staff_read_twenty_four_hours() {
        let at = moment("2026-11-30T15:00:00+09:00");
        assert_eq!(at.moment(Lang::JaEasy, Style::Day, true), "11月30日（月）午後3時");
        assert_eq!(at.moment(Lang::Ja, Style::Day, false), "11月30日（月） 15:00");
        assert_eq!(at.moment(Lang::En, Style::Year, false), "Mon 30 Nov 2026 15:00");
        assert_eq!(moment("12:30").clock(Lang::Ja, true), "午後0時30分");
        assert_eq!(moment("09:05").clock(Lang::En, true), "9:05 am");
    }

    #[test]
    fn a_bare_date_has_no_clock() {
        let date = moment("2026-04-01");
        assert_eq!(date.moment(Lang::Ja, Style::Year, false), "2026年4月1日（水）");
        assert_eq!(date.clock(Lang::Ja, false), "");
        assert_eq!(Local::parse("tomorrow"), None);
    }
}
