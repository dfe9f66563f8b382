//! Duties of after-placement support that a day has to find room for (domain.md section 3).

use bansou_core::graduate::Support;
use bansou_core::ids::GraduateId;
use bansou_core::note::ContactMode;
use bansou_core::service_period::ServiceKind;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Result;
use crate::notes::NoteState;
use crate::sql::statement;
use crate::time::to_ms;
use crate::tx::Tx;

/// People in 就労定着支援 today, who aren't resting from contact, and of whom no note of this month tells a meeting in person. A
/// note is written after what it tells, so the index on when it was written finds it.
const NOT_MET: &str = "
    SELECT g.id
    FROM graduates g
    WHERE g.office_id = $1 AND g.support = $2 AND g.contact_stopped_at IS NULL
      AND (g.paused_from IS NULL OR g.paused_from > $3 OR g.paused_until < $3)
      AND EXISTS (SELECT 1 FROM service_periods p WHERE p.office_id = $1 AND p.graduate_id = g.id AND p.kind = $4
                  AND p.started_on <= $3 AND (p.ended_on IS NULL OR p.ended_on >= $3))
      AND g.id NOT IN (SELECT n.graduate_id FROM notes n WHERE n.office_id = $1 AND n.created_at >= $5
                       AND n.happened_at >= $5 AND n.mode = $6 AND n.state = $7 AND n.taken_back_at IS NULL)
    ORDER BY g.id";

#[derive(FromQueryResult)]
struct NotMet {
    id: Uuid,
}

impl Tx {
    /// Whom nobody has met in person since the month began at `month_start`, though the service asks for it (effort duty, 基準省令
    /// 第206条の8 第2項). `today` is local to the office.
    pub async fn not_met_since(&self, month_start: DateTime<Utc>, today: NaiveDate) -> Result<Vec<GraduateId>> {
        let values = [
            self.office.0.into(),
            Support::Supported.as_str().into(),
            today.into(),
            ServiceKind::Retention.as_str().into(),
            to_ms(month_start).into(),
            ContactMode::InPerson.as_str().into(),
            NoteState::Saved.as_str().into(),
        ];
        let rows = NotMet::find_by_statement(statement(&self.conn, NOT_MET, values)).all(&self.conn).await?;
        Ok(rows.into_iter().map(|row| GraduateId(row.id)).collect())
    }
}
