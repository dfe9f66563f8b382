//! Share: what was given to whom, word for word, as the law asks for a record (個人情報保護法29条; domain.md section 7).

use chrono::{DateTime, Utc};

use crate::consent::ShareMeans;
use crate::ids::{ConsentId, EmployerContactId, EscalationId, GraduateId, ShareId, StaffId};

/// One record of giving; never changed after it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// About whom.
    pub graduate: GraduateId,
    /// The request that carried it.
    pub escalation: Option<EscalationId>,
    /// Who got it.
    pub contact: EmployerContactId,
    /// The consent it rested on.
    pub consent: ConsentId,
    /// By which means.
    pub means: ShareMeans,
    /// The exact words.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who decided it.
    pub shared_by: StaffId,
}
