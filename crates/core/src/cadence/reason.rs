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

impl DueReason {
    /// The message in `reasons.ftl` that says what made it due; [`DueReason::say`] fills it in.
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
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// One of each, with all their fields.
    pub(crate) fn every_kind() -> Vec<Because> {
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
