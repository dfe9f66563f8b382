//! Why a job ended, as a code that can be counted.
//!
//! The words around it (what the person or the employer said) are kept apart, encrypted.

use serde::{Deserialize, Serialize};

/// The reason for leaving, or what is known in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeavingReason {
    /// 自己都合, without more.
    Personal,
    /// 体調不良・病状悪化.
    Health,
    /// 職場の雰囲気・人間関係.
    Relations,
    /// 仕事内容が合わない.
    WorkContent,
    /// 賃金・労働条件.
    Conditions,
    /// 転職 to another job.
    NewJob,
    /// 契約満了.
    ContractEnd,
    /// 会社都合: closure, redundancy, dismissal.
    Employer,
    /// Harassment at the workplace; the municipality may accept it as unavoidable (R8).
    Harassment,
    /// 家庭の事情: moving, care, marriage.
    Family,
    /// 進学・就学.
    Study,
    /// 定年退職.
    Retirement,
    /// 死亡.
    Death,
    /// 福祉サービスへ移行 (就労継続支援 and the like).
    WelfareService,
    /// 休職: on leave, the contract lives.
    OnLeave,
    /// 不明: nobody knows.
    Unknown,
    /// Something else, told in words.
    Other,
}

impl LeavingReason {
    /// Every reason, in the order in which a form offers them.
    pub const ALL: [Self; 17] = [
        Self::Personal,
        Self::Health,
        Self::Relations,
        Self::WorkContent,
        Self::Conditions,
        Self::NewJob,
        Self::ContractEnd,
        Self::Employer,
        Self::Harassment,
        Self::Family,
        Self::Study,
        Self::Retirement,
        Self::Death,
        Self::WelfareService,
        Self::OnLeave,
        Self::Unknown,
        Self::Other,
    ];

    /// The code as it stands in the database, in files and in word keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Health => "health",
            Self::Relations => "relations",
            Self::WorkContent => "work_content",
            Self::Conditions => "conditions",
            Self::NewJob => "new_job",
            Self::ContractEnd => "contract_end",
            Self::Employer => "employer",
            Self::Harassment => "harassment",
            Self::Family => "family",
            Self::Study => "study",
            Self::Retirement => "retirement",
            Self::Death => "death",
            Self::WelfareService => "welfare_service",
            Self::OnLeave => "on_leave",
            Self::Unknown => "unknown",
            Self::Other => "other",
        }
    }

    /// Reads a code back; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether the job still exists on paper (休職) or may exist (不明), so that a day of leaving isn't expected.
    pub fn is_open(self) -> bool {
        matches!(self, Self::OnLeave | Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_its_code_and_its_json() {
        for reason in LeavingReason::ALL {
            assert_eq!(LeavingReason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).expect("json"), reason.code());
        }
        assert_eq!(LeavingReason::from_code("nonsense"), None);
    }
}
