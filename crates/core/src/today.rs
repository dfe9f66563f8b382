//! Today: what asks for a hand, most pressing first.
//!
//! A promised or asked-for thing comes before what the program noticed by itself; inside a kind the longer wait comes first.

use chrono::{DateTime, Utc};

use crate::task::{TaskKind, TaskReason};

/// One thing that asks for a hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Words of crisis.
    Crisis,
    /// A task.
    Task(TaskKind, TaskReason),
    /// An answer of ours.
    Reply,
    /// No answer for longer than this person's habit.
    Silence,
    /// A sign that nobody has looked at.
    Sign,
}

/// A need and since when it has been one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub need: Need,
    /// Since when, or for when it was agreed.
    pub at: DateTime<Utc>,
}

impl Need {
    /// Smaller is more pressing.
    pub fn order(self) -> u8 {
        match self {
            Self::Crisis | Self::Task(_, TaskReason::Crisis | TaskReason::UnknownCrisis) => 0,
            Self::Task(_, TaskReason::AskedForCall | TaskReason::ReadSoon | TaskReason::RequestNotYet) => 1,
            Self::Reply => 2,
            Self::Task(_, TaskReason::Stopped | TaskReason::MaybeStop | TaskReason::WantsContact) => 3,
            Self::Task(TaskKind::Call, _) => 4,
            Self::Task(..) => 5,
            Self::Silence => 6,
            Self::Sign => 7,
        }
    }
}

/// Puts the needs of one person in order; the first is what the row is about.
pub fn most_pressing_first(needs: &mut [Waiting]) {
    needs.sort_by_key(|waiting| (waiting.need.order(), waiting.at));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(need: Need, minute: i64) -> Waiting {
        Waiting { need, at: DateTime::from_timestamp(minute * 60, 0).expect("in range") }
    }

    #[test]
    fn an_answer_comes_before_a_sign_and_a_longer_wait_before_a_shorter() {
        let mut needs = [
            waiting(Need::Sign, 1),
            waiting(Need::Task(TaskKind::Call, TaskReason::Silent), 9),
            waiting(Need::Task(TaskKind::Call, TaskReason::NoAddress), 5),
            waiting(Need::Reply, 20),
        ];
        most_pressing_first(&mut needs);
        let minutes = needs.map(|waiting| waiting.at.timestamp() / 60);
        assert_eq!(minutes, [20, 5, 9, 1]);
    }

    #[test]
    fn words_of_crisis_come_before_everything() {
        let mut needs = [waiting(Need::Reply, 1), waiting(Need::Crisis, 99)];
        most_pressing_first(&mut needs);
        assert_eq!(needs[0].need, Need::Crisis);
    }
}
