//! Switches that stop sending beyond one office: everything, or one channel.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Switches that stop sending beyond one office.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // "everything", or "channel:" and a configured channel's id
            Column::text("scope"),
            // operator | restored
            Column::text("reason"),
            // since when
            Column::big_integer("since"),
        ];
        create(manager, "halts", columns, &["scope"], &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("halts").to_owned()).await
    }
}
