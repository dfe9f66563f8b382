//! Why a check-in is due, as data that one sentence can be made from (`locales/*/reasons.ftl`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AdjusterKind, AnchorKind, Every};
use crate::calendar::ClosedBecause;

/// The whole reason: what made the check-in due, and what moved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueReason {
    /// What made it due.
    pub because: Because,
    /// Somebody had just spoken with the person, so it waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_touch: Option<InTouch>,
    /// The office is closed on the day it fell on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// What made a check-in due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Because {
    /// A phase of the plan.
    Phase {
        /// What days are counted from.
        anchor: AnchorKind,
        /// The day on which the contact fell, the anchor being day 1.
        day: u32,
        /// The phase's interval.
        every: Every,
    },
    /// A while of closer or thinner contact.
    Adjusted {
        /// Why.
        by: AdjusterKind,
        /// Its interval.
        every: Every,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// Asking what became of a request to the employer.
    FollowUp {
        /// When the request was made.
        escalated_on: NaiveDate,
    },
    /// The first contact after a pause.
    Resumed {
        /// First day of the pause.
        paused_from: NaiveDate,
        /// Last day of the pause.
        paused_until: NaiveDate,
    },
}

/// The wait after a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTouch {
    /// When somebody spoke with the person.
    pub on: NaiveDate,
    /// How many days the check-in waits from then on.
    pub days: u16,
}

/// The move from a closed day to the next open one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The closed day.
    pub from: NaiveDate,
    /// Why it is closed.
    pub because: ClosedBecause,
}

/// A value that a sentence takes. Dates are written by whoever knows the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonArg {
    /// A count.
    Number(u32),
    /// A date, to be written in the reader's language.
    Date(NaiveDate),
    /// A selector of the message; never shown.
    Key(&'static str),
    /// The Japanese name of a holiday; [`crate::calendar::Holidays::english`] has the other.
    Holiday(String),
}

impl DueReason {
    /// The message in `reasons.ftl` that says this reason in one or two short sentences.
    pub fn word_key(&self) -> &'static str {
        match self.because {
            Because::Phase { .. } => "due-phase",
            Because::Adjusted { by: AdjusterKind::SignConfirmed, .. } => "due-sign",
            Because::Adjusted { by: AdjusterKind::AskedMore, .. } => "due-asked-more",
            Because::Adjusted { by: AdjusterKind::AllRight, .. } => "due-all-right",
            Because::Adjusted { by: AdjusterKind::AskedFewer, .. } => "due-asked-fewer",
            Because::FollowUp { .. } => "due-follow-up",
            Because::Resumed { .. } => "due-resumed",
        }
    }

    /// The values that message takes, by name. Every key a message can ask for is present.
    pub fn args(&self) -> Vec<(&'static str, ReasonArg)> {
        let mut args = self.because.args();
        let key = |yes: bool| ReasonArg::Key(if yes { "yes" } else { "no" });
        args.push(("in_touch", key(self.in_touch.is_some())));
        if let Some(in_touch) = self.in_touch {
            args.push(("contact_on", ReasonArg::Date(in_touch.on)));
            args.push(("wait_days", ReasonArg::Number(in_touch.days.into())));
        }
        let Some(moved) = &self.moved else {
            args.push(("moved", ReasonArg::Key("no")));
            return args;
        };
        args.push(("moved_from", ReasonArg::Date(moved.from)));
        let why = match &moved.because {
            ClosedBecause::Holiday { name } => {
                args.push(("holiday", ReasonArg::Holiday(name.clone())));
                "holiday"
            }
            ClosedBecause::Closure => "closure",
            ClosedBecause::Weekday => "weekday",
        };
        args.push(("moved", ReasonArg::Key(why)));
        args
    }
}

impl Because {
    fn args(self) -> Vec<(&'static str, ReasonArg)> {
        match self {
            Self::Phase { anchor, day, every } => {
                let mut args = every.args();
                args.push(("anchor", ReasonArg::Key(anchor.key())));
                args.push(("day", ReasonArg::Number(day)));
                args
            }
            Self::Adjusted { every, until, .. } => {
                let mut args = every.args();
                args.push(("has_end", ReasonArg::Key(if until.is_some() { "yes" } else { "no" })));
                args.extend(until.map(|until| ("until", ReasonArg::Date(until))));
                args
            }
            Self::FollowUp { escalated_on } => vec![("escalated_on", ReasonArg::Date(escalated_on))],
            Self::Resumed { paused_from, paused_until } => {
                vec![("paused_from", ReasonArg::Date(paused_from)), ("paused_until", ReasonArg::Date(paused_until))]
            }
        }
    }
}

impl Every {
    /// The arguments of the message `every`: `every_unit` (day, days, week, weeks, month, months) and `every_n`.
    pub fn args(self) -> Vec<(&'static str, ReasonArg)> {
        let (unit, n) = match self {
            Self::Days(1) => ("day", 1),
            Self::Days(7) => ("week", 1),
            Self::Days(n) if n % 7 == 0 => ("weeks", n / 7),
            Self::Days(n) => ("days", n),
            Self::Months(1) => ("month", 1),
            Self::Months(n) => ("months", n),
        };
        vec![("every_unit", ReasonArg::Key(unit)), ("every_n", ReasonArg::Number(n.into()))]
    }
}

impl AnchorKind {
    /// Selector of the message `anchor`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Hired => "hired",
            Self::Returned => "returned",
            Self::JobChanged => "job_changed",
            Self::SupportStarted => "support_started",
        }
    }
}

#[cfg(test)]
mod tests {
    use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

    use super::*;
    use crate::window::{NeverReason, WaitReason};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn say(language: &str, key: &str, args: &[(&'static str, ReasonArg)]) -> String {
        let text = match language {
            "ja" => include_str!("../../../../locales/ja/reasons.ftl"),
            _ => include_str!("../../../../locales/en/reasons.ftl"),
        };
        let resource = FluentResource::try_new(text.to_owned()).expect("the words parse");
        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("no message twice");
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            values.set(
                *name,
                match arg {
                    ReasonArg::Number(n) => FluentValue::from(*n),
                    ReasonArg::Date(d) if language == "ja" => d.format("%-m月%-d日").to_string().into(),
                    ReasonArg::Date(d) => d.format("%-d %B").to_string().into(),
                    ReasonArg::Key(key) => FluentValue::from(*key),
                    ReasonArg::Holiday(name) => name.clone().into(),
                },
            );
        }
        let mut errors = Vec::new();
        let message = bundle.get_message(key).unwrap_or_else(|| panic!("{language}: no message {key}"));
        let said = bundle.format_pattern(message.value().unwrap(), Some(&values), &mut errors).into_owned();
        assert!(errors.is_empty(), "{language} {key}: {errors:?}");
        said
    }

    fn plain(because: Because) -> DueReason {
        DueReason { because, in_touch: None, moved: None }
    }

    fn every_kind() -> Vec<Because> {
        let adjusted =
            |by, until: Option<&str>| Because::Adjusted { by, every: Every::Days(3), until: until.map(date) };
        let mut kinds = vec![
            adjusted(AdjusterKind::SignConfirmed, Some("2026-04-24")),
            adjusted(AdjusterKind::AskedMore, None),
            adjusted(AdjusterKind::AllRight, Some("2026-06-30")),
            adjusted(AdjusterKind::AskedFewer, None),
            Because::FollowUp { escalated_on: date("2026-04-13") },
            Because::Resumed { paused_from: date("2026-04-13"), paused_until: date("2026-04-20") },
        ];
        for anchor in [AnchorKind::Hired, AnchorKind::Returned, AnchorKind::JobChanged, AnchorKind::SupportStarted] {
            kinds.push(Because::Phase { anchor, day: 8, every: Every::Days(7) });
        }
        kinds
    }

    #[test]
    fn a_reason_is_one_short_warm_sentence() {
        let phase = Because::Phase { anchor: AnchorKind::Hired, day: 15, every: Every::Days(7) };
        let reason = DueReason {
            because: phase,
            in_touch: Some(InTouch { on: date("2026-04-14"), days: 3 }),
            moved: Some(Moved {
                from: date("2026-04-29"),
                because: ClosedBecause::Holiday { name: "昭和の日".into() },
            }),
        };
        assert_eq!(say("ja", "due-phase", &plain(phase).args()), "入社15日目。毎週の連絡です。");
        assert_eq!(say("en", "due-phase", &plain(phase).args()), "Day 15 in the job. We are in touch every week.");
        assert_eq!(
            say("ja", reason.word_key(), &reason.args()),
            "入社15日目。毎週の連絡です。4月14日に話したばかりなので、3日あけました。4月29日は昭和の日のため、次の開所日にしました。"
        );
    }

    #[test]
    fn every_reason_has_words_in_both_languages() {
        let moves = [
            None,
            Some(ClosedBecause::Closure),
            Some(ClosedBecause::Weekday),
            Some(ClosedBecause::Holiday { name: "海の日".into() }),
        ];
        for because in every_kind() {
            for closed in &moves {
                for in_touch in [None, Some(InTouch { on: date("2026-04-14"), days: 3 })] {
                    let moved = closed.clone().map(|because| Moved { from: date("2026-07-20"), because });
                    let reason = DueReason { because, in_touch, moved };
                    for language in ["ja", "en"] {
                        let said = say(language, reason.word_key(), &reason.args());
                        assert!(!said.contains('{') && !said.contains("  ") && said == said.trim(), "{said:?}");
                    }
                }
            }
        }
        for every in
            [Every::Days(1), Every::Days(2), Every::Days(7), Every::Days(14), Every::Months(1), Every::Months(2)]
        {
            assert_ne!(say("ja", "every", &every.args()), say("en", "every", &every.args()));
        }
    }

    #[test]
    fn waits_and_presets_have_words_in_both_languages() {
        let waits = [
            WaitReason::Holiday { name: "海の日".into() },
            WaitReason::Closure,
            WaitReason::Weekday,
            WaitReason::BeforeHours,
            WaitReason::Break,
            WaitReason::AfterHours,
            WaitReason::EndOfDay,
            WaitReason::BeforeLongBreak,
            WaitReason::PersonDay,
            WaitReason::PersonHours,
            WaitReason::Ending,
        ];
        for language in ["ja", "en"] {
            for wait in &waits {
                let args: Vec<_> =
                    wait.holiday().map(|name| ("holiday", ReasonArg::Holiday(name.into()))).into_iter().collect();
                say(language, wait.key(), &args);
            }
            say(language, NeverReason::NoCommonHours.key(), &[]);
            say(language, NeverReason::OfficeNeverOpen.key(), &[]);
            for preset in crate::cadence::embedded_presets() {
                say(language, &format!("preset-{}", preset.key), &[]);
                say(language, &format!("preset-{}-about", preset.key), &[]);
            }
        }
    }

    #[test]
    fn stored_reasons_keep_their_form() {
        let reason = DueReason {
            because: Because::Phase { anchor: AnchorKind::JobChanged, day: 8, every: Every::Days(7) },
            in_touch: Some(InTouch { on: date("2026-04-06"), days: 3 }),
            moved: Some(Moved {
                from: date("2026-04-29"),
                because: ClosedBecause::Holiday { name: "昭和の日".into() },
            }),
        };
        let json = concat!(
            r#"{"because":{"kind":"phase","anchor":"job_changed","day":8,"every":{"days":7}},"#,
            r#""in_touch":{"on":"2026-04-06","days":3},"#,
            r#""moved":{"from":"2026-04-29","because":{"kind":"holiday","name":"昭和の日"}}}"#
        );
        assert_eq!(serde_json::to_string(&reason).unwrap(), json);
        assert_eq!(serde_json::from_str::<DueReason>(json).unwrap(), reason);
        let expected = [
            r#"{"kind":"adjusted","by":"sign_confirmed","every":{"days":3},"until":"2026-04-24"}"#,
            r#"{"kind":"adjusted","by":"asked_more","every":{"days":3}}"#,
            r#"{"kind":"adjusted","by":"all_right","every":{"days":3},"until":"2026-06-30"}"#,
            r#"{"kind":"adjusted","by":"asked_fewer","every":{"days":3}}"#,
            r#"{"kind":"follow_up","escalated_on":"2026-04-13"}"#,
            r#"{"kind":"resumed","paused_from":"2026-04-13","paused_until":"2026-04-20"}"#,
            r#"{"kind":"phase","anchor":"hired","day":8,"every":{"days":7}}"#,
        ];
        for (because, json) in every_kind().into_iter().zip(expected) {
            assert_eq!(serde_json::to_string(&because).unwrap(), json);
            assert_eq!(serde_json::from_str::<Because>(json).unwrap(), because);
        }
    }
}
