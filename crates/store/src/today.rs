//! Today: everything that asks for a person's hand, per graduate, in a fixed number of queries.
//!
//! These are facts. What comes first and how it is said is decided by core and web.

use std::collections::{BTreeMap, HashMap};

use bansou_core::card::CardOf;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, DeliveryId, EmployerId, EscalationId, GraduateId, MessageId};
use bansou_core::note::ContactMode;
use bansou_core::sign::SignStep;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::cadences::mode_of;
use crate::commitments::Commitment;
use crate::entity::{cadences, tasks, threads};
use crate::error::Result;
use crate::put_offs::Resting;
use crate::scope::PIECE;
use crate::signs::{PlacedSign, signs_in_steps, signs_to_act_on};
use crate::sql::statement;
use crate::tasks::{Task, TaskState, to_task};
use crate::threads::{Thread, to_thread};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

/// Silence that nobody broke since: no word of the person, none of ours, no contact written down.
const SILENT: &str = "
    SELECT c.id, c.graduate_id, c.due_on, c.closed_at
    FROM check_ins c
    LEFT JOIN threads t ON t.graduate_id = c.graduate_id
    LEFT JOIN cadences k ON k.graduate_id = c.graduate_id
    WHERE c.office_id = $1 AND c.state = 'silent' AND c.closed_at >= $2
      AND (t.last_inbound_at IS NULL OR t.last_inbound_at < COALESCE(c.sent_at, c.planned_at))
      AND (t.last_outbound_at IS NULL OR t.last_outbound_at < c.closed_at)
      AND (k.last_contact_on IS NULL OR k.last_contact_on <= c.due_on)
    ORDER BY c.due_on, c.id";

/// Messages that didn't arrive. One of a check-in counts only while the check-in didn't go out by another way; a request
/// to an employer belongs to the graduate it is about.
const FAILED: &str = "
    SELECT d.id, COALESCE(d.graduate_id, e.graduate_id) AS graduate_id, d.purpose, d.channel_kind, d.state, d.state_code,
           COALESCE(d.finished_at, d.due_at) AS at, d.check_in_id, d.message_id, d.escalation_id
    FROM deliveries d
    LEFT JOIN escalations e ON e.id = d.escalation_id
    LEFT JOIN check_ins c ON c.id = d.check_in_id
    WHERE d.office_id = $1 AND d.state IN ('failed', 'needs_person', 'expired')
      AND COALESCE(d.finished_at, d.due_at) >= $2
      AND COALESCE(d.graduate_id, e.graduate_id) IS NOT NULL
      AND (c.id IS NULL OR c.state IN ('planned', 'due', 'failed', 'handed_over'))
    ORDER BY at, d.id";

/// What asks for a hand.
#[derive(Clone, Default)]
pub struct Today {
    /// By person, in no order that means anything.
    pub people: Vec<TodayFacts>,
    /// Tasks that belong to nobody: a channel, an unknown sender.
    pub office_tasks: Vec<Task>,
    /// Companies whose card is to be looked at again, with its day; the longest waiting first.
    pub employer_cards: Vec<(EmployerId, NaiveDate)>,
}

/// What asks for a hand for one graduate.
#[derive(Clone)]
pub struct TodayFacts {
    /// The person; Today's number is found without opening anybody's name.
    pub graduate: GraduateId,
    /// Whose turn it is, and whether words of crisis wait.
    pub thread: Option<Thread>,
    /// Open tasks, longest waiting first.
    pub tasks: Vec<Task>,
    /// Signs that wait for a look, and confirmed ones that nobody has acted upon.
    pub signs: Vec<PlacedSign>,
    /// Check-ins that went unanswered.
    pub silent: Vec<SilentCheckIn>,
    /// Messages that didn't arrive.
    pub failed: Vec<FailedDelivery>,
    /// Promises that Today tells of, soonest first.
    pub promises: Vec<Commitment>,
    /// Since when a meeting in person is missing: the month's first moment; `None` where there was one or none is asked for.
    pub not_met_since: Option<DateTime<Utc>>,
    /// The day of a card that is to be looked at again, where it has come.
    pub card_review_on: Option<NaiveDate>,
    /// Somebody decided that the row rests, or did lately.
    pub resting: Option<Resting>,
}

/// From when Today looks for what.
#[derive(Clone, Copy, Debug)]
pub struct TodaySpan {
    /// Silence, messages that didn't arrive and rests since then.
    pub since: DateTime<Utc>,
    /// Tasks due before then.
    pub until: DateTime<Utc>,
    /// The day, local to the office.
    pub day: NaiveDate,
    /// The month's first moment, where missing meetings are looked for.
    pub month_start: Option<DateTime<Utc>>,
}

/// A check-in that went unanswered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SilentCheckIn {
    /// Which.
    pub id: CheckInId,
    /// The day it fell due.
    pub due_on: NaiveDate,
    /// Since when it counts as silence.
    pub since: DateTime<Utc>,
}

/// A message that didn't arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedDelivery {
    /// Which.
    pub id: DeliveryId,
    /// What it was for.
    pub purpose: Purpose,
    /// By which way.
    pub channel: ChannelKind,
    /// Failed, expired, or a person has to decide.
    pub state: DeliveryState,
    /// The reason's code.
    pub code: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// The check-in it carried.
    pub check_in: Option<CheckInId>,
    /// The message it carried.
    pub message: Option<MessageId>,
    /// The request it carried.
    pub escalation: Option<EscalationId>,
}

#[derive(FromQueryResult)]
struct SilentRow {
    id: Uuid,
    graduate_id: Uuid,
    due_on: NaiveDate,
    closed_at: i64,
}

#[derive(FromQueryResult)]
struct FailedRow {
    id: Uuid,
    graduate_id: Uuid,
    purpose: String,
    channel_kind: String,
    state: String,
    state_code: Option<String>,
    at: i64,
    check_in_id: Option<Uuid>,
    message_id: Option<Uuid>,
    escalation_id: Option<Uuid>,
}

/// What was found so far of somebody.
#[derive(Default)]
struct Found {
    tasks: Vec<Task>,
    signs: Vec<PlacedSign>,
    silent: Vec<SilentCheckIn>,
    failed: Vec<FailedDelivery>,
    promises: Vec<Commitment>,
    not_met_since: Option<DateTime<Utc>>,
    card_review_on: Option<NaiveDate>,
}

impl Tx {
    /// Everything that asks for a hand: tasks due, replies that are due, words of crisis, signs to look at or to act upon, silence,
    /// messages that didn't arrive, missing meetings, cards to look at again, and these `promises`. A fixed number of queries, however many
    /// people there are.
    pub async fn today(&self, span: TodaySpan, promises: Vec<Commitment>) -> Result<Today> {
        let mut found: BTreeMap<GraduateId, Found> = BTreeMap::new();
        let mut office_tasks = Vec::new();
        for task in self.tasks_until(span.until).await? {
            match task.graduate {
                Some(graduate) => found.entry(graduate).or_default().tasks.push(task),
                None => office_tasks.push(task),
            }
        }
        for graduate in self.threads_waiting().await? {
            found.entry(graduate).or_default();
        }
        for query in [signs_in_steps(&[SignStep::Suggested]), signs_to_act_on()] {
            for sign in self.list_signs(query).await? {
                found.entry(sign.sign.graduate).or_default().signs.push(sign);
            }
        }
        for (graduate, check_in) in self.silent_since(span.since).await? {
            found.entry(graduate).or_default().silent.push(check_in);
        }
        for (graduate, delivery) in self.failed_since(span.since).await? {
            found.entry(graduate).or_default().failed.push(delivery);
        }
        for promise in promises {
            found.entry(promise.graduate).or_default().promises.push(promise);
        }
        if let Some(month_start) = span.month_start {
            for graduate in self.not_met_since(month_start, span.day).await? {
                found.entry(graduate).or_default().not_met_since = Some(month_start);
            }
        }
        let mut employer_cards = Vec::new();
        for card in self.cards_to_review(span.day).await? {
            match card.of {
                CardOf::Graduate(graduate) => {
                    found.entry(graduate).or_default().card_review_on = Some(card.review_on);
                }
                CardOf::Employer(employer) => employer_cards.push((employer, card.review_on)),
            }
        }
        let people = self.today_people(found, self.resting_since(span.since).await?).await?;
        Ok(Today { people, office_tasks, employer_cards })
    }

    async fn today_people(
        &self,
        found: BTreeMap<GraduateId, Found>,
        mut resting: BTreeMap<GraduateId, Resting>,
    ) -> Result<Vec<TodayFacts>> {
        let ids: Vec<_> = found.keys().copied().collect();
        let mut threads = self.threads_by_id(&ids).await?;
        let facts = |(id, found): (GraduateId, Found)| TodayFacts {
            graduate: id,
            thread: threads.remove(&id),
            tasks: found.tasks,
            signs: found.signs,
            silent: found.silent,
            failed: found.failed,
            promises: found.promises,
            not_met_since: found.not_met_since,
            card_review_on: found.card_review_on,
            resting: resting.remove(&id),
        };
        Ok(found.into_iter().map(facts).collect())
    }

    async fn tasks_until(&self, until: DateTime<Utc>) -> Result<Vec<Task>> {
        let rows = tasks::Entity::find()
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::State.eq(TaskState::Open.as_str()))
            .filter(tasks::Column::DueAt.lt(to_ms(until)))
            .order_by_asc(tasks::Column::DueAt)
            .order_by_asc(tasks::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_task).collect()
    }

    async fn threads_waiting(&self) -> Result<Vec<GraduateId>> {
        let waiting = sea_orm::Condition::any()
            .add(threads::Column::ReplyDueSince.is_not_null())
            .add(threads::Column::CrisisSince.is_not_null());
        let rows = threads::Entity::find()
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(waiting)
            .all(&self.conn)
            .await?;
        Ok(rows.into_iter().map(|row| GraduateId(row.graduate_id)).collect())
    }

    async fn silent_since(&self, since: DateTime<Utc>) -> Result<Vec<(GraduateId, SilentCheckIn)>> {
        let values = [self.office.0.into(), to_ms(since).into()];
        let rows = SilentRow::find_by_statement(statement(&self.conn, SILENT, values)).all(&self.conn).await?;
        let read = |row: SilentRow| {
            let check_in = SilentCheckIn { id: CheckInId(row.id), due_on: row.due_on, since: from_ms(row.closed_at) };
            (GraduateId(row.graduate_id), check_in)
        };
        Ok(rows.into_iter().map(read).collect())
    }

    async fn failed_since(&self, since: DateTime<Utc>) -> Result<Vec<(GraduateId, FailedDelivery)>> {
        let values = [self.office.0.into(), to_ms(since).into()];
        let rows = FailedRow::find_by_statement(statement(&self.conn, FAILED, values)).all(&self.conn).await?;
        let read = |row: FailedRow| {
            let delivery = FailedDelivery {
                id: DeliveryId(row.id),
                purpose: code("deliveries", "purpose", row.id, &row.purpose)?,
                channel: code("deliveries", "channel_kind", row.id, &row.channel_kind)?,
                state: code("deliveries", "state", row.id, &row.state)?,
                code: row.state_code,
                at: from_ms(row.at),
                check_in: row.check_in_id.map(CheckInId),
                message: row.message_id.map(MessageId),
                escalation: row.escalation_id.map(EscalationId),
            };
            Ok((GraduateId(row.graduate_id), delivery))
        };
        rows.into_iter().map(read).collect()
    }

    async fn threads_by_id(&self, ids: &[GraduateId]) -> Result<BTreeMap<GraduateId, Thread>> {
        let mut found = BTreeMap::new();
        for piece in ids.chunks(PIECE) {
            let rows = threads::Entity::find()
                .filter(threads::Column::OfficeId.eq(self.office.0))
                .filter(threads::Column::GraduateId.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                let thread = to_thread(&row)?;
                found.insert(thread.graduate, thread);
            }
        }
        Ok(found)
    }

    /// When somebody of the office last was in contact with each of these people, and how; no way when nobody wrote it down. Whoever is
    /// missing has had no contact yet.
    pub async fn last_contacts(
        &self,
        ids: &[GraduateId],
    ) -> Result<HashMap<GraduateId, (NaiveDate, Option<ContactMode>)>> {
        let mut found = HashMap::new();
        for piece in ids.chunks(PIECE) {
            let rows = cadences::Entity::find()
                .filter(cadences::Column::OfficeId.eq(self.office.0))
                .filter(cadences::Column::GraduateId.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                let Some(on) = row.last_contact_on else { continue };
                found.insert(GraduateId(row.graduate_id), (on, mode_of(&row)?));
            }
        }
        Ok(found)
    }
}
