//! A colleague is asked to look after a thread, with a remark. Nothing else changes by it: what is unread stays unread, a reply
//! that is due stays due, and the person keeps their own member of staff. It is over as soon as somebody of the office
//! answers, closes the thread, or hands it on.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, StaffId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{handovers, threads};
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

const REMARK: Place = Place { table: "handovers", column: "remark" };

/// Who asked whom to look after a thread.
#[derive(Clone)]
pub struct Handover {
    /// Whose thread.
    pub graduate: GraduateId,
    /// Who asked.
    pub from: StaffId,
    /// Who was asked.
    pub to: StaffId,
    /// Words for the colleague; may be empty.
    pub remark: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Tx {
    /// Asks a colleague to look after a thread. Refused for oneself and for somebody who can't sign in any more.
    pub async fn hand_over(&self, from: StaffId, graduate: GraduateId, to: StaffId, remark: &str) -> Result<()> {
        let member = self.staff_member(to).await?.filter(|member| member.disabled_at.is_none());
        if from == to || member.is_none() {
            return Err(StoreError::Refused { what: "handing a thread to somebody who can't take it" });
        }
        self.ensure_thread(graduate).await?;
        self.end_handovers(graduate).await?;
        let id = self.ambient.new_uuid();
        let row = handovers::ActiveModel {
            id: Set(id),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            from_id: Set(from.0),
            to_id: Set(to.0),
            remark: Set(self.seal(REMARK, id, remark)),
            at: Set(to_ms(self.now())),
            ended_at: Set(None),
        };
        row.insert(&self.conn).await?;
        self.audit(Actor::staff(from), "thread.hand_over", "graduate", Some(graduate.0), json!({ "to": to })).await
    }

    /// The hand-overs of these threads that are still open.
    pub async fn handovers_of(&self, graduates: &[GraduateId]) -> Result<HashMap<GraduateId, Handover>> {
        let mut open = HashMap::new();
        for piece in graduates.chunks(PIECE) {
            let rows = handovers::Entity::find()
                .filter(handovers::Column::OfficeId.eq(self.office.0))
                .filter(handovers::Column::GraduateId.is_in(piece.iter().map(|id| id.0)))
                .filter(handovers::Column::EndedAt.is_null())
                .filter(unanswered())
                .all(&self.conn)
                .await?;
            for row in rows {
                let handover = self.to_handover(&row)?;
                open.insert(handover.graduate, handover);
            }
        }
        Ok(open)
    }

    /// Every time a colleague was asked to look after a graduate's thread, newest first.
    pub async fn handovers_about(&self, graduate: GraduateId) -> Result<Vec<Handover>> {
        let rows = handovers::Entity::find()
            .filter(handovers::Column::OfficeId.eq(self.office.0))
            .filter(handovers::Column::GraduateId.eq(graduate.0))
            .order_by_desc(handovers::Column::At)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_handover(row)).collect()
    }

    fn to_handover(&self, row: &handovers::Model) -> Result<Handover> {
        Ok(Handover {
            graduate: GraduateId(row.graduate_id),
            from: StaffId(row.from_id),
            to: StaffId(row.to_id),
            remark: self.open(REMARK, row.id, &row.remark)?,
            at: from_ms(row.at),
        })
    }

    /// Nobody is asked any more. Gives the hand-overs that ended by this.
    pub(crate) async fn end_handovers(&self, graduate: GraduateId) -> Result<Vec<Uuid>> {
        let open = handovers::Column::GraduateId.eq(graduate.0).and(handovers::Column::EndedAt.is_null());
        let ids: Vec<Uuid> = handovers::Entity::find()
            .select_only()
            .column(handovers::Column::Id)
            .filter(handovers::Column::OfficeId.eq(self.office.0))
            .filter(open)
            .into_tuple()
            .all(&self.conn)
            .await?;
        self.set_ended(ids.iter().copied(), Some(self.now())).await?;
        Ok(ids)
    }

    /// Those hand-overs are open again.
    pub(crate) async fn ask_again(&self, ids: impl IntoIterator<Item = Uuid>) -> Result<()> {
        self.set_ended(ids, None).await
    }

    async fn set_ended(&self, ids: impl IntoIterator<Item = Uuid>, at: Option<DateTime<Utc>>) -> Result<()> {
        handovers::Entity::update_many()
            .filter(handovers::Column::OfficeId.eq(self.office.0))
            .filter(handovers::Column::Id.is_in(ids))
            .col_expr(handovers::Column::EndedAt, Expr::value(at.map(to_ms)))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// Graduates whose thread one of these was asked to look after.
    pub(crate) fn handed_to(&self, asked: &[StaffId]) -> SelectStatement {
        Query::select()
            .column(handovers::Column::GraduateId)
            .from(handovers::Entity)
            .and_where(handovers::Column::OfficeId.eq(self.office.0))
            .and_where(handovers::Column::ToId.is_in(asked.iter().map(|staff| staff.0)))
            .and_where(handovers::Column::EndedAt.is_null())
            .cond_where(Condition::all().add(unanswered()))
            .to_owned()
    }
}

/// Nobody of the office has written since it was asked. A reply that is taken back opens it again by this.
fn unanswered() -> Expr {
    let written = Query::select()
        .expr(Expr::value(1))
        .from(threads::Entity)
        .and_where(
            Expr::col((threads::Entity, threads::Column::GraduateId))
                .equals((handovers::Entity, handovers::Column::GraduateId)),
        )
        .and_where(
            Expr::col((threads::Entity, threads::Column::LastOutboundAt))
                .gt(Expr::col((handovers::Entity, handovers::Column::At))),
        )
        .to_owned();
    Expr::exists(written).not()
}
