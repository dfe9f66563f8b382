//! Reply: the clock that runs from the other side's word to our answer, as a ladder (S2.1, S2.2).
//!
//! A reminder, due, late, and at last a colleague takes over. It counts working time only ([`crate::working`]), so that nothing falls
//! due at night, on a holiday or in the lunch break. It begins with the first word nobody has answered and doesn't begin again with
//! the next one. It stands still until a time that we promised, and while we wait for something that the person has to tell us.
//! Any answer of ours ends it, by whichever way it reached the person.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::working::{Span, WorkingTime};

/// The delivered numbers.
const EMBEDDED: &str = include_str!("../../../config/reply.toml");
static DELIVERED: LazyLock<ReplyRule> =
    LazyLock::new(|| ReplyRule::parse(EMBEDDED).expect("the embedded numbers are read in a test"));
/// The longest a step may be, in minutes: thirty hours of working time.
pub const LONGEST_STEP: u32 = 30 * 60;

/// How quickly an office answers and how early it reminds, in minutes of working time. The delivered ones are `config/reply.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplyRule {
    /// Whoever looks after the person is reminded.
    pub warn_minutes: u32,
    /// An answer is due.
    pub due_minutes: u32,
    /// It is late.
    pub late_minutes: u32,
    /// A colleague takes over.
    pub breach_minutes: u32,
    /// So long before a promised time its maker is reminded.
    pub promise_warn_minutes: u32,
}

/// Why numbers were refused.
#[derive(Debug, thiserror::Error)]
pub enum ReplyRuleError {
    /// Not the expected TOML; the message says where.
    #[error("the reply clock's numbers can't be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// A later step comes first, or at no time at all.
    #[error("the steps of the reply clock have to rise, from one minute to {LONGEST_STEP}")]
    NotRising,
}

codes! {
    /// How far the ladder has been climbed.
    Rung {
        /// There is time.
        InTime = "in_time",
        /// It will soon be due.
        Soon = "soon",
        /// An answer is due.
        Due = "due",
        /// It is late.
        Late = "late",
        /// It is so late that a colleague takes over.
        Breach = "breach",
    }
}

codes! {
    /// Why the clock stands still although a word of theirs is unanswered.
    PauseWhy {
        /// We said when the answer comes.
        Promised = "promised",
        /// The person has to tell us something first.
        Waiting = "waiting",
    }
}

/// A time in which the clock stands still, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyPause {
    /// Why.
    pub why: PauseWhy,
    /// From then on.
    pub from: DateTime<Utc>,
    /// Until then; none = until the person writes again.
    pub until: Option<DateTime<Utc>>,
}

/// What waits for our answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When the first word nobody has answered was written.
    pub since: DateTime<Utc>,
    /// When the clock stood or stands still, in any order.
    pub pauses: Vec<ReplyPause>,
}

/// Where the clock stands. The moments are UTC; one is missing where the clock stands still for an unknown time, or nobody works for
/// weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyClock {
    /// Working time that has passed.
    pub used: TimeDelta,
    /// How far that is.
    pub rung: Rung,
    /// Whoever looks after the person is reminded then.
    pub warn_at: Option<DateTime<Utc>>,
    /// Due by then.
    pub due_at: Option<DateTime<Utc>>,
    /// Late from then on.
    pub late_at: Option<DateTime<Utc>>,
    /// A colleague takes over then.
    pub breach_at: Option<DateTime<Utc>>,
    /// Why it stands still now; none while it runs, also in closed hours.
    pub pause: Option<ReplyPause>,
}

impl Default for ReplyRule {
    fn default() -> Self {
        *DELIVERED
    }
}

impl ReplyRule {
    /// Reads and checks numbers; every one has to be there.
    pub fn parse(text: &str) -> Result<Self, ReplyRuleError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(clippy::struct_field_names, reason = "a number in a file names its unit")]
        struct File {
            warn_minutes: u32,
            due_minutes: u32,
            late_minutes: u32,
            breach_minutes: u32,
            promise_warn_minutes: u32,
        }
        let file: File = toml::from_str(text)?;
        let rule = Self {
            warn_minutes: file.warn_minutes,
            due_minutes: file.due_minutes,
            late_minutes: file.late_minutes,
            breach_minutes: file.breach_minutes,
            promise_warn_minutes: file.promise_warn_minutes,
        };
        rule.check()?;
        Ok(rule)
    }

    /// Refuses steps that don't rise.
    pub fn check(&self) -> Result<(), ReplyRuleError> {
        let steps = [0, self.warn_minutes, self.due_minutes, self.late_minutes, self.breach_minutes, LONGEST_STEP + 1];
        let rise = steps.windows(2).all(|pair| pair[0] < pair[1]);
        let reminder = (1..=LONGEST_STEP).contains(&self.promise_warn_minutes);
        if rise && reminder { Ok(()) } else { Err(ReplyRuleError::NotRising) }
    }

    /// Where the clock of a wait stands at `now`, counted in `time` (whose own pauses count, too).
    pub fn clock(&self, wait: &Wait, now: DateTime<Utc>, time: WorkingTime<'_>) -> ReplyClock {
        let mut paused: Vec<Span> = time.paused.to_vec();
        paused.extend(wait.pauses.iter().map(|pause| pause.span()));
        let time = WorkingTime { paused: &paused, ..time };
        let used = time.between(wait.since, now);
        let at = |step: u32| time.after(wait.since, minutes(step));
        ReplyClock {
            used,
            rung: self.rung(used),
            warn_at: at(self.warn_minutes),
            due_at: at(self.due_minutes),
            late_at: at(self.late_minutes),
            breach_at: at(self.breach_minutes),
            pause: wait.pause_at(now),
        }
    }

    /// How far so much working time leads.
    pub fn rung(&self, used: TimeDelta) -> Rung {
        let steps = [
            (self.breach_minutes, Rung::Breach),
            (self.late_minutes, Rung::Late),
            (self.due_minutes, Rung::Due),
            (self.warn_minutes, Rung::Soon),
        ];
        steps.into_iter().find(|(step, _)| used >= minutes(*step)).map_or(Rung::InTime, |(_, rung)| rung)
    }
}

impl Rung {
    /// Whether the office has taken longer than it wants to.
    pub fn is_late(self) -> bool {
        self >= Self::Late
    }
}

impl ReplyPause {
    /// The stretch that is cut out of the clock.
    fn span(self) -> Span {
        Span { from: self.from, to: self.until.unwrap_or(DateTime::<Utc>::MAX_UTC) }
    }
}

impl Wait {
    /// A wait whose clock has never stood still.
    pub fn since(since: DateTime<Utc>) -> Self {
        Self { since, pauses: Vec::new() }
    }

    /// Why the clock stands still at a moment: the pause that lasts longest.
    pub fn pause_at(&self, at: DateTime<Utc>) -> Option<ReplyPause> {
        let holds = |pause: &&ReplyPause| pause.span().contains(at);
        self.pauses.iter().filter(holds).max_by_key(|pause| pause.span().to).copied()
    }
}

fn minutes(step: u32) -> TimeDelta {
    TimeDelta::minutes(step.into())
}

#[cfg(test)]
mod complaints;
#[cfg(test)]
mod tests;
