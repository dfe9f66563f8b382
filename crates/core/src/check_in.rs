//! CheckIn: the ledger row.
//!
//! Every check-in that falls due for a person has exactly one row and ends in exactly one of answered, silent, skipped,
//! failed, handed over (DESIGN.md section 1). A late answer may still turn *silent* or *handed over* into *answered*: the
//! person's word counts more than our waiting.

use crate::codes;

codes! {
    /// Where a check-in stands.
    CheckInState {
        /// A message is planned.
        Planned = "planned",
        /// Its moment has come; no provider has accepted it yet.
        Due = "due",
        /// A provider accepted it; an answer is awaited.
        Out = "out",
        /// The person answered.
        Answered = "answered",
        /// No answer came in time.
        Silent = "silent",
        /// It wasn't sent, for a reason that is no fault.
        Skipped = "skipped",
        /// It couldn't be sent.
        Failed = "failed",
        /// A member of staff makes the contact instead.
        HandedOver = "handed_over",
    }
}

codes! {
    /// Why a check-in was skipped, failed or was handed over.
    CloseReason {
        /// The person's contact is paused.
        Paused = "paused",
        /// The person said stop.
        Stopped = "stopped",
        /// Support has ended.
        Ended = "ended",
        /// A person was in touch shortly before.
        WasInTouch = "was_in_touch",
        /// A newer check-in took its place after an outage.
        Superseded = "superseded",
        /// The person had another check-in on that day: a late one, left over from an outage.
        AnotherToday = "another_today",
        /// The person has no address that can be used.
        NoAddress = "no_address",
        /// The office has no channel to an address that the person has, or it stands still.
        NoChannel = "no_channel",
        /// The person's hours and the office's never meet.
        NoCommonHours = "no_common_hours",
        /// It came too late after an outage.
        TooLate = "too_late",
        /// Every channel refused it.
        Refused = "refused",
        /// Nobody can tell whether it went out.
        Unclear = "unclear",
        /// The window closed before it could be sent.
        Expired = "expired",
        /// The address changed between planning and sending.
        AddressChanged = "address_changed",
        /// The office stopped sending.
        OfficeStopped = "office_stopped",
        /// A message template was missing or too long.
        Template = "template",
        /// The cadence was changed before it went out.
        Replanned = "replanned",
        /// A member of staff asked its question within an answer of theirs (S2.3).
        Joined = "joined",
    }
}

impl CheckInState {
    /// Whether the row has reached an end.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Answered | Self::Silent | Self::Skipped | Self::Failed | Self::HandedOver)
    }

    /// Whether a row may go from this state to `next`.
    pub fn may_become(self, next: Self) -> bool {
        use CheckInState::{Answered, Due, Failed, HandedOver, Out, Planned, Silent, Skipped};
        match self {
            Planned => matches!(next, Due | Out | Skipped | Failed | HandedOver),
            Due => matches!(next, Out | Skipped | Failed | HandedOver),
            Out => matches!(next, Answered | Silent | HandedOver),
            Silent | HandedOver => matches!(next, Answered),
            Answered | Skipped | Failed => false,
        }
    }

    /// Where a row stands again once the answer that asked its question was taken back before it went: nobody had heard of
    /// either. Nothing else is ever taken back.
    pub fn parted(self, why: Option<CloseReason>) -> Option<Self> {
        (self == Self::Skipped && why == Some(CloseReason::Joined)).then_some(Self::Planned)
    }

    /// Goes to `next`, or refuses.
    pub fn become_(self, next: Self) -> Result<Self, InvalidCheckInStep> {
        if self.may_become(next) { Ok(next) } else { Err(InvalidCheckInStep { from: self, to: next }) }
    }
}

/// A step that the ledger doesn't allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a check-in can't go from {from} to {to}")]
pub struct InvalidCheckInStep {
    /// Where it stands.
    pub from: CheckInState,
    /// Where it should have gone.
    pub to: CheckInState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_row_opens_again_only_for_the_persons_late_answer() {
        for &from in CheckInState::ALL {
            for &to in CheckInState::ALL {
                if from.is_closed() && from.may_become(to) {
                    assert_eq!(to, CheckInState::Answered);
                }
            }
        }
    }

    #[test]
    fn only_a_question_that_was_joined_to_an_answer_is_parted_from_it() {
        for &state in CheckInState::ALL {
            for &why in CloseReason::ALL {
                let joined = state == CheckInState::Skipped && why == CloseReason::Joined;
                assert_eq!(state.parted(Some(why)), joined.then_some(CheckInState::Planned));
            }
            assert_eq!(state.parted(None), None);
        }
    }

    #[test]
    fn every_open_state_can_reach_an_end() {
        for &from in CheckInState::ALL.iter().filter(|state| !state.is_closed()) {
            assert!(CheckInState::ALL.iter().any(|&to| to.is_closed() && from.may_become(to)), "{from}");
        }
    }

    #[test]
    fn nothing_is_sent_twice_out_of_out() {
        assert_eq!(
            CheckInState::Out.become_(CheckInState::Planned),
            Err(InvalidCheckInStep { from: CheckInState::Out, to: CheckInState::Planned })
        );
    }
}
