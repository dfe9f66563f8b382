//! Attachments: pictures and voice messages, fetched after their message and kept sealed (DESIGN.md, decision 6).
//!
//! A row is made together with its message. To claim one is to try: the moment of the next try is written with the claim, so a
//! process that is lost in between leaves nothing to be put right, and two processes don't ask for the same at once. What a
//! fetch brings is written only while the row still waits: a message that was taken back meanwhile has none any more.

use std::collections::HashMap;

use bansou_core::attachment::{AttachmentKind, AttachmentState, MediaType};
use bansou_core::ids::{GraduateId, MessageId, OfficeId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::Place;
use crate::entity::{attachments, messages};
use crate::error::Result;
use crate::messages::InboundMessage;
use crate::scope::PIECE;
use crate::time::to_ms;
use crate::tx::{Tx, code};

const BYTES: Place = Place { table: "attachments", column: "bytes" };
/// What waits, in the words of its index: neither database uses it otherwise.
const WAITING: &str = "state = 'waiting'";

/// After the first try the second comes so late, and every other after twice as long: longer than a fetch may take, so that
/// nobody asks for what another process is fetching.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// No wait is longer.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(2);
/// So often it is asked for, which takes a day: LINE deletes what people sent after a while, and says of no content how long
/// it has it.
pub const FETCH_TRIES: i64 = 18;

/// Something to be fetched now.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The message it came with.
    pub message: MessageId,
    /// At which channel.
    pub channel_id: String,
    /// The provider's id of the message.
    pub provider_ref: String,
    /// What the provider says it is.
    pub kind: AttachmentKind,
}

/// What a page shows of an attachment before anybody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What the provider says it is.
    pub kind: AttachmentKind,
    /// Where it stands.
    pub state: AttachmentState,
}

impl Store {
    /// Offices with something to fetch now.
    pub async fn offices_with_fetches(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = attachments::Entity::find()
            .select_only()
            .column(attachments::Column::OfficeId)
            .distinct()
            .filter(Expr::cust(WAITING))
            .filter(attachments::Column::NextTryAt.lte(to_ms(now)))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }
}

impl Tx {
    /// Claims what is to be fetched now, longest waiting first. What was asked for often enough waits no more.
    pub async fn claim_fetches(&self, limit: u64) -> Result<Vec<Fetch>> {
        let used_up = attachments::Column::Tries.gte(FETCH_TRIES);
        let due = attachments::Column::NextTryAt.lte(to_ms(self.now()));
        self.end(used_up.and(due.clone()), AttachmentState::Gone).await?;
        let rows: Vec<(Uuid, String, String, i64)> = attachments::Entity::find()
            .select_only()
            .columns([
                attachments::Column::MessageId,
                attachments::Column::ChannelId,
                attachments::Column::Kind,
                attachments::Column::Tries,
            ])
            .filter(attachments::Column::OfficeId.eq(self.office.0))
            .filter(Expr::cust(WAITING))
            .filter(due)
            .order_by_asc(attachments::Column::NextTryAt)
            .order_by_asc(attachments::Column::MessageId)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(&self.conn)
            .await?;
        let references = self.references(rows.iter().map(|row| row.0)).await?;
        let mut fetches = Vec::with_capacity(rows.len());
        for (id, channel_id, kind, tries) in rows {
            self.tried(id, tries + 1).await?;
            // Without the provider's id nobody can ask; its tries run out like any other's.
            let Some(provider_ref) = references.get(&id).cloned() else { continue };
            let kind = code("attachments", "kind", id, &kind)?;
            fetches.push(Fetch { message: MessageId(id), channel_id, provider_ref, kind });
        }
        Ok(fetches)
    }

    /// Keeps what was fetched; `false` where nobody waits for it any more.
    pub async fn keep_attachment(&self, message: MessageId, what: MediaType, bytes: &[u8]) -> Result<bool> {
        let kept = attachments::ActiveModel {
            state: Set(AttachmentState::Kept.as_str().to_owned()),
            media_type: Set(Some(what.as_str().to_owned())),
            bytes: Set(Some(self.cipher.seal(BYTES, message.0, bytes, &self.ambient))),
            ..Default::default()
        };
        let changed = attachments::Entity::update_many()
            .set(kept)
            .filter(attachments::Column::OfficeId.eq(self.office.0))
            .filter(attachments::Column::MessageId.eq(message.0))
            .filter(Expr::cust(WAITING))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected > 0 {
            self.touch();
        }
        Ok(changed.rows_affected > 0)
    }

    /// It won't be fetched again, and why; `false` where nobody waits for it any more.
    pub async fn end_attachment(&self, message: MessageId, state: AttachmentState) -> Result<bool> {
        self.end(attachments::Column::MessageId.eq(message.0), state).await
    }

    /// What came with these messages, without its bytes.
    pub async fn attachments_of(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, Attachment>> {
        let mut found = HashMap::new();
        for piece in ids.chunks(PIECE) {
            let rows: Vec<(Uuid, String, String)> = attachments::Entity::find()
                .select_only()
                .columns([attachments::Column::MessageId, attachments::Column::Kind, attachments::Column::State])
                .filter(attachments::Column::OfficeId.eq(self.office.0))
                .filter(attachments::Column::MessageId.is_in(piece.iter().map(|id| id.0)))
                .into_tuple()
                .all(&self.conn)
                .await?;
            for (id, kind, state) in rows {
                let kind = code("attachments", "kind", id, &kind)?;
                let state = code("attachments", "state", id, &state)?;
                found.insert(MessageId(id), Attachment { kind, state });
            }
        }
        Ok(found)
    }

    /// A picture or voice of this graduate, opened; `None` where none is kept.
    pub async fn attachment(&self, graduate: GraduateId, message: MessageId) -> Result<Option<(MediaType, Vec<u8>)>> {
        let row = attachments::Entity::find_by_id(message.0)
            .filter(attachments::Column::OfficeId.eq(self.office.0))
            .filter(attachments::Column::GraduateId.eq(graduate.0))
            .filter(attachments::Column::State.eq(AttachmentState::Kept.as_str()))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (Some(what), Some(sealed)) = (row.media_type, row.bytes) else { return Ok(None) };
        let what = code("attachments", "media_type", row.message_id, &what)?;
        Ok(Some((what, self.cipher.open(BYTES, row.message_id, &sealed)?)))
    }

    /// The row of what came with a message that was just written, where it can be fetched.
    pub(crate) async fn await_attachment(&self, message: MessageId, new: &InboundMessage) -> Result<()> {
        let kind = new.body.attachment.as_deref().and_then(|kind| kind.parse::<AttachmentKind>().ok());
        let (Some(kind), Some(channel_id)) = (kind, &new.fetch_from) else { return Ok(()) };
        let now = to_ms(self.now());
        let row = attachments::ActiveModel {
            message_id: Set(message.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            channel_id: Set(channel_id.clone()),
            kind: Set(kind.as_str().to_owned()),
            state: Set(AttachmentState::Waiting.as_str().to_owned()),
            media_type: Set(None),
            bytes: Set(None),
            tries: Set(0),
            next_try_at: Set(now),
            created_at: Set(now),
        };
        row.insert(&self.conn).await?;
        Ok(())
    }

    /// Nothing of it stays, and nothing more is fetched: the message was taken back, or was somebody else's.
    pub(crate) async fn forget_attachments_of(&self, messages: &[MessageId]) -> Result<()> {
        for piece in messages.chunks(PIECE) {
            attachments::Entity::delete_many()
                .filter(attachments::Column::OfficeId.eq(self.office.0))
                .filter(attachments::Column::MessageId.is_in(piece.iter().map(|id| id.0)))
                .exec(&self.conn)
                .await?;
        }
        Ok(())
    }

    async fn references(&self, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
        let rows: Vec<(Uuid, Option<String>)> = messages::Entity::find()
            .select_only()
            .columns([messages::Column::Id, messages::Column::ProviderRef])
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .filter(messages::Column::Id.is_in(ids))
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(rows.into_iter().filter_map(|(id, reference)| Some((id, reference?))).collect())
    }

    async fn tried(&self, id: Uuid, tries: i64) -> Result<()> {
        let change = attachments::ActiveModel {
            tries: Set(tries),
            next_try_at: Set(to_ms(self.now() + wait_after(tries))),
            ..Default::default()
        };
        attachments::Entity::update_many()
            .set(change)
            .filter(attachments::Column::OfficeId.eq(self.office.0))
            .filter(attachments::Column::MessageId.eq(id))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    async fn end(&self, which: Expr, state: AttachmentState) -> Result<bool> {
        let ended = attachments::Entity::update_many()
            .col_expr(attachments::Column::State, Expr::value(state.as_str()))
            .filter(attachments::Column::OfficeId.eq(self.office.0))
            .filter(Expr::cust(WAITING))
            .filter(which)
            .exec(&self.conn)
            .await?;
        if ended.rows_affected > 0 {
            self.touch();
        }
        Ok(ended.rows_affected > 0)
    }
}

/// How long nobody asks again after a try, counted from 1.
fn wait_after(tries: i64) -> TimeDelta {
    let doubled = u32::try_from(tries - 1).ok().and_then(|times| 2_i32.checked_pow(times));
    doubled.and_then(|times| FIRST_WAIT.checked_mul(times)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_for_soon_then_ever_more_rarely_and_for_about_a_day() {
        assert_eq!([1, 2, 3].map(|tries| wait_after(tries).num_minutes()), [1, 2, 4]);
        assert_eq!(wait_after(8), LONGEST_WAIT);
        assert_eq!(wait_after(64), LONGEST_WAIT);
        let whole: TimeDelta = (1..=FETCH_TRIES).map(wait_after).sum();
        assert!(whole > TimeDelta::hours(22) && whole < TimeDelta::hours(26), "{whole}");
    }
}
