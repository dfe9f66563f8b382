//! Staff: accounts, roles, and who may sign in.
//!
//! An e-mail address is unique over all offices, because sign-in asks for nothing else; it is found by a hash under a key
//! derived from the master key. The last admin of an office can be neither disabled nor demoted.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::hours::WeekHours;
use bansou_core::ids::{OfficeId, StaffId};
use bansou_core::preferences::Preferences;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::connect::Store;
use crate::crypto::{Place, hmac};
use crate::duty::hours_of;
use crate::entity::staff;
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, met};

const PROFILE: Place = Place { table: "staff", column: "profile" };
const PREFERENCES: Place = Place { table: "staff", column: "preferences" };

/// A member of staff as stored.
#[derive(Clone)]
pub struct StaffMember {
    /// Their id.
    pub id: StaffId,
    /// Name and e-mail address.
    pub profile: StaffProfile,
    /// What they may do.
    pub role: Role,
    /// argon2id in PHC form; `None` until they have set a password.
    pub password_hash: Option<String>,
    /// The language of their pages.
    pub language: Lang,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Their own working hours; `None` = the office's.
    pub hours: Option<WeekHours>,
    /// How they want their pages.
    pub preferences: Preferences,
}

impl std::fmt::Debug for StaffMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaffMember {}", self.id)
    }
}

impl Store {
    /// The account with an e-mail address, whatever its office; disabled ones too, so that the caller can answer alike.
    pub async fn find_staff_by_email(&self, email: &str) -> Result<Option<(OfficeId, StaffMember)>> {
        let index = email_index(&self.sign_in_key(), email);
        let row = staff::Entity::find().filter(staff::Column::EmailIndex.eq(index)).one(self.db()).await?;
        let Some(row) = row else { return Ok(None) };
        let office = OfficeId(row.office_id);
        let member = self.read(office).await?.staff_member(StaffId(row.id)).await?;
        Ok(member.map(|member| (office, member)))
    }
}

impl Tx {
    /// Makes an account without a password. An address that has an account anywhere is refused as a duplicate.
    pub async fn add_staff(&self, actor: Actor, profile: &StaffProfile, role: Role, language: Lang) -> Result<StaffId> {
        let id = StaffId::new(&self.ambient);
        let row = staff::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            email_index: Set(email_index(&self.sign_in_key, &profile.email)),
            profile: Set(self.seal(PROFILE, id.0, profile)),
            role: Set(role.as_str().to_owned()),
            password_hash: Set(None),
            language: Set(language.code().to_owned()),
            disabled_at: Set(None),
            created_at: Set(to_ms(self.now())),
            hours: Set(None),
            preferences: Set(None),
        };
        row.insert(&self.conn).await.map_err(taken)?;
        self.audit(actor, "staff.add", "staff", Some(id.0), json!({ "role": role })).await?;
        Ok(id)
    }

    /// One member of staff of this office.
    pub async fn staff_member(&self, id: StaffId) -> Result<Option<StaffMember>> {
        let row = self.staff_row(id).await?;
        row.map(|row| self.to_member(row)).transpose()
    }

    /// Everybody of this office in the order in which they came, disabled ones too.
    pub async fn staff(&self) -> Result<Vec<StaffMember>> {
        let rows = staff::Entity::find()
            .filter(staff::Column::OfficeId.eq(self.office.0))
            .order_by_asc(staff::Column::Id)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_member(row)).collect()
    }

    /// Names of everybody of this office, by id. One whose row can't be read is left out, so that it stops nobody's messages.
    pub async fn staff_names(&self) -> Result<HashMap<StaffId, String>> {
        let rows = staff::Entity::find().filter(staff::Column::OfficeId.eq(self.office.0)).all(&self.conn).await?;
        let mut names = HashMap::with_capacity(rows.len());
        for row in rows {
            let id = StaffId(row.id);
            match self.to_member(row) {
                Ok(member) => drop(names.insert(id, member.profile.name)),
                Err(error) => tracing::error!(staff = %id, error = %error, "a member of staff can't be read"),
            }
        }
        Ok(names)
    }

    /// Changes name, address, role and language.
    pub async fn change_staff(
        &self,
        actor: Actor,
        id: StaffId,
        profile: &StaffProfile,
        role: Role,
        language: Lang,
    ) -> Result<()> {
        if role != Role::Admin {
            self.keep_an_admin_besides(id).await?;
        }
        let change = staff::ActiveModel {
            email_index: Set(email_index(&self.sign_in_key, &profile.email)),
            profile: Set(self.seal(PROFILE, id.0, profile)),
            role: Set(role.as_str().to_owned()),
            language: Set(language.code().to_owned()),
            ..Default::default()
        };
        self.update_staff(id, change).await?;
        self.audit(actor, "staff.change", "staff", Some(id.0), json!({ "role": role })).await
    }

    /// Keeps how somebody wants their pages. The audit row says that they changed and not to what: it may tell of a disability.
    pub async fn set_preferences(&self, actor: Actor, id: StaffId, preferences: &Preferences) -> Result<()> {
        let sealed = self.seal(PREFERENCES, id.0, preferences);
        let change = staff::ActiveModel { preferences: Set(Some(sealed)), ..Default::default() };
        self.update_staff(id, change).await?;
        self.audit(actor, "staff.preferences", "staff", Some(id.0), json!({})).await
    }

    /// Sets the password's hash and ends every session of the account (ASVS V7.4.3).
    pub async fn set_password_hash(&self, actor: Actor, id: StaffId, hash: &str) -> Result<()> {
        let change = staff::ActiveModel { password_hash: Set(Some(hash.to_owned())), ..Default::default() };
        self.update_staff(id, change).await?;
        self.end_sessions_of(id.0).await?;
        self.audit(actor, "staff.password", "staff", Some(id.0), json!({})).await
    }

    /// Shuts the account and ends its sessions at once.
    pub async fn disable_staff(&self, actor: Actor, id: StaffId) -> Result<()> {
        self.keep_an_admin_besides(id).await?;
        let change = staff::ActiveModel { disabled_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        self.update_staff(id, change).await?;
        self.end_sessions_of(id.0).await?;
        self.audit(actor, "staff.disable", "staff", Some(id.0), json!({})).await
    }

    /// Opens a shut account again.
    pub async fn enable_staff(&self, actor: Actor, id: StaffId) -> Result<()> {
        let change = staff::ActiveModel { disabled_at: Set(None), ..Default::default() };
        self.update_staff(id, change).await?;
        self.audit(actor, "staff.enable", "staff", Some(id.0), json!({})).await
    }

    pub(crate) async fn staff_row(&self, id: StaffId) -> Result<Option<staff::Model>> {
        let rows = staff::Entity::find_by_id(id.0).filter(staff::Column::OfficeId.eq(self.office.0));
        Ok(rows.one(&self.conn).await?)
    }

    pub(crate) async fn update_staff(&self, id: StaffId, change: staff::ActiveModel) -> Result<()> {
        let result = staff::Entity::update_many()
            .set(change)
            .filter(staff::Column::Id.eq(id.0))
            .filter(staff::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await
            .map_err(taken)?;
        met(&result, "account")
    }

    async fn keep_an_admin_besides(&self, id: StaffId) -> Result<()> {
        let staff = self.staff().await?;
        let is_admin = |member: &&StaffMember| member.role == Role::Admin && member.disabled_at.is_none();
        let mut admins = staff.iter().filter(is_admin);
        if admins.next().is_some_and(|admin| admin.id == id) && admins.next().is_none() {
            return Err(StoreError::Refused { what: "taking away the last admin" });
        }
        Ok(())
    }

    /// Choices that can't be read (those of a newer version, say) keep nobody from signing in: then the usual holds.
    fn preferences(&self, row: &staff::Model) -> Preferences {
        let Some(sealed) = &row.preferences else { return Preferences::default() };
        self.open(PREFERENCES, row.id, sealed).unwrap_or_else(|error| {
            tracing::warn!(staff = %row.id, error = %error, "somebody's choices for their pages can't be read");
            Preferences::default()
        })
    }

    fn to_member(&self, row: staff::Model) -> Result<StaffMember> {
        let preferences = self.preferences(&row);
        Ok(StaffMember {
            id: StaffId(row.id),
            profile: self.open(PROFILE, row.id, &row.profile)?,
            role: code("staff", "role", row.id, &row.role)?,
            password_hash: row.password_hash,
            language: code("staff", "language", row.id, &row.language)?,
            disabled_at: row.disabled_at.map(from_ms),
            hours: hours_of(row.id, row.hours.as_deref())?,
            preferences,
        })
    }
}

/// Addresses are compared without regard to case and surrounding spaces.
pub(crate) fn email_index(key: &[u8; 32], email: &str) -> Vec<u8> {
    hmac(key, &[b"staff-email", email.trim().to_lowercase().as_bytes()]).to_vec()
}

fn taken(error: sea_orm::DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Duplicate { .. } => StoreError::Duplicate { what: "an account with this e-mail address" },
        other => other,
    }
}
