//! Why a job ended, as a code that can be counted.
//!
//! The words around it (what the person or the employer said) are kept apart, encrypted.

crate::codes! {
    /// The reason for leaving, or what is known in its place, in the order in which a form offers them.
    LeavingReason {
        /// 自己都合, without more.
        Personal = "personal",
        /// 体調不良・病状悪化.
        Health = "health",
        /// 職場の雰囲気・人間関係.
        Relations = "relations",
        /// 仕事内容が合わない.
        WorkContent = "work_content",
        /// 賃金・労働条件.
        Conditions = "conditions",
        /// 転職 to another job.
        NewJob = "new_job",
        /// 契約満了.
        ContractEnd = "contract_end",
        /// 会社都合: closure, redundancy, dismissal.
        Employer = "employer",
        /// Harassment at the workplace; the municipality may accept it as unavoidable (R8).
        Harassment = "harassment",
        /// 家庭の事情: moving, care, marriage.
        Family = "family",
        /// 進学・就学.
        Study = "study",
        /// 定年退職.
        Retirement = "retirement",
        /// 死亡.
        Death = "death",
        /// 福祉サービスへ移行 (就労継続支援 and the like).
        WelfareService = "welfare_service",
        /// 休職: on leave, the contract lives.
        OnLeave = "on_leave",
        /// 不明: nobody knows.
        Unknown = "unknown",
        /// Something else, told in words.
        Other = "other",
    }
}

impl LeavingReason {
    /// Whether the job still exists on paper (休職) or may exist (不明), so that a day of leaving isn't expected.
    pub fn is_open(self) -> bool {
        matches!(self, Self::OnLeave | Self::Unknown)
    }
}
