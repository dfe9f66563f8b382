//! Reasons in words: one or two short sentences from `locales/*/reasons.ftl`.

use chrono::NaiveDate;

use super::{AnchorKind, Because, DueReason, Every, Moved};
use crate::calendar::{ClosedBecause, Holidays};
use crate::words::{Args, Lang, Words};

/// What a sentence needs besides the reason: the words, the reader's language and how dates are written there.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// All texts.
    pub words: &'a Words,
    /// The reader's language.
    pub lang: Lang,
    /// English names of holidays.
    pub holidays: &'a Holidays,
    /// Writes a date for that reader.
    pub date: &'a dyn Fn(NaiveDate) -> String,
}

impl DueReason {
    /// The whole reason: what made the check-in due, then what moved it.
    pub fn say(&self, speaker: &Speaker<'_>) -> String {
        let mut said = vec![speaker.get(self.word_key(), &self.because.args(speaker))];
        if let Some(in_touch) = self.in_touch {
            let mut args = Args::new();
            args.set("date", (speaker.date)(in_touch.on));
            args.set("days", in_touch.days);
            said.push(speaker.get("due-in-touch", &args));
        }
        said.extend(self.moved.as_ref().map(|moved| moved.say(speaker)));
        said.join(if speaker.lang == Lang::En { " " } else { "" })
    }
}

impl Every {
    /// The interval alone: 毎週, every 3 days.
    pub fn say(self, words: &Words, lang: Lang) -> String {
        let (unit, n) = match self {
            Self::Days(1) => ("day", 1),
            Self::Days(7) => ("week", 1),
            Self::Days(n) if n % 7 == 0 => ("weeks", n / 7),
            Self::Days(n) => ("days", n),
            Self::Months(1) => ("month", 1),
            Self::Months(n) => ("months", n),
        };
        let mut args = Args::new();
        args.set("unit", unit);
        args.set("n", n);
        words.get(lang, "due-every", &args)
    }
}

impl Speaker<'_> {
    fn get(&self, key: &str, args: &Args<'_>) -> String {
        self.words.get(self.lang, key, args)
    }
}

impl Because {
    fn args(self, speaker: &Speaker<'_>) -> Args<'static> {
        let mut args = Args::new();
        let every = |every: Every| every.say(speaker.words, speaker.lang);
        match self {
            Self::Phase { anchor, day, every: interval } => {
                args.set("anchor", selector(anchor));
                args.set("day", day);
                args.set("every", every(interval));
            }
            Self::Adjusted { every: interval, until, .. } => {
                args.set("every", every(interval));
                args.set("has_end", if until.is_some() { "yes" } else { "no" });
                args.set("until", until.map(speaker.date).unwrap_or_default());
            }
            Self::FollowUp { escalated_on } => args.set("date", (speaker.date)(escalated_on)),
            Self::Resumed { paused_from, paused_until } => {
                args.set("from", (speaker.date)(paused_from));
                args.set("until", (speaker.date)(paused_until));
            }
        }
        args
    }
}

impl Moved {
    fn say(&self, speaker: &Speaker<'_>) -> String {
        let mut args = Args::new();
        args.set("date", (speaker.date)(self.from));
        let key = match &self.because {
            ClosedBecause::Holiday { name } => {
                args.set("holiday", speaker.holidays.name_in(speaker.lang, name).to_owned());
                "due-moved-holiday"
            }
            ClosedBecause::Closure => "due-moved-closure",
            ClosedBecause::Weekday => "due-moved-weekday",
        };
        speaker.get(key, &args)
    }
}

/// The variant of `due-phase` for what days are counted from.
fn selector(anchor: AnchorKind) -> &'static str {
    match anchor {
        AnchorKind::Hired => "hired",
        AnchorKind::Returned => "returned",
        AnchorKind::JobChanged => "job_changed",
        AnchorKind::SupportStarted => "support_started",
    }
}

#[cfg(test)]
mod tests {
    use super::super::reason::tests::{date, every_kind};
    use super::super::{AdjusterKind, InTouch, embedded_presets};
    use super::*;
    use crate::window::{NeverReason, WaitReason};

    fn say(lang: Lang, reason: &DueReason) -> String {
        let (words, holidays) = (Words::embedded(), Holidays::embedded());
        let date = |d: NaiveDate| match lang {
            Lang::En => d.format("%-d %B").to_string(),
            _ => d.format("%-m月%-d日").to_string(),
        };
        reason.say(&Speaker { words: &words, lang, holidays: &holidays, date: &date })
    }

    fn plain(because: Because) -> DueReason {
        DueReason { because, in_touch: None, moved: None }
    }

    fn on_showa_day() -> Moved {
        Moved { from: date("2026-04-29"), because: ClosedBecause::Holiday { name: "昭和の日".into() } }
    }

    #[test]
    fn a_reason_is_one_or_two_short_sentences() {
        let phase = Because::Phase { anchor: AnchorKind::Hired, day: 15, every: Every::Days(7) };
        assert_eq!(say(Lang::Ja, &plain(phase)), "入社15日目。毎週の連絡です。");
        assert_eq!(say(Lang::En, &plain(phase)), "Day 15 in the job. We are in touch every week.");
        let until = Some(date("2026-04-24"));
        let sign = Because::Adjusted { by: AdjusterKind::SignConfirmed, every: Every::Days(3), until };
        assert_eq!(say(Lang::Ja, &plain(sign)), "気になるサインがあったので、4月24日までは3日ごとに連絡します。");
    }

    #[test]
    fn what_moved_a_check_in_follows_in_the_readers_language() {
        let because = Because::Phase { anchor: AnchorKind::Returned, day: 15, every: Every::Months(1) };
        let in_touch = Some(InTouch { on: date("2026-04-26"), days: 3 });
        let reason = DueReason { because, in_touch, moved: Some(on_showa_day()) };
        assert_eq!(
            say(Lang::Ja, &reason),
            "復職15日目。毎月の連絡です。4月26日に話したばかりなので、3日あけました。4月29日は昭和の日のため、次の開所日にしました。"
        );
        assert_eq!(
            say(Lang::En, &reason),
            "Day 15 back at work. We are in touch every month. We spoke on 26 April, so this one waited 3 days. \
             29 April is a holiday (Showa Day), so it moved to the next open day."
        );
        assert_eq!(say(Lang::JaEasy, &reason), say(Lang::Ja, &reason));
    }

    #[test]
    fn every_reason_has_words_and_fills_them_all() {
        let closed_days =
            [None, Some(ClosedBecause::Closure), Some(ClosedBecause::Weekday), Some(on_showa_day().because)];
        for because in every_kind() {
            for closed in &closed_days {
                let moved = closed.clone().map(|because| Moved { from: date("2026-04-29"), because });
                let reason = DueReason { because, in_touch: None, moved };
                for lang in Lang::ALL {
                    let said = say(lang, &reason);
                    assert!(!said.contains(['{', '⟦', '$']) && !said.contains("  ") && said == said.trim(), "{said}");
                }
            }
        }
    }

    #[test]
    fn waits_and_presets_have_words() {
        let (words, holidays) = (Words::embedded(), Holidays::embedded());
        let sea = WaitReason::Holiday { name: "海の日".into() };
        assert_eq!(sea.say(&words, Lang::Ja, &holidays), "今日は海の日で、事業所は休みです。");
        assert!(sea.say(&words, Lang::En, &holidays).contains("Marine Day"));
        for wait in WaitReason::without_values() {
            assert!(words.has(Lang::Ja, wait.key()) && words.has(Lang::En, wait.key()), "{wait:?}");
        }
        for never in [NeverReason::NoCommonHours, NeverReason::OfficeNeverOpen] {
            assert!(words.has(Lang::Ja, never.key()) && words.has(Lang::En, never.key()), "{never:?}");
        }
        for preset in embedded_presets() {
            assert!(words.has(Lang::Ja, &preset.name_key()) && words.has(Lang::En, &preset.about_key()), "{preset:?}");
        }
    }
}
