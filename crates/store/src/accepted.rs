//! What providers took, written down for many messages at once: a commit costs the same for one as for fifty.

use std::collections::{HashMap, HashSet};

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId};
use bansou_core::thread::Author;
use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value,
};
use uuid::Uuid;

use crate::check_ins::CheckIn;
use crate::entity::{check_ins, messages, send_attempts};
use crate::error::Result;
use crate::messages::OutboundMessage;
use crate::sql::{checked, checked_text, filled_up, insert_all, listed, rows, statement};
use crate::time::to_ms;
use crate::tx::Tx;

/// A message that a provider took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Which one.
    pub id: DeliveryId,
    /// By which claim it was sent.
    pub fence: i64,
    /// The provider's id of it.
    pub provider_ref: Option<String>,
    /// The provider's id of the call.
    pub request_id: Option<String>,
}

/// A check-in that is out from now on.
#[derive(Clone, Copy, Debug)]
pub struct WentOut {
    /// Which one.
    pub id: CheckInId,
    /// By which way.
    pub channel: ChannelKind,
    /// From then on no answer counts as silence.
    pub answer_by: DateTime<Utc>,
}

impl Tx {
    /// Writes down that these were taken. Every attempt is kept; a delivery only moves when its fence still is the newest
    /// claim's, and the answer names those.
    pub async fn record_taken(&self, taken: &[Taken]) -> Result<HashSet<DeliveryId>> {
        #[derive(FromQueryResult)]
        struct Moved {
            id: Uuid,
        }
        if taken.is_empty() {
            return Ok(HashSet::new());
        }
        self.touch();
        let now = to_ms(self.now());
        let attempt = |taken: &Taken| send_attempts::ActiveModel {
            id: Set(self.ambient.new_uuid()),
            delivery_id: Set(taken.id.0),
            fence: Set(taken.fence),
            step: Set("result".to_owned()),
            at: Set(now),
            outcome: Set(Some("accepted".to_owned())),
            code: Set(None),
            request_id: Set(taken.request_id.clone()),
        };
        insert_all(&self.conn, taken.iter().map(attempt).collect()).await?;
        let named = filled_up(taken);
        let sql = format!(
            "UPDATE deliveries SET state = $1, state_code = NULL, lease_until = NULL, provider_ref = taken.column3,
                accepted_at = $2, finished_at = $2
             FROM ({}) AS taken
             WHERE deliveries.id = taken.column1 AND deliveries.fence = taken.column2
               AND {}
             RETURNING deliveries.id AS id",
            rows(&self.conn, &["uuid", "bigint", "text"], 5, named.len()),
            checked_text("deliveries.office_id = $3 AND deliveries.state = $4")
        );
        let mut values: Vec<Value> = vec![
            DeliveryState::Accepted.as_str().into(),
            now.into(),
            self.office.0.into(),
            DeliveryState::Sending.as_str().into(),
        ];
        for one in named {
            values.extend([Value::from(one.id.0), one.fence.into(), one.provider_ref.clone().into()]);
        }
        let moved = Moved::find_by_statement(statement(&self.conn, &sql, values)).all(&self.conn).await?;
        Ok(moved.into_iter().map(|row| DeliveryId(row.id)).collect())
    }

    /// Check-ins by id, locked until this unit of work ends, always in the same order, so that two never wait for each other.
    pub async fn lock_check_ins(&self, ids: &[CheckInId]) -> Result<HashMap<CheckInId, CheckIn>> {
        let found = check_ins::Entity::find()
            .filter(checked(check_ins::Column::OfficeId.eq(self.office.0)))
            .filter(check_ins::Column::Id.is_in(filled_up(ids).iter().map(|id| id.0)))
            .order_by_asc(check_ins::Column::Id)
            .lock_exclusive()
            .all(&self.conn)
            .await?;
        found.into_iter().map(|row| Ok((CheckInId(row.id), self.to_check_in(row)?))).collect()
    }

    /// How long each of these graduates took to answer lately, newest first, at most `limit` of each.
    pub async fn answer_delays(
        &self,
        graduates: &[GraduateId],
        limit: u64,
    ) -> Result<HashMap<GraduateId, Vec<Duration>>> {
        #[derive(FromQueryResult)]
        struct Delay {
            graduate_id: Uuid,
            millis: i64,
        }
        let mut delays: HashMap<GraduateId, Vec<Duration>> = HashMap::new();
        if graduates.is_empty() {
            return Ok(delays);
        }
        let named = filled_up(graduates);
        let sql = format!(
            "SELECT graduate_id, answered_at - sent_at AS millis FROM (
                SELECT graduate_id, answered_at, sent_at, due_on,
                       ROW_NUMBER() OVER (PARTITION BY graduate_id ORDER BY due_on DESC) AS newest
                  FROM check_ins WHERE office_id = $1 AND answered_at IS NOT NULL AND sent_at IS NOT NULL
                   AND graduate_id IN ({})) AS answered
             WHERE newest <= $2 ORDER BY due_on DESC",
            listed(3, named.len())
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = vec![self.office.0.into(), limit.into()];
        values.extend(named.iter().map(|id| Value::from(id.0)));
        for row in Delay::find_by_statement(statement(&self.conn, &sql, values)).all(&self.conn).await? {
            delays.entry(GraduateId(row.graduate_id)).or_default().push(Duration::milliseconds(row.millis.max(0)));
        }
        Ok(delays)
    }

    /// Providers took these check-ins at this moment. Whoever asks has locked the rows and looked that each may go out.
    pub async fn check_ins_went_out(&self, out: &[WentOut], sent_at: DateTime<Utc>) -> Result<()> {
        if out.is_empty() {
            return Ok(());
        }
        let named = filled_up(out);
        let sql = format!(
            "UPDATE check_ins SET state = $1, sent_at = $2, channel = taken.column2, answer_by = taken.column3
             FROM ({}) AS taken
             WHERE check_ins.id = taken.column1 AND {}",
            rows(&self.conn, &["uuid", "text", "bigint"], 6, named.len()),
            checked_text("check_ins.office_id = $3 AND check_ins.state IN ($4, $5)")
        );
        let mut values: Vec<Value> = vec![
            CheckInState::Out.as_str().into(),
            to_ms(sent_at).into(),
            self.office.0.into(),
            CheckInState::Planned.as_str().into(),
            CheckInState::Due.as_str().into(),
        ];
        for one in named {
            values.extend([Value::from(one.id.0), one.channel.as_str().into(), to_ms(one.answer_by).into()]);
        }
        self.conn.execute_raw(statement(&self.conn, &sql, values)).await?;
        Ok(())
    }

    /// Writes messages of the program. They answer nobody, so replies that are due stay due.
    pub async fn add_program_messages(&self, new: &[OutboundMessage]) -> Result<()> {
        let graduates: Vec<GraduateId> = new.iter().map(|message| message.graduate).collect();
        self.ensure_threads(&graduates).await?;
        let rows: Vec<messages::ActiveModel> =
            new.iter().map(|message| self.outbound_row(message, Author::Program, None).1).collect();
        Ok(insert_all(&self.conn, rows).await?)
    }
}
