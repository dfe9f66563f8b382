//! Where a person counts in the official rate, and why, as keys that have words in every language.

use serde::Serialize;

/// Where a person counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// In the denominator and in the numerator.
    Counted,
    /// In the denominator only.
    NotCounted,
    /// In the denominator; the rules don't say, or the facts aren't known.
    Open,
    /// Not in the denominator.
    Outside,
}

/// Why a person's part is what it is. The words stand in `locales/*/retention.ftl` under [`Reason::word_key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// In work on the cut-off day.
    Employed,
    /// In work on the cut-off day, left on it or later.
    LeftAfterCutOff,
    /// Staying by a supported job change within one month.
    SupportedJobChange,
    /// Nobody knows whether the person was in work.
    StatusUnknown,
    /// A reason for leaving is known, the day isn't.
    LeavingDayMissing,
    /// 休職, the contract lives.
    OnLeave,
    /// Finished the three years, then left.
    FinishedThenLeft,
    /// Died.
    Died,
    /// Retired by age.
    Retired,
    /// Moved to a welfare service.
    MovedToWelfareService,
    /// Left less than a month ago; a supported new job would still count.
    MayBeRehired,
    /// No job is on record for a user of the service.
    NoEmployment,
    /// Several service periods in the window lead to different results.
    ServicePeriodsDiffer,
    /// Left before the cut-off day.
    Left,
    /// The next job wasn't a supported change.
    RehiredWithoutSupport,
    /// The next job began more than one month after leaving.
    RehiredAfterOneMonth,
    /// Only one change counts during the service.
    SecondJobChange,
    /// Never used 就労定着支援.
    NoRetentionService,
    /// The service ended before the window.
    ServiceEndedBeforeWindow,
    /// The service started after the window.
    ServiceStartedAfterWindow,
}

/// A remark that doesn't change the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// Received the service in the window, but started before it.
    StartedBeforeWindow,
    /// The service began before six months of the job were over: check the dates.
    ServiceBeforeSixMonths,
}

impl Part {
    /// Key of the words that name it.
    pub fn word_key(self) -> &'static str {
        match self {
            Self::Counted => "retention-part-counted",
            Self::NotCounted => "retention-part-not-counted",
            Self::Open => "retention-part-open",
            Self::Outside => "retention-part-outside",
        }
    }
}

impl Reason {
    /// Every reason, for a test of the words.
    pub const ALL: [Self; 20] = [
        Self::Employed,
        Self::LeftAfterCutOff,
        Self::SupportedJobChange,
        Self::StatusUnknown,
        Self::LeavingDayMissing,
        Self::OnLeave,
        Self::FinishedThenLeft,
        Self::Died,
        Self::Retired,
        Self::MovedToWelfareService,
        Self::MayBeRehired,
        Self::NoEmployment,
        Self::ServicePeriodsDiffer,
        Self::Left,
        Self::RehiredWithoutSupport,
        Self::RehiredAfterOneMonth,
        Self::SecondJobChange,
        Self::NoRetentionService,
        Self::ServiceEndedBeforeWindow,
        Self::ServiceStartedAfterWindow,
    ];

    /// The part that follows from the reason.
    pub fn part(self) -> Part {
        match self {
            Self::Employed | Self::LeftAfterCutOff | Self::SupportedJobChange => Part::Counted,
            Self::Left | Self::RehiredWithoutSupport | Self::RehiredAfterOneMonth | Self::SecondJobChange => {
                Part::NotCounted
            }
            Self::StatusUnknown
            | Self::LeavingDayMissing
            | Self::OnLeave
            | Self::FinishedThenLeft
            | Self::Died
            | Self::Retired
            | Self::MovedToWelfareService
            | Self::MayBeRehired
            | Self::NoEmployment
            | Self::ServicePeriodsDiffer => Part::Open,
            Self::NoRetentionService | Self::ServiceEndedBeforeWindow | Self::ServiceStartedAfterWindow => {
                Part::Outside
            }
        }
    }

    /// Key of the sentence that tells it, e.g. `retention-reason-employed`.
    pub fn word_key(self) -> &'static str {
        match self {
            Self::Employed => "retention-reason-employed",
            Self::LeftAfterCutOff => "retention-reason-left-after-cut-off",
            Self::SupportedJobChange => "retention-reason-supported-job-change",
            Self::StatusUnknown => "retention-reason-status-unknown",
            Self::LeavingDayMissing => "retention-reason-leaving-day-missing",
            Self::OnLeave => "retention-reason-on-leave",
            Self::FinishedThenLeft => "retention-reason-finished-then-left",
            Self::Died => "retention-reason-died",
            Self::Retired => "retention-reason-retired",
            Self::MovedToWelfareService => "retention-reason-moved-to-welfare-service",
            Self::MayBeRehired => "retention-reason-may-be-rehired",
            Self::NoEmployment => "retention-reason-no-employment",
            Self::ServicePeriodsDiffer => "retention-reason-service-periods-differ",
            Self::Left => "retention-reason-left",
            Self::RehiredWithoutSupport => "retention-reason-rehired-without-support",
            Self::RehiredAfterOneMonth => "retention-reason-rehired-after-one-month",
            Self::SecondJobChange => "retention-reason-second-job-change",
            Self::NoRetentionService => "retention-reason-no-retention-service",
            Self::ServiceEndedBeforeWindow => "retention-reason-service-ended-before-window",
            Self::ServiceStartedAfterWindow => "retention-reason-service-started-after-window",
        }
    }
}

impl Note {
    /// Key of the sentence that tells it.
    pub fn word_key(self) -> &'static str {
        match self {
            Self::StartedBeforeWindow => "retention-note-started-before-window",
            Self::ServiceBeforeSixMonths => "retention-note-service-before-six-months",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_and_note_has_words_in_both_languages() {
        let japanese = include_str!("../../../../locales/ja/retention.ftl");
        let english = include_str!("../../../../locales/en/retention.ftl");
        let reasons = Reason::ALL.into_iter().map(Reason::word_key);
        let notes = [Note::StartedBeforeWindow, Note::ServiceBeforeSixMonths].into_iter().map(Note::word_key);
        let parts = Reason::ALL.into_iter().map(|reason| reason.part().word_key());
        for key in reasons.chain(notes).chain(parts) {
            let line = format!("\n{key} = ");
            assert!(japanese.contains(&line) && english.contains(&line), "{key}");
        }
    }

    #[test]
    fn the_key_of_a_reason_is_made_of_its_json() {
        for reason in Reason::ALL {
            let json = serde_json::to_value(reason).expect("json");
            assert_eq!(
                Some(reason.word_key()),
                json.as_str().map(|json| format!("retention-reason-{json}")).as_deref()
            );
        }
    }
}
