//! Replies that wait for their moment: taken back, or given another moment, as long as no claim has ever taken them.
//!
//! Both are one statement on the delivery's row, with the claim's own condition in it: a row that is *due* and was never
//! claimed. Whichever commits first wins, the other finds nothing; so a reply that was taken back never goes out, and one
//! that may be out is never called taken back (trust.md 3c).

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{DeliveryId, GraduateId, MessageId, StaffId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::deliveries::Delivery;
use crate::entity::{deliveries, messages, threads};
use crate::error::{Result, StoreError};
use crate::messages::Message;
use crate::scope::PIECE;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

/// A message that tells a time isn't taken back: the person would wait for a promise they never heard of, or miss one that was
/// moved. What can be done with a promise is done with the promise.
const TELLS_A_TIME: &str = "EXISTS (SELECT 1 FROM commitments c WHERE c.office_id = deliveries.office_id
    AND c.graduate_id = deliveries.graduate_id AND c.message_id = deliveries.message_id)";

/// Code of a reply that didn't go because words of crisis came in before its time.
pub const HELD_BACK: &str = "crisis";

/// Code of a reply that waits a while, because the exchange is a heated one (S2.17).
const CALMS: &str = "calms";

/// What leaves within this time isn't "later".
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// What was taken back.
#[derive(Clone)]
pub struct TakenBack {
    /// To whom it would have gone.
    pub graduate: GraduateId,
    /// Its words.
    pub text: String,
}

impl Delivery {
    /// Whether it is a member of staff's own words that no claim has ever taken.
    pub fn is_waiting_reply(&self) -> bool {
        self.purpose == Purpose::Reply
            && self.state == DeliveryState::Due
            && self.attempts == 0
            && self.message.is_some()
    }

    /// Whether it waits because the exchange is a heated one.
    pub fn calms(&self) -> bool {
        self.is_waiting_reply() && self.state_code.as_deref() == Some(CALMS)
    }
}

impl Tx {
    /// Holds the thread with a graduate until this unit of work ends, so that of two colleagues who answer at the same moment
    /// the second sees the first one's words.
    pub async fn hold_thread(&self, graduate: GraduateId) -> Result<()> {
        self.ensure_thread(graduate).await?;
        let held = threads::Entity::find_by_id(graduate.0).lock_exclusive();
        held.one(&self.conn).await?.ok_or(StoreError::NotFound { what: "thread" })?;
        Ok(())
    }

    /// A graduate's replies that wait for their moment, the first to go first.
    pub async fn waiting_replies(&self, graduate: GraduateId) -> Result<Vec<Delivery>> {
        let rows = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .filter(deliveries::Column::Purpose.eq(Purpose::Reply.as_str()))
            // In these words no index on states over all offices is taken; the person's own is.
            .filter(Expr::cust("COALESCE(state, '') = 'due'"))
            .filter(deliveries::Column::Attempts.eq(0))
            .filter(deliveries::Column::MessageId.is_not_null())
            .filter(Expr::cust(TELLS_A_TIME).not())
            .order_by_asc(deliveries::Column::DueAt)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_delivery(row)).collect()
    }

    /// Says of a reply written in this unit of work why it waits: the exchange is a heated one.
    pub async fn calms(&self, message: MessageId) -> Result<()> {
        deliveries::Entity::update_many()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::MessageId.eq(message.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(CALMS)))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// Takes a reply back before it goes: nothing was sent, so the message leaves the thread, whose turn it is stands as
    /// before, promises that it kept are open again, and the words are given back. `None` when it was claimed already, so that it is out or may be.
    pub async fn take_back(&self, actor: Actor, id: DeliveryId) -> Result<Option<TakenBack>> {
        let (delivery, graduate, message) = self.reply_of(id).await?;
        self.hold_thread(graduate).await?;
        let now = to_ms(self.now());
        let cancel = self
            .unclaimed(id)
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Cancelled.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some("taken_back")))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(now)));
        if cancel.exec(&self.conn).await?.rows_affected == 0 {
            return Ok(None);
        }
        self.unanswered(actor, graduate, message).await?;
        // Words that were to go once more stay: they have a try of their own in the thread.
        if self.deliveries_of_message(message).await? == 1 {
            self.unsay(message).await?;
        }
        let detail = json!({ "graduate": graduate, "message": message });
        self.audit(actor, "message.take_back", "delivery", Some(id.0), detail).await?;
        let words = [delivery.payload.text, delivery.payload.then];
        let text = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n");
        Ok(Some(TakenBack { graduate, text }))
    }

    /// Gives a reply that waits another moment and window; false when it was claimed already.
    pub async fn move_reply(
        &self,
        staff: StaffId,
        id: DeliveryId,
        due_at: DateTime<Utc>,
        window: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool> {
        let (_, graduate, message) = self.reply_of(id).await?;
        self.hold_thread(graduate).await?;
        let update = self
            .unclaimed(id)
            .col_expr(deliveries::Column::StateCode, Expr::value(None::<String>))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(due_at)))
            .col_expr(deliveries::Column::WindowFrom, Expr::value(to_ms(window.0)))
            .col_expr(deliveries::Column::WindowTo, Expr::value(to_ms(window.1)))
            .col_expr(deliveries::Column::ExpiresAt, Expr::value(to_ms(window.1)));
        if update.exec(&self.conn).await?.rows_affected == 0 {
            return Ok(false);
        }
        self.keep_holding_then(Actor::staff(staff), graduate, due_at, message).await?;
        let detail = json!({ "graduate": graduate, "due_at": to_ms(due_at) });
        self.audit(Actor::staff(staff), "message.move", "delivery", Some(id.0), detail).await?;
        Ok(true)
    }

    /// Words of crisis came in: what was written before them and was to go later doesn't go by itself any more. What is about to
    /// leave and was written just now is from somebody who is there. What is held back has answered, kept and told nothing.
    pub(crate) async fn hold_back_replies(&self, graduate: GraduateId) -> Result<()> {
        let now = self.now();
        let held: Vec<Option<Uuid>> = self
            .to_hold_back(deliveries::Entity::find(), graduate)
            .select_only()
            .column(deliveries::Column::MessageId)
            // Each stands on what was written before it.
            .order_by_desc(deliveries::Column::CreatedAt)
            .order_by_desc(deliveries::Column::Id)
            .into_tuple()
            .all(&self.conn)
            .await?;
        if held.is_empty() {
            return Ok(());
        }
        self.to_hold_back(deliveries::Entity::update_many(), graduate)
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Cancelled.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(HELD_BACK)))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(now))))
            .exec(&self.conn)
            .await?;
        let held: Vec<Uuid> = held.into_iter().flatten().collect();
        self.untold(graduate, &held).await?;
        for message in held.into_iter().map(MessageId) {
            self.unanswered(Actor::PROGRAM, graduate, message).await?;
        }
        Ok(())
    }

    fn to_hold_back<Q: QueryFilter>(&self, query: Q, graduate: GraduateId) -> Q {
        let later = deliveries::Column::DueAt.gt(to_ms(self.now() + AT_ONCE));
        let earlier = deliveries::Column::CreatedAt.lt(to_ms(self.now() - AT_ONCE));
        query
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .filter(deliveries::Column::Purpose.eq(Purpose::Reply.as_str()))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .filter(deliveries::Column::Attempts.eq(0))
            .filter(later.or(earlier))
    }

    async fn reply_of(&self, id: DeliveryId) -> Result<(Delivery, GraduateId, MessageId)> {
        let nothing = StoreError::NotFound { what: "reply" };
        let found = self.delivery(id).await?.filter(|delivery| delivery.purpose == Purpose::Reply);
        let Some(delivery) = found else { return Err(nothing) };
        match (delivery.graduate, delivery.message) {
            (Some(graduate), Some(message)) => Ok((delivery, graduate, message)),
            _ => Err(nothing),
        }
    }

    fn unclaimed(&self, id: DeliveryId) -> UpdateMany<deliveries::Entity> {
        deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .filter(deliveries::Column::Attempts.eq(0))
            .filter(Expr::cust(TELLS_A_TIME).not())
    }

    /// Words were taken back after which a colleague wrote more. Where those wait, too, they are what the person will hear first: how the
    /// thread stood before is for them to put back.
    async fn leave_to_next(&self, actor: Actor, graduate: GraduateId, said: &Message, before: &Value) -> Result<()> {
        let waiting: Vec<_> = self.waiting_replies(graduate).await?.into_iter().filter_map(|one| one.message).collect();
        let later = self.messages_by_id(&waiting).await?.into_values().filter(|message| message.at > said.at);
        let mut later: Vec<_> = later.collect();
        later.sort_by_key(|message| message.at);
        let mut found = None;
        for next in later {
            // Messages that answer nothing have none.
            if let Some(own) = self.newest_audit_of(next.id.0, "message.send").await? {
                found = Some((next, own));
                break;
            }
        }
        let Some((next, own)) = found else { return Ok(()) };
        let own: Value = serde_json::from_str(&own.detail).unwrap_or_default();
        let due = [&own["due_before"], &before["due_before"]].into_iter().filter_map(Value::as_i64).min();
        let detail = json!({
            "graduate": graduate,
            "due_before": due,
            "last_before": before["last_before"],
            "closed_before": before["closed_before"],
        });
        self.audit(actor, "message.send_first", "message", Some(next.id.0), detail).await
    }

    /// When these messages of ours left: words that wait, were held back or never went were said to nobody. What the program writes is
    /// written once it has gone and has no delivery of its own; neither has what came in: they aren't among the answer.
    pub async fn left_at(&self, messages: &[MessageId]) -> Result<HashMap<MessageId, Option<DateTime<Utc>>>> {
        let mut left: HashMap<MessageId, Option<DateTime<Utc>>> = HashMap::new();
        for piece in messages.chunks(PIECE) {
            let of_these = deliveries::Entity::find()
                .filter(deliveries::Column::OfficeId.eq(self.office.0))
                .filter(deliveries::Column::MessageId.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in of_these {
                let Some(message) = row.message_id.map(MessageId) else { continue };
                let at = left.entry(message).or_default();
                *at = at.iter().copied().chain(row.accepted_at.map(from_ms)).min();
            }
        }
        Ok(left)
    }

    async fn deliveries_of_message(&self, message: MessageId) -> Result<u64> {
        let of = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::MessageId.eq(message.0));
        Ok(of.count(&self.conn).await?)
    }

    /// Words that never left aren't part of what was said.
    async fn unsay(&self, message: MessageId) -> Result<()> {
        messages::Entity::delete_many()
            .filter(messages::Column::Id.eq(message.0))
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// Words that never left have kept no promise, told no summary, asked no question and answered nothing. The audit row of their
    /// writing knows how the thread stood before; it stands so again unless a colleague has written since. Words that were tried
    /// before have left, or may have.
    async fn unanswered(&self, actor: Actor, graduate: GraduateId, message: MessageId) -> Result<()> {
        self.reopen_holding(actor, graduate, message.0).await?;
        if self.deliveries_of_message(message).await? > 1 {
            return Ok(());
        }
        let Some(said) = self.message(message).await? else { return Ok(()) };
        if let Some(question) = said.check_in {
            self.part_question(actor, graduate, question).await?;
        }
        self.summary_unsent(graduate, message).await?;
        let before = self.newest_audit_of(message.0, "message.send").await?;
        let before = before.and_then(|row| serde_json::from_str::<Value>(&row.detail).ok());
        let (Some(thread), Some(before)) = (self.thread(graduate).await?, before) else { return Ok(()) };
        if thread.last_outbound_at.is_none_or(|last| last > said.at) {
            return self.leave_to_next(actor, graduate, &said, &before).await;
        }
        let since = before["due_before"].as_i64();
        let now = thread.reply_due_since.map(to_ms);
        let closed = before["closed_before"].as_str().filter(|_| now.is_none() && since.is_none());
        let change = threads::ActiveModel {
            last_outbound_at: Set(before["last_before"].as_i64()),
            reply_due_since: Set(since.into_iter().chain(now).min()),
            closed_reason: Set(closed.map(str::to_owned)),
            ..Default::default()
        };
        self.update_thread(graduate).set(change).exec(&self.conn).await?;
        Ok(())
    }
}
