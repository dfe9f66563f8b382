//! Messages: everything said with a graduate, and the inbox over all of them.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{CheckInId, GraduateId, MessageId, StaffId};
use bansou_core::thread::{Author, Direction, MessageBody};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{messages, signs, threads};
use crate::error::Result;
use crate::mine::Mine;
use crate::scope::{PIECE, Who};
use crate::threads::{Thread, to_thread};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

pub(crate) const BODY: Place = Place { table: "messages", column: "body" };

/// A message of the person.
#[derive(Clone)]
pub struct InboundMessage {
    /// From whom.
    pub graduate: GraduateId,
    /// How it came.
    pub channel: ChannelKind,
    /// What was written or pressed.
    pub body: MessageBody,
    /// When the person wrote it.
    pub at: DateTime<Utc>,
    /// The check-in it answers.
    pub check_in: Option<CheckInId>,
    /// The provider's id of the message, for unsend and for fetching what came with it.
    pub provider_ref: Option<String>,
    /// The channel at which a picture or voice can be fetched; none where the provider gives none out.
    pub fetch_from: Option<String>,
    /// Whether our answer is due. A button that says all is well needs none.
    pub needs_reply: bool,
    /// Whether words of crisis were seen: the thread goes on top, and our answer is due.
    pub crisis: bool,
}

/// A message to the person.
#[derive(Clone)]
pub struct OutboundMessage {
    /// To whom.
    pub graduate: GraduateId,
    /// How it goes.
    pub channel: ChannelKind,
    /// What is written.
    pub body: MessageBody,
    /// The check-in it carries.
    pub check_in: Option<CheckInId>,
}

/// A message as it is stored.
#[derive(Clone)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// With whom.
    pub graduate: GraduateId,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// Which member of staff.
    pub staff: Option<StaffId>,
    /// How it went.
    pub channel: ChannelKind,
    /// What was written; none when the person took it back.
    pub body: Option<MessageBody>,
    /// When it was written (in) or planned (out).
    pub at: DateTime<Utc>,
    /// The check-in it carries or answers.
    pub check_in: Option<CheckInId>,
    /// Words of crisis were seen.
    pub crisis: bool,
    /// When the person took it back, or when it left the thread.
    pub hidden_at: Option<DateTime<Utc>>,
    /// It left the thread, because somebody else wrote it.
    pub is_not_theirs: bool,
}

/// Where the next, older page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagesBefore {
    /// Moment of the oldest message shown.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: MessageId,
}

/// Which threads the inbox shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct InboxFilter<'a> {
    /// Only these people.
    pub mine: Option<&'a Mine>,
    /// Only threads that wait for us: words of crisis or a reply that is due.
    pub waiting: bool,
}

/// One line of the inbox.
#[derive(Clone)]
pub struct InboxRow {
    /// The person.
    pub who: Who,
    /// Whose turn it is.
    pub thread: Thread,
    /// The newest message.
    pub last: Option<Message>,
}

impl Tx {
    /// Writes a message of the person and marks the thread.
    pub async fn add_inbound_message(&self, new: &InboundMessage) -> Result<MessageId> {
        self.thread_inbound(new.graduate, new.at, new.needs_reply, new.crisis).await?;
        let id = MessageId::new(&self.ambient);
        let mut row = self.message_row(id, new.graduate, new.channel, &new.body, new.at);
        row.direction = Set(Direction::In.as_str().to_owned());
        row.author = Set(Author::Graduate.as_str().to_owned());
        row.check_in_id = Set(new.check_in.map(|id| id.0));
        row.provider_ref = Set(new.provider_ref.clone());
        row.crisis = Set(new.crisis);
        row.insert(&self.conn).await?;
        self.await_attachment(id, new).await?;
        Ok(id)
    }

    /// Writes a message of a member of staff: it is their turn then. `read_until` is the moment of the newest message the
    /// writer saw; what came in after it still waits for a reply. The delivery is written by the caller in this same unit of work.
    pub async fn add_staff_message(
        &self,
        staff: StaffId,
        new: &OutboundMessage,
        read_until: Option<DateTime<Utc>>,
    ) -> Result<MessageId> {
        let before = self.thread(new.graduate).await?;
        self.thread_outbound(new.graduate, self.now(), read_until).await?;
        let id = self.add_outbound(new, Author::Staff, Some(staff)).await?;
        // How the thread stood before is needed when the words are taken back (`waiting_replies`).
        let detail = json!({
            "graduate": new.graduate,
            "channel": new.channel,
            "due_before": before.as_ref().and_then(|thread| thread.reply_due_since).map(to_ms),
            "last_before": before.as_ref().and_then(|thread| thread.last_outbound_at).map(to_ms),
            "closed_before": before.as_ref().and_then(|thread| thread.closed_reason),
        });
        self.audit(Actor::staff(staff), "message.send", "message", Some(id.0), detail).await?;
        Ok(id)
    }

    /// Writes a message of the program. It answers nobody, so a reply that is due stays due.
    pub async fn add_program_message(&self, new: &OutboundMessage) -> Result<MessageId> {
        self.ensure_thread(new.graduate).await?;
        self.touch();
        self.add_outbound(new, Author::Program, None).await
    }

    /// The person took a message back (LINE `unsend`): neither it nor a quote of it is shown again, and what came with it is
    /// gone. A reply that was due stays due. `None` when there is no such message.
    pub async fn hide_message(&self, channel: ChannelKind, provider_ref: &str) -> Result<Option<MessageId>> {
        let row = messages::Entity::find()
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .filter(messages::Column::ProviderRef.eq(provider_ref))
            .filter(messages::Column::ChannelKind.eq(channel.as_str()))
            .filter(messages::Column::Direction.eq(Direction::In.as_str()))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let id = MessageId(row.id);
        if row.hidden_at.is_none() {
            let mut row: messages::ActiveModel = row.into();
            row.hidden_at = Set(Some(to_ms(self.now())));
            row.update(&self.conn).await?;
        }
        self.forget_quotes_of(id).await?;
        self.forget_attachments_of(&[id]).await?;
        self.touch();
        Ok(Some(id))
    }

    /// Messages with a graduate, newest first; `before` asks for the page after the one that ended there.
    pub async fn messages_of(
        &self,
        graduate: GraduateId,
        before: Option<MessagesBefore>,
        limit: u64,
    ) -> Result<Vec<Message>> {
        let mut query = messages::Entity::find()
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .filter(messages::Column::GraduateId.eq(graduate.0));
        if let Some(MessagesBefore { at, id }) = before {
            let same = messages::Column::At.eq(to_ms(at)).and(messages::Column::Id.lt(id.0));
            query = query.filter(messages::Column::At.lt(to_ms(at)).or(same));
        }
        let rows = query
            .order_by_desc(messages::Column::At)
            .order_by_desc(messages::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_message(row)).collect()
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Option<Message>> {
        let row = messages::Entity::find_by_id(id.0).filter(messages::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| self.to_message(&row)).transpose()
    }

    /// The words of crisis of a graduate since then that they haven't taken back, newest first.
    pub async fn words_of_crisis(&self, graduate: GraduateId, since: DateTime<Utc>) -> Result<Vec<Message>> {
        let rows = messages::Entity::find()
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .filter(messages::Column::GraduateId.eq(graduate.0))
            .filter(messages::Column::Crisis.eq(true))
            .filter(messages::Column::HiddenAt.is_null())
            .filter(messages::Column::At.gte(to_ms(since)))
            .order_by_desc(messages::Column::At)
            .order_by_desc(messages::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_message(row)).collect()
    }

    /// Messages by id; those of other offices are left out.
    pub async fn messages_by_id(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, Message>> {
        let mut found = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let rows = messages::Entity::find()
                .filter(messages::Column::OfficeId.eq(self.office.0))
                .filter(messages::Column::Id.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                found.insert(MessageId(row.id), self.to_message(&row)?);
            }
        }
        Ok(found)
    }

    /// The inbox: words of crisis first, then replies that are due, longest first, then the newest words. Three queries,
    /// however many rows there are.
    pub async fn inbox(&self, filter: InboxFilter<'_>, offset: u64, limit: u64) -> Result<Vec<InboxRow>> {
        let mut query = threads::Entity::find().filter(threads::Column::OfficeId.eq(self.office.0));
        if filter.waiting {
            query = query
                .filter(threads::Column::CrisisSince.is_not_null().or(threads::Column::ReplyDueSince.is_not_null()));
        }
        self.inbox_rows(self.threads_with(query, filter.mine), offset, limit).await
    }

    /// The part of the inbox in which it is their turn on `today` (the office's day), in the same order.
    pub async fn inbox_theirs(
        &self,
        today: NaiveDate,
        mine: Option<&Mine>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<InboxRow>> {
        self.inbox_rows(self.threads_with(self.threads_theirs(today), mine), offset, limit).await
    }

    /// Those of these threads that are somebody's.
    pub(crate) fn threads_with(&self, query: Select<threads::Entity>, mine: Option<&Mine>) -> Select<threads::Entity> {
        let Some(mine) = mine else { return query };
        query.filter(threads::Column::GraduateId.in_subquery(self.select_people_of(mine)))
    }

    async fn inbox_rows(&self, query: Select<threads::Entity>, offset: u64, limit: u64) -> Result<Vec<InboxRow>> {
        let rows = query
            .order_by_asc(inbox_group())
            .order_by_asc(threads::Column::CrisisSince)
            .order_by_asc(threads::Column::ReplyDueSince)
            .order_by_desc(newest_word())
            .order_by_asc(threads::Column::GraduateId)
            .offset(offset)
            .limit(limit)
            .all(&self.conn)
            .await?;
        let ids: Vec<_> = rows.iter().map(|row| GraduateId(row.graduate_id)).collect();
        let mut people = self.people(&ids).await?;
        let mut last = self.last_messages(&ids).await?;
        let mut inbox = Vec::with_capacity(rows.len());
        for row in rows {
            let thread = to_thread(&row)?;
            let Some(who) = people.remove(&thread.graduate) else { continue };
            let last = last.remove(&thread.graduate);
            inbox.push(InboxRow { who, thread, last });
        }
        Ok(inbox)
    }

    /// The newest message with each of these graduates, one index look-up per person inside one statement.
    pub(crate) async fn last_messages(&self, ids: &[GraduateId]) -> Result<HashMap<GraduateId, Message>> {
        let mut last = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let newest = Query::select()
                .column(messages::Column::Id)
                .from(messages::Entity)
                .and_where(
                    Expr::col((messages::Entity, messages::Column::GraduateId))
                        .equals((threads::Entity, threads::Column::GraduateId)),
                )
                .order_by(messages::Column::At, sea_orm::Order::Desc)
                .order_by(messages::Column::Id, sea_orm::Order::Desc)
                .limit(1)
                .to_owned();
            let newest = Query::select()
                .expr(Expr::SubQuery(None, Box::new(newest.into())))
                .from(threads::Entity)
                .and_where(threads::Column::GraduateId.is_in(piece.iter().map(|id| id.0).collect::<Vec<Uuid>>()))
                .to_owned();
            let rows = messages::Entity::find()
                .filter(messages::Column::OfficeId.eq(self.office.0))
                .filter(messages::Column::Id.in_subquery(newest))
                .all(&self.conn)
                .await?;
            for row in rows {
                last.insert(GraduateId(row.graduate_id), self.to_message(&row)?);
            }
        }
        Ok(last)
    }

    pub(crate) async fn add_outbound(
        &self,
        new: &OutboundMessage,
        author: Author,
        staff: Option<StaffId>,
    ) -> Result<MessageId> {
        let (id, row) = self.outbound_row(new, author, staff);
        row.insert(&self.conn).await?;
        Ok(id)
    }

    pub(crate) fn outbound_row(
        &self,
        new: &OutboundMessage,
        author: Author,
        staff: Option<StaffId>,
    ) -> (MessageId, messages::ActiveModel) {
        let id = MessageId::new(&self.ambient);
        let mut row = self.message_row(id, new.graduate, new.channel, &new.body, self.now());
        row.direction = Set(Direction::Out.as_str().to_owned());
        row.author = Set(author.as_str().to_owned());
        row.staff_id = Set(staff.map(|id| id.0));
        row.check_in_id = Set(new.check_in.map(|id| id.0));
        (id, row)
    }

    fn message_row(
        &self,
        id: MessageId,
        graduate: GraduateId,
        channel: ChannelKind,
        body: &MessageBody,
        at: DateTime<Utc>,
    ) -> messages::ActiveModel {
        messages::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            staff_id: Set(None),
            channel_kind: Set(channel.as_str().to_owned()),
            body: Set(self.seal(BODY, id.0, body)),
            at: Set(to_ms(at)),
            check_in_id: Set(None),
            provider_ref: Set(None),
            crisis: Set(false),
            hidden_at: Set(None),
            hidden_why: Set(None),
            ..Default::default()
        }
    }

    /// A sign stays, but without the words the person took back.
    pub(crate) async fn forget_quotes_of(&self, message: MessageId) -> Result<()> {
        let rows = signs::Entity::find()
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::MessageId.eq(message.0))
            .all(&self.conn)
            .await?;
        for row in rows {
            let empty = self.seal(Place { table: "signs", column: "quote" }, row.id, "");
            let mut row: signs::ActiveModel = row.into();
            row.quote = Set(empty);
            row.update(&self.conn).await?;
        }
        Ok(())
    }

    fn to_message(&self, row: &messages::Model) -> Result<Message> {
        let body = if row.hidden_at.is_some() { None } else { Some(self.open(BODY, row.id, &row.body)?) };
        Ok(Message {
            id: MessageId(row.id),
            graduate: GraduateId(row.graduate_id),
            direction: code("messages", "direction", row.id, &row.direction)?,
            author: code("messages", "author", row.id, &row.author)?,
            staff: row.staff_id.map(StaffId),
            channel: code("messages", "channel_kind", row.id, &row.channel_kind)?,
            body,
            at: from_ms(row.at),
            check_in: row.check_in_id.map(CheckInId),
            crisis: row.crisis,
            hidden_at: row.hidden_at.map(from_ms),
            is_not_theirs: row.hidden_why.is_some(),
        })
    }
}

/// An answer that is due and that this member of staff took over.
pub(crate) fn taken_over_by(staff: StaffId) -> Expr {
    let due = Expr::col(threads::Column::HandedFor).eq(Expr::col(threads::Column::ReplyDueSince));
    threads::Column::HandedTo.eq(staff.0).and(due)
}

/// 0 = words of crisis, 1 = a reply is due, 2 = the rest.
fn inbox_group() -> Expr {
    Expr::case(threads::Column::CrisisSince.is_not_null(), 0)
        .case(threads::Column::ReplyDueSince.is_not_null(), 1)
        .finally(2)
        .into()
}

/// When either side last wrote.
fn newest_word() -> Expr {
    let (inbound, outbound) = (threads::Column::LastInboundAt, threads::Column::LastOutboundAt);
    Expr::case(Expr::col(inbound).gt(Expr::col(outbound)), Expr::col(inbound))
        .case(outbound.is_not_null(), Expr::col(outbound))
        .case(inbound.is_not_null(), Expr::col(inbound))
        .finally(0_i64)
        .into()
}
