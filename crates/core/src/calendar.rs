//! Japanese holidays and an office's open and closed days.
//!
//! Holidays are dated configuration (`config/holidays.toml`), never rules in code: the law changes, and the equinox
//! days are announced only a year ahead. All dates are local to the office.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::hours::{Period, WeekHours};
use crate::words::Lang;

/// How far ahead an open day is looked for before an office counts as closed for good.
const OPEN_DAY_HORIZON: u64 = 400;

/// The national holidays of a span of years.
#[derive(Clone)]
pub struct Holidays {
    from: NaiveDate,
    to: NaiveDate,
    as_of: NaiveDate,
    days: BTreeMap<NaiveDate, Holiday>,
    english: BTreeMap<String, String>,
}

/// One holiday of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    on: NaiveDate,
    /// The Japanese name.
    pub name: String,
    /// True while the date is only the astronomical forecast (equinox days not yet announced in the gazette).
    #[serde(default)]
    pub expected: bool,
}

/// Why a table of holidays was refused.
#[derive(Debug, thiserror::Error)]
pub enum HolidaysError {
    /// Not the expected TOML; the message says where.
    #[error("the holiday table can't be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// Listed twice.
    #[error("the holiday table lists {0} twice")]
    Twice(NaiveDate),
    /// Not between `from` and `to`.
    #[error("the holiday table lists {0}, which lies outside its own years")]
    Outside(NaiveDate),
}

/// Why an office is closed on a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClosedBecause {
    /// A national holiday, with its Japanese name as in the table.
    Holiday {
        /// Name in Japanese.
        name: String,
    },
    /// A closure day of the office (summer, New Year, training).
    Closure,
    /// A weekday on which the office never works.
    Weekday,
}

/// When an office works: weekly hours less closure days and, unless it works then, national holidays.
#[derive(Clone, Debug)]
pub struct OfficeCalendar {
    /// The office's zone; every date and time of the calendar is local to it.
    pub zone: Tz,
    /// Its weekly hours.
    pub week: WeekHours,
    /// Days on which it is closed whatever the weekday.
    pub closures: BTreeSet<NaiveDate>,
    /// National holidays.
    pub holidays: Arc<Holidays>,
    /// True for an office that works on national holidays as on other days.
    pub open_on_holidays: bool,
}

impl Holidays {
    /// Reads a table in the form of `config/holidays.toml`.
    pub fn parse(text: &str) -> Result<Self, HolidaysError> {
        let table: Table = toml::from_str(text)?;
        let mut days = BTreeMap::new();
        for day in table.days {
            let on = day.on;
            if on < table.from || on > table.to {
                return Err(HolidaysError::Outside(on));
            }
            if days.insert(on, day).is_some() {
                return Err(HolidaysError::Twice(on));
            }
        }
        Ok(Self { from: table.from, to: table.to, as_of: table.as_of, days, english: table.english })
    }

    /// The table this program was built with.
    pub fn embedded() -> Self {
        Self::parse(include_str!("../../../config/holidays.toml")).expect("a test reads the embedded table")
    }

    /// The Japanese name of the holiday on that date.
    pub fn name_on(&self, date: NaiveDate) -> Option<&str> {
        self.days.get(&date).map(|day| day.name.as_str())
    }

    /// The whole entry of a date.
    pub fn on(&self, date: NaiveDate) -> Option<&Holiday> {
        self.days.get(&date)
    }

    /// The English name of a holiday's Japanese name; the Japanese one where the table has none.
    pub fn english<'a>(&'a self, name: &'a str) -> &'a str {
        self.english.get(name).map_or(name, String::as_str)
    }

    /// A holiday's name for a reader.
    pub fn name_in<'a>(&'a self, lang: Lang, name: &'a str) -> &'a str {
        if lang == Lang::En { self.english(name) } else { name }
    }

    /// Whether the table knows that date's year. Outside it no day counts as a holiday, so somebody has to be told.
    pub fn covers(&self, date: NaiveDate) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// The last date the table knows.
    pub fn covers_to(&self) -> NaiveDate {
        self.to
    }

    /// The day on which the table was last compared with the gazette.
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }
}

impl std::fmt::Debug for Holidays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Holidays({} to {})", self.from, self.to)
    }
}

impl OfficeCalendar {
    /// Whether the office works on that date at all.
    pub fn is_open_on(&self, date: NaiveDate) -> bool {
        self.holiday_off(date).is_none() && !self.closures.contains(&date) && !self.week.on(date.weekday()).is_empty()
    }

    /// Why the office is closed on that date; `None` when it is open.
    pub fn closed_because(&self, date: NaiveDate) -> Option<ClosedBecause> {
        if let Some(name) = self.holiday_off(date) {
            return Some(ClosedBecause::Holiday { name: name.to_owned() });
        }
        if self.closures.contains(&date) {
            return Some(ClosedBecause::Closure);
        }
        self.week.on(date.weekday()).is_empty().then_some(ClosedBecause::Weekday)
    }

    fn holiday_off(&self, date: NaiveDate) -> Option<&str> {
        if self.open_on_holidays { None } else { self.holidays.name_on(date) }
    }

    /// The open periods of a date, earliest first; empty when closed.
    pub fn periods_on(&self, date: NaiveDate) -> &[Period] {
        if self.is_open_on(date) { self.week.on(date.weekday()) } else { &[] }
    }

    /// The first open day after `date`; `None` when none comes within 400 days.
    pub fn next_open_day(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days().skip(1).take(days(OPEN_DAY_HORIZON)).find(|day| self.is_open_on(*day))
    }

    /// That date where it is open, else the next open day.
    pub fn open_day_from(&self, date: NaiveDate) -> Option<NaiveDate> {
        if self.is_open_on(date) { Some(date) } else { self.next_open_day(date) }
    }

    /// Whether `date` is followed by at least `length` closed days in a row (a long holiday, S2.4). An office that is
    /// closed at weekends has one before every three-day weekend when `length` is 3.
    pub fn is_before_long_break(&self, date: NaiveDate, length: u8) -> bool {
        length > 0
            && (1..=u64::from(length)).all(|n| date.checked_add_days(Days::new(n)).is_some_and(|d| !self.is_open_on(d)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    as_of: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
    days: Vec<Holiday>,
    #[serde(default)]
    english: BTreeMap<String, String>,
}

fn days(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn office() -> OfficeCalendar {
        OfficeCalendar {
            zone: chrono_tz::Asia::Tokyo,
            week: WeekHours::weekdays("09:00-17:30").unwrap(),
            closures: BTreeSet::from([date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)]),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        }
    }

    /// The equinox day of 1980–2099 by the usual approximation (base moment, tropical year, leap days).
    fn equinox(year: i32, base: f64) -> u32 {
        let n = f64::from(year - 1980);
        let leap = f64::from((year - 1980) / 4);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day of the month")]
        let day = (base + 0.242_194 * n - leap) as u32;
        day
    }

    /// The `n`-th Monday of a month.
    fn monday(year: i32, month: u32, n: u8) -> NaiveDate {
        NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, n).unwrap()
    }

    /// Article 2 of the law as it stands since 2020, with the two Olympic years.
    fn named_by_law(y: i32) -> BTreeSet<NaiveDate> {
        let (marine, mountain, sports) = match y {
            2020 => (date(y, 7, 23), date(y, 8, 10), date(y, 7, 24)),
            2021 => (date(y, 7, 22), date(y, 8, 8), date(y, 7, 23)),
            _ => (monday(y, 7, 3), date(y, 8, 11), monday(y, 10, 2)),
        };
        let fixed = [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (11, 3), (11, 23)];
        let mut days: BTreeSet<_> = fixed.iter().map(|(m, d)| date(y, *m, *d)).collect();
        days.extend([monday(y, 1, 2), monday(y, 9, 3), marine, mountain, sports]);
        days.extend([date(y, 3, equinox(y, 20.8431)), date(y, 9, equinox(y, 23.2488))]);
        days
    }

    /// Article 3: substitutes for Sundays, and days between two holidays.
    fn off_by_law(y: i32) -> BTreeSet<NaiveDate> {
        let named = named_by_law(y);
        let mut off = named.clone();
        for day in date(y, 1, 1).iter_days().take_while(|d| d.year() == y).filter(|d| !named.contains(d)) {
            let after_sunday = day.pred_opt().is_some_and(|before| {
                let run = std::iter::successors(Some(before), NaiveDate::pred_opt).take_while(|d| named.contains(d));
                run.into_iter().any(|d| d.weekday() == Weekday::Sun)
            });
            let between = named.contains(&day.pred_opt().unwrap()) && named.contains(&day.succ_opt().unwrap());
            if after_sunday || between {
                off.insert(day);
            }
        }
        off
    }

    #[test]
    fn the_table_holds_exactly_the_days_that_follow_from_the_law() {
        let table = Holidays::embedded();
        for year in 2020..=2031 {
            let listed: BTreeSet<_> = table.days.keys().copied().filter(|d| d.year() == year).collect();
            assert_eq!(listed, off_by_law(year), "{year}");
        }
    }

    #[test]
    fn special_days_carry_their_names() {
        let table = Holidays::embedded();
        for (day, name) in [
            (date(2018, 12, 24), "振替休日"),
            (date(2019, 4, 30), "国民の休日"),
            (date(2019, 5, 1), "天皇の即位の日"),
            (date(2019, 5, 2), "国民の休日"),
            (date(2019, 10, 14), "体育の日"),
            (date(2019, 10, 22), "即位礼正殿の儀の行われる日"),
            (date(2020, 7, 24), "スポーツの日"),
            (date(2021, 8, 9), "振替休日"),
            (date(2026, 9, 22), "国民の休日"),
            (date(2027, 3, 22), "振替休日"),
        ] {
            assert_eq!(table.name_on(day), Some(name), "{day}");
        }
        assert_eq!(table.name_on(date(2019, 12, 23)), None);
        assert_eq!(table.name_on(date(2020, 10, 12)), None);
        assert_eq!(table.english("海の日"), "Marine Day");
        assert!(table.days.values().all(|d| table.english(&d.name) != d.name), "every name has an English one");
    }

    #[test]
    fn only_days_that_hang_on_an_unannounced_equinox_are_expected() {
        let table = Holidays::embedded();
        let expected: Vec<_> = table.days.values().filter(|d| d.expected).map(|d| d.on).collect();
        assert_eq!(expected.len(), 9);
        assert!(expected.iter().all(|d| d.year() > table.as_of().year() + 1 && matches!(d.month(), 3 | 9)));
        assert!(table.on(date(2029, 9, 24)).unwrap().expected);
    }

    #[test]
    fn the_table_says_where_it_ends() {
        let table = Holidays::embedded();
        assert!(table.covers(date(2018, 1, 1)) && table.covers(date(2031, 12, 31)));
        assert!(!table.covers(date(2017, 12, 31)) && !table.covers(date(2032, 1, 1)));
    }

    #[test]
    fn a_table_with_a_mistake_is_refused() {
        let with = |days: &str| {
            Holidays::parse(&format!("as_of='2026-01-01'\nfrom='2026-01-01'\nto='2026-12-31'\ndays=[{days}]"))
        };
        assert!(with("{on='2026-01-01',name='元日'}").is_ok());
        let twice = with("{on='2026-01-01',name='元日'},{on='2026-01-01',name='元日'}").unwrap_err();
        assert_eq!(twice.to_string(), "the holiday table lists 2026-01-01 twice");
        assert!(matches!(with("{on='2027-01-01',name='元日'}"), Err(HolidaysError::Outside(_))));
        assert!(matches!(with("{on='2026-02-30',name='?'}"), Err(HolidaysError::Unreadable(_))));
        assert!(matches!(with("{on='2026-01-01',nmae='元日'}"), Err(HolidaysError::Unreadable(_))));
    }

    #[test]
    fn an_office_is_closed_for_a_reason() {
        let office = office();
        assert_eq!(office.closed_because(date(2026, 11, 24)), None);
        assert_eq!(office.closed_because(date(2026, 11, 22)), Some(ClosedBecause::Weekday));
        assert_eq!(office.closed_because(date(2026, 12, 29)), Some(ClosedBecause::Closure));
        let holiday = ClosedBecause::Holiday { name: "勤労感謝の日".into() };
        assert_eq!(office.closed_because(date(2026, 11, 23)), Some(holiday));
        assert!(OfficeCalendar { open_on_holidays: true, ..office }.is_open_on(date(2026, 11, 23)));
    }

    #[test]
    fn the_next_open_day_is_found_over_new_year() {
        let office = office();
        assert_eq!(office.next_open_day(date(2026, 12, 28)), Some(date(2027, 1, 4)));
        assert_eq!(office.open_day_from(date(2026, 12, 28)), Some(date(2026, 12, 28)));
        assert!(!office.periods_on(date(2026, 12, 28)).is_empty() && office.periods_on(date(2026, 12, 29)).is_empty());
        let never = OfficeCalendar { week: WeekHours::default(), ..office };
        assert_eq!(never.next_open_day(date(2026, 12, 28)), None);
    }

    #[test]
    fn a_long_break_is_three_closed_days_in_a_row() {
        let office = office();
        assert!(office.is_before_long_break(date(2026, 12, 28), 3), "New Year");
        assert!(office.is_before_long_break(date(2026, 11, 20), 3), "Friday before a Monday holiday");
        assert!(!office.is_before_long_break(date(2026, 11, 27), 3), "an ordinary Friday");
        assert!(office.is_before_long_break(date(2026, 11, 27), 2));
        assert!(!office.is_before_long_break(date(2026, 11, 27), 0));
    }
}
