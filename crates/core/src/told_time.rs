//! A moment as it is told to a graduate: the day as one says it, and 午前／午後 rather than 24 hours (ux.md C6).

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

use crate::graduate::Language;

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
    let o_clock = reading("時", "じ", language);
    let minute = match at.minute() {
        0 => String::new(),
        minute => format!("{minute}{}", reading("分", "ふん", language)),
    };
    let gap = if language == Language::Plain { "" } else { "\u{3000}" };
    format!("{day}の{gap}{half}{hour}{o_clock}{minute}")
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
    let (month, day) = (reading("月", "がつ", language), reading("日", "にち", language));
    // Brackets in brackets are hard to read: with readings the weekday stands in kana alone.
    let weekday = if language == Language::Furigana { weekday.1 } else { weekday.0 };
    format!("{}{month}{}{day}（{weekday}）", on.month(), on.day())
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
        assert_eq!(told("2026-11-19T15:00:00", Language::Furigana), "今日（きょう）の　午後（ごご）3時（じ）");
        assert_eq!(
            told("2026-11-24T10:30:00", Language::Furigana),
            "11月（がつ）24日（にち）（かようび）の　午前（ごぜん）10時（じ）30分（ふん）"
        );
    }
}
