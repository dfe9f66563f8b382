//! When somebody took up words of crisis, so that later words call for everybody again.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// When somebody took up words of crisis.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let taken = [
            // when the one who is calling took it up; null = nobody is, or somebody has been since before this column
            Column::big_integer("crisis_taken_at").nullable(),
        ];
        add_columns(manager, "threads", taken).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("threads").drop_column("crisis_taken_at").to_owned()).await
    }
}
