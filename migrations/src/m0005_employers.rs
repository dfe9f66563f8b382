//! Requests to employers, what was shared, and the office's own message templates.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Requests to employers, what was shared, and the office's own message templates.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        escalations(manager).await?;
        shares(manager).await?;
        message_templates(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("message_templates").to_owned()).await?;
        manager.drop_table(Table::drop().table("shares").to_owned()).await?;
        manager.drop_table(Table::drop().table("escalations").to_owned()).await?;
        Ok(())
    }
}

/// One small request to an employer contact.
async fn escalations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // about whom
        Column::uuid("graduate_id"),
        // the confirmed sign behind it
        Column::uuid("sign_id"),
        // who is asked
        Column::uuid("contact_id"),
        // consent it rests on; checked again at the moment of sending
        Column::uuid("consent_id"),
        // topic code, covered by the consent
        Column::text("topic"),
        // encrypted JSON of core's Request: facts, one request, closed question, until when, look again when
        Column::blob("request"),
        // draft | read | sent | answered | tried | reviewed | withdrawn
        Column::text("state"),
        // when the graduate had read these very words
        Column::big_integer("read_at").nullable(),
        // when it was released for sending; the delivery says when the provider accepted the mail
        Column::big_integer("sent_at").nullable(),
        // when the employer answered
        Column::big_integer("answered_at").nullable(),
        // encrypted JSON of core's EmployerAnswer
        Column::blob("answer").nullable(),
        // when to look again
        Column::date("review_on"),
        // who wrote it
        Column::uuid("created_by"),
        // when
        Column::big_integer("created_at"),
    ];
    create(
        manager,
        "escalations",
        columns,
        &["id"],
        &[
            ("escalations_graduate", &["graduate_id"], false),
            ("escalations_office_state", &["office_id", "state"], false),
        ],
    )
    .await
}

/// What was given to whom, word for word; never changed.
async fn shares(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // about whom
        Column::uuid("graduate_id"),
        // the request that carried it
        Column::uuid("escalation_id").nullable(),
        // who got it
        Column::uuid("contact_id"),
        // consent it rested on
        Column::uuid("consent_id"),
        // email | phone | meeting
        Column::text("means"),
        // encrypted exact words
        Column::blob("words"),
        // when
        Column::big_integer("at"),
        // who decided it
        Column::uuid("shared_by"),
    ];
    create(manager, "shares", columns, &["id"], &[("shares_graduate", &["graduate_id", "at"], false)]).await
}

/// The office's own wording where it differs from the one delivered.
async fn message_templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // whose wording
        Column::uuid("office_id"),
        // template key, e.g. check-in-condition
        Column::text("key"),
        // plain | easy | furigana
        Column::text("language"),
        // wording with {name} and {staff}; it says nothing about a person, so it is clear
        Column::text("body"),
        // when
        Column::big_integer("updated_at"),
        // who
        Column::uuid("updated_by"),
    ];
    create(
        manager,
        "message_templates",
        columns,
        &["id"],
        &[("message_templates_key", &["office_id", "key", "language"], true)],
    )
    .await
}
