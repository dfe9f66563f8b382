//! How far ahead the calls of a channel are spoken for.
//!
//! A provider counts the calls of an account, not those of a process: all processes that send over a channel take turns here.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// How far ahead the calls of a channel are spoken for.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // a configured channel's id
            Column::text("channel_id"),
            // the calls that were given their turn so far fill the time until then
            Column::big_integer("free_at"),
        ];
        create(manager, "channel_pace", columns, &["channel_id"], &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("channel_pace").to_owned()).await
    }
}
