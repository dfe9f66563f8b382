//! Weekly hours of an office or a person.
//!
//! Times are local: which zone they mean is said by whoever owns the hours ([`crate::calendar::OfficeCalendar`],
//! [`PersonHours`]). A day may have several periods (a lunch break); none means closed.

use chrono::{NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Minutes in a day; the end of a period that lasts until midnight.
const DAY: u16 = 24 * 60;
/// Weekdays in the order of [`WeekHours`].
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A stretch of one day in whole minutes, from inclusive to exclusive. Never empty, never over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    from: u16,
    to: u16,
}

/// The open periods of each weekday, in order and without overlap. Stored as `{"mon": "09:00-12:00,13:00-17:30", …}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WeekText", into = "WeekText")]
pub struct WeekHours {
    days: [Vec<Period>; 7],
}

/// When a person may be contacted; always narrowed further by the office's hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonHours {
    /// Days and times at which a message is welcome.
    pub week: WeekHours,
    /// The zone the person lives in, where it isn't the office's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
}

/// Why hours were refused. The texts quote what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not `from-to`.
    #[error("“{0}” is not a period; write it like 09:00-17:30")]
    NotAPeriod(String),
    /// Not a time of day.
    #[error("“{0}” is not a time of day; write it like 09:00, at most 24:00")]
    NotATime(String),
    /// Ends before or when it begins.
    #[error("the period {0} ends before it begins, or is empty")]
    Inverted(String),
    /// Two periods of a day share minutes.
    #[error("the periods {0} and {1} overlap")]
    Overlap(Period, Period),
}

impl Period {
    /// A period of minutes since midnight; `to` may be 1440.
    pub fn from_minutes(from: u16, to: u16) -> Result<Self, HoursError> {
        if from >= to || to > DAY {
            return Err(HoursError::Inverted(format!("{}-{}", clock_text(from), clock_text(to))));
        }
        Ok(Self { from, to })
    }

    /// Reads `09:00-17:30`. Full-width digits, `〜` and `～` are accepted, as is `9:00`.
    pub fn parse(text: &str) -> Result<Self, HoursError> {
        let plain: String = text.nfkc().map(|c| if matches!(c, '〜' | '~' | '–' | '—') { '-' } else { c }).collect();
        let Some((from, to)) = plain.trim().split_once('-') else {
            return Err(HoursError::NotAPeriod(text.trim().to_owned()));
        };
        let (from, to) = (minute_of_day(from)?, minute_of_day(to)?);
        Self::from_minutes(from, to)
    }

    /// First minute of the period, counted from midnight.
    pub fn from(self) -> u16 {
        self.from
    }

    /// First minute after the period, counted from midnight; 1440 is midnight at the end of the day.
    pub fn to(self) -> u16 {
        self.to
    }

    /// Whether a time of day lies inside.
    pub fn contains(self, time: NaiveTime) -> bool {
        let second = time.num_seconds_from_midnight();
        u32::from(self.from) * 60 <= second && second < u32::from(self.to) * 60
    }

    fn intersect(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", clock_text(self.from), clock_text(self.to))
    }
}

impl WeekHours {
    /// The same periods on every day of the week.
    pub fn every_day(text: &str) -> Result<Self, HoursError> {
        Self::on_days(&WEEK, text)
    }

    /// The same periods from Monday to Friday, closed at the weekend.
    pub fn weekdays(text: &str) -> Result<Self, HoursError> {
        Self::on_days(&WEEK[..5], text)
    }

    /// One text per weekday, Monday first, as a form gives them; an empty text is a closed day.
    pub fn from_days(days: &[String; 7]) -> Result<Self, HoursError> {
        let mut week = Self::default();
        for (own, text) in week.days.iter_mut().zip(days) {
            *own = parse_day(text)?;
        }
        Ok(week)
    }

    /// These hours with one weekday replaced; an empty text closes it.
    pub fn with_day(mut self, day: Weekday, text: &str) -> Result<Self, HoursError> {
        self.days[index(day)] = parse_day(text)?;
        Ok(self)
    }

    /// The periods of a weekday, earliest first; empty when closed.
    pub fn on(&self, day: Weekday) -> &[Period] {
        &self.days[index(day)]
    }

    /// True when no day of the week has a period.
    pub fn is_empty(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }

    /// The minutes that lie in both. Only meaningful for hours of one zone.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { days: std::array::from_fn(|i| common(&self.days[i], &other.days[i])) }
    }

    fn on_days(days: &[Weekday], text: &str) -> Result<Self, HoursError> {
        let periods = parse_day(text)?;
        let mut week = Self::default();
        for day in days {
            week.days[index(*day)].clone_from(&periods);
        }
        Ok(week)
    }
}

impl PersonHours {
    /// Used where a roster says nothing: every day from 09:00 to 20:00. It is wide on purpose: the office's hours cut it
    /// down for offices that work in the daytime, and an office open in the evening still leaves people alone at night.
    pub const DEFAULT_DAY: (u16, u16) = (9 * 60, 20 * 60);

    /// The same hours every day, as a roster gives them (`allowed_from`, `allowed_to`); a missing side takes the default's.
    pub fn daily(from: Option<NaiveTime>, to: Option<NaiveTime>) -> Result<Self, HoursError> {
        let (default_from, default_to) = Self::DEFAULT_DAY;
        let period = Period::from_minutes(from.map_or(default_from, minutes), to.map_or(default_to, minutes))?;
        Ok(Self { week: WeekHours { days: std::array::from_fn(|_| vec![period]) }, zone: None })
    }
}

impl Default for PersonHours {
    fn default() -> Self {
        let (from, to) = Self::DEFAULT_DAY;
        Self { week: WeekHours { days: std::array::from_fn(|_| vec![Period { from, to }]) }, zone: None }
    }
}

/// The stored form of [`WeekHours`]: one text per weekday, empty when closed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WeekText {
    mon: String,
    tue: String,
    wed: String,
    thu: String,
    fri: String,
    sat: String,
    sun: String,
}

impl TryFrom<WeekText> for WeekHours {
    type Error = HoursError;

    fn try_from(text: WeekText) -> Result<Self, HoursError> {
        Self::from_days(&[text.mon, text.tue, text.wed, text.thu, text.fri, text.sat, text.sun])
    }
}

impl From<WeekHours> for WeekText {
    fn from(week: WeekHours) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] = week.days.map(|periods| day_text(&periods));
        Self { mon, tue, wed, thu, fri, sat, sun }
    }
}

/// The minutes that lie in both lists of periods of one day.
pub fn common(a: &[Period], b: &[Period]) -> Vec<Period> {
    a.iter().flat_map(|p| b.iter().filter_map(|o| p.intersect(*o))).collect()
}

/// The periods of a day as they are typed and stored: `09:00-12:00,13:00-17:30`.
pub fn day_text(periods: &[Period]) -> String {
    periods.iter().map(Period::to_string).collect::<Vec<_>>().join(",")
}

/// Reads the periods of one day, in any order; an empty text is a closed day.
pub fn parse_day(text: &str) -> Result<Vec<Period>, HoursError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut periods = text.split([',', '、', '，']).map(Period::parse).collect::<Result<Vec<_>, _>>()?;
    periods.sort_unstable();
    for pair in periods.windows(2) {
        if pair[1].from < pair[0].to {
            return Err(HoursError::Overlap(pair[0], pair[1]));
        }
    }
    Ok(periods)
}

fn index(day: Weekday) -> usize {
    day.num_days_from_monday() as usize
}

fn minutes(time: NaiveTime) -> u16 {
    u16::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(DAY)
}

fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute_of_day(text: &str) -> Result<u16, HoursError> {
    let refuse = || HoursError::NotATime(text.trim().to_owned());
    let digits = |t: &str| t.len() <= 2 && !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (hour, minute) = text.trim().split_once(':').ok_or_else(refuse)?;
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return Err(refuse());
    }
    let (hour, minute): (u16, u16) = (hour.parse().map_err(|_| refuse())?, minute.parse().map_err(|_| refuse())?);
    let total = hour * 60 + minute;
    if minute > 59 || total > DAY {
        return Err(refuse());
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_a_lunch_break_is_read_and_written_alike() {
        let periods = parse_day("09:00-12:00,13:00-17:30").unwrap();
        assert_eq!(day_text(&periods), "09:00-12:00,13:00-17:30");
        assert_eq!(periods, parse_day(" １３：００～１７：３０、 9:00〜12:00 ").unwrap());
    }

    #[test]
    fn hours_that_make_no_sense_are_refused_in_plain_words() {
        let message = |text: &str| parse_day(text).unwrap_err().to_string();
        assert_eq!(message("09:00-12:00,11:30-17:00"), "the periods 09:00-12:00 and 11:30-17:00 overlap");
        assert_eq!(message("17:00-09:00"), "the period 17:00-09:00 ends before it begins, or is empty");
        assert_eq!(message("09:00-09:00"), "the period 09:00-09:00 ends before it begins, or is empty");
        assert_eq!(message("morning"), "“morning” is not a period; write it like 09:00-17:30");
        assert_eq!(message("09:00-24:01"), "“24:01” is not a time of day; write it like 09:00, at most 24:00");
        for bad in ["9:0-10:00", "09:60-10:00", "09:00-10:00,", "+9:00-10:00", "999:00-10:00", "-"] {
            assert!(parse_day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_period_may_last_until_midnight_and_excludes_its_end() {
        let period = Period::parse("20:00-24:00").unwrap();
        let at = |h, m, s| NaiveTime::from_hms_opt(h, m, s).unwrap();
        assert!(period.contains(at(20, 0, 0)) && period.contains(at(23, 59, 59)));
        assert!(!period.contains(at(19, 59, 59)) && !period.contains(at(0, 0, 0)));
        assert!(!Period::parse("09:00-17:00").unwrap().contains(at(17, 0, 0)));
    }

    #[test]
    fn shared_minutes_of_two_weeks_are_found_period_by_period() {
        let office = WeekHours::weekdays("09:00-12:00,13:00-17:30").unwrap();
        let person = WeekHours::every_day("11:00-14:00").unwrap().with_day(Weekday::Wed, "").unwrap();
        let both = office.intersect(&person);
        assert_eq!(day_text(both.on(Weekday::Mon)), "11:00-12:00,13:00-14:00");
        assert!(both.on(Weekday::Wed).is_empty() && both.on(Weekday::Sun).is_empty());
        assert!(!both.is_empty());
        assert!(office.intersect(&WeekHours::every_day("18:00-20:00").unwrap()).is_empty());
    }

    #[test]
    fn a_roster_gives_one_pair_of_times_for_every_day() {
        let from = NaiveTime::from_hms_opt(10, 0, 0);
        let hours = PersonHours::daily(from, None).unwrap();
        assert_eq!(day_text(hours.week.on(Weekday::Sun)), "10:00-20:00");
        assert_eq!(PersonHours::daily(None, None).unwrap(), PersonHours::default());
        assert!(PersonHours::daily(NaiveTime::from_hms_opt(21, 0, 0), None).is_err());
    }

    #[test]
    fn stored_hours_keep_their_form() {
        let week = WeekHours::weekdays("09:00-12:00,13:00-17:30").unwrap();
        let json = r#"{"mon":"09:00-12:00,13:00-17:30","tue":"09:00-12:00,13:00-17:30","wed":"09:00-12:00,13:00-17:30","thu":"09:00-12:00,13:00-17:30","fri":"09:00-12:00,13:00-17:30","sat":"","sun":""}"#;
        assert_eq!(serde_json::to_string(&week).unwrap(), json);
        assert_eq!(serde_json::from_str::<WeekHours>(json).unwrap(), week);
        let person = PersonHours { week: WeekHours::default(), zone: Some(chrono_tz::America::New_York) };
        let json =
            r#"{"week":{"mon":"","tue":"","wed":"","thu":"","fri":"","sat":"","sun":""},"zone":"America/New_York"}"#;
        assert_eq!(serde_json::to_string(&person).unwrap(), json);
        assert_eq!(serde_json::from_str::<PersonHours>(json).unwrap(), person);
        assert!(serde_json::from_str::<WeekHours>(r#"{"mon":"9-5"}"#).is_err());
        assert!(serde_json::from_str::<WeekHours>(r#"{"monday":""}"#).is_err());
    }
}
