//! Sign: quoted evidence that a person looks at.
//!
//! The program suggests, a person confirms or dismisses (DESIGN.md, decision 7); a confirmed sign is acted upon and
//! resolved. Each state carries who decided it and when, in UTC.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::ids::{GraduateId, SignId, StaffId};

codes! {
    /// What a sign is about (domain.md 5.3).
    SignCategory {
        /// Falling asleep, waking, sleeping through.
        Sleep = "sleep",
        /// Tiredness, low drive, low mood.
        Fatigue = "fatigue",
        /// A superior's instructions, a change of superior or of task.
        Instructions = "instructions",
        /// The others at work.
        Relations = "relations",
        /// Bodily complaints.
        Body = "body",
        /// Medicine and doctor's appointments.
        Medication = "medication",
        /// Days off, being late, not getting there.
        Attendance = "attendance",
        /// Mistakes, self-doubt, thoughts of leaving.
        Confidence = "confidence",
        /// Money, home, family.
        Life = "life",
        /// Nobody to talk to, staying indoors.
        Isolation = "isolation",
        /// Too much or too little to do, overtime, no breaks.
        Workload = "workload",
        /// Something that went well: the record must not be only trouble.
        Positive = "positive",
    }
}

codes! {
    /// Where a sign came from.
    SignSource {
        /// The graduate's own words.
        Person = "person",
        /// The employer's words.
        Employer = "employer",
        /// What staff saw.
        Staff = "staff",
        /// No reply for longer than is usual for this person.
        Silence = "silence",
        /// A change in this person's own pattern.
        Pattern = "pattern",
    }
}

/// How clearly the words show it: 1 faint, 2 clear, 3 strong. It is about the words, never a measure of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum SignLevel {
    /// Hedged, occasional, or only a picture.
    Faint = 1,
    /// Said plainly.
    Clear = 2,
    /// Said with force, or going on for long.
    Strong = 3,
}

/// A level outside 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sign's level is 1, 2 or 3")]
pub struct InvalidLevel;

/// Whether a sign comes before the trouble or with it (S1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Earliness {
    /// Small and early: what the office wants to catch.
    Early,
    /// Attendance is disturbed already.
    Late,
}

/// Where a sign stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SignState {
    /// Waiting for a person's look.
    Suggested,
    /// A person agrees that it is one.
    Confirmed(Decision),
    /// A person says that it is none.
    Dismissed(Decision),
    /// Something is being done.
    Acting(Decision),
    /// It is over.
    Resolved(Decision),
}

codes! {
    /// The state's stored word, without what it carries.
    SignStep {
        /// Waiting for a person's look.
        Suggested = "suggested",
        /// A person agrees.
        Confirmed = "confirmed",
        /// A person disagrees.
        Dismissed = "dismissed",
        /// Something is being done.
        Acting = "acting",
        /// It is over.
        Resolved = "resolved",
    }
}

/// Who decided, when, and why in their own words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Which member of staff.
    pub by: StaffId,
    /// The reason; always there for a dismissal, may be empty otherwise.
    pub why: String,
}

/// One sign of one graduate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Its id.
    pub id: SignId,
    /// About whom.
    pub graduate: GraduateId,
    /// Where it came from.
    pub source: SignSource,
    /// What it is about.
    pub category: SignCategory,
    /// How clearly the words show it.
    pub level: SignLevel,
    /// The words that show it, as they were written.
    pub quote: String,
    /// When it was suggested, UTC.
    pub suggested_at: DateTime<Utc>,
    /// Where it stands.
    pub state: SignState,
}

/// A step that a sign doesn't allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignStepError {
    /// The order of states forbids it.
    #[error("a sign can't go from {from} to {to}")]
    NotFromHere {
        /// Where it stands.
        from: SignStep,
        /// Where it should have gone.
        to: SignStep,
    },
    /// A dismissal says why.
    #[error("say in a few words why this is no sign")]
    ReasonMissing,
    /// A decision can't lie before the suggestion or the decision before it.
    #[error("the decision's time lies before the last one")]
    BeforeLast,
}

impl SignLevel {
    /// Every level, faintest first.
    pub const ALL: [Self; 3] = [Self::Faint, Self::Clear, Self::Strong];

    /// The next clearer level; *strong* stays.
    #[must_use]
    pub fn raised(self) -> Self {
        if self == Self::Faint { Self::Clear } else { Self::Strong }
    }
}

impl From<SignLevel> for u8 {
    fn from(level: SignLevel) -> u8 {
        level as u8
    }
}

impl From<SignLevel> for i64 {
    fn from(level: SignLevel) -> i64 {
        i64::from(level as u8)
    }
}

impl TryFrom<u8> for SignLevel {
    type Error = InvalidLevel;
    fn try_from(number: u8) -> Result<Self, InvalidLevel> {
        Self::ALL.into_iter().find(|&level| level as u8 == number).ok_or(InvalidLevel)
    }
}

impl TryFrom<i64> for SignLevel {
    type Error = InvalidLevel;
    fn try_from(number: i64) -> Result<Self, InvalidLevel> {
        u8::try_from(number).map_err(|_| InvalidLevel)?.try_into()
    }
}

impl SignCategory {
    /// Whether a sign of this kind comes before the trouble or with it. Disturbed attendance is late (S1.5).
    pub fn earliness(self) -> Earliness {
        if self == Self::Attendance { Earliness::Late } else { Earliness::Early }
    }
}

impl SignState {
    /// The state's word.
    pub fn step(&self) -> SignStep {
        match self {
            Self::Suggested => SignStep::Suggested,
            Self::Confirmed(_) => SignStep::Confirmed,
            Self::Dismissed(_) => SignStep::Dismissed,
            Self::Acting(_) => SignStep::Acting,
            Self::Resolved(_) => SignStep::Resolved,
        }
    }

    /// Who decided it, unless nobody has looked yet.
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Suggested => None,
            Self::Confirmed(d) | Self::Dismissed(d) | Self::Acting(d) | Self::Resolved(d) => Some(d),
        }
    }

    /// The state as read back from its word and decision; `None` where the two don't fit.
    pub fn from_parts(step: SignStep, decision: Option<Decision>) -> Option<Self> {
        match (step, decision) {
            (SignStep::Suggested, None) => Some(Self::Suggested),
            (SignStep::Suggested, Some(_)) | (_, None) => None,
            (SignStep::Confirmed, Some(d)) => Some(Self::Confirmed(d)),
            (SignStep::Dismissed, Some(d)) => Some(Self::Dismissed(d)),
            (SignStep::Acting, Some(d)) => Some(Self::Acting(d)),
            (SignStep::Resolved, Some(d)) => Some(Self::Resolved(d)),
        }
    }
}

impl SignStep {
    /// Whether a sign may go from here to `next`. A dismissal can be taken back; a resolved sign stays as it is, and
    /// trouble that returns is a new sign.
    pub fn may_become(self, next: Self) -> bool {
        use SignStep::{Acting, Confirmed, Dismissed, Resolved, Suggested};
        matches!(
            (self, next),
            (Suggested | Dismissed, Confirmed)
                | (Suggested | Confirmed, Dismissed)
                | (Confirmed, Acting)
                | (Confirmed | Acting, Resolved)
        )
    }
}

impl Sign {
    /// A person agrees that this is a sign (also after a dismissal by mistake).
    pub fn confirm(self, decision: Decision) -> Result<Self, SignStepError> {
        self.step_to(SignState::Confirmed(decision))
    }

    /// A person says that this is no sign, and why.
    pub fn dismiss(self, decision: Decision) -> Result<Self, SignStepError> {
        if decision.why.trim().is_empty() {
            return Err(SignStepError::ReasonMissing);
        }
        self.step_to(SignState::Dismissed(decision))
    }

    /// Something is being done about it.
    pub fn act(self, decision: Decision) -> Result<Self, SignStepError> {
        self.step_to(SignState::Acting(decision))
    }

    /// It is over.
    pub fn resolve(self, decision: Decision) -> Result<Self, SignStepError> {
        self.step_to(SignState::Resolved(decision))
    }

    /// Whether somebody still has to do something.
    pub fn is_open(&self) -> bool {
        matches!(self.state, SignState::Suggested | SignState::Confirmed(_) | SignState::Acting(_))
    }

    fn step_to(self, next: SignState) -> Result<Self, SignStepError> {
        let (from, to) = (self.state.step(), next.step());
        if !from.may_become(to) {
            return Err(SignStepError::NotFromHere { from, to });
        }
        let last = self.state.decision().map_or(self.suggested_at, |decision| decision.at);
        if next.decision().is_some_and(|decision| decision.at < last) {
            return Err(SignStepError::BeforeLast);
        }
        Ok(Self { state: next, ..self })
    }
}

// What was said and decided about a person stays out of Debug output.
impl std::fmt::Debug for Sign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sign").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SignState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.step().as_str())
    }
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision").field("at", &self.at).field("by", &self.by).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn decision(minute: u32, why: &str) -> Decision {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(1, minute, 0).unwrap().and_utc();
        Decision { at, by: StaffId(Uuid::from_u128(7)), why: why.to_owned() }
    }

    fn suggested() -> Sign {
        Sign {
            id: SignId(Uuid::from_u128(1)),
            graduate: GraduateId(Uuid::from_u128(2)),
            source: SignSource::Person,
            category: SignCategory::Sleep,
            level: SignLevel::Clear,
            quote: "眠れない".to_owned(),
            suggested_at: decision(0, "").at,
            state: SignState::Suggested,
        }
    }

    #[test]
    fn a_sign_goes_from_a_look_to_an_action_to_its_end() {
        let sign = suggested().confirm(decision(1, "")).unwrap().act(decision(2, "電話した")).unwrap();
        let sign = sign.resolve(decision(3, "眠れている")).unwrap();
        assert_eq!(sign.state.step(), SignStep::Resolved);
        assert!(!sign.is_open());
    }

    #[test]
    fn a_dismissal_needs_a_reason_and_can_be_taken_back() {
        assert_eq!(suggested().dismiss(decision(1, " ")).unwrap_err(), SignStepError::ReasonMissing);
        let dismissed = suggested().dismiss(decision(1, "歌の歌詞だった")).unwrap();
        assert!(dismissed.confirm(decision(2, "聞いたら本当だった")).is_ok());
    }

    #[test]
    fn nothing_is_done_about_a_sign_that_nobody_confirmed() {
        let refused = suggested().act(decision(1, "")).unwrap_err();
        assert_eq!(refused, SignStepError::NotFromHere { from: SignStep::Suggested, to: SignStep::Acting });
        assert!(suggested().resolve(decision(1, "")).is_err());
    }

    #[test]
    fn a_resolved_sign_stays_as_it_is() {
        for &next in SignStep::ALL {
            assert!(!SignStep::Resolved.may_become(next));
        }
    }

    #[test]
    fn a_decision_lies_after_the_one_before() {
        let confirmed = suggested().confirm(decision(5, "")).unwrap();
        assert_eq!(confirmed.act(decision(4, "")).unwrap_err(), SignStepError::BeforeLast);
    }

    #[test]
    fn a_level_is_a_number_from_one_to_three() {
        assert_eq!(serde_json::to_string(&SignLevel::Strong).unwrap(), "3");
        assert!(serde_json::from_str::<SignLevel>("0").is_err());
        assert_eq!(SignLevel::try_from(2_i64), Ok(SignLevel::Clear));
    }

    #[test]
    fn only_disturbed_attendance_is_late() {
        let late: Vec<_> = SignCategory::ALL.iter().filter(|c| c.earliness() == Earliness::Late).collect();
        assert_eq!(late, [&SignCategory::Attendance]);
    }

    #[test]
    fn a_state_is_read_back_from_its_word_and_decision() {
        let state = SignState::Acting(decision(1, "x"));
        assert!(SignState::from_parts(state.step(), state.decision().cloned()) == Some(state));
        assert!(SignState::from_parts(SignStep::Confirmed, None).is_none());
    }

    #[test]
    fn debug_output_says_nothing_about_the_person() {
        let shown = format!("{:?} {:?}", suggested(), decision(1, "母の入院"));
        assert!(!shown.contains("眠れない") && !shown.contains("入院"));
    }
}
