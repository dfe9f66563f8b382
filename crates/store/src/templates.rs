//! Message templates: the office's own wording where it differs from the one delivered.

use bansou_core::audit::Actor;
use bansou_core::graduate::Language;
use bansou_core::ids::StaffId;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::entity::message_templates;
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

/// The office's own wording of one template.
#[derive(Clone, Debug)]
pub struct TemplateOverride {
    /// Which template, e.g. `check-in-condition`.
    pub key: String,
    /// For which way of writing.
    pub language: Language,
    /// The wording, with `{name}` and `{staff}`.
    pub body: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: StaffId,
}

impl Tx {
    /// Every wording of the office's own.
    pub async fn template_overrides(&self) -> Result<Vec<TemplateOverride>> {
        let rows = message_templates::Entity::find()
            .filter(message_templates::Column::OfficeId.eq(self.office.0))
            .order_by_asc(message_templates::Column::Key)
            .order_by_asc(message_templates::Column::Language)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(to_template).collect()
    }

    /// Puts the office's own wording in place of the one delivered. The caller has checked it by core's rules.
    pub async fn put_template(&self, staff: StaffId, key: &str, language: Language, body: &str) -> Result<()> {
        use message_templates::Column;
        let row = message_templates::ActiveModel {
            id: Set(self.ambient.new_uuid()),
            office_id: Set(self.office.0),
            key: Set(key.to_owned()),
            language: Set(language.as_str().to_owned()),
            body: Set(body.to_owned()),
            updated_at: Set(to_ms(self.now())),
            updated_by: Set(staff.0),
        };
        let replace = OnConflict::columns([Column::OfficeId, Column::Key, Column::Language])
            .update_columns([Column::Body, Column::UpdatedAt, Column::UpdatedBy])
            .to_owned();
        message_templates::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await?;
        let detail = json!({ "key": key, "language": language });
        self.audit(Actor::staff(staff), "template.put", "template", None, detail).await
    }

    /// Goes back to the wording delivered.
    pub async fn reset_template(&self, staff: StaffId, key: &str, language: Language) -> Result<()> {
        message_templates::Entity::delete_many()
            .filter(message_templates::Column::OfficeId.eq(self.office.0))
            .filter(message_templates::Column::Key.eq(key))
            .filter(message_templates::Column::Language.eq(language.as_str()))
            .exec(&self.conn)
            .await?;
        let detail = json!({ "key": key, "language": language });
        self.audit(Actor::staff(staff), "template.reset", "template", None, detail).await
    }
}

fn to_template(row: message_templates::Model) -> Result<TemplateOverride> {
    Ok(TemplateOverride {
        language: code("message_templates", "language", row.id, &row.language)?,
        key: row.key,
        body: row.body,
        updated_at: from_ms(row.updated_at),
        updated_by: StaffId(row.updated_by),
    })
}
