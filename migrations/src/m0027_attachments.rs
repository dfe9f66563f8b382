//! Pictures and voice messages, kept so that they can be looked at and heard beside the words.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Pictures and voice messages.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // the message it came with; the provider's id stands there
            Column::uuid("message_id"),
            // scope
            Column::uuid("office_id"),
            // who sent it
            Column::uuid("graduate_id"),
            // id of the channel it came on, and is asked for at
            Column::text("channel_id"),
            // image | audio: what the provider says it is
            Column::text("kind"),
            // waiting | kept | gone | too_large | not_shown
            Column::text("state"),
            // what its first bytes say it is, a Content-Type; null = not kept
            Column::text("media_type").nullable(),
            // encrypted bytes; null = not kept
            Column::blob("bytes").nullable(),
            // how often it was asked for
            Column::big_integer("tries"),
            // it isn't asked for before this moment (UTC, ms); means nothing once it waits no more
            Column::big_integer("next_try_at"),
            // when the message was stored (UTC, ms)
            Column::big_integer("created_at"),
        ];
        let indexes = [("attachments_graduate", ["graduate_id"].as_slice(), false)];
        create(manager, "attachments", columns, &["message_id"], &indexes).await?;
        let mut waiting = Index::create().name("attachments_waiting").table("attachments").to_owned();
        // of the table: no column is made here
        waiting.col("office_id").col("next_try_at").and_where(Expr::cust("state = 'waiting'"));
        manager.create_index(waiting).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("attachments").to_owned()).await
    }
}
