//! Secrets that stand in links, and invite codes that a person can type.
//!
//! A link's token is 32 random bytes of which only the SHA-256 is kept (ASVS V11.5.1). An invite code is eight characters
//! without look-alikes, 40 bits: short enough to type on a phone, so it lives seven days, works once, and is kept as a hash
//! under a key from outside the database, because forty bits of plain SHA-256 could be tried out. The caller limits how often codes are tried.

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, OfficeId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::{hmac, token_hash};
use crate::entity::link_tokens;
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

/// How long an invite code works.
pub const INVITE_VALID: TimeDelta = TimeDelta::days(7);
/// Without I, O, 0 and 1.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH: usize = 8;

bansou_core::codes! {
    /// What a link opens.
    LinkKind {
        /// The graduate's own page; the subject is the graduate.
        Me = "me",
        /// One request to an employer; the subject is the escalation.
        Employer = "employer",
        /// Binding a LINE account; the subject is the graduate.
        Invite = "invite",
        /// Setting a password; the subject is the member of staff.
        Password = "password",
    }
}

/// A link that works at the moment of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whose link.
    pub office: OfficeId,
    /// What it opens.
    pub kind: LinkKind,
    /// The id of the graduate, the escalation or the member of staff.
    pub subject: Uuid,
    /// Not honoured from here on.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The link of a token; `None` when it is unknown, of another kind, used up or expired.
    pub async fn find_link(&self, kind: LinkKind, token: &str) -> Result<Option<Link>> {
        match raw_hash(token) {
            Some(hash) => self.link_of(kind, hash).await,
            None => Ok(None),
        }
    }

    /// Whose link a token was that has been used up; `None` when it is unknown, of another kind, or still works.
    pub async fn find_used_link(&self, kind: LinkKind, token: &str) -> Result<Option<Link>> {
        let Some(hash) = raw_hash(token) else { return Ok(None) };
        let row = link_tokens::Entity::find_by_id(hash)
            .filter(link_tokens::Column::Kind.eq(kind.as_str()))
            .filter(link_tokens::Column::UsedAt.is_not_null())
            .one(self.db())
            .await?;
        Ok(row.map(|row| to_link(kind, &row)))
    }

    /// The invitation of a typed code. Lower case, full width, spaces and hyphens are forgiven.
    pub async fn find_invite(&self, code: &str) -> Result<Option<Link>> {
        match invite_hash(&self.sign_in_key(), code) {
            Some(hash) => self.link_of(LinkKind::Invite, hash).await,
            None => Ok(None),
        }
    }

    async fn link_of(&self, kind: LinkKind, hash: Vec<u8>) -> Result<Option<Link>> {
        let row = link_tokens::Entity::find_by_id(hash)
            .filter(link_tokens::Column::Kind.eq(kind.as_str()))
            .filter(link_tokens::Column::UsedAt.is_null())
            .filter(link_tokens::Column::ExpiresAt.gt(to_ms(self.ambient().now())))
            .one(self.db())
            .await?;
        Ok(row.map(|row| to_link(kind, &row)))
    }
}

impl Tx {
    /// Makes a link and returns its token, which is nowhere else.
    pub async fn create_link(
        &self,
        actor: Actor,
        kind: LinkKind,
        subject: Uuid,
        valid_for: TimeDelta,
    ) -> Result<String> {
        let raw: [u8; 32] = self.ambient.bytes();
        self.add_link(kind, subject, token_hash(&raw), valid_for).await?;
        self.audit(actor, "link.add", "link", Some(subject), json!({ "kind": kind })).await?;
        Ok(URL_SAFE_NO_PAD.encode(raw))
    }

    /// Makes an invite code like `K7WM-2QXR` for a graduate; an older one stops working.
    pub async fn create_invite(&self, actor: Actor, graduate: GraduateId) -> Result<String> {
        self.revoke(LinkKind::Invite, graduate.0).await?;
        let code = spell(self.ambient.bytes());
        let hash = invite_hash(&self.sign_in_key, &code).expect("a spelled code is a code");
        self.add_link(LinkKind::Invite, graduate.0, hash, INVITE_VALID).await?;
        self.audit(actor, "link.add", "link", Some(graduate.0), json!({ "kind": LinkKind::Invite })).await?;
        Ok(format!("{}-{}", &code[..CODE_LENGTH / 2], &code[CODE_LENGTH / 2..]))
    }

    /// Uses up a link that works once; the subject's id, or `None` when it doesn't work (any more).
    pub async fn take_link(&self, kind: LinkKind, token: &str) -> Result<Option<Uuid>> {
        match raw_hash(token) {
            Some(hash) => self.take(kind, hash).await,
            None => Ok(None),
        }
    }

    /// Uses up an invite code.
    pub async fn take_invite(&self, code: &str) -> Result<Option<GraduateId>> {
        match invite_hash(&self.sign_in_key, code) {
            Some(hash) => Ok(self.take(LinkKind::Invite, hash).await?.map(GraduateId)),
            None => Ok(None),
        }
    }

    /// Until when a link of a kind to a subject works; `None` when there is none that does.
    pub async fn link_open_until(&self, kind: LinkKind, subject: Uuid) -> Result<Option<DateTime<Utc>>> {
        let row = link_tokens::Entity::find()
            .filter(link_tokens::Column::SubjectId.eq(subject))
            .filter(link_tokens::Column::Kind.eq(kind.as_str()))
            .filter(link_tokens::Column::OfficeId.eq(self.office.0))
            .filter(link_tokens::Column::UsedAt.is_null())
            .filter(link_tokens::Column::ExpiresAt.gt(to_ms(self.now())))
            .order_by_desc(link_tokens::Column::ExpiresAt)
            .one(&self.conn)
            .await?;
        Ok(row.map(|row| from_ms(row.expires_at)))
    }

    /// Makes every link of a kind to a subject stop working; returns how many did.
    pub async fn revoke_links(&self, actor: Actor, kind: LinkKind, subject: Uuid) -> Result<u64> {
        let revoked = self.revoke(kind, subject).await?;
        if revoked > 0 {
            self.audit(actor, "link.revoke", "link", Some(subject), json!({ "kind": kind })).await?;
        }
        Ok(revoked)
    }

    async fn add_link(&self, kind: LinkKind, subject: Uuid, hash: Vec<u8>, valid_for: TimeDelta) -> Result<()> {
        let row = link_tokens::ActiveModel {
            token_hash: Set(hash),
            office_id: Set(self.office.0),
            kind: Set(kind.as_str().to_owned()),
            subject_id: Set(subject),
            created_at: Set(to_ms(self.now())),
            expires_at: Set(to_ms(self.now() + valid_for)),
            used_at: Set(None),
        };
        row.insert(&self.conn).await?;
        Ok(())
    }

    async fn take(&self, kind: LinkKind, hash: Vec<u8>) -> Result<Option<Uuid>> {
        let now = to_ms(self.now());
        // One statement decides, so of two who come at once only one gets it.
        let taken = link_tokens::Entity::update_many()
            .set(link_tokens::ActiveModel { used_at: Set(Some(now)), ..Default::default() })
            .filter(link_tokens::Column::TokenHash.eq(hash.clone()))
            .filter(link_tokens::Column::OfficeId.eq(self.office.0))
            .filter(link_tokens::Column::Kind.eq(kind.as_str()))
            .filter(link_tokens::Column::UsedAt.is_null())
            .filter(link_tokens::Column::ExpiresAt.gt(now))
            .exec(&self.conn)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(None);
        }
        let row = link_tokens::Entity::find_by_id(hash)
            .filter(link_tokens::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        Ok(row.map(|row| row.subject_id))
    }

    async fn revoke(&self, kind: LinkKind, subject: Uuid) -> Result<u64> {
        let now = to_ms(self.now());
        let revoked = link_tokens::Entity::update_many()
            .set(link_tokens::ActiveModel { expires_at: Set(now), ..Default::default() })
            .filter(link_tokens::Column::SubjectId.eq(subject))
            .filter(link_tokens::Column::Kind.eq(kind.as_str()))
            .filter(link_tokens::Column::OfficeId.eq(self.office.0))
            .filter(link_tokens::Column::ExpiresAt.gt(now))
            .exec(&self.conn)
            .await?;
        Ok(revoked.rows_affected)
    }
}

fn to_link(kind: LinkKind, row: &link_tokens::Model) -> Link {
    Link { office: OfficeId(row.office_id), kind, subject: row.subject_id, expires_at: from_ms(row.expires_at) }
}

fn raw_hash(token: &str) -> Option<Vec<u8>> {
    let raw = URL_SAFE_NO_PAD.decode(token).ok()?;
    (raw.len() == 32).then(|| token_hash(&raw))
}

fn invite_hash(key: &[u8; 32], typed: &str) -> Option<Vec<u8>> {
    let code = plain_code(typed)?;
    Some(hmac(key, &[b"invite", code.as_bytes()]).to_vec())
}

/// What was typed, reduced to the code's letters; `None` when it can't be a code.
fn plain_code(typed: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let is_filler = |c: &char| c.is_whitespace() || matches!(c, '-' | 'ー' | '‐' | '−');
    let code: String = typed.chars().map(narrow).filter(|c| !is_filler(c)).map(|c| c.to_ascii_uppercase()).collect();
    let fits = code.len() == CODE_LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(code)
}

fn spell(random: [u8; 5]) -> String {
    let bits = random.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..CODE_LENGTH).map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = spell([0x12, 0x34, 0x56, 0x78, 0x9a]);
        assert_eq!(plain_code(&code).as_deref(), Some(code.as_str()));
        assert_eq!(plain_code(" k7wm-2qxr ").as_deref(), Some("K7WM2QXR"));
        assert_eq!(plain_code("Ｋ７ＷＭ　２ｑｘｒ").as_deref(), Some("K7WM2QXR"));
        for wrong in ["", "K7WM2QX", "K7WM2QXRR", "K7WM2QX0", "だいじょうぶです"] {
            assert_eq!(plain_code(wrong), None, "{wrong}");
        }
    }
}
