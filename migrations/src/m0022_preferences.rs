//! How a member of staff wants their pages.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// How a member of staff wants their pages.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let preferences = [
            // encrypted, because text size and contrast may tell of a disability: colours, letters, readings, live updates, keys; null = the usual
            Column::blob("preferences").nullable(),
        ];
        add_columns(manager, "staff", preferences).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("staff").drop_column("preferences").to_owned()).await
    }
}
