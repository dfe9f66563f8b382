//! Dates, times and numbers: what easy Japanese writes out (ux.md C6), and the days that vague words may stand for (S2.5).

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Days as Count, Months, NaiveDate};
use regex::{Captures, Regex};

use super::recipient::{Draft, Reader};
use super::{Look, Rule};

static DATE: LazyLock<Regex> =
    LazyLock::new(|| built_in(r"(?:(\d{4})年)?(\d{1,2})(?:月(\d{1,2})日|/(\d{1,2})(?:（|に|まで|から|の|は|、))"));
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    built_in(
        r"(?:(午前|午後|朝|昼|夕方|夜|晩|深夜|早朝|AM|PM|am|pm)[の、]?)?(\d{1,2})(?:時(?:(半)|(\d{1,2})分)?|:(\d{2}))",
    )
});
static WEEKDAY: LazyLock<Regex> =
    LazyLock::new(|| built_in(r"^[（、]?([月火水木金土日])(?:曜日?|[）・])|^（(?:祝|げつ|か|すい|もく|きん|ど|にち)"));
static NUMERAL: LazyLock<Regex> = LazyLock::new(|| {
    built_in(
        "([一二三四五六七八九十百千]+)(?:月|日|時|分|回|人|年|週|円|階|枚|本|個|か月|ヶ月|番|度|歳|名|件|台|冊|錠|泊)",
    )
});
/// Words that hold a number only by their look, or have no other usual spelling.
static NO_NUMERAL: LazyLock<Regex> = LazyLock::new(|| {
    built_in(
        "一番|一度|一人で|一人きり|一人暮らし|一時的?|一日中|一年中|一人ひとり|一人一人|十分|一本化|一部分?|百人力|千葉|三重|四国|九州|七夕|二日酔い|万一",
    )
});

fn built_in(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test compiles the built-in patterns")
}

/// So many days back and ahead a date without a year is taken for a near one.
const SURE_BACK: i64 = -31;
const SURE_AHEAD: i64 = 183;

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// What a proposal may leave to the day of writing.
pub(super) const MARKS: [&str; 5] = ["{by}", "{month_end}", "{next_month_end}", "{week_end}", "{next_week_end}"];

/// The days that words like 月末 mean on the day of writing, written for the reader.
pub(super) struct Days {
    today: NaiveDate,
    by: Option<NaiveDate>,
    reader: Reader,
}

impl Days {
    pub(super) fn around(draft: &Draft<'_>, reader: Reader) -> Self {
        Self { today: draft.today, by: draft.by, reader }
    }

    /// Fills in the [`MARKS`]; `None` where the day of one isn't known.
    pub(super) fn fill_in(&self, text: &str) -> Option<String> {
        if !text.contains('{') {
            return Some(text.to_owned());
        }
        let days = [
            self.by,
            month_end(self.today),
            self.today.checked_add_months(Months::new(1)).and_then(month_end),
            self.friday(),
            self.monday().and_then(|monday| monday.checked_add_days(Count::new(11))),
        ];
        let mut filled = text.to_owned();
        for (mark, day) in MARKS.into_iter().zip(days).filter(|(mark, _)| text.contains(mark)) {
            filled = filled.replace(mark, &day_written(day?, self.reader));
        }
        Some(filled)
    }

    fn monday(&self) -> Option<NaiveDate> {
        self.today.checked_sub_days(Count::new(self.today.weekday().num_days_from_monday().into()))
    }

    /// Friday of this week; on a weekend it is over.
    fn friday(&self) -> Option<NaiveDate> {
        self.monday()?.checked_add_days(Count::new(4)).filter(|friday| *friday >= self.today)
    }
}

/// A day as it is written in a message: 11月24日（火曜日） for graduates, 11月24日（火） for others.
pub fn day_written(day: NaiveDate, reader: Reader) -> String {
    format!("{}月{}日{}", day.month(), day.day(), weekday(day, reader))
}

fn weekday(day: NaiveDate, reader: Reader) -> String {
    let name = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    if reader.is_graduate() { format!("（{name}曜日）") } else { format!("（{name}）") }
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Looks at dates, times and numbers; gives back where dates and times stand, whose kanji are nobody's choice.
pub(super) fn look(look: &mut Look<'_>) -> Vec<Range<usize>> {
    let mut ranges = numerals(look);
    ranges.extend(dates(look));
    ranges.extend(times(look));
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// A date to come without its day of the week, or any date with one that it isn't. A day that is over needs none.
fn dates(look: &mut Look<'_>) -> Vec<Range<usize>> {
    let words = &look.text.folded.words;
    let mut ranges = Vec::new();
    for found in DATE.captures_iter(words) {
        let Some(hit) = found.get(0) else { continue };
        let end = if found.get(4).is_some() { found.get(4) } else { found.get(0) }.map_or(hit.end(), |last| last.end());
        let range = hit.start()..end;
        let inside_number = words[..range.start].ends_with(|c: char| c.is_ascii_digit() || c == '/');
        let Some(day) = date(&found, look.draft.today).filter(|_| !inside_number) else { continue };
        if let Some(after) = WEEKDAY.captures(&words[end..]) {
            let whole = after.get(0).map_or(end, |whole| end + whole.end());
            ranges.push(range.start..whole);
            let said = after.get(1).map(|said| (said.as_str(), end + said.start()..end + said.end()));
            let is = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
            // Which year is meant is sure only of days that are near; 令和7年 is a year of another count.
            let is_near = (SURE_BACK..=SURE_AHEAD).contains(&(day - look.draft.today).num_days());
            let is_sure = is_near && !words[..range.start].ends_with('年');
            if let Some((_, said)) = said.filter(|(said, range)| is_sure && *said != is && !look.is_taken(range))
                && look.holds(Rule::WeekdayWrong)
            {
                look.remark(Rule::WeekdayWrong, &said).proposing(is);
            }
            continue;
        }
        ranges.push(range.clone());
        if look.holds(Rule::WeekdayMissing) && day >= look.draft.today && !look.is_taken(&range) {
            let year = found.get(1).map_or_else(String::new, |year| format!("{}年", year.as_str()));
            let put = format!("{year}{}", day_written(day, look.to.reader));
            look.remark(Rule::WeekdayMissing, &range).proposing(put);
        }
    }
    ranges
}

/// The day that is meant: without a year the nearest one.
fn date(found: &Captures<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let number = |at: usize| found.get(at).and_then(|digits| digits.as_str().parse::<u32>().ok());
    let (month, day) = (number(2)?, number(3).or_else(|| number(4))?);
    if let Some(year) = number(1) {
        return NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    }
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let days = years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.min_by_key(|day| (*day - today).num_days().abs())
}

/// A time on the 24-hour clock, or one that may be in the morning or in the afternoon.
fn times(look: &mut Look<'_>) -> Vec<Range<usize>> {
    let words = &look.text.folded.words;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    // Where the last time ended that said which half of the day it is in.
    let mut said_until = None;
    for found in TIME.captures_iter(words) {
        let Some(hit) = found.get(0) else { continue };
        let Some(time) = Time::of(&found, words) else { continue };
        let range = hit.range();
        ranges.push(range.clone());
        let goes_on = said_until.is_some_and(|end: usize| {
            let between = &words[end..range.start];
            ["から", "〜", "-", "ー", "と", "、", "・", "か"].contains(&between)
        });
        let said = found.get(1).is_some() || goes_on;
        if said || time.hour > 12 {
            said_until = Some(range.end);
        }
        if look.is_taken(&range) {
            continue;
        }
        if let Some(put) = time.in_halves(found.get(1).map(|half| half.as_str())) {
            if look.holds(Rule::ClockOf24) {
                look.remark(Rule::ClockOf24, &range).proposing(put);
            }
        } else if !said && time.hour != 12 && look.holds(Rule::HalfOfDay) {
            // 12時 is noon: midnight is said 夜の12時 or 0時.
            look.remark(Rule::HalfOfDay, &range);
        }
    }
    ranges
}

struct Time {
    hour: u32,
    /// 「半」, 「15分」 or nothing.
    minutes: String,
    /// 09:30
    leading_zero: bool,
}

impl Time {
    /// `None` for a duration (3時間) and for figures that are no time.
    fn of(found: &Captures<'_>, words: &str) -> Option<Self> {
        let (hit, digits) = (found.get(0)?, found.get(2)?);
        let after = &words[hit.end()..];
        let before = &words[..hit.start()];
        let no_time =
            after.starts_with(['間', '給', '点', '期', '代']) || after.starts_with(|c: char| c.is_ascii_digit());
        if no_time || (found.get(1).is_none() && before.ends_with(|c: char| c.is_ascii_digit() || c == ':')) {
            return None;
        }
        let hour = digits.as_str().parse().ok().filter(|hour| *hour <= 24)?;
        let minutes = match (found.get(3), found.get(4).or_else(|| found.get(5))) {
            (Some(_), _) => "半".to_owned(),
            (None, Some(minutes)) => match minutes.as_str().parse::<u32>().ok().filter(|minutes| *minutes < 60)? {
                0 => String::new(),
                minutes => format!("{minutes}分"),
            },
            (None, None) => String::new(),
        };
        Some(Self { hour, minutes, leading_zero: found.get(5).is_some() && digits.as_str().starts_with('0') })
    }

    /// As it is said with 午前 and 午後, where it was written on the 24-hour clock.
    fn in_halves(&self, half: Option<&str>) -> Option<String> {
        let (half, hour) = match self.hour {
            0 | 24 => ("夜の", 12),
            13..=23 => ("午後", self.hour - 12),
            1..=11 if self.leading_zero && half.is_none() => ("午前", self.hour),
            _ => return None,
        };
        Some(format!("{half}{hour}時{}", self.minutes))
    }
}

/// A number in kanji before a counter.
fn numerals(look: &mut Look<'_>) -> Vec<Range<usize>> {
    if !look.holds(Rule::KanjiNumeral) {
        return Vec::new();
    }
    let words = &look.text.folded.words;
    let spared: Vec<Range<usize>> = NO_NUMERAL.find_iter(words).map(|hit| hit.range()).collect();
    let mut next = 0;
    let mut ranges = Vec::new();
    for found in NUMERAL.captures_iter(words) {
        let (Some(hit), Some(figures)) = (found.get(0), found.get(1)) else { continue };
        while spared.get(next).is_some_and(|place| place.end <= hit.start()) {
            next += 1;
        }
        let look_alike = spared.get(next).is_some_and(|place| place.start <= hit.start() && hit.end() <= place.end);
        let range = hit.start()..figures.end();
        if look_alike || look.is_taken(&range) {
            continue;
        }
        ranges.push(hit.range());
        let number = number(figures.as_str());
        let remark = look.remark(Rule::KanjiNumeral, &range);
        if let Some(number) = number {
            remark.proposing(number.to_string());
        }
        look.take(&range);
    }
    ranges
}

/// 二十三 is 23; `None` for figures that stand beside each other without 十 or 百.
fn number(figures: &str) -> Option<u32> {
    let (mut sum, mut digit) = (0, None);
    for c in figures.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let at = "一二三四五六七八九".chars().position(|known| known == c)?;
                if digit.is_some() {
                    return None;
                }
                digit = u32::try_from(at + 1).ok();
                continue;
            }
        };
        sum += digit.take().unwrap_or(1) * unit;
    }
    Some(sum + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn days(today: &str, reader: Reader) -> Days {
        Days { today: day(today), by: Some(day("2026-11-26")), reader }
    }

    #[test]
    fn vague_days_become_dates_in_the_readers_manner() {
        let graduate = days("2026-11-24", Reader::Plain);
        assert_eq!(graduate.fill_in("{month_end}まで").as_deref(), Some("11月30日（月曜日）まで"));
        assert_eq!(graduate.fill_in("{by}").as_deref(), Some("11月26日（木曜日）"));
        let employer = days("2026-12-31", Reader::Employer);
        assert_eq!(employer.fill_in("{next_month_end}").as_deref(), Some("1月31日（日）"));
        assert_eq!(employer.fill_in("{week_end}").as_deref(), Some("1月1日（金）"));
        assert_eq!(days("2026-11-28", Reader::Employer).fill_in("{week_end}"), None);
    }

    #[test]
    fn a_number_in_kanji_is_read() {
        let read = ["三", "十", "二十三", "百五", "千二百", "二三"].map(number);
        assert_eq!(read, [Some(3), Some(10), Some(23), Some(105), Some(1200), None]);
    }
}
