//! What was wrong the last time, in a word that the settings page can say.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// What was wrong the last time.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let trouble = [
            // core's ChannelTrouble; null = never, or before this column. last_error_code stays the provider's own code.
            Column::text("last_error").nullable(),
        ];
        add_columns(manager, "channel_states", trouble).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("channel_states").drop_column("last_error").to_owned()).await
    }
}
