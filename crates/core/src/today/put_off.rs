//! 後で／今日はしない: a row that rests for a while because somebody decided so, and comes back by itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Need, Urgency, Waiting};
use crate::codes;
use crate::ids::StaffId;

codes! {
    /// What somebody decided.
    PutOffKind {
        /// 後で: at a moment of their choice.
        Later = "later",
        /// 今日はしない: on the next open day, with a reason.
        NotToday = "not_today",
    }
}

codes! {
    /// Why a contact isn't made today.
    NotTodayReason {
        /// It isn't needed.
        NotNeeded = "not_needed",
        /// The person asked for it.
        TheirWish = "their_wish",
        /// Somebody else's answer is waited for.
        WaitsForOthers = "waits_for_others",
        /// There was no time.
        NoTime = "no_time",
        /// Another reason, in words.
        Other = "other",
    }
}

/// A row that rests. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutOff {
    /// What was decided.
    pub kind: PutOffKind,
    /// Who decided.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
    /// The row comes back then.
    pub until: DateTime<Utc>,
}

impl Urgency {
    /// Whether a row of this kind may rest. An answer or a promise may not: whoever can't answer yet says when they will (S2.1).
    pub fn may_rest(self) -> bool {
        self >= Self::Stopped || self == Self::Asked
    }
}

impl Waiting {
    /// Whether somebody may decide that it rests; what was promised never, also before its time: who waits for it doesn't know of the rest.
    pub fn may_rest(&self, now: DateTime<Utc>) -> bool {
        !matches!(self.need, Need::Promise(_) | Need::Task { agreed: true, .. }) && self.urgency(now).may_rest()
    }
}

impl PutOff {
    /// Whether the row rests now: its time hasn't come, nothing new came up since, and nothing in it may not rest.
    pub fn rests(&self, needs: &[Waiting], now: DateTime<Utc>) -> bool {
        let may = |waiting: &Waiting| waiting.since <= self.at && waiting.may_rest(now);
        now < self.until && needs.iter().all(may)
    }

    /// The same needs after their rest: what waited then counts from the moment that was chosen, so that it isn't overdue by it. What may
    /// not rest has its own moment: no put-off moves a promise.
    pub fn moved(&self, waiting: Waiting, now: DateTime<Utc>) -> Waiting {
        if waiting.since > self.at || !waiting.may_rest(now) {
            return waiting;
        }
        Waiting { at: waiting.at.max(self.until), ..waiting }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::ids::CommitmentId;
    use crate::task::{TaskKind, TaskReason};

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("in range") + TimeDelta::hours(hour)
    }

    fn put_off() -> PutOff {
        PutOff { kind: PutOffKind::Later, by: StaffId(Uuid::nil()), at: at(10), until: at(13) }
    }

    fn silence(since: i64) -> Waiting {
        Waiting { need: Need::Silence, at: at(since), since: at(since) }
    }

    #[test]
    fn a_row_rests_until_its_moment() {
        assert!(put_off().rests(&[silence(8)], at(12)));
        assert!(!put_off().rests(&[silence(8)], at(13)));
    }

    #[test]
    fn something_new_brings_the_row_back_at_once() {
        assert!(!put_off().rests(&[silence(8), silence(11)], at(12)));
    }

    #[test]
    fn a_call_of_the_afternoon_that_was_known_in_the_morning_is_nothing_new() {
        let task = Need::Task { kind: TaskKind::Call, reason: TaskReason::Silent, agreed: false };
        assert!(put_off().rests(&[Waiting { need: task, at: at(12), since: at(2) }], at(12)));
    }

    #[test]
    fn an_answer_that_is_due_and_words_of_crisis_never_rest() {
        for need in [Need::Reply { late_at: None }, Need::Crisis] {
            assert!(!put_off().rests(&[Waiting { need, at: at(1), since: at(1) }], at(12)));
        }
    }

    #[test]
    fn what_was_put_off_counts_from_its_new_moment() {
        assert_eq!(put_off().moved(silence(8), at(13)).at, at(13));
        assert_eq!(put_off().moved(silence(11), at(13)).at, at(11), "what is new counts from its own");
    }

    #[test]
    fn what_was_promised_keeps_its_moment_whatever_was_put_off() {
        let agreed = Need::Task { kind: TaskKind::Call, reason: TaskReason::Silent, agreed: true };
        for need in [Need::Promise(CommitmentId(Uuid::nil())), agreed, Need::Reply { late_at: None }] {
            let waiting = Waiting { need, at: at(11), since: at(9) };
            assert_eq!(put_off().moved(waiting, at(14)).at, at(11), "{need:?}");
        }
    }
}
