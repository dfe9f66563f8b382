//! Forms that came after their session had ended: kept for a day, sealed, for the one who wrote them.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Forms that came after their session had ended.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // UUIDv7; stands in the path of the page that shows the form again
            Column::uuid("id"),
            // scope
            Column::uuid("office_id"),
            // the member of staff who wrote it; nobody else sees it
            Column::uuid("staff_id"),
            // encrypted JSON of store's KeptForm: where the form was going, and its fields
            Column::blob("form"),
            // when it came
            Column::big_integer("kept_at"),
        ];
        create(manager, "kept_forms", columns, &["id"], &[("kept_forms_kept_at", &["kept_at"], false)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("kept_forms").to_owned()).await
    }
}
