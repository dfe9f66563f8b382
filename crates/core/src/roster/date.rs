//! Days as Japanese offices write them: western and era years, full width, spreadsheet day numbers.

use chrono::{Datelike, Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::{Cell, Problem};

/// Years outside these are slips of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

struct Era {
    names: [&'static str; 2],
    first: (i32, u32, u32),
    last: (i32, u32, u32),
}

/// Eras by the first and last day on which they were in use (元号). Day of change: Shōwa began on the day Taishō ended.
const ERAS: [Era; 5] = [
    Era { names: ["令和", "R"], first: (2019, 5, 1), last: (2100, 12, 31) },
    Era { names: ["平成", "H"], first: (1989, 1, 8), last: (2019, 4, 30) },
    Era { names: ["昭和", "S"], first: (1926, 12, 25), last: (1989, 1, 7) },
    Era { names: ["大正", "T"], first: (1912, 7, 30), last: (1926, 12, 25) },
    Era { names: ["明治", "M"], first: (1868, 1, 25), last: (1912, 7, 30) },
];

/// Reads a day: `2026-04-01`, `2026/4/1`, `2026年4月1日`, `20260401`, `令和8年4月1日`, `R8.4.1`, `H31/4/30`, `令和元年5月1日`,
/// each also in full width, with a weekday in brackets or midnight behind it. A day that never was is refused.
pub fn parse_date(text: &str) -> Result<NaiveDate, Problem> {
    let narrow: String = text.nfkc().collect();
    let mut written = narrow.trim();
    if let Some((day, time)) = written.split_once([' ', 'T']).filter(|(day, _)| !day.is_empty())
        && matches!(time.trim(), "0:00" | "00:00" | "0:00:00" | "00:00:00" | "00:00:00.000")
    {
        written = day;
    }
    if let Some((day, _)) = written.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        written = day;
    }
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();

    for era in &ERAS {
        if let Some(rest) = era.names.iter().find_map(|name| plain.strip_prefix(name)) {
            return in_era(era, rest);
        }
    }
    if plain.len() == 8 && is_digits(&plain) {
        return western(number(&plain[..4])?, number(&plain[4..6])?, number(&plain[6..])?);
    }
    let [year, month, day] = parts(&plain)?;
    if year.len() < 4 {
        // 8/4/1 may be 2008, 令和8 or 平成8.
        return Err(if year.len() <= 2 { Problem::TwoDigitYear } else { Problem::NotADate });
    }
    western(number(&year)?, number(&month)?, number(&day)?)
}

/// Reads a cell of a date column. A plain number is a spreadsheet's day number, or a day written as `20260401`.
pub(super) fn from_cell(cell: &Cell) -> Result<NaiveDate, Problem> {
    match cell {
        Cell::Text(text) => parse_date(text),
        Cell::Date(day) => in_range(*day),
        Cell::Number(number) => from_number(*number),
        Cell::Time(_) | Cell::Broken | Cell::Empty => Err(Problem::NotADate),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range just before")]
fn from_number(number: f64) -> Result<NaiveDate, Problem> {
    if (19_000_101.0..=21_001_231.0).contains(&number) && number.fract() == 0.0 {
        return parse_date(&number.to_string());
    }
    // Days from 61 on: before 1 March 1900 the 1900 system counts a leap day that never was.
    if !(61.0..100_000.0).contains(&number) {
        return Err(Problem::NotADate);
    }
    let day_zero = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or(Problem::NotADate)?;
    let day = day_zero.checked_add_days(Days::new(number as u64)).ok_or(Problem::NotADate)?;
    in_range(day)
}

fn in_era(era: &Era, rest: &str) -> Result<NaiveDate, Problem> {
    let [year, month, day] = parts(rest)?;
    let year_of_era = if year == "元" { 1 } else { number(&year)? };
    if year_of_era == 0 || year.len() > 3 {
        return Err(Problem::NoSuchDay);
    }
    let year = era.first.0 + year_of_era - 1;
    let (month, day) = (number(&month)?, number(&day)?);
    let found = on(year, month, day).ok_or(Problem::NoSuchDay)?;
    let (first, last) = (on_day(era.first), on_day(era.last));
    if first.is_some_and(|first| found < first) || last.is_some_and(|last| found > last) {
        return Err(Problem::OutsideEra);
    }
    in_range(found)
}

fn western(year: i32, month: i32, day: i32) -> Result<NaiveDate, Problem> {
    on(year, month, day).ok_or(Problem::NoSuchDay).and_then(in_range)
}

fn in_range(day: NaiveDate) -> Result<NaiveDate, Problem> {
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(Problem::YearOutOfRange) }
}

fn on(year: i32, month: i32, day: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn on_day((year, month, day): (i32, u32, u32)) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Year, month and day as written, whatever stands between them.
fn parts(text: &str) -> Result<[String; 3], Problem> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let between = |c: char| matches!(c, '-' | '/' | '.' | '年' | '月' | 'ー' | '−' | '‐' | '–' | '—' | '・');
    let parts: Vec<String> = text.split(between).map(str::to_owned).collect();
    let parts: [String; 3] = parts.try_into().map_err(|_| Problem::NotADate)?;
    let [year, month, day] = &parts;
    let holds = (is_digits(year) || year == "元") && is_digits(month) && is_digits(day);
    if holds && year.chars().count() <= 4 && month.len() <= 2 && day.len() <= 2 {
        Ok(parts)
    } else {
        Err(Problem::NotADate)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(digits: &str) -> Result<i32, Problem> {
    digits.parse().map_err(|_| Problem::NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn iso(text: &str) -> Result<String, Problem> {
        parse_date(text).map(|day| day.to_string())
    }

    #[test]
    fn the_first_of_april_is_read_in_every_way_it_is_written() {
        let written = [
            "2026-04-01",
            "2026/4/1",
            "2026.4.1",
            "2026年4月1日",
            "２０２６年４月１日",
            "２０２６／０４／０１",
            "20260401",
            "令和8年4月1日",
            "令和 8年 4月 1日",
            "㋿8年4月1日",
            "R8.4.1",
            "r8/4/1",
            "Ｒ８．４．１",
            "R08-04-01",
            "2026/4/1(水)",
            "2026年4月1日（水）",
            "2026-04-01 00:00:00",
            "2026-04-01T00:00:00",
        ];
        for text in written {
            assert_eq!(iso(text).as_deref(), Ok("2026-04-01"), "{text}");
        }
    }

    #[test]
    fn eras_are_bounded_by_their_days() {
        assert_eq!(iso("H31/4/30").as_deref(), Ok("2019-04-30"));
        assert_eq!(iso("平成31年5月1日"), Err(Problem::OutsideEra));
        assert_eq!(iso("令和元年5月1日").as_deref(), Ok("2019-05-01"));
        assert_eq!(iso("令和1年4月30日"), Err(Problem::OutsideEra));
        assert_eq!(iso("平成元年1月8日").as_deref(), Ok("1989-01-08"));
        assert_eq!(iso("昭和64年1月7日").as_deref(), Ok("1989-01-07"));
        assert_eq!(iso("S64.1.8"), Err(Problem::OutsideEra));
        assert_eq!(iso("R0.4.1"), Err(Problem::NoSuchDay));
    }

    #[test]
    fn days_that_never_were_are_refused() {
        assert_eq!(iso("2026-02-30"), Err(Problem::NoSuchDay));
        assert_eq!(iso("2025/2/29"), Err(Problem::NoSuchDay));
        assert_eq!(iso("2024/2/29").as_deref(), Ok("2024-02-29"));
        assert_eq!(iso("令和7年2月29日"), Err(Problem::NoSuchDay));
        assert_eq!(iso("2026-13-01"), Err(Problem::NoSuchDay));
        assert_eq!(iso("0026-04-01"), Err(Problem::YearOutOfRange));
    }

    #[test]
    fn what_could_mean_several_days_is_refused() {
        assert_eq!(iso("8/4/1"), Err(Problem::TwoDigitYear));
        assert_eq!(iso("26-04-01"), Err(Problem::TwoDigitYear));
        for text in ["2026年4月", "4/1", "春頃", "2026-04-01 13:30", "元年4月1日", "2026/4/1/1", "R8", "未定", "-1"]
        {
            assert!(iso(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_spreadsheets_day_number_is_a_day() {
        let from = |number| from_cell(&Cell::Number(number)).map(|day| day.to_string());
        assert_eq!(from(46113.0).as_deref(), Ok("2026-04-01"));
        assert_eq!(from(46113.75).as_deref(), Ok("2026-04-01"));
        assert_eq!(from(20_260_401.0).as_deref(), Ok("2026-04-01"));
        assert_eq!(from(45_351.0).as_deref(), Ok("2024-02-29"));
        for number in [0.0, -1.0, 60.0, 1e12, f64::NAN, f64::INFINITY] {
            assert_eq!(from(number), Err(Problem::NotADate), "{number}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_day_or_refused(text in "[0-9年月日/.R令和元 -]{0,16}|.*") {
            let _ = parse_date(&text);
        }

        #[test]
        fn era_and_western_years_agree(days in 0..11_000_u64) {
            let day = NaiveDate::from_ymd_opt(1989, 1, 8).expect("a day") + Days::new(days);
            prop_assume!(day < NaiveDate::from_ymd_opt(2019, 5, 1).expect("a day"));
            let era = format!("平成{}年{}月{}日", day.year() - 1988, day.month(), day.day());
            prop_assert_eq!(parse_date(&era), Ok(day));
            prop_assert_eq!(parse_date(&day.to_string()), Ok(day));
        }
    }
}
