//! Today: who needs a hand, why, and in which order.
//!
//! Each person's needs are facts of the store. The most pressing one gives the row its reason and its points; waiting and
//! further needs add a few ([`Score`]). The points and their parts are shown, so that nobody has to wonder about the order.

mod plan;
mod put_off;
mod rule;
mod score;

use chrono::{DateTime, Utc};

pub use self::plan::{DayPlan, Placed, PlanItem, Work, day_plan};
pub use self::put_off::{NotTodayReason, PutOff, PutOffKind};
pub use self::rule::{TodayRule, TodayRuleError};
pub use self::score::{Part, Score};
use crate::codes;
use crate::ids::CommitmentId;
use crate::sign::SignStep;
use crate::task::{TaskKind, TaskReason};

codes! {
    /// How pressing a need is by its kind, most pressing first; `config/today.toml` says how many points each has.
    Urgency {
        /// Words of crisis.
        Crisis = "crisis",
        /// A time that we named, or agreed on, has passed (S2.9).
        BrokenPromise = "broken_promise",
        /// The person asked for something, or wrote words that must be read today.
        Asked = "asked",
        /// Our answer is late (S2.1).
        ReplyLate = "reply_late",
        /// Our answer is due (S2.2).
        ReplyDue = "reply_due",
        /// Said stop, may want to stop, or wants contact again.
        Stopped = "stopped",
        /// A confirmed sign that nobody has acted upon.
        SignConfirmed = "sign_confirmed",
        /// No answer for longer than this person's habit.
        Silence = "silence",
        /// A contact that only a person can make.
        ContactDue = "contact_due",
        /// Something to look at and decide.
        Look = "look",
        /// A sign that nobody has looked at.
        SignNew = "sign_new",
        /// A duty such as the monthly meeting, or looking at a card again.
        Duty = "duty",
    }
}

/// One thing that asks for a hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Words of crisis.
    Crisis,
    /// A task. `agreed`: its time was agreed with the person.
    Task {
        /// What kind of doing.
        kind: TaskKind,
        /// Why.
        reason: TaskReason,
        /// Whether the person expects us at its time.
        agreed: bool,
    },
    /// An answer of ours, late from then on; `None` where no time of opening is near.
    Reply {
        /// Late from then on.
        late_at: Option<DateTime<Utc>>,
    },
    /// No answer for longer than this person's habit.
    Silence,
    /// A sign, by where it stands.
    Sign(SignStep),
    /// No meeting in person yet in this month.
    Meeting,
    /// The day has come on which the person's card is looked at again (S2.0a).
    Card,
    /// Something promised for a time (S2.9): which promise, because two may be for the same moment.
    Promise(CommitmentId),
}

/// A need and its moments, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub need: Need,
    /// Since when it asks for a hand, or for when it was agreed.
    pub at: DateTime<Utc>,
    /// When it came up; what came up after a row was put off brings the row back.
    pub since: DateTime<Utc>,
}

impl Waiting {
    /// How pressing it is now.
    pub fn urgency(&self, now: DateTime<Utc>) -> Urgency {
        match self.need {
            Need::Crisis => Urgency::Crisis,
            Need::Task { agreed: true, .. } | Need::Promise(_) if self.at < now => Urgency::BrokenPromise,
            Need::Task { kind, reason, .. } => of_task(kind, reason),
            Need::Reply { late_at } if late_at.is_some_and(|late| late <= now) => Urgency::ReplyLate,
            Need::Reply { .. } => Urgency::ReplyDue,
            Need::Silence => Urgency::Silence,
            Need::Sign(SignStep::Suggested) => Urgency::SignNew,
            Need::Sign(_) => Urgency::SignConfirmed,
            Need::Meeting | Need::Card => Urgency::Duty,
            Need::Promise(_) => Urgency::Asked,
        }
    }
}

fn of_task(kind: TaskKind, reason: TaskReason) -> Urgency {
    match reason {
        TaskReason::Crisis | TaskReason::UnknownCrisis => Urgency::Crisis,
        TaskReason::AskedForCall | TaskReason::ReadSoon | TaskReason::RequestNotYet => Urgency::Asked,
        TaskReason::Stopped | TaskReason::MaybeStop | TaskReason::WantsContact => Urgency::Stopped,
        TaskReason::Silent => Urgency::Silence,
        _ if kind == TaskKind::Call => Urgency::ContactDue,
        _ => Urgency::Look,
    }
}

/// Puts the needs of one person in order; the first is what the row is about.
pub fn most_pressing_first(needs: &mut [Waiting], now: DateTime<Utc>) {
    needs.sort_by_key(|waiting| (waiting.urgency(now), waiting.at));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    fn waiting(need: Need, minute: i64) -> Waiting {
        Waiting { need, at: at(minute), since: at(minute) }
    }

    fn call(reason: TaskReason) -> Need {
        Need::Task { kind: TaskKind::Call, reason, agreed: false }
    }

    #[test]
    fn an_answer_comes_before_a_sign_and_a_longer_wait_before_a_shorter() {
        let mut needs = [
            waiting(Need::Sign(SignStep::Suggested), 1),
            waiting(call(TaskReason::Silent), 9),
            waiting(call(TaskReason::NoAddress), 5),
            waiting(call(TaskReason::Silent), 3),
            waiting(Need::Reply { late_at: None }, 20),
        ];
        most_pressing_first(&mut needs, at(30));
        let minutes = needs.map(|waiting| waiting.at.timestamp() / 60);
        assert_eq!(minutes, [20, 3, 9, 5, 1]);
    }

    #[test]
    fn words_of_crisis_come_before_everything() {
        let mut needs = [waiting(Need::Reply { late_at: Some(at(1)) }, 1), waiting(Need::Crisis, 99)];
        most_pressing_first(&mut needs, at(100));
        assert_eq!(needs[0].need, Need::Crisis);
    }

    #[test]
    fn a_call_that_was_agreed_on_is_a_promise_once_its_time_has_passed() {
        let agreed = Need::Task { kind: TaskKind::Call, reason: TaskReason::Silent, agreed: true };
        assert_eq!(waiting(agreed, 10).urgency(at(9)), Urgency::Silence);
        assert_eq!(waiting(agreed, 10).urgency(at(11)), Urgency::BrokenPromise);
    }

    #[test]
    fn a_promise_is_asked_for_until_its_time_and_broken_after_it() {
        let promise = waiting(Need::Promise(CommitmentId(uuid::Uuid::nil())), 10);
        assert_eq!(promise.urgency(at(10)), Urgency::Asked);
        assert_eq!(promise.urgency(at(11)), Urgency::BrokenPromise);
    }

    #[test]
    fn a_reply_becomes_late_at_its_moment() {
        let reply = waiting(Need::Reply { late_at: Some(at(60)) }, 1);
        assert_eq!(reply.urgency(at(59)), Urgency::ReplyDue);
        assert_eq!(reply.urgency(at(60)), Urgency::ReplyLate);
    }

    #[test]
    fn a_confirmed_sign_weighs_more_than_silence_and_silence_more_than_a_duty() {
        let mut needs = [
            waiting(Need::Meeting, 1),
            waiting(Need::Card, 0),
            waiting(Need::Silence, 2),
            waiting(Need::Sign(SignStep::Suggested), 3),
            waiting(Need::Sign(SignStep::Confirmed), 4),
        ];
        most_pressing_first(&mut needs, at(9));
        assert_eq!(needs.map(|waiting| waiting.at), [at(4), at(2), at(3), at(0), at(1)]);
    }
}
