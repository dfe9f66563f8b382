//! A moment as it is told to a graduate: the day as one says it, and 午前／午後 rather than 24 hours (ux.md C6).

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

use crate::graduate::Language;

/// Readings of months. Those of numbers change before a counter, so each stands as a whole.
const MONTHS: [&str; 12] = [
    "いちがつ",
    "にがつ",
    "さんがつ",
    "しがつ",
    "ごがつ",
    "ろくがつ",
    "しちがつ",
    "はちがつ",
    "くがつ",
    "じゅうがつ",
    "じゅういちがつ",
    "じゅうにがつ",
];
/// Readings of the days of a month.
const DAYS: [&str; 31] = [
    "ついたち",
    "ふつか",
    "みっか",
    "よっか",
    "いつか",
    "むいか",
    "なのか",
    "ようか",
    "ここのか",
    "とおか",
    "じゅういちにち",
    "じゅうににち",
    "じゅうさんにち",
    "じゅうよっか",
    "じゅうごにち",
    "じゅうろくにち",
    "じゅうしちにち",
    "じゅうはちにち",
    "じゅうくにち",
    "はつか",
    "にじゅういちにち",
    "にじゅうににち",
    "にじゅうさんにち",
    "にじゅうよっか",
    "にじゅうごにち",
    "にじゅうろくにち",
    "にじゅうしちにち",
    "にじゅうはちにち",
    "にじゅうくにち",
    "さんじゅうにち",
    "さんじゅういちにち",
];
/// Readings of the hours of half a day.
const HOURS: [&str; 12] = [
    "れいじ",
    "いちじ",
    "にじ",
    "さんじ",
    "よじ",
    "ごじ",
    "ろくじ",
    "しちじ",
    "はちじ",
    "くじ",
    "じゅうじ",
    "じゅういちじ",
];
/// Readings of the tens of minutes, before the rest of them.
const TENS: [&str; 6] = ["", "じゅう", "にじゅう", "さんじゅう", "よんじゅう", "ごじゅう"];
/// Readings of the rest of minutes; the first is that of whole tens, behind a reading without its last letter.
const MINUTES: [&str; 10] = [
    "っぷん",
    "いっぷん",
    "にふん",
    "さんぷん",
    "よんぷん",
    "ごふん",
    "ろっぷん",
    "ななふん",
    "はっぷん",
    "きゅうふん",
];

/// `今日の午後3時`, `明日の午前10時`, `11月30日（月曜日）の午前10時30分`, in the person's level. Both times are local.
pub fn told_time(at: NaiveDateTime, today: NaiveDate, language: Language) -> String {
    let day = match (at.date() - today).num_days() {
        0 => reading("今日", "きょう", language),
        1 => reading("明日", "あした", language),
        _ => told_day(at.date(), language),
    };
    let half = if at.hour() >= 12 { "午後" } else { "午前" };
    let half = reading(half, if at.hour() >= 12 { "ごご" } else { "ごぜん" }, language);
    let hour = at.hour() % 12;
    let hour = reading(&format!("{hour}時"), of(&HOURS, hour), language);
    let minute = match at.minute() {
        0 => String::new(),
        minute => reading(&format!("{minute}分"), &minutes(minute), language),
    };
    let gap = if language == Language::Plain { "" } else { "\u{3000}" };
    format!("{day}の{gap}{half}{hour}{minute}")
}

/// `11月30日（月曜日）`, in the person's level.
pub fn told_day(on: NaiveDate, language: Language) -> String {
    let weekday = match on.weekday() {
        Weekday::Mon => ("月曜日", "げつようび"),
        Weekday::Tue => ("火曜日", "かようび"),
        Weekday::Wed => ("水曜日", "すいようび"),
        Weekday::Thu => ("木曜日", "もくようび"),
        Weekday::Fri => ("金曜日", "きんようび"),
        Weekday::Sat => ("土曜日", "どようび"),
        Weekday::Sun => ("日曜日", "にちようび"),
    };
    let month = reading(&format!("{}月", on.month()), of(&MONTHS, on.month0()), language);
    let day = reading(&format!("{}日", on.day()), of(&DAYS, on.day0()), language);
    // Brackets in brackets are hard to read: with readings the weekday stands in kana alone.
    let weekday = if language == Language::Furigana { weekday.1 } else { weekday.0 };
    format!("{month}{day}（{weekday}）")
}

/// `さんじゅっぷん`.
fn minutes(minute: u32) -> String {
    let (tens, rest) = (of(&TENS, minute / 10), minute % 10);
    let tens = if rest == 0 { tens.trim_end_matches('う') } else { tens };
    format!("{tens}{}", of(&MINUTES, rest))
}

/// The reading with this number; calendars and clocks give none beyond the tables.
fn of(readings: &[&'static str], n: u32) -> &'static str {
    usize::try_from(n).ok().and_then(|n| readings.get(n)).copied().unwrap_or_default()
}

fn reading(kanji: &str, kana: &str, language: Language) -> String {
    if language == Language::Furigana { format!("{kanji}（{kana}）") } else { kanji.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(at: &str, language: Language) -> String {
        told_time(at.parse().unwrap(), "2026-11-19".parse().unwrap(), language)
    }

    #[test]
    fn a_day_nearby_has_its_own_word_and_any_other_its_weekday() {
        assert_eq!(told("2026-11-19T15:00:00", Language::Plain), "今日の午後3時");
        assert_eq!(told("2026-11-20T10:00:00", Language::Plain), "明日の午前10時");
        assert_eq!(told("2026-11-24T10:30:00", Language::Plain), "11月24日（火曜日）の午前10時30分");
        assert_eq!(told("2026-11-19T12:00:00", Language::Plain), "今日の午後0時");
    }

    #[test]
    fn in_easy_japanese_words_stand_apart_and_readings_are_given_where_wanted() {
        assert_eq!(told("2026-11-19T15:00:00", Language::Easy), "今日の　午後3時");
        assert_eq!(told("2026-11-19T15:00:00", Language::Furigana), "今日（きょう）の　午後（ごご）3時（さんじ）");
        assert_eq!(
            told("2026-11-24T10:30:00", Language::Furigana),
            "11月（じゅういちがつ）24日（にじゅうよっか）（かようび）の　午前（ごぜん）10時（じゅうじ）30分（さんじゅっぷん）"
        );
    }

    #[test]
    fn every_number_is_read_as_it_is_said() {
        let day = |on: &str| told_day(on.parse().unwrap(), Language::Furigana);
        for (on, said) in [
            ("2026-04-01", "4月（しがつ）1日（ついたち）（すいようび）"),
            ("2026-07-14", "7月（しちがつ）14日（じゅうよっか）（かようび）"),
            ("2026-09-20", "9月（くがつ）20日（はつか）（にちようび）"),
            ("2026-12-08", "12月（じゅうにがつ）8日（ようか）（かようび）"),
            ("2026-05-31", "5月（ごがつ）31日（さんじゅういちにち）（にちようび）"),
        ] {
            assert_eq!(day(on), said);
        }
        let time = |at: &str| told(&format!("2026-11-20T{at}:00"), Language::Furigana);
        for (at, said) in [
            ("09:20", "午前（ごぜん）9時（くじ）20分（にじゅっぷん）"),
            ("12:10", "午後（ごご）0時（れいじ）10分（じゅっぷん）"),
            ("16:05", "午後（ごご）4時（よじ）5分（ごふん）"),
            ("19:54", "午後（ごご）7時（しちじ）54分（ごじゅうよんぷん）"),
            ("23:38", "午後（ごご）11時（じゅういちじ）38分（さんじゅうはっぷん）"),
        ] {
            assert_eq!(time(at), format!("明日（あした）の　{said}"));
        }
        let all: Vec<_> = (1..60).map(minutes).collect();
        assert!(all.iter().all(|said| said.ends_with("ぷん") || said.ends_with("ふん")), "{all:?}");
        let hard = |minute: u32| matches!(minute % 10, 0 | 1 | 3 | 4 | 6 | 8);
        assert!((1..60).all(|minute| all[minute as usize - 1].ends_with("ぷん") == hard(minute)), "{all:?}");
    }
}
