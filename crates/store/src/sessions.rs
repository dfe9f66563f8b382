//! Sessions: signed-in browsers of staff, graduates and employer contacts.
//!
//! The cookie's value is 32 random bytes; the database keeps its SHA-256 only (ASVS V7.2.3), so a stolen copy of the
//! database is no set of live sessions. A session of staff ends after 30 minutes without use and 12 hours after it began;
//! a guest's lasts longer, because a guest has no password to come back with, only a link that works once.

use bansou_core::audit::Actor;
use bansou_core::ids::{EscalationId, GraduateId, OfficeId, StaffId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::token_hash;
use crate::entity::{sessions, staff};
use crate::error::{Result, StoreError};
use crate::kept_forms::KEPT_FOR;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

/// A session of staff without use ends after this long.
pub const SESSION_IDLE: TimeDelta = TimeDelta::minutes(30);
/// A session of staff ends this long after it began, used or not.
pub const SESSION_ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// A session of a graduate or an employer contact ends this long after it began: an answer takes a talk with others first.
pub const SESSION_GUEST: TimeDelta = TimeDelta::days(30);
/// A session that was ended is ended by every process's clock.
const CLOCKS_APART: TimeDelta = TimeDelta::hours(1);
/// Use is noted at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

bansou_core::codes! {
    /// Who is signed in.
    SessionKind {
        /// A member of staff.
        Staff = "staff",
        /// A graduate who came by their own link.
        Graduate = "graduate",
        /// An employer contact who came by the link of one request.
        Employer = "employer",
    }
}

impl SessionKind {
    /// Longest time without use.
    pub const fn idle(self) -> TimeDelta {
        match self {
            Self::Staff => SESSION_IDLE,
            Self::Graduate | Self::Employer => SESSION_GUEST,
        }
    }

    /// Longest time since it began.
    pub const fn absolute(self) -> TimeDelta {
        match self {
            Self::Staff => SESSION_ABSOLUTE,
            Self::Graduate | Self::Employer => SESSION_GUEST,
        }
    }
}

/// A session that is good at the moment of asking.
#[derive(Clone, Debug)]
pub struct Session {
    /// Scope of everything it may see.
    pub office: OfficeId,
    /// Who is signed in.
    pub kind: SessionKind,
    /// The id of the member of staff, the graduate, or the escalation.
    pub subject: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    id_hash: Vec<u8>,
}

impl Session {
    /// What names the session among others; opens nothing.
    pub fn key(&self) -> &[u8] {
        &self.id_hash
    }

    /// Who acts in this session, for the audit list.
    pub fn actor(&self) -> Actor {
        actor(self.kind, self.subject)
    }
}

impl Store {
    /// The session of a cookie's value; `None` when it is unknown, idle too long, too old, or its account is disabled.
    pub async fn find_session(&self, token: &str) -> Result<Option<Session>> {
        let Ok(raw) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
        self.good_session(&token_hash(&raw)).await
    }

    /// Whether a session that was good is so still; for what stays open after its request.
    pub async fn is_session_good(&self, session: &Session) -> Result<bool> {
        Ok(self.good_session(&session.id_hash).await?.is_some())
    }

    async fn good_session(&self, id_hash: &[u8]) -> Result<Option<Session>> {
        let Some(row) = sessions::Entity::find_by_id(id_hash.to_vec()).one(self.db()).await? else { return Ok(None) };
        let kind: SessionKind = code("sessions", "kind", row.subject_id, &row.kind)?;
        let (created_at, last_seen_at) = (from_ms(row.created_at), from_ms(row.last_seen_at));
        let now = self.ambient().now();
        if now - last_seen_at >= kind.idle() || now - created_at >= kind.absolute() {
            return Ok(None);
        }
        if kind == SessionKind::Staff && !self.is_enabled(&row).await? {
            return Ok(None);
        }
        let (office, subject) = (OfficeId(row.office_id), row.subject_id);
        Ok(Some(Session { office, kind, subject, created_at, last_seen_at, id_hash: row.id_hash }))
    }

    /// Whose session of staff this was, ended within the last day by time or by signing out. It opens nothing any more.
    pub async fn find_ended_session(&self, token: &str) -> Result<Option<(OfficeId, StaffId)>> {
        let Ok(raw) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
        let Some(row) = sessions::Entity::find_by_id(token_hash(&raw)).one(self.db()).await? else { return Ok(None) };
        let is_recent = self.ambient().now() - from_ms(row.last_seen_at) < SESSION_IDLE + KEPT_FOR;
        if row.kind != SessionKind::Staff.as_str() || !is_recent || !self.is_enabled(&row).await? {
            return Ok(None);
        }
        Ok(Some((OfficeId(row.office_id), StaffId(row.subject_id))))
    }

    async fn is_enabled(&self, row: &sessions::Model) -> Result<bool> {
        let account = staff::Entity::find_by_id(row.subject_id)
            .filter(staff::Column::OfficeId.eq(row.office_id))
            .filter(staff::Column::DisabledAt.is_null());
        Ok(account.one(self.db()).await?.is_some())
    }

    /// Notes that a session is in use; writes at most once a minute.
    pub async fn touch_session(&self, session: &Session) -> Result<()> {
        let now = self.ambient().now();
        if now - session.last_seen_at < TOUCH_EVERY {
            return Ok(());
        }
        let change = sessions::ActiveModel { last_seen_at: Set(to_ms(now)), ..Default::default() };
        let _gate = self.gate().await;
        sessions::Entity::update_many()
            .set(change)
            .filter(sessions::Column::IdHash.eq(session.id_hash.clone()))
            .filter(sessions::Column::LastSeenAt.lte(to_ms(now - TOUCH_EVERY)))
            .exec(self.db())
            .await?;
        Ok(())
    }
}

impl Tx {
    /// Begins a session and returns the cookie's value, which is nowhere else. A disabled account is refused.
    pub async fn create_session(&self, kind: SessionKind, subject: Uuid) -> Result<String> {
        if kind == SessionKind::Staff {
            let account = staff::Entity::find_by_id(subject)
                .filter(staff::Column::OfficeId.eq(self.office.0))
                .filter(staff::Column::DisabledAt.is_null())
                .lock_shared()
                .one(&self.conn)
                .await?;
            account.ok_or(StoreError::Refused { what: "signing in to a disabled account" })?;
        }
        let raw: [u8; 32] = self.ambient.bytes();
        let now = to_ms(self.now());
        let row = sessions::ActiveModel {
            id_hash: Set(token_hash(&raw)),
            office_id: Set(self.office.0),
            kind: Set(kind.as_str().to_owned()),
            subject_id: Set(subject),
            created_at: Set(now),
            last_seen_at: Set(now),
        };
        row.insert(&self.conn).await?;
        self.audit(actor(kind, subject), "session.begin", kind.as_str(), Some(subject), json!({})).await?;
        Ok(URL_SAFE_NO_PAD.encode(raw))
    }

    /// Ends one session. For a day its row still says whose it was, so that what somebody wrote in another tab isn't lost; it is as old as
    /// none may be, so that no use noted at this moment brings it back.
    pub async fn end_session(&self, session: &Session) -> Result<()> {
        let change = sessions::ActiveModel {
            created_at: Set(to_ms(self.now() - session.kind.absolute() - CLOCKS_APART)),
            last_seen_at: Set(to_ms(self.now() - session.kind.idle() - CLOCKS_APART)),
            ..Default::default()
        };
        sessions::Entity::update_many()
            .set(change)
            .filter(sessions::Column::IdHash.eq(session.id_hash.clone()))
            .filter(sessions::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        let kind = session.kind.as_str();
        self.audit(session.actor(), "session.end", kind, Some(session.subject), json!({})).await
    }

    /// Ends every session of a member of staff, a graduate or a request; returns how many there were.
    pub async fn end_sessions_of(&self, subject: Uuid) -> Result<u64> {
        let ended = sessions::Entity::delete_many()
            .filter(sessions::Column::SubjectId.eq(subject))
            .filter(sessions::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        Ok(ended.rows_affected)
    }
}

fn actor(kind: SessionKind, subject: Uuid) -> Actor {
    match kind {
        SessionKind::Staff => Actor::staff(StaffId(subject)),
        SessionKind::Graduate => Actor::graduate(GraduateId(subject)),
        SessionKind::Employer => Actor::employer(EscalationId(subject)),
    }
}
