//! Until when a provider was asked what came in.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// Until when a provider was asked what came in.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let swept = [
            // whatever came in before this was asked for and stored; null = never asked
            Column::big_integer("swept_at").nullable(),
        ];
        add_columns(manager, "channel_states", swept).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("channel_states").drop_column("swept_at").to_owned()).await
    }
}
