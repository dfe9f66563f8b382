//! Employment: one placement episode.

use serde::{Deserialize, Serialize};

crate::codes! {
    /// Whether the employer knows of the disability.
    Disclosure {
        /// オープン
        Open = "open",
        /// クローズ: no contact with the employer at all (domain.md section 6).
        Closed = "closed",
        /// Nobody has told the office yet, as after an import without 開示: no contact with the employer until somebody has.
        Unknown = "unknown",
    }
}

impl Disclosure {
    /// What staff can say of a job. That nobody has said it yet is no answer.
    pub const CHOICES: &'static [Self] = &[Self::Open, Self::Closed];
}

/// What is known of a company; stored encrypted, because being in this list says something about its staff.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerProfile {
    /// 企業名
    pub name: String,
    /// Their words, e.g. 人事 or 採用担当 (S2.0b).
    #[serde(default)]
    pub words: String,
}

/// A person at a company; stored encrypted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerContactProfile {
    /// Name.
    pub name: String,
    /// Part or title, e.g. 障害者職業生活相談員.
    #[serde(default)]
    pub part: String,
    /// Where a request is sent.
    pub email: String,
}
