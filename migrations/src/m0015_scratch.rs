//! A row that readiness writes, to know that the database takes writes.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// A row that readiness writes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // always "ready"
            Column::text("id"),
            // when it was written last
            Column::big_integer("at"),
        ];
        create(manager, "scratch", columns, &["id"], &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("scratch").to_owned()).await
    }
}
