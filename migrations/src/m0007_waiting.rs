//! What waits for something else: events before their time, tasks that an answer ended, a channel's monthly allowance.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// What waits for something else.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let early = [
            // it came before what it is about and isn't looked at before this; null = at once
            Column::big_integer("not_before").nullable(),
        ];
        add_columns(manager, "inbound_events", early).await?;
        let dropped = [
            // why the program dropped it: answered; null = a person ended it, or it is open
            Column::text("drop_reason").nullable(),
        ];
        add_columns(manager, "tasks", dropped).await?;
        let quota = [
            // messages of this month that count, as the provider last said; null = never asked
            Column::big_integer("quota_used").nullable(),
            // how many a month may have; null = without limit, or never asked
            Column::big_integer("quota_limit").nullable(),
            // when the provider was last asked, whether it answered or not
            Column::big_integer("quota_at").nullable(),
        ];
        add_columns(manager, "channel_states", quota).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("channel_states", "quota_at"),
            ("channel_states", "quota_limit"),
            ("channel_states", "quota_used"),
            ("tasks", "drop_reason"),
            ("inbound_events", "not_before"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
